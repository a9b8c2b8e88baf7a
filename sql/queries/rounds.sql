-- Collection rounds: a run (run.sql) of kind 'rounds', claimed, followed and cancelled like any other. What it
-- asks is member "rounds" of its frozen definition: {"hubs": [site codes], "year", "week", "regions": [codes],
-- "bbox": [w, s, e, n] or null, "run": the plan whose shipments say which hub a point goes to, or null,
-- "fleet": {vehicle: number at each hub}}.

-- name: rounds_complete
-- $1 what is asked (JSON as above, any of hubs, year, regions and fleet null). Result: asked (JSON), with what was
-- left out: the first year of the study; with a plan its platforms at work that year and its régions, else
-- the régions of the hubs; of each vehicle as many as parameters say.
WITH given AS (
  SELECT $1::jsonb AS asked
), dated AS (
  SELECT jsonb_build_object('year', derived.parameter_value('horizon.first_year')::integer)
         || jsonb_strip_nulls(asked) AS asked FROM given
), hubbed AS (
  SELECT jsonb_build_object('hubs', coalesce(
           (SELECT jsonb_agg(s.code ORDER BY s.code) FROM site s
             WHERE s.kind = 'candidate' AND s.id IN (
                   SELECT l.site FROM plan_line l
                    WHERE l.run = (d.asked ->> 'run')::bigint AND l.year = (d.asked ->> 'year')::integer AND l.tonnes > 0)),
           '[]')) || d.asked AS asked
    FROM dated d
)
SELECT jsonb_build_object(
         'regions', coalesce((SELECT r.frozen -> 'regions' FROM run r WHERE r.id = (h.asked ->> 'run')::bigint),
                             (SELECT jsonb_agg(DISTINCT s.region) FROM site s WHERE h.asked -> 'hubs' ? s.code), '[]'),
         'fleet', (SELECT jsonb_object_agg(split_part(p.id, '.', 2), p.value) FROM parameter p
                    WHERE p.id ~ '^rounds[.][a-z0-9_]+[.]count$')) || h.asked AS asked
  FROM hubbed h;

-- name: rounds_fault
-- $1 what is asked (JSON, complete). What it names that does not exist. Result: detail (one French sentence
-- each); 0 rows = nothing to object.
WITH given AS (
  SELECT $1::jsonb AS asked
)
SELECT 'Le site « ' || code || ' » n’existe pas.' AS detail
  FROM given, jsonb_array_elements_text(asked -> 'hubs') AS code
 WHERE NOT EXISTS (SELECT FROM site WHERE site.code = code.value AND is_active)
UNION ALL
SELECT CASE WHEN asked ->> 'run' IS NULL THEN 'Il faut au moins un pôle, ou un plan qui en a.'
            ELSE 'Ce plan n’ouvre aucune plateforme en ' || (asked ->> 'year') || '.' END
  FROM given WHERE asked -> 'hubs' = '[]'
   AND (asked ->> 'run' IS NULL OR EXISTS (SELECT FROM plan WHERE run = (asked ->> 'run')::bigint))
UNION ALL
SELECT 'La région « ' || code || ' » n’existe pas.'
  FROM given, jsonb_array_elements_text(asked -> 'regions') AS code
 WHERE NOT EXISTS (SELECT FROM region WHERE region.code = code.value)
UNION ALL
SELECT 'Le calcul ' || (asked ->> 'run') || ' n’a pas de plan.'
  FROM given WHERE asked ->> 'run' IS NOT NULL
   AND NOT EXISTS (SELECT FROM plan WHERE run = (asked ->> 'run')::bigint)
UNION ALL
SELECT 'Le plan du calcul ' || (asked ->> 'run') || ' va de ' || min(l.year) || ' à ' || max(l.year) || '.'
  FROM given JOIN plan_line l ON l.run = (asked ->> 'run')::bigint
 GROUP BY asked HAVING (asked ->> 'year')::integer NOT BETWEEN min(l.year) AND max(l.year)
UNION ALL
SELECT 'Le véhicule « ' || name || ' » n’existe pas ; il y a : '
         || (SELECT string_agg(split_part(p.id, '.', 2), ', ' ORDER BY p.id) FROM parameter p
              WHERE p.id ~ '^rounds[.][a-z0-9_]+[.]count$') || '.'
  FROM given, jsonb_object_keys(asked -> 'fleet') AS name
 WHERE NOT EXISTS (SELECT FROM parameter WHERE id = 'rounds.' || name || '.count')
