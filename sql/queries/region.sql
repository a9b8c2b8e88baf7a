-- name: region_list
-- Result: code, name, population, study_rank (null outside the reference study); by code.
SELECT r.code, r.name, sum(c.population) AS population, s.rank AS study_rank
  FROM region r
  JOIN commune c ON c.region = r.code
  LEFT JOIN study_region s ON s.region = r.code
 GROUP BY r.code, r.name, s.rank
 ORDER BY r.code;

-- name: departement_list
-- Result: departement, name, region, population, published_t (null), collected_t, is_replaced,
-- household_t; base year, default parameters; by code.
SELECT t.departement, d.name, t.region, t.population, t.published_t, t.collected_t, t.is_replaced, t.household_t
  FROM derived.departement_base_tonnage() t
  JOIN departement d ON d.code = t.departement
 ORDER BY t.departement;

-- name: commune_get
-- $1 INSEE code. Result: insee, name, departement, region, epci (null), population, lon, lat,
-- precision; 0 or 1 row.
SELECT insee, name, departement, region, epci, population, ST_X(location) AS lon, ST_Y(location) AS lat, precision
  FROM commune
 WHERE insee = $1::text;
