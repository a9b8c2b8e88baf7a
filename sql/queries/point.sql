-- name: point_list
-- $1..$4 west, south, east, north in degrees, all null = everywhere; $5 région or null; $6 last id
-- of the page before (0 to start); $7 page size. Open points. Result: id, name, origin, kind, precision
-- (exact or approximate), commune (its name), insee, departement, region, address (null), tonnes
-- (household DEEE of the base year; null outside the study), lon, lat, source, imported_at; by id. A
-- full page may have a successor.
SELECT p.id, p.name, p.origin, p.kind, p.precision, c.name AS commune, p.commune AS insee, c.departement,
       c.region, p.address, t.tonnes,
       ST_X(p.location) AS lon, ST_Y(p.location) AS lat, p.source, p.imported_at
  FROM collection_point p
  JOIN commune c ON c.insee = p.commune
  LEFT JOIN derived.point_shown t ON t.point = p.id
 WHERE p.is_open AND p.id > $6::bigint
   AND ($1::double precision IS NULL OR p.location && ST_MakeEnvelope(
          $1::double precision, $2::double precision, $3::double precision, $4::double precision, 4326))
   AND ($5::text IS NULL OR c.region = $5::text)
 ORDER BY p.id
 LIMIT $7::integer;

-- name: point_grid
-- $1..$4 west, south, east, north in degrees, all null = everywhere; $5 zoom (cells of 64 pixels on
-- the screen); $6 région or null. Open points. Result: count, estimated (how many of them are),
-- tonnes (household DEEE of the base year), lon, lat (mean), id and name (null unless the cell
-- holds one point).
SELECT count(*) AS count, count(*) FILTER (WHERE p.origin = 'estimated') AS estimated,
       coalesce(sum(t.tonnes), 0) AS tonnes,
       avg(ST_X(p.location)) AS lon, avg(ST_Y(p.location)) AS lat,
       CASE WHEN count(*) = 1 THEN min(p.id) END AS id, CASE WHEN count(*) = 1 THEN min(p.name) END AS name
  FROM collection_point p
  JOIN commune c ON c.insee = p.commune
  LEFT JOIN derived.point_shown t ON t.point = p.id
 WHERE p.is_open
   AND ($1::double precision IS NULL OR p.location && ST_MakeEnvelope(
          $1::double precision, $2::double precision, $3::double precision, $4::double precision, 4326))
   AND ($6::text IS NULL OR c.region = $6::text)
 GROUP BY floor(ST_X(p.location) / (90 / 2.0 ^ $5::integer)), floor(ST_Y(p.location) / (62 / 2.0 ^ $5::integer))
 ORDER BY lon, lat;

-- name: point_get
-- $1 id. Open or closed. Result: as point_list, with is_open, valid_from, valid_to (null); 0 or 1
-- row.
SELECT p.id, p.name, p.origin, p.precision, c.name AS commune, p.commune AS insee, c.departement, c.region, p.address,
       ST_X(p.location) AS lon, ST_Y(p.location) AS lat, p.source, p.imported_at,
       p.is_open, p.valid_from, p.valid_to
  FROM collection_point p
  JOIN commune c ON c.insee = p.commune
 WHERE p.id = $1::bigint;

-- name: point_summary
-- Result: region, region_name, origin, points (open ones); by région and origin.
SELECT c.region, r.name AS region_name, p.origin, count(*) AS points
  FROM collection_point p
  JOIN commune c ON c.insee = p.commune
  JOIN region r ON r.code = c.region
 WHERE p.is_open
 GROUP BY c.region, r.name, p.origin
 ORDER BY c.region, p.origin;

-- name: point_import_lock
-- One import at a time: the verdicts of two would contradict each other. Lasts until the end of the
-- transaction; readers are not kept waiting. No row.
LOCK TABLE collection_point IN SHARE ROW EXCLUSIVE MODE;

-- name: point_import_ready
-- $1 source. Result: is_ready (the communes and that source are there); 1 row.
SELECT EXISTS (SELECT FROM commune) AND EXISTS (SELECT FROM source WHERE id = $1::text) AS is_ready;

