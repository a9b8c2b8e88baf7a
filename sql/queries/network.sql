-- What the worker turns into solver input. $1 is always the frozen definition of the run (JSON). To
-- be read in one REPEATABLE READ transaction; rows come in a fixed order, so that the same data
-- give the same bytes.

-- name: network_parameter_list
-- Result: id, value, component, confidence, is_overridden, is_changed (differs from the table of
-- today), source_title, year (null), low, high (the plausible range); by id.
SELECT p.id, coalesce(($1::jsonb -> 'parameters' ->> p.id)::double precision, p.value) AS value, p.component,
       p.confidence, coalesce($1::jsonb -> 'overridden', '[]') ? p.id AS is_overridden,
       coalesce(($1::jsonb -> 'parameters' ->> p.id)::double precision, p.value) <> p.value AS is_changed,
       s.title AS source_title, p.year, p.low, p.high
  FROM parameter p
  JOIN source s ON s.id = p.source
 ORDER BY p.id;

-- name: network_year_list
-- Result: year, growth (tonnage of the year over that of the base year); in order.
SELECT y AS year, derived.growth_factor(y, $1::jsonb -> 'parameters') AS growth
  FROM generate_series(derived.parameter_value('horizon.first_year', $1::jsonb -> 'parameters')::integer,
         (derived.parameter_value('horizon.first_year', $1::jsonb -> 'parameters')
          + derived.parameter_value('horizon.years', $1::jsonb -> 'parameters'))::integer - 1) AS y
 ORDER BY y;

-- name: network_volume_list
-- What the tonnes of each région rest on. Result: region, name, population, published_t (surveyed),
-- collected_t (suspect figures replaced), household_t (all channels), replaced (names of the
-- départements whose figure is, null if none), survey (its title), survey_year, france_kg (household
-- kg per inhabitant of France by the same rule), share_low, share_high (range of the share of local
-- authorities); by name.
WITH base AS (
  SELECT * FROM derived.departement_base_tonnage($1::jsonb -> 'parameters')
), france AS (
  SELECT 1000 * sum(household_t) / sum(population) AS france_kg FROM base
), survey AS (
  SELECT derived.parameter_value('volume.base_year', $1::jsonb -> 'parameters')::integer AS survey_year
)
SELECT r.code AS region, r.name, sum(b.population) AS population, sum(b.published_t) AS published_t,
       sum(b.collected_t) AS collected_t, sum(b.household_t) AS household_t,
       string_agg(d.name, ', ' ORDER BY d.name) FILTER (WHERE b.is_replaced) AS replaced,
       (SELECT min(s.title) FROM tonnage t JOIN source s ON s.id = t.source WHERE t.year = y.survey_year) AS survey,
       y.survey_year, f.france_kg, p.low AS share_low, p.high AS share_high
  FROM base b
  JOIN region r ON r.code = b.region
  JOIN departement d ON d.code = b.departement
  JOIN parameter p ON p.id = 'volume.local_authority_share'
 CROSS JOIN france f
 CROSS JOIN survey y
 WHERE b.region = ANY (derived.definition_regions($1::jsonb))
 GROUP BY r.code, r.name, y.survey_year, f.france_kg, p.low, p.high
 ORDER BY r.name;

-- name: network_point_list
-- Open points that collect something. Result: id, name, lon, lat, departement, region, tonnes
-- (household DEEE of the base year, all streams, rounded to the gram; estimated or recorded, as the definition
-- says); by id.
SELECT p.id, p.name, ST_X(p.location) AS lon, ST_Y(p.location) AS lat, c.departement, c.region,
       round(t.tonnes::numeric, 6)::double precision AS tonnes
  FROM derived.point_volume($1::jsonb) t
  JOIN collection_point p ON p.id = t.point
  JOIN commune c ON c.insee = p.commune
 ORDER BY p.id;

-- name: network_flow_list
-- Result: id, label, rank, share (of the tonnes of every point), category (of Annex V); in rank order.
SELECT s.flow AS id, f.label, s.rank, s.share, f.category
  FROM derived.flow_share($1::jsonb -> 'parameters') s
  JOIN flow f ON f.id = s.flow
 ORDER BY s.rank;

-- name: network_haul_band_list
-- What collecting costs beyond direct trips, where the definition takes haulage from rounds (member "rounds": their
-- run), all hubs together. Result: rounds (run), flow, label, below_km (road km; null = the last band of the stream),
-- tonnes, rounds_eur_t, estimate_eur_t, extra_eur_t (the difference, or what gathering in the stream's cheapest band and
-- regrouping costs more than a direct trip, if that is less); by stream rank and band.
SELECT h.run AS rounds, h.flow, f.label,
       CASE WHEN lead(h.below_km) OVER w IS NOT NULL THEN h.below_km END AS below_km, h.tonnes,
       h.rounds_eur / h.tonnes AS rounds_eur_t, h.estimate_eur / h.tonnes AS estimate_eur_t,
       least((h.rounds_eur - h.estimate_eur) / h.tonnes,
             min((h.rounds_eur - h.estimate_eur) / h.tonnes) OVER (PARTITION BY h.flow)
               + derived.parameter_value('rounds.transfer_eur_t', $1::jsonb -> 'parameters')) AS extra_eur_t
  FROM (SELECT run, flow, below_km, sum(tonnes ORDER BY site) AS tonnes, sum(rounds_eur ORDER BY site) AS rounds_eur,
               sum(estimate_eur ORDER BY site) AS estimate_eur
          FROM rounds_haulage
         WHERE run = ($1::jsonb ->> 'rounds')::bigint
         GROUP BY run, flow, below_km) AS h
  JOIN flow f ON f.id = h.flow
