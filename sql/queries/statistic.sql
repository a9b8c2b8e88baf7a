-- What is published of recorded lines. The first four are the owner's, who sees all lines.

-- name: statistic_fault
-- $1 year. Why it cannot be published (French); no row when it can. Holds off any other publication.
WITH held AS (SELECT pg_advisory_xact_lock(20002))
SELECT 'l’année ' || $1::integer || ' n’est pas finie' AS fault FROM held WHERE make_date($1::integer, 12, 31) >= current_date
UNION ALL
SELECT 'l’année ' || year || ' est publiée depuis le ' || to_char(published_at, 'DD/MM/YYYY') || ' ; une année ne se publie qu’une fois'
  FROM statistic_release, held WHERE year = $1::integer;

-- name: statistic_leaf_list
-- $1 year. Every part of an EPCI in a département, in the régions that have a line. Result: code (SIREN, ""
-- for communes without EPCI), departement, region, flow, expected_t; by région, département, code and rank.
SELECT v.code, v.departement, v.region, v.flow, v.expected_t
  FROM derived.coverage('epci', make_date($1::integer, 1, 1), make_date($1::integer, 12, 31), true) v
  JOIN flow f ON f.id = v.flow
 WHERE v.region IN (SELECT c.region
                      FROM derived.line_part(make_date($1::integer, 1, 1), make_date($1::integer, 12, 31)) p
                      JOIN commune c ON c.insee = p.commune)
 ORDER BY v.region, v.departement, v.code, f.rank;

-- name: statistic_part_list
-- $1 year. What each organisation brings to each. Result: code, departement, flow, organisation, tonnes (> 0).
SELECT coalesce(c.epci, '') AS code, c.departement, p.flow, p.organisation, sum(p.tonnes) AS tonnes
  FROM derived.line_part(make_date($1::integer, 1, 1), make_date($1::integer, 12, 31)) p
  JOIN commune c ON c.insee = p.commune
 GROUP BY 1, 2, 3, 4
 ORDER BY 1, 2, 3, 4;

-- name: statistic_add
-- $1 year, $2 JSON array of {level, code, departement, flow, state, tonnes, expected_t}, $3 SHA-256, $4 least
-- organisations, $5 most share, $6 width. Result: cells; 1 row.
WITH cell AS MATERIALIZED (
  SELECT * FROM json_to_recordset($2::json) AS c (level text, code text, departement text, flow text, state text,
                                                  tonnes double precision, expected_t double precision)
), released AS (
  INSERT INTO statistic_release (year, least_organisations, most_share, width, shown, withheld, sha256)
  SELECT $1::integer, $4::integer, $5::double precision, $6::double precision,
         count(*) FILTER (WHERE state = 'shown'), count(*) FILTER (WHERE state = 'withheld'), $3::text
    FROM cell
  RETURNING year
), added AS (
  INSERT INTO statistic (year, level, code, departement, flow, state, tonnes, expected_t)
  SELECT r.year, c.level, c.code, c.departement, c.flow, c.state, c.tonnes, c.expected_t FROM cell c, released r
  RETURNING year
)
SELECT count(*) AS cells FROM added;

-- name: statistic_release_list
-- Result: year, published_at, shown, withheld, least_organisations, most_share, width, sha256; latest first.
SELECT year, published_at, shown, withheld, least_organisations, most_share, width, sha256
  FROM statistic_release ORDER BY year DESC;

-- name: statistic_list
-- $1 year; $2 level or null for all; $3 flow, all, or null for each of them. Result: year, level, code, name,
-- departement, flow, flow_label, state, tonnes (null unless shown), expected_t, coverage (tonnes / expected_t,
-- null unless shown); by level, territory and flow.
SELECT s.year, s.level, s.code,
       CASE s.level WHEN 'total' THEN 'Ensemble' WHEN 'region' THEN r.name WHEN 'departement' THEN d.name
                    ELSE coalesce(e.name, 'Communes sans EPCI')
                         || CASE WHEN count(*) OVER (PARTITION BY s.level, s.code, s.flow) > 1 THEN ' (part ' || p.name || ')' ELSE '' END END AS name,
       s.departement, s.flow, coalesce(f.label, 'Tous flux') AS flow_label, s.state, s.tonnes, s.expected_t,
       s.tonnes / nullif(s.expected_t, 0) AS coverage
  FROM statistic s
  LEFT JOIN region r ON s.level = 'region' AND r.code = s.code
  LEFT JOIN departement d ON s.level = 'departement' AND d.code = s.code
  LEFT JOIN epci e ON s.level = 'epci' AND e.siren = s.code
  LEFT JOIN departement p ON s.level = 'epci' AND p.code = s.departement
  LEFT JOIN flow f ON f.id = s.flow
 WHERE s.year = $1::integer AND ($2::text IS NULL OR s.level = $2::text) AND ($3::text IS NULL OR s.flow = $3::text)
 ORDER BY array_position(ARRAY['total', 'region', 'departement', 'epci'], s.level), s.departement, s.code, f.rank NULLS FIRST;