-- name: point_import
-- Records imported points, new or known, as open. $1 origin, $2 source, $3 JSON array of {line, key
-- in that origin (each once), name, insee, departement, kind, address (or null), lon, lat (both null =
-- the commune's point)}. A code that names no commune (many have merged) is taken for the nearest
-- commune of its département ("departement" when there is no code), when there are coordinates and it
-- is within 20 km. A point merged into another is brought up to date and stays closed. Result: line, commune (null = no
-- such commune: nothing was recorded), commune_name, outcome (created, changed, same), changes
-- (French, "" unless changed), away_km (from the commune's point, null without coordinates); 1 row
-- for each item, by line.
WITH item AS MATERIALIZED (
  SELECT i.line, i.key, i.name, i.insee, coalesce(nullif(left(i.insee, 2), ''), i.departement) AS departement, i.kind,
         i.address, ST_SetSRID(ST_MakePoint(i.lon, i.lat), 4326) AS location
    FROM json_to_recordset($3::json) AS i (
         line integer, key text, name text, insee text, departement text, kind text, address text,
         lon double precision, lat double precision)
), placed AS MATERIALIZED (
  SELECT i.line, i.key, i.name, i.kind, i.address, c.insee AS commune, c.name AS commune_name,
         coalesce(i.location, c.location) AS location,
         CASE WHEN i.location IS NULL THEN 'approximate' ELSE 'exact' END AS precision,
         ST_Distance(c.xy, ST_Transform(i.location, 2154)) / 1000 AS away_km
    FROM item i
    LEFT JOIN commune known ON known.insee = i.insee
    LEFT JOIN LATERAL (
         SELECT k.insee
           FROM commune k
          WHERE known.insee IS NULL AND k.departement = i.departement
            AND ST_DWithin(k.xy, ST_Transform(i.location, 2154), 20000)
          ORDER BY ST_Distance(k.xy, ST_Transform(i.location, 2154)), k.insee
          LIMIT 1) near ON true
    LEFT JOIN commune c ON c.insee = coalesce(known.insee, near.insee)
), before AS MATERIALIZED (
  SELECT p.origin_id, p.name, p.commune, p.address, p.location, p.precision, p.is_open, p.kind, p.merged_into
    FROM collection_point p
   WHERE p.origin = $1::text
), written AS (
  INSERT INTO collection_point AS p (origin, origin_id, name, kind, commune, address, location, precision, source)
  SELECT $1::text, i.key, i.name, i.kind, i.commune, i.address, i.location, i.precision, $2::text
    FROM placed i
   WHERE i.commune IS NOT NULL
   ORDER BY i.line
  ON CONFLICT (origin, origin_id) DO UPDATE
     SET name = excluded.name, kind = excluded.kind, commune = excluded.commune, address = excluded.address,
         location = excluded.location, precision = excluded.precision, source = excluded.source,
         is_open = p.merged_into IS NULL, valid_to = CASE WHEN p.merged_into IS NOT NULL THEN p.valid_to END,
         imported_at = now()
   WHERE (p.name, p.kind, p.commune, p.address, p.location::bytea, p.precision, p.source, p.is_open)
         IS DISTINCT FROM (excluded.name, excluded.kind, excluded.commune, excluded.address, excluded.location::bytea,
                           excluded.precision, excluded.source, p.merged_into IS NULL)
  RETURNING p.origin_id
)
SELECT i.line, i.commune, i.commune_name,
       CASE WHEN b.origin_id IS NULL THEN 'created' WHEN w.origin_id IS NULL THEN 'same' ELSE 'changed' END AS outcome,
       CASE WHEN b.origin_id IS NULL THEN '' ELSE concat_ws(', ',
         CASE WHEN NOT b.is_open AND b.merged_into IS NULL THEN 'rouvert' END,
         CASE WHEN b.kind <> i.kind THEN 'nature' END,
         CASE WHEN b.name <> i.name THEN 'nom' END,
         CASE WHEN b.commune <> i.commune THEN 'commune' END,
         CASE WHEN b.address IS DISTINCT FROM i.address THEN 'adresse' END,
         CASE WHEN (b.location::bytea, b.precision) <> (i.location::bytea, i.precision) THEN 'position' END)
       END AS changes,
       i.away_km
  FROM placed i
  LEFT JOIN before b ON b.origin_id = i.key
  LEFT JOIN written w ON w.origin_id = i.key
 ORDER BY i.line;

-- name: point_missing
-- Open points of an origin that an import no longer names, in the départements where it names some.
-- $1 origin, $2 JSON array of the keys it names, $3 whether to close them. Result: key, name,
-- commune, commune_name; by département and key.
WITH named AS MATERIALIZED (
  SELECT key FROM json_array_elements_text($2::json) AS key
), covered AS MATERIALIZED (
  SELECT DISTINCT c.departement
    FROM collection_point p
    JOIN named n ON n.key = p.origin_id
    JOIN commune c ON c.insee = p.commune
   WHERE p.origin = $1::text AND p.is_open
), missing AS MATERIALIZED (
  SELECT p.id, p.origin_id AS key, p.name, p.commune, c.name AS commune_name, c.departement
    FROM collection_point p
    JOIN commune c ON c.insee = p.commune
   WHERE p.origin = $1::text AND p.is_open
     AND c.departement IN (SELECT departement FROM covered)
     AND p.origin_id NOT IN (SELECT key FROM named)
), closed AS (
  UPDATE collection_point p
     SET is_open = false, valid_to = greatest(current_date, p.valid_from), imported_at = now()
    FROM missing m
   WHERE $3::boolean AND p.id = m.id
)
SELECT key, name, commune, commune_name FROM missing ORDER BY departement, key;

-- name: point_refresh_shown
-- To call at the end of an import, in a transaction of its own or the last of one (it takes
-- seconds): the tonnes that point_list and point_grid show. No row.
REFRESH MATERIALIZED VIEW derived.point_shown;

-- name: point_refresh_estimated
-- To call at the end of an import: a département that has real points loses its estimated ones.
-- Result: opened, closed, standing; 1 row.
SELECT opened, closed, standing FROM derived.refresh_estimated_points();