WINDOW w AS (PARTITION BY h.flow ORDER BY h.below_km)
 ORDER BY f.rank, h.below_km;

-- name: network_supply_list
-- The same per stream, where streams are not a fixed share of each point: recorded volumes. Result: point, flow,
-- tonnes (base year), recorded_t and weighed_t (of them, those that lines say, and those weighed); by point and stream.
SELECT v.point, v.flow, round(v.tonnes::numeric, 6)::double precision AS tonnes,
       round(v.recorded_t::numeric, 6)::double precision AS recorded_t, round(v.weighed_t::numeric, 6)::double precision AS weighed_t
  FROM derived.point_flow_volume($1::jsonb) v
  JOIN flow f ON f.id = v.flow
 ORDER BY v.point, f.rank;

-- name: network_site_list
-- Every plant of today, known or unlisted, wherever it is: they are open to all. Candidates: those
-- of the régions, all of them when "candidates" of the definition is "default", else those whose
-- code it lists. Result: id, code, kind, name, lon, lat, region, capacity_t (null = unlimited); by
-- id.
SELECT s.id, s.code, s.kind, s.name, ST_X(s.location) AS lon, ST_Y(s.location) AS lat, s.region, s.capacity_t
  FROM site s
 WHERE s.is_active
   AND (s.kind <> 'candidate'
        OR s.region = ANY (derived.definition_regions($1::jsonb))
           AND (coalesce($1::jsonb -> 'candidates', '"default"') = '"default"'
                OR $1::jsonb -> 'candidates' ? s.code))
 ORDER BY s.id;

-- name: network_site_flow_list
-- Streams of the sites above. Result: site, flow, capacity_t (null = unlimited); by site and
-- stream.
SELECT k.site, k.flow, k.capacity_t
  FROM site_flow k
  JOIN site s ON s.id = k.site
  JOIN flow f ON f.id = k.flow
 WHERE s.is_active
   AND (s.kind <> 'candidate'
        OR s.region = ANY (derived.definition_regions($1::jsonb))
           AND (coalesce($1::jsonb -> 'candidates', '"default"') = '"default"'
                OR $1::jsonb -> 'candidates' ? s.code))
 ORDER BY k.site, f.rank;

-- name: network_lane_list
-- Road distances that were imported, between open points and sites of the lists above. A matrix of
-- the scenario goes before those for all, a place itself before its commune, the latest matrix before
-- older ones. Result: point, site (code), km, hours (null: from the speed), matrix (name); by point
-- and site.
WITH usable AS (
  SELECT m.id, m.name, m.scenario IS NULL AS is_general
    FROM distance_matrix m
   WHERE m.scenario IS NULL OR m.scenario = ($1::jsonb ->> 'scenario')::bigint
), start AS (
  SELECT p.id, p.commune AS place, 1 AS vagueness
    FROM collection_point p JOIN commune c ON c.insee = p.commune
   WHERE p.is_open AND c.region = ANY (derived.definition_regions($1::jsonb))
  UNION ALL
  SELECT p.id, p.origin || ':' || p.origin_id, 0
    FROM collection_point p JOIN commune c ON c.insee = p.commune
   WHERE p.is_open AND c.region = ANY (derived.definition_regions($1::jsonb))
), active AS (
  SELECT s.id, s.code, s.commune
    FROM site s
   WHERE s.is_active
     AND (s.kind <> 'candidate'
          OR s.region = ANY (derived.definition_regions($1::jsonb))
             AND (coalesce($1::jsonb -> 'candidates', '"default"') = '"default"'
                  OR $1::jsonb -> 'candidates' ? s.code))
), finish AS (
  SELECT code, commune AS place, 1 AS vagueness FROM active
  UNION ALL
  SELECT code, code, 0 FROM active
)
SELECT DISTINCT ON (p.id, s.code) p.id AS point, s.code AS site, d.km, d.minutes / 60 AS hours, u.name AS matrix
  FROM distance d
  JOIN usable u ON u.id = d.matrix
  JOIN start p ON p.place = d.from_place
  JOIN finish s ON s.place = d.to_place
 ORDER BY p.id, s.code, u.is_general, p.vagueness + s.vagueness, d.matrix DESC;
