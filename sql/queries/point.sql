-- name: point_list
-- $1..$4 west, south, east, north in degrees, all null = everywhere; $5 région or null; $6 last id
-- of the page before (0 to start); $7 page size. Open points. Result: id, name, origin, commune,
-- commune_name, departement, region, address (null), lon, lat, source, imported_at; by id. A full
-- page may have a successor.
SELECT p.id, p.name, p.origin, p.commune, c.name AS commune_name, c.departement, c.region, p.address,
       ST_X(p.location) AS lon, ST_Y(p.location) AS lat, p.source, p.imported_at
  FROM collection_point p
  JOIN commune c ON c.insee = p.commune
 WHERE p.is_open AND p.id > $6::bigint
   AND ($1::double precision IS NULL OR p.location && ST_MakeEnvelope(
          $1::double precision, $2::double precision, $3::double precision, $4::double precision, 4326))
   AND ($5::text IS NULL OR c.region = $5::text)
 ORDER BY p.id
 LIMIT $7::integer;

-- name: point_grid
-- $1..$4 west, south, east, north in degrees; $5 zoom (cells of 64 pixels on the screen); $6 région
-- or null. Open points. Result: points, estimated (how many of them are), lon, lat (mean), id and
-- name (null unless the cell holds one point).
SELECT count(*) AS points, count(*) FILTER (WHERE p.origin = 'estimated') AS estimated,
       avg(ST_X(p.location)) AS lon, avg(ST_Y(p.location)) AS lat,
       CASE WHEN count(*) = 1 THEN min(p.id) END AS id, CASE WHEN count(*) = 1 THEN min(p.name) END AS name
  FROM collection_point p
  JOIN commune c ON c.insee = p.commune
 WHERE p.is_open
   AND p.location && ST_MakeEnvelope(
         $1::double precision, $2::double precision, $3::double precision, $4::double precision, 4326)
   AND ($6::text IS NULL OR c.region = $6::text)
 GROUP BY floor(ST_X(p.location) / (90 / 2.0 ^ $5::integer)), floor(ST_Y(p.location) / (62 / 2.0 ^ $5::integer))
 ORDER BY lon, lat;

-- name: point_get
-- $1 id. Open or closed. Result: as point_list, with is_open, valid_from, valid_to (null); 0 or 1
-- row.
SELECT p.id, p.name, p.origin, p.commune, c.name AS commune_name, c.departement, c.region, p.address,
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

-- name: point_put
-- Records an imported point, new or known. $1 origin, $2 key in that origin, $3 name, $4 commune,
-- $5 address or null, $6 longitude, $7 latitude (both null = the commune's point), $8 is it open,
-- $9 source. Result: id, is_new; 1 row, or 0 rows when the point was already so recorded or the
-- commune does not exist.
INSERT INTO collection_point AS p (origin, origin_id, name, commune, address, location, is_open, valid_to, source)
SELECT $1::text, $2::text, $3::text, c.insee, $5::text,
       coalesce(ST_SetSRID(ST_MakePoint($6::double precision, $7::double precision), 4326), c.location),
       $8::boolean, CASE WHEN NOT $8::boolean THEN current_date END, $9::text
  FROM commune c
 WHERE c.insee = $4::text
ON CONFLICT (origin, origin_id) DO UPDATE
   SET name = excluded.name, commune = excluded.commune, address = excluded.address, location = excluded.location,
       is_open = excluded.is_open, source = excluded.source, imported_at = now(),
       valid_to = CASE WHEN excluded.is_open THEN NULL ELSE greatest(current_date, p.valid_from) END
 WHERE (p.name, p.commune, p.address, p.location::bytea, p.is_open, p.source)
       IS DISTINCT FROM (excluded.name, excluded.commune, excluded.address, excluded.location::bytea,
                         excluded.is_open, excluded.source)
RETURNING id, xmax = 0 AS is_new;

-- name: point_refresh_estimated
-- To call at the end of an import: a département that has real points loses its estimated ones.
-- Result: opened, closed, standing; 1 row.
SELECT opened, closed, standing FROM derived.refresh_estimated_points();