UNION ALL
SELECT 'Le nombre de véhicules « ' || key || ' » n’est pas entier.'
  FROM given, jsonb_each_text(asked -> 'fleet')
 WHERE value::numeric <> trunc(value::numeric)
 LIMIT 8;

-- name: rounds_create
-- $1 scenario id, or null for that of the plan asked about, else the oldest; $2 seed, $3 what is asked (JSON
-- object: rounds, time_limit_s). Parameters are those of the plan asked about, else the scenario's of this moment.
-- The régions of the run are those collected: whoever sees its answer has a mandate on them where lines are behind it.
-- Result: id, scenario, version, kind, state, seed; 0 rows = no such scenario.
INSERT INTO run (scenario, version, kind, seed, frozen)
SELECT w.scenario, w.version, 'rounds', $2::bigint,
       w.frozen || $3::jsonb || jsonb_build_object('regions', $3::jsonb -> 'rounds' -> 'regions', 'scenario', w.scenario)
  FROM (SELECT r.scenario, r.version, r.frozen - 'time_limit_s' - 'gap' AS frozen
          FROM run r WHERE r.id = ($3::jsonb -> 'rounds' ->> 'run')::bigint
         UNION ALL
        SELECT v.scenario, v.version, v.definition || jsonb_build_object(
                 'parameters', (SELECT jsonb_object_agg(p.id, coalesce(v.definition -> 'parameters' -> p.id, to_jsonb(p.value)))
                                  FROM parameter p))
          FROM scenario_version v
         WHERE $3::jsonb -> 'rounds' ->> 'run' IS NULL
           AND v.scenario = coalesce($1::bigint, (SELECT min(id) FROM scenario))
           AND v.version = (SELECT max(version) FROM scenario_version o WHERE o.scenario = v.scenario)) AS w
RETURNING id, scenario, version, kind, state, seed;

-- name: rounds_volumes
-- $1 scenario id or null, $2 what is asked (JSON, complete), as for rounds_create. Whether the caller may have them: on
-- recorded volumes that takes a mandate on all régions collected. Result: may; 0 rows = no such scenario.
SELECT w.volumes = 'estimated' OR app_has_mandate_on(run_regions($2::jsonb)) AS may
  FROM (SELECT coalesce(r.frozen ->> 'volumes', 'estimated') AS volumes
          FROM run r WHERE r.id = ($2::jsonb ->> 'run')::bigint
         UNION ALL
        SELECT coalesce(v.definition ->> 'volumes', 'estimated')
          FROM scenario_version v
         WHERE $2::jsonb ->> 'run' IS NULL
           AND v.scenario = coalesce($1::bigint, (SELECT min(id) FROM scenario))
           AND v.version = (SELECT max(version) FROM scenario_version o WHERE o.scenario = v.scenario)) AS w;

-- name: rounds_freeze
-- $1 id or code of a scenario, $2 what is asked (JSON, complete). As rounds_create would freeze it now, without a plan.
-- Result: frozen (JSON); 0 rows = no such scenario.
SELECT v.definition || jsonb_build_object(
         'parameters', (SELECT jsonb_object_agg(p.id, coalesce(v.definition -> 'parameters' -> p.id, to_jsonb(p.value)))
                          FROM parameter p),
         'rounds', $2::jsonb, 'regions', $2::jsonb -> 'regions', 'scenario', v.scenario) AS frozen
  FROM scenario s
  JOIN scenario_version v ON v.scenario = s.id
 WHERE s.code = $1::text OR s.id::text = $1::text
 ORDER BY s.code = $1::text DESC, v.version DESC
 LIMIT 1;

-- name: rounds_show
-- $1 run. What a client sees. Result: id, scenario, version, state, seed, asked (JSON), progress (JSON, as run_status),
-- sentence, error, created_at, started_at, finished_at (each null until known); 0 rows = no run of rounds.
SELECT r.id, r.scenario, r.version, r.state, r.seed, r.frozen -> 'rounds' AS asked,
       (SELECT jsonb_build_object('stage', p.stage, 'message', p.message, 'bound_eur', p.bound,
                                  'cost_eur', p.cost, 'gap', p.gap, 'seconds', p.seconds)
          FROM run_progress p WHERE p.run = r.id ORDER BY p.seq DESC LIMIT 1) AS progress,
       r.verdict ->> 'sentence' AS sentence, r.error, r.created_at, r.started_at, r.finished_at
  FROM run r
 WHERE r.id = $1::bigint AND r.kind = 'rounds';

