-- A worker stores a plan in one transaction: run_hold, plan_add, plan_receive, lines and shipments (by
-- COPY into line_in and shipment_in, as PostgreSQL has none into a table with row-level security), plan_keep,
-- run_finish. What is stored never changes.

-- name: plan_add
-- $1 run, $2 status, $3 cost, $4 bound, $5 gap, $6 seconds, $7 cost of the status quo, $8
-- reductions (JSON array), $9 report (JSON).
INSERT INTO plan (run, status, cost_eur, bound_eur, gap, seconds, status_quo_eur, reductions, report)
VALUES ($1::bigint, $2::text, $3::double precision, $4::double precision, $5::double precision, $6::double precision,
        $7::double precision, $8::jsonb, $9::jsonb);

-- name: plan_file_add
-- $1 run, $2 network, $3 answer: the files of the solver, byte for byte.
INSERT INTO plan_file (run, network, answer) VALUES ($1::bigint, $2::text, $3::text);

-- name: plan_network
-- $1 run, a study too. Result: network (JSON, solver/FORMAT.md); 0 or 1 row.
SELECT network FROM plan_file WHERE run = $1::bigint
UNION ALL
SELECT network FROM study WHERE run = $1::bigint;

-- name: plan_answer
-- $1 run, a study too. Result: answer (JSON, solver/FORMAT.md); 0 or 1 row.
SELECT answer FROM plan_file WHERE run = $1::bigint
UNION ALL
SELECT answer FROM study WHERE run = $1::bigint;

-- name: plan_report
-- $1 run. Result: report (JSON, docs/http-api.md); 0 or 1 row.
SELECT report FROM plan WHERE run = $1::bigint;

-- name: plan_verdict
-- $1 run. What the report says without its plan: docs/http-api.md. Result: verdict (JSON); 0 or 1 row.
SELECT jsonb_build_object('run', report -> 'run', 'scenario', report -> 'scenario', 'answer', report -> 'answer',
         'sentence', report -> 'sentence', 'haulage_sentence', report -> 'haulage_sentence',
         'fee_sentence', report -> 'fee_sentence', 'why_sentence', report -> 'why_sentence',
         'horizon', report -> 'horizon', 'cost', report -> 'cost', 'confidence', report -> 'confidence',
         'cash_flow', coalesce(report -> 'cash_flow', '[]'), 'figures', coalesce(report -> 'figures', '[]')) AS verdict
  FROM plan
 WHERE run = $1::bigint;

-- name: plan_get
-- $1 run. Result: run, status, cost_eur, bound_eur, gap, seconds, status_quo_eur, reductions,
-- report (JSON); 0 or 1 row.
SELECT run, status, cost_eur, bound_eur, gap, seconds, status_quo_eur, reductions, report FROM plan WHERE run = $1::bigint;

-- name: plan_year
-- $1 run. Result: first, last (null both when the plan has no line); 1 row.
SELECT min(year) AS first, max(year) AS last FROM plan_line WHERE run = $1::bigint;

-- name: plan_site_list
-- $1 run, $2 year. The sites at work that year. Result: kind ('platform', 'existing', 'unlisted'),
-- site, name, region, lon, lat, capacity_t (null = unlimited), tonnes; by site.
SELECT CASE s.kind WHEN 'candidate' THEN 'platform' ELSE s.kind END AS kind, s.code AS site, s.name, s.region,
       ST_X(s.location) AS lon, ST_Y(s.location) AS lat,
       CASE s.kind WHEN 'candidate' THEN sum(l.level_t) ELSE s.capacity_t END AS capacity_t, sum(l.tonnes) AS tonnes
  FROM plan_line l
  JOIN site s ON s.id = l.site
 WHERE l.run = $1::bigint AND l.year = $2::integer
 GROUP BY s.id
 ORDER BY s.code;

