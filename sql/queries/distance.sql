-- Road distances that a planner imports.

-- name: distance_matrix_hold
-- $1 name, $2 scenario (id or code, as text) or null. Makes the matrix or takes it, and holds it to
-- the end of the transaction. Result: id; 0 rows = no such scenario.
INSERT INTO distance_matrix (name, scenario)
SELECT $1::text, s.id
  FROM (SELECT max(id) AS id FROM scenario WHERE code = $2::text OR id::text = $2::text) s
 WHERE s.id IS NOT NULL OR $2::text IS NULL
ON CONFLICT (name, coalesce(scenario, 0)) DO UPDATE SET imported_at = now()
RETURNING id;

-- name: distance_import
-- $1 matrix, $2 JSON array of {line, from, to, km, minutes (null)}, no pair twice. Result: line, outcome
-- (created, changed, same; no_from, no_to: no such place, nothing was recorded), straight_km (great
-- circle between the two; null when refused); one row an item, by line.
WITH item AS MATERIALIZED (
  SELECT i.line, i."from", i."to", i.km, i.minutes
    FROM json_to_recordset($2::json) AS i (line integer, "from" text, "to" text, km double precision, minutes double precision)
), placed AS MATERIALIZED (
  SELECT i.*, coalesce(fc.location, fp.location) AS start, coalesce(tc.location, ts.location) AS finish
    FROM item i
    LEFT JOIN commune fc ON fc.insee = i."from"
    LEFT JOIN collection_point fp ON fp.origin = split_part(i."from", ':', 1)
                                 AND fp.origin_id = substr(i."from", strpos(i."from", ':') + 1)
                                 AND strpos(i."from", ':') > 0
    LEFT JOIN commune tc ON tc.insee = i."to"
    LEFT JOIN site ts ON ts.code = i."to"
), before AS MATERIALIZED (
  SELECT d.from_place, d.to_place, d.km, d.minutes
    FROM placed i JOIN distance d ON d.to_place = i."to" AND d.from_place = i."from" AND d.matrix = $1::bigint
), written AS (
  INSERT INTO distance AS d (matrix, from_place, to_place, km, minutes)
  SELECT $1::bigint, i."from", i."to", i.km, i.minutes
    FROM placed i
   WHERE i.start IS NOT NULL AND i.finish IS NOT NULL
  ON CONFLICT (to_place, from_place, matrix) DO UPDATE SET km = excluded.km, minutes = excluded.minutes
   WHERE (d.km, d.minutes) IS DISTINCT FROM (excluded.km, excluded.minutes)
)
SELECT i.line,
       CASE WHEN i.start IS NULL THEN 'no_from' WHEN i.finish IS NULL THEN 'no_to'
            WHEN b.km IS NULL THEN 'created'
            WHEN (b.km, b.minutes) IS DISTINCT FROM (i.km, i.minutes) THEN 'changed' ELSE 'same' END AS outcome,
       ST_DistanceSphere(i.start, i.finish) / 1000 AS straight_km
  FROM placed i
  LEFT JOIN before b ON b.from_place = i."from" AND b.to_place = i."to"
 ORDER BY i.line;