-- name: rounds_list
-- $1 first id not wanted (null = from the newest), $2 page size. Result: id, state, asked (JSON), sentence,
-- created_at; newest first.
SELECT id, state, frozen -> 'rounds' AS asked, verdict ->> 'sentence' AS sentence, created_at
  FROM run
 WHERE kind = 'rounds' AND ($1::bigint IS NULL OR id < $1::bigint)
 ORDER BY id DESC
 LIMIT $2::integer;

-- ---- Read by the worker, $1 = the frozen definition ----

-- name: rounds_hub_list
-- Result: id, code, name, address, lon, lat; in the order asked.
SELECT s.id, s.code, s.name, c.name || ' (' || c.departement || ')' AS address, ST_X(s.location) AS lon, ST_Y(s.location) AS lat
  FROM jsonb_array_elements_text($1::jsonb -> 'rounds' -> 'hubs') WITH ORDINALITY AS h (code, place)
  JOIN site s ON s.code = h.code
  JOIN commune c ON c.insee = s.commune
 ORDER BY h.place;

-- name: rounds_day_list
-- The days of collection of the week asked for. Result: day ('2027-03-22'), weekday (1 = Monday), number (of the
-- month), month; in order.
SELECT to_char(d, 'YYYY-MM-DD') AS day, extract(isodow FROM d)::integer AS weekday,
       extract(day FROM d)::integer AS number, extract(month FROM d)::integer AS month
  FROM generate_series(0, derived.parameter_value('rounds.week_days', $1::jsonb -> 'parameters')::integer - 1) AS n,
       LATERAL (SELECT to_date(($1::jsonb -> 'rounds' ->> 'year') || '-' || ($1::jsonb -> 'rounds' ->> 'week'), 'IYYY-IW') + n) AS w (d)
 ORDER BY d;

-- name: rounds_vehicle_list
-- Result: id, name, skips, volume_m3, load_t, eur_day, eur_km, eur_h, overtime_eur_h, count (at each hub); by id.
SELECT v.id, v.name, v.skips, v.volume_m3, v.load_t, v.eur_day, v.eur_km, v.eur_h, v.overtime_eur_h,
       ($1::jsonb -> 'rounds' -> 'fleet' ->> v.id)::double precision::integer AS count
  FROM (SELECT split_part(p.id, '.', 2) AS id, min(split_part(p.label, ' : ', 2)) AS name,
               max(w.v) FILTER (WHERE w.what = 'skips') AS skips,
               max(w.v) FILTER (WHERE w.what = 'volume_m3') AS volume_m3,
               max(w.v) FILTER (WHERE w.what = 'load_t') AS load_t,
               max(w.v) FILTER (WHERE w.what = 'eur_day') AS eur_day,
               max(w.v) FILTER (WHERE w.what = 'eur_km') AS eur_km,
               max(w.v) FILTER (WHERE w.what = 'eur_h') AS eur_h,
               max(w.v) FILTER (WHERE w.what = 'overtime_eur_h') AS overtime_eur_h
          FROM parameter p
         CROSS JOIN LATERAL (SELECT split_part(p.id, '.', 3) AS what,
                                    coalesce(($1::jsonb -> 'parameters' ->> p.id)::double precision, p.value) AS v) AS w
         WHERE EXISTS (SELECT FROM parameter c WHERE c.id = 'rounds.' || split_part(p.id, '.', 2) || '.count')
           AND p.id LIKE 'rounds.%'
         GROUP BY split_part(p.id, '.', 2)) AS v
 WHERE $1::jsonb -> 'rounds' -> 'fleet' ? v.id
 ORDER BY v.id;