-- name: plan_haul_list
-- $1 run, $2 year. All streams. Result: kind ('haul'), departement, departement_name, region, site,
-- tonnes, km (mean one way, by tonnage), lon, lat (mean of the points of the département, by
-- tonnage), to_lon, to_lat (the site); largest first.
SELECT 'haul' AS kind, c.departement, d.name AS departement_name, d.region, s.code AS site,
       sum(h.tonnes) AS tonnes, sum(h.tonnes * h.km) / sum(h.tonnes) AS km,
       sum(h.tonnes * ST_X(p.location)) / sum(h.tonnes) AS lon, sum(h.tonnes * ST_Y(p.location)) / sum(h.tonnes) AS lat,
       ST_X(s.location) AS to_lon, ST_Y(s.location) AS to_lat
  FROM plan_shipment h
  JOIN collection_point p ON p.id = h.point
  JOIN commune c ON c.insee = p.commune
  JOIN departement d ON d.code = c.departement
  JOIN site s ON s.id = h.site
 WHERE h.run = $1::bigint AND h.year = $2::integer
 GROUP BY c.departement, d.name, d.region, s.code, s.location
 ORDER BY tonnes DESC, c.departement, s.code;

-- name: plan_line_list
-- $1 run; $2 year or null for all. Result: site, site_code, site_kind, site_name, region, lon, lat,
-- flow, year, level_t (null), tonnes, action; by site, flow, year.
SELECT l.site, s.code AS site_code, s.kind AS site_kind, s.name AS site_name, s.region,
       ST_X(s.location) AS lon, ST_Y(s.location) AS lat, l.flow, l.year, l.level_t, l.tonnes, l.action
  FROM plan_line l
  JOIN site s ON s.id = l.site
  JOIN flow f ON f.id = l.flow
 WHERE l.run = $1::bigint AND ($2::integer IS NULL OR l.year = $2::integer)
 ORDER BY s.code, f.rank, l.year;

-- name: plan_shipment_by_departement
-- $1 run, $2 year, $3 flow or null for all. Result: departement, departement_name, region, lon, lat
-- (mean of its points, by tonnage), site, site_code, site_kind, site_name, site_lon, site_lat,
-- tonnes, tkm (tonne-kilometres); largest first.
SELECT c.departement, d.name AS departement_name, d.region,
       sum(h.tonnes * ST_X(p.location)) / sum(h.tonnes) AS lon, sum(h.tonnes * ST_Y(p.location)) / sum(h.tonnes) AS lat,
       h.site, s.code AS site_code, s.kind AS site_kind, s.name AS site_name,
       ST_X(s.location) AS site_lon, ST_Y(s.location) AS site_lat,
       sum(h.tonnes) AS tonnes, sum(h.tonnes * h.km) AS tkm
  FROM plan_shipment h
  JOIN collection_point p ON p.id = h.point
  JOIN commune c ON c.insee = p.commune
  JOIN departement d ON d.code = c.departement
  JOIN site s ON s.id = h.site
 WHERE h.run = $1::bigint AND h.year = $2::integer AND ($3::text IS NULL OR h.flow = $3::text)
 GROUP BY c.departement, d.name, d.region, h.site, s.code, s.kind, s.name, s.location
 ORDER BY tonnes DESC, c.departement, h.site;

-- name: plan_shipment_by_region
-- $1 run. Result: site, site_code, site_name, year, region, region_name, tonnes; where the tonnes
-- of each site come from.
SELECT h.site, s.code AS site_code, s.name AS site_name, h.year, c.region, r.name AS region_name, sum(h.tonnes) AS tonnes
  FROM plan_shipment h
  JOIN collection_point p ON p.id = h.point
  JOIN commune c ON c.insee = p.commune
  JOIN region r ON r.code = c.region
  JOIN site s ON s.id = h.site
 WHERE h.run = $1::bigint
 GROUP BY h.site, s.code, s.name, h.year, c.region, r.name
 ORDER BY s.code, h.year, tonnes DESC;

-- name: plan_shipment_point_list
-- $1 run, $2 year, $3 last (point, flow, site) seen: point id, $4 flow, $5 site id (0, '', 0 to
-- start), $6 page size. Result: point, point_name, flow, site, site_name, tonnes, km; by point,
-- flow, site.
SELECT h.point, p.name AS point_name, h.flow, h.site, s.name AS site_name, h.tonnes, h.km
  FROM plan_shipment h
  JOIN collection_point p ON p.id = h.point
  JOIN site s ON s.id = h.site
 WHERE h.run = $1::bigint AND h.year = $2::integer
   AND (h.point, h.flow, h.site) > ($3::bigint, $4::text, $5::bigint)
 ORDER BY h.point, h.flow, h.site
 LIMIT $6::integer;

-- name: plan_receive
-- Makes line_in and shipment_in for the rows of a plan, which are copied into them. No row that matters.
SELECT plan_receive();

-- name: plan_keep
-- Puts them among all plans. No row that matters.
SELECT plan_keep();
