-- Which collection point serves which communes, and the network estimated where none is known.

-- A commune goes to the nearest open point of its own département; where the département has none, of
-- its région; where that has none either, of the régions asked for. Only déchèteries attract communes.
-- Déchèteries standing in one commune share what it attracts equally; shops and other places there
-- that take equipment back have part in it by a lesser weight, point.other_weight. Sums are ordered so that the same data give the same digits. The nearest is
-- kept by min() over (squared distance, id): sorting the pairs took four times as long.
CREATE FUNCTION derived.open_point(regions text[], overrides jsonb DEFAULT '{}')
RETURNS TABLE (id bigint, kind text, commune text, departement text, region text, weight double precision,
               weights double precision, x double precision, y double precision)
LANGUAGE sql STABLE AS $$
  WITH other AS MATERIALIZED (
    SELECT derived.parameter_value('point.other_weight', overrides) AS weight
  )
  SELECT p.id, p.kind, p.commune, c.departement, c.region, w.weight, sum(w.weight) OVER (PARTITION BY p.commune),
         ST_X(ST_Transform(p.location, 2154)), ST_Y(ST_Transform(p.location, 2154))
    FROM collection_point p
    JOIN commune c ON c.insee = p.commune
   CROSS JOIN other
   CROSS JOIN LATERAL (SELECT CASE p.kind WHEN 'decheterie' THEN 1 ELSE other.weight END AS weight) w
   WHERE p.is_open AND c.region = ANY (regions) AND w.weight > 0
$$;
COMMENT ON FUNCTION derived.open_point(text[], jsonb) IS
  'Open points of some régions, with their weight in what reaches their commune (of weights in all) and their place in Lambert-93';

CREATE FUNCTION derived.commune_host(regions text[], overrides jsonb DEFAULT '{}')
RETURNS TABLE (commune text, household_t double precision, host text)
LANGUAGE sql STABLE AS $$
  WITH attracting AS MATERIALIZED (
    SELECT id, commune, departement, region, x, y FROM derived.open_point(regions, overrides) WHERE kind = 'decheterie'
  ), reachable AS (
    SELECT 'd' || departement AS scope, id, x, y FROM attracting
    UNION ALL SELECT 'r' || region, id, x, y FROM attracting
    UNION ALL SELECT '*', id, x, y FROM attracting
  ), demand AS MATERIALIZED (
    SELECT t.commune, t.household_t, ST_X(c.xy) AS x, ST_Y(c.xy) AS y,
           CASE WHEN t.departement IN (SELECT departement FROM attracting) THEN 'd' || t.departement
                WHEN t.region IN (SELECT region FROM attracting) THEN 'r' || t.region
                ELSE '*' END AS scope
      FROM derived.commune_base_tonnage(overrides) t
      JOIN commune c ON c.insee = t.commune
     WHERE t.region = ANY (regions) AND t.household_t > 0
  ), served AS MATERIALIZED (
    SELECT d.commune, d.household_t,
           (min(ARRAY[(d.x - r.x) ^ 2 + (d.y - r.y) ^ 2, r.id]))[2]::bigint AS nearest
      FROM demand d
      JOIN reachable r ON r.scope = d.scope
     GROUP BY d.commune, d.household_t
  )
  SELECT s.commune, s.household_t, a.commune
    FROM served s
    JOIN attracting a ON a.id = s.nearest
$$;
COMMENT ON FUNCTION derived.commune_host(text[], jsonb) IS
  'The commune whose points serve each commune of some régions, and the household DEEE that it brings there in the base year';

-- What reaches a commune is worked out once, not once a point: a thousand may stand in one.
CREATE FUNCTION derived.point_tonnage(regions text[], overrides jsonb DEFAULT '{}')
RETURNS TABLE (point bigint, tonnes double precision)
LANGUAGE sql STABLE AS $$
  WITH open_point AS MATERIALIZED (
    SELECT id, commune, weight, weights FROM derived.open_point(regions, overrides)
  ), arrival AS MATERIALIZED (
    SELECT h.host, k.weight, sum(h.household_t * k.weight / k.weights ORDER BY h.commune) AS tonnes
      FROM derived.commune_host(regions, overrides) h
      JOIN (SELECT DISTINCT commune, weight, weights FROM open_point) k ON k.commune = h.host
     GROUP BY h.host, k.weight
  )
  SELECT p.id, a.tonnes
    FROM arrival a
    JOIN open_point p ON p.commune = a.host AND p.weight = a.weight
$$;
COMMENT ON FUNCTION derived.point_tonnage(text[], jsonb) IS
  'Household DEEE reaching each open collection point of some régions in the base year; a point nobody is nearest to is left out';

CREATE FUNCTION derived.point_flow_tonnage(regions text[], overrides jsonb DEFAULT '{}')
RETURNS TABLE (point bigint, flow text, tonnes double precision)
LANGUAGE sql STABLE AS $$
  SELECT p.point, s.flow, p.tonnes * s.share
    FROM derived.point_tonnage(regions, overrides) p
   CROSS JOIN derived.flow_share(overrides) s