-- name: rounds_pickup_list
-- What falls due at the points asked for. A point goes to the hub that the plan sends most of the stream to; without
-- a plan to the nearest that takes the stream. Points that the plan sends elsewhere are left out. Result: point, point_name,
-- address, lon, lat, flow, container (skip or crate), turn, units, unit_t, unit_m3, first_day, last_day, hub (code; null =
-- no hub asked for takes the stream); by point, container, hub, turn, stream.
WITH hub AS MATERIALIZED (
  SELECT s.id, s.code, ST_Transform(s.location, 2154) AS xy
    FROM site s WHERE $1::jsonb -> 'rounds' -> 'hubs' ? s.code
), planned AS MATERIALIZED (
  SELECT DISTINCT ON (h.point, h.flow) h.point, h.flow, u.code
    FROM plan_shipment h
    LEFT JOIN hub u ON u.id = h.site
   WHERE h.run = ($1::jsonb -> 'rounds' ->> 'run')::bigint AND h.year = ($1::jsonb -> 'rounds' ->> 'year')::integer
   ORDER BY h.point, h.flow, h.tonnes DESC, h.site
), due AS MATERIALIZED (
  SELECT d.*, p.name, p.address, p.commune, p.location, ST_Transform(p.location, 2154) AS xy
    FROM derived.round_pickup($1::jsonb) d
    JOIN collection_point p ON p.id = d.point
   WHERE coalesce(jsonb_typeof($1::jsonb -> 'rounds' -> 'bbox'), 'null') = 'null'
      OR p.location && ST_MakeEnvelope(
           ($1::jsonb -> 'rounds' -> 'bbox' ->> 0)::double precision, ($1::jsonb -> 'rounds' -> 'bbox' ->> 1)::double precision,
           ($1::jsonb -> 'rounds' -> 'bbox' ->> 2)::double precision, ($1::jsonb -> 'rounds' -> 'bbox' ->> 3)::double precision, 4326)
)
SELECT d.point, d.name AS point_name, concat_ws(', ', d.address, c.name || ' (' || c.departement || ')') AS address,
       ST_X(d.location) AS lon, ST_Y(d.location) AS lat,
       d.flow, d.container, d.turn, d.units, d.unit_t, d.unit_m3, d.first_day, d.last_day,
       CASE WHEN $1::jsonb -> 'rounds' ->> 'run' IS NOT NULL THEN n.code ELSE near.code END AS hub
  FROM due d
  JOIN commune c ON c.insee = d.commune
  JOIN flow f ON f.id = d.flow
  LEFT JOIN planned n ON n.point = d.point AND n.flow = d.flow
  LEFT JOIN LATERAL (
       SELECT h.code FROM hub h
        WHERE EXISTS (SELECT FROM site_flow k WHERE k.site = h.id AND k.flow = d.flow)
        ORDER BY ST_Distance(h.xy, d.xy), h.code
        LIMIT 1) near ON $1::jsonb -> 'rounds' ->> 'run' IS NULL
 WHERE $1::jsonb -> 'rounds' ->> 'run' IS NULL OR n.code IS NOT NULL
 ORDER BY d.point, d.container, hub, d.turn, f.rank;

-- ---- What was found ----

-- name: rounds_add
-- $1 run, $2 question, $3 answer: the files of the solver, byte for byte; $4 report (JSON), $5 GeoJSON, $6 CSV, $7 the
-- sheets as HTML, all three by the solver.
INSERT INTO rounds_plan (run, question, answer, report, geojson, csv, sheet)
VALUES ($1::bigint, $2::text, $3::text, $4::jsonb, $5::text, $6::text, $7::text);

-- name: rounds_haulage_add
-- $1 run, $2 hub (code), $3 flow, $4 end of the band in km, $5 tonnes, $6 EUR by rounds, $7 EUR by the estimate.
INSERT INTO rounds_haulage (run, site, flow, below_km, tonnes, rounds_eur, estimate_eur)
SELECT $1::bigint, s.id, $3::text, $4::double precision, $5::double precision, $6::double precision, $7::double precision
  FROM site s WHERE s.code = $2::text;

-- name: rounds_report
-- $1 run. Result: report (JSON, docs/http-api.md); 0 or 1 row.
SELECT report FROM rounds_plan WHERE run = $1::bigint;

-- name: rounds_file
-- $1 run, $2 which: question, answer, geojson, csv or sheet. Result: file; 0 or 1 row.
SELECT CASE $2::text WHEN 'question' THEN question WHEN 'answer' THEN answer WHEN 'geojson' THEN geojson
                     WHEN 'csv' THEN csv ELSE sheet END AS file
  FROM rounds_plan WHERE run = $1::bigint;
