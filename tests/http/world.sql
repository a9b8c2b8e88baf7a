-- A small world for the API tests: three régions, 1,234 points on a grid, two sites, one scenario with
-- a run that is done and has a plan. Load it on the schema, after sql/views.
INSERT INTO source (id, title, publisher, year, licence) VALUES ('test', 'Essai', 'Essai', 2024, 'aucune');
INSERT INTO region (code, name) VALUES ('24', 'Centre-Val de Loire'), ('11', 'Île-de-France'), ('27', 'Bourgogne-Franche-Comté');
INSERT INTO study_region (region, rank, has_unlisted_site, source)
VALUES ('24', 1, false, 'test'), ('11', 2, true, 'test');
INSERT INTO departement (code, name, region) VALUES ('45', 'Loiret', '24'), ('75', 'Paris', '11'), ('21', 'Côte-d’Or', '27');
INSERT INTO epci (siren, name) VALUES ('200000001', 'Métropole d’essai');
INSERT INTO commune (insee, name, departement, region, epci, population, location, precision)
SELECT d.code || lpad(i::text, 3, '0'), 'Commune ' || d.code || '-' || i, d.code, d.region, '200000001', 1000 + i,
       ST_SetSRID(ST_MakePoint(d.x + (i % 5) * 0.1, d.y + (i / 5) * 0.1), 4326), 'exact'
  FROM (VALUES ('45', '24', 1.5, 47.5), ('75', '11', 2.2, 48.7), ('21', '27', 4.8, 47.0)) AS d (code, region, x, y)
 CROSS JOIN generate_series(1, 20) AS i;
INSERT INTO boundary (level, code, geom, source)
SELECT 'region', code, ST_Multi(ST_MakeEnvelope(x, y, x + 1, y + 1, 4326)), 'test'
  FROM (VALUES ('24', 1.0, 47.0), ('11', 2.0, 48.2), ('27', 4.0, 46.5)) AS b (code, x, y);
INSERT INTO flow (id, label, category, rank) VALUES ('pam', 'Petits appareils', '5', 1), ('gem_froid', 'Froid', '1', 2);
INSERT INTO parameter (id, value, low, high, unit, component, label, source, year, confidence) VALUES
  ('horizon.years', 12, 12, 12, 'années', 'finance', 'Durée étudiée', 'test', 2024, 'assumption'),
  ('volume.base_year', 2021, 2021, 2021, 'année', 'volume', 'Année de référence', 'test', 2021, 'published'),
  ('volume.local_authority_share', 0.52, 0.5, 0.6, '1', 'volume', 'Part des collectivités', 'test', 2022, 'published'),
  ('flow.pam.share', 0.6, 0.5, 0.7, '1', 'volume', 'Part des petits appareils', 'test', 2024, 'assumption'),
  ('flow.gem_froid.share', 0.4, 0.3, 0.5, '1', 'volume', 'Part du froid', 'test', 2024, 'assumption'),
  ('haulage.eur_km', 0.68, 0.6, 0.75, '€/km', 'haulage', 'Coût du kilomètre', 'test', 2024, 'assumption'),
  ('line.level_1_t', 2500, 2500, 2500, 't/an', 'capex', 'Petite ligne', 'test', 2024, 'assumption'),
  ('line.level_2_t', 5000, 5000, 5000, 't/an', 'capex', 'Grande ligne', 'test', 2024, 'assumption');
INSERT INTO tonnage (departement, year, tonnes, source) VALUES ('45', 2021, 5200, 'test'), ('75', 2021, 2600, 'test'), ('21', 2021, 3000, 'test');

-- 1,234 open points, some in the same place, and 5 closed ones.
INSERT INTO collection_point (origin, origin_id, name, commune, location, is_open, valid_to, source)
SELECT 'essai', i::text, CASE i WHEN 7 THEN 'Déchèterie "L''Été" <b>&</b> \ co' ELSE 'Point ' || i END, c.insee,
       ST_SetSRID(ST_MakePoint(ST_X(c.location) + (i % 7) * 0.001, ST_Y(c.location)), 4326), i <= 1234,
       CASE WHEN i > 1234 THEN current_date END, 'test'
  FROM generate_series(1, 1239) AS i
  JOIN (SELECT insee, location, row_number() OVER (ORDER BY insee) - 1 AS n FROM commune) AS c ON c.n = i % 60;

INSERT INTO site (code, kind, name, operator, commune, location, region, capacity_t, source, year, confidence)
SELECT v.code, v.kind, v.name, v.operator, c.insee, c.location, c.region, v.capacity_t, 'test', 2024, 'published'
  FROM (VALUES ('existing:usine', 'existing', 'Usine', 'Exploitant', '75001', 10000.0),
               ('unlisted:11', 'unlisted', 'Usines non recensées', NULL, '75002', NULL),
               ('candidate:45001', 'candidate', 'Commune 45-1', NULL, '45001', NULL)) AS v (code, kind, name, operator, insee, capacity_t)
  JOIN commune c ON c.insee = v.insee;
INSERT INTO site_flow (site, flow) SELECT s.id, f.id FROM site s CROSS JOIN flow f;

INSERT INTO scenario (code, name, description) VALUES ('reference', 'Scénario de référence', 'Pour l’essai');
INSERT INTO scenario_version (scenario, version, definition)
SELECT id, 1, '{"regions": ["24", "11"], "parameters": {}, "candidates": "default"}' FROM scenario;
INSERT INTO run (scenario, version, frozen) SELECT id, 1, '{}' FROM scenario;
UPDATE run SET state = 'running', attempt = 1, lease_until = now() + interval '1 hour', started_at = now();
INSERT INTO run_progress (run, seq, stage, bound, cost, gap, seconds)
SELECT id, n, 'optimisation', 90 + n, 110, 0.1, n FROM run CROSS JOIN generate_series(1, 3) AS n;
INSERT INTO plan (run, status, cost_eur, bound_eur, gap, seconds, status_quo_eur, report)
SELECT id, 'optimal', 100, 100, 0, 3, 120, '{"run": 1, "answer": "viable"}' FROM run;
INSERT INTO plan_line (run, site, flow, year, level_t, tonnes, action)
SELECT r.id, s.id, f.id, y, CASE s.kind WHEN 'candidate' THEN 2500 END, 100, 'keep'
  FROM run r CROSS JOIN site s CROSS JOIN flow f CROSS JOIN generate_series(2027, 2038) AS y
 WHERE s.kind <> 'unlisted';
INSERT INTO plan_shipment (run, year, flow, point, site, tonnes, km)
SELECT r.id, y, 'pam', p.id, s.id, 10, 10 * p.id
  FROM run r CROSS JOIN generate_series(2027, 2028) AS y CROSS JOIN site s
  JOIN collection_point p ON p.id IN (1, 2, 61)
 WHERE s.kind = 'candidate';
UPDATE run SET state = 'done', lease_until = NULL, finished_at = now(), network_sha256 = repeat('0', 64),
       verdict = '{"answer": "viable", "sentence": "Oui."}';
INSERT INTO run (scenario, version, frozen) SELECT id, 1, '{}' FROM scenario;
REFRESH MATERIALIZED VIEW derived.point_shown;
