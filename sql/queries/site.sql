-- name: site_list
-- $1 kind ('existing', 'unlisted', 'candidate') or null; $2 région or null. Active sites. Result:
-- id, code, kind, name, operator (null), commune (its name), insee, departement, region, lon, lat,
-- capacity_t (null = unlimited), flows (JSON array of {flow, capacity_t}), jobs (null), capex_eur
-- (null), source, source_title, year (null), confidence, note; by kind and code.
SELECT s.id, s.code, s.kind, s.name, s.operator, c.name AS commune, s.commune AS insee, c.departement, s.region,
       ST_X(s.location) AS lon, ST_Y(s.location) AS lat, s.capacity_t,
       (SELECT jsonb_agg(jsonb_build_object('flow', k.flow, 'capacity_t', k.capacity_t) ORDER BY f.rank)
          FROM site_flow k JOIN flow f ON f.id = k.flow WHERE k.site = s.id) AS flows,
       s.jobs, s.capex_eur, s.source, o.title AS source_title, s.year, s.confidence, s.note
  FROM site s
  JOIN commune c ON c.insee = s.commune
  JOIN source o ON o.id = s.source
 WHERE s.is_active
   AND ($1::text IS NULL OR s.kind = $1::text)
   AND ($2::text IS NULL OR s.region = $2::text)
 ORDER BY array_position(ARRAY['existing', 'unlisted', 'candidate'], s.kind), s.code;
