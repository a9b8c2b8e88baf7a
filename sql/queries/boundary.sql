-- name: boundary_list
-- $1 level: 'region' or 'departement'. Result: code, name, geometry (GeoJSON text; thousandths of a degree, about 100 m, are
-- finer than outlines at 1:10 million); by code.
SELECT b.code, coalesce(r.name, d.name) AS name, ST_AsGeoJSON(b.geom, 3) AS geometry
  FROM boundary b
  LEFT JOIN region r ON b.level = 'region' AND r.code = b.code
  LEFT JOIN departement d ON b.level = 'departement' AND d.code = b.code
 WHERE b.level = $1::text
 ORDER BY b.code;
