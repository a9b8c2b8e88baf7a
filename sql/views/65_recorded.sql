-- The volumes of a scenario that asks for those recorded.

-- Tonnes of the base year, so that the growth of the model gives back, in the year they were recorded,
-- what was recorded. A line counts at its point; without one, or where that is closed, at the points that
-- serve its commune. "recorded_where_covered": a flow of a département whose coverage reaches the threshold
-- takes its lines, any other the estimate.
CREATE FUNCTION derived.point_flow_volume(definition jsonb)
RETURNS TABLE (point bigint, flow text, tonnes double precision, recorded_t double precision, weighed_t double precision)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  mode text := coalesce(definition ->> 'volumes', 'estimated');
  regions text[] := derived.definition_regions(definition);
  overrides jsonb := coalesce(definition -> 'parameters', '{}');
  year integer := derived.parameter_value('volume.recorded_year', overrides)::integer;
  growth double precision := derived.growth_factor(year, overrides);
  threshold double precision := derived.parameter_value('volume.coverage_threshold', overrides);
BEGIN
  IF mode = 'estimated' THEN
    RETURN QUERY SELECT e.point, e.flow, e.tonnes, 0::double precision, 0::double precision
                   FROM derived.point_flow_tonnage(regions, overrides) e;
    RETURN;
  END IF;
  RETURN QUERY
  WITH part AS MATERIALIZED (
    SELECT l.point, l.commune, c.departement, l.flow, l.tonnes / growth AS tonnes, l.is_estimate
      FROM derived.line_part(make_date(year, 1, 1), make_date(year, 12, 31)) l
      JOIN commune c ON c.insee = l.commune
     WHERE c.region = ANY (regions)
  ), covered AS MATERIALIZED (
    SELECT v.departement, v.flow
      FROM (SELECT c.departement, s.flow, sum(t.household_t) * s.share AS expected_t
              FROM derived.commune_base_tonnage(overrides) t
              JOIN commune c ON c.insee = t.commune
             CROSS JOIN derived.flow_share(overrides) s
             WHERE c.region = ANY (regions)
             GROUP BY c.departement, s.flow, s.share) v
      LEFT JOIN (SELECT p.departement, p.flow, sum(p.tonnes) AS recorded_t FROM part p GROUP BY 1, 2) r
        ON (r.departement, r.flow) = (v.departement, v.flow)
     WHERE mode = 'recorded' OR coalesce(r.recorded_t, 0) >= threshold * v.expected_t
  ), open_point AS MATERIALIZED (
    SELECT o.id, o.commune, o.departement, o.weight, o.weights FROM derived.open_point(regions, overrides) o
  ), host AS MATERIALIZED (
    SELECT h.commune, h.host FROM derived.commune_host(regions, overrides) h
  ), placed AS (
    SELECT o.id AS point, p.flow, p.tonnes, p.is_estimate, p.departement
      FROM part p JOIN open_point o ON o.id = p.point
    UNION ALL
    SELECT o.id, p.flow, p.tonnes * o.weight / o.weights, p.is_estimate, p.departement
      FROM part p
      JOIN host h ON h.commune = p.commune
      JOIN open_point o ON o.commune = h.host
     WHERE NOT EXISTS (SELECT FROM open_point q WHERE q.id = p.point)
  ), used AS (
    SELECT p.point, p.flow, p.tonnes, p.tonnes AS recorded_t, CASE WHEN p.is_estimate THEN 0 ELSE p.tonnes END AS weighed_t
      FROM placed p JOIN covered k ON (k.departement, k.flow) = (p.departement, p.flow)
    UNION ALL
    SELECT e.point, e.flow, e.tonnes, 0, 0
      FROM derived.point_flow_tonnage(regions, overrides) e
      JOIN open_point o ON o.id = e.point
     WHERE NOT EXISTS (SELECT FROM covered k WHERE (k.departement, k.flow) = (o.departement, e.flow))
  )
  SELECT u.point, u.flow, sum(u.tonnes), sum(u.recorded_t), sum(u.weighed_t) FROM used u GROUP BY u.point, u.flow;
END $$;
COMMENT ON FUNCTION derived.point_flow_volume(jsonb) IS
  'Tonnes of the base year by open point and flow for a frozen definition, by what its member "volumes" says, and how many of them are recorded and weighed; lines are those the caller may see';

CREATE FUNCTION derived.point_volume(definition jsonb)
RETURNS TABLE (point bigint, tonnes double precision) LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF coalesce(definition ->> 'volumes', 'estimated') = 'estimated' THEN
    RETURN QUERY SELECT t.point, t.tonnes
                   FROM derived.point_tonnage(derived.definition_regions(definition), definition -> 'parameters') t;
  ELSE
    RETURN QUERY SELECT v.point, sum(v.tonnes) FROM derived.point_flow_volume(definition) v GROUP BY v.point;
  END IF;
END $$;
COMMENT ON FUNCTION derived.point_volume(jsonb) IS 'Tonnes of the base year by open point, all flows, for a frozen definition';