$$;
COMMENT ON FUNCTION derived.point_flow_tonnage(text[], jsonb) IS 'Household DEEE by open collection point and stream in the base year';

-- The déchèteries of a région are shared among its EPCI like seats among parties (Sainte-Laguë: the
-- k-th point of an EPCI of population P ranks by P / (k - 1/2)), the first one of each coming before
-- any second: unlike the largest remainder, one more point never takes one away. Inside an EPCI they
-- stand in its most populous communes, again from the top when there are more points than communes.
-- An EPCI gets P / t points, rounded, for some t; those of N points and m EPCI adding up to N,
-- (sum of P) / t <= N + m / 2: no more claims than that are worth ranking.
CREATE FUNCTION derived.estimated_network()
RETURNS TABLE (commune text, rank_in_commune bigint)
LANGUAGE sql STABLE AS $$
  WITH member AS (
    SELECT c.region, c.epci, c.insee, c.population,
           row_number() OVER (PARTITION BY c.region, c.epci ORDER BY c.population DESC, c.insee) AS place,
           count(*) OVER (PARTITION BY c.region, c.epci) AS members
      FROM commune c
     WHERE c.epci IS NOT NULL AND c.region IN (SELECT region FROM points_per_region)
  ), grouping AS (
    SELECT m.region, m.epci, sum(m.population) AS people, count(*) AS members,
           sum(m.population) / nullif(sum(sum(m.population)) OVER w, 0) AS share, count(*) OVER w AS groupings
      FROM member m GROUP BY m.region, m.epci
    WINDOW w AS (PARTITION BY m.region)
  ), claim AS (
    SELECT g.region, g.epci, g.members, k,
           row_number() OVER (PARTITION BY g.region
             ORDER BY k = 1 DESC, g.people / (k - 0.5) DESC, g.epci) AS turn
      FROM grouping g
      JOIN points_per_region n ON n.region = g.region
     CROSS JOIN LATERAL generate_series(
             1, least(n.points, ceil(g.share * (n.points + g.groupings / 2.0)) + 1)::integer) AS k
  )
  SELECT m.insee, 1 + (s.k - 1) / s.members
    FROM claim s
    JOIN points_per_region n ON n.region = s.region AND s.turn <= n.points
    JOIN member m ON m.region = s.region AND m.epci = s.epci AND m.place = 1 + (s.k - 1) % s.members
$$;
COMMENT ON FUNCTION derived.estimated_network() IS 'Where the estimated points of each région stand: commune, and 1, 2, ... when several share it';

-- A département that has real déchèteries keeps none of the estimated ones.
CREATE FUNCTION derived.refresh_estimated_points()
RETURNS TABLE (opened bigint, closed bigint, standing bigint) LANGUAGE plpgsql AS $$
BEGIN
  CREATE TEMP TABLE wanted_point ON COMMIT DROP AS
  SELECT e.commune || '-' || e.rank_in_commune AS origin_id,
         'Déchèterie estimée, ' || c.name
           || CASE WHEN e.rank_in_commune > 1 THEN ' (' || e.rank_in_commune || ')' ELSE '' END AS name,
         e.commune, c.location
    FROM derived.estimated_network() e
    JOIN commune c ON c.insee = e.commune
   WHERE c.departement NOT IN (
           SELECT known.departement
             FROM collection_point p JOIN commune known ON known.insee = p.commune
            WHERE p.is_open AND p.origin <> 'estimated' AND p.kind = 'decheterie');

  UPDATE collection_point p
     SET is_open = false, valid_to = greatest(current_date, p.valid_from), imported_at = now()
   WHERE p.origin = 'estimated' AND p.is_open
     AND NOT EXISTS (SELECT FROM wanted_point w WHERE w.origin_id = p.origin_id);
  GET DIAGNOSTICS closed = ROW_COUNT;

  INSERT INTO collection_point AS p (origin, origin_id, name, commune, location, source)
  SELECT 'estimated', w.origin_id, w.name, w.commune, w.location, 'stated_rules'
    FROM wanted_point w
   ORDER BY w.origin_id
  ON CONFLICT (origin, origin_id) DO UPDATE
     SET name = excluded.name, commune = excluded.commune, location = excluded.location,
         is_open = true, valid_to = NULL, imported_at = now()
   WHERE (p.name, p.commune, p.is_open) IS DISTINCT FROM (excluded.name, excluded.commune, true)
      OR NOT ST_Equals(p.location, excluded.location);
  GET DIAGNOSTICS opened = ROW_COUNT;

  SELECT count(*) INTO standing FROM wanted_point;
  DROP TABLE wanted_point;
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION derived.refresh_estimated_points() IS
  'Brings the estimated points in line with the rule; call it after importing real points. Returns how many were opened or changed, closed, and stand now';
