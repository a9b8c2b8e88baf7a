-- What the API tests add to the reference data: a point with an awkward name, closed points, a run that
-- is done and has a plan, a run that waits.
UPDATE collection_point SET name = 'Déchèterie "L''Été" <b>&</b> \ co'
 WHERE id = (SELECT min(id) FROM collection_point WHERE is_open);
UPDATE collection_point SET is_open = false, valid_to = current_date
 WHERE id IN (SELECT id FROM collection_point WHERE is_open ORDER BY id DESC LIMIT 5);
UPDATE scenario SET code = 'reference' WHERE id = (SELECT min(id) FROM scenario);

INSERT INTO run (scenario, version, frozen) SELECT min(id), 1, '{}' FROM scenario;
UPDATE run SET state = 'running', attempt = 1, lease_until = now() + interval '1 hour', started_at = now();
INSERT INTO run_progress (run, seq, stage, bound, cost, gap, seconds)
SELECT id, n, 'optimisation', 90 + n, 110, 0.1, n FROM run CROSS JOIN generate_series(1, 3) AS n;
INSERT INTO plan (run, status, cost_eur, bound_eur, gap, seconds, status_quo_eur, report)
SELECT id, 'optimal', 100, 100, 0, 3, 120, '{"run": 1, "answer": "viable", "figures": [
  {"group": "finance", "id": "fee_low", "label": "Prix d’entrée ; le plus bas", "region": null, "mark": null, "mark_year": null,
   "value": 121.5, "low": null, "high": null, "before": null, "target": null, "is_met": null, "unit": "€/t",
   "source": "Calcul", "year": null, "confidence": "assumption", "note": "=1+1"},
  {"group": "plan", "id": "recycling_1", "label": "Recyclage", "region": "24", "mark": 6, "mark_year": 2032,
   "value": null, "low": 0.813, "high": 0.8200000000000001, "before": null, "target": 0.8, "is_met": true, "unit": "1",
   "source": "Directive", "year": 2012, "confidence": "published", "note": null}]}' FROM run;
INSERT INTO plan_file (run, network, answer) SELECT id, E'{"years": 1}\n', '{"cost": 100}' FROM run;
CREATE TEMP TABLE used AS
SELECT id, kind FROM site WHERE id IN (SELECT min(id) FROM site WHERE kind <> 'unlisted' GROUP BY kind);
INSERT INTO plan_line (run, site, flow, year, level_t, tonnes, action)
SELECT r.id, u.id, f.id, y, CASE u.kind WHEN 'candidate' THEN 2500 END, 100, 'keep'
  FROM run r CROSS JOIN used u CROSS JOIN generate_series(2027, 2038) AS y
  JOIN flow f ON f.id IN ('pam', 'gem_froid');
INSERT INTO plan_shipment (run, year, flow, point, site, tonnes, km)
SELECT r.id, y, 'pam', p.id, u.id, 10, 10
  FROM run r CROSS JOIN generate_series(2027, 2028) AS y CROSS JOIN used u
  JOIN (SELECT id FROM collection_point WHERE is_open ORDER BY id LIMIT 3) AS p ON true
 WHERE u.kind = 'candidate';
UPDATE run SET state = 'done', lease_until = NULL, finished_at = now(), network_sha256 = repeat('0', 64),
       verdict = '{"answer": "viable", "sentence": "Oui."}';
INSERT INTO run (scenario, version, frozen) SELECT min(id), 1, '{}' FROM scenario;

-- A study of the run that is done: one driver that flips, no sharing.
INSERT INTO run (scenario, version, kind, studied, frozen) SELECT min(scenario), 1, 'study', min(id), '{}' FROM run;
UPDATE run SET state = 'running', attempt = 1, lease_until = now() + interval '1 hour', started_at = now() WHERE kind = 'study';
INSERT INTO study (run, network, answer, report) SELECT id, E'{"study": {}}\n', '{"format": "recircuit-study-1"}', '{
 "here": {"answer": "viable", "value_eur": 20},
 "tipping": {"sentence": "Un levier.", "frontiers": [], "drivers": [
  {"driver": "capex", "label": "Investissement", "unit": "×", "value": 1, "least": 0.1, "most": 10, "low": 0.9, "high": 1.25, "in_range": "no",
   "below": {"flips": false, "undecided": false},
   "above": {"flips": true, "near": {"value": 1.5, "answer": "viable"}, "far": {"value": 1.5625, "answer": "not_viable"}},
   "sentence": "Le verdict bascule."}]}}' FROM run WHERE kind = 'study';
UPDATE run SET state = 'done', lease_until = NULL, finished_at = now(), network_sha256 = repeat('0', 64),
       verdict = '{"answer": "viable", "sentence": "Étude."}' WHERE kind = 'study';

-- Rounds that are done: one stop, in the words of the solver.
INSERT INTO run (scenario, version, kind, frozen)
SELECT min(id), 1, 'rounds', '{"regions": ["24"], "rounds": {"hubs": ["candidate:45234"], "year": 2027, "week": 12}}' FROM scenario;
UPDATE run SET state = 'running', attempt = 1, lease_until = now() + interval '1 hour', started_at = now() WHERE kind = 'rounds';
INSERT INTO rounds_plan (run, question, answer, report, geojson, csv, sheet)
SELECT id, E'{"format": "recircuit-rounds-1"}\n', E'{"format": "recircuit-rounds-plan-1"}\n', '{"sentence": "Une tournée.", "rounds": []}',
       '{"type": "FeatureCollection", "features": []}', E'tournée;arrêt\r\n', '<!doctype html><style>p { color: red }</style>' FROM run WHERE kind = 'rounds';
INSERT INTO rounds_haulage (run, site, flow, below_km, tonnes, rounds_eur, estimate_eur)
SELECT r.id, s.id, 'pam', 1e6, 10, 300, 100 FROM run r JOIN site s ON s.code = 'candidate:45234' WHERE r.kind = 'rounds';
UPDATE run SET state = 'done', lease_until = NULL, finished_at = now(), network_sha256 = repeat('0', 64),
       verdict = '{"sentence": "Une tournée."}' WHERE kind = 'rounds';
