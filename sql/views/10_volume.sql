-- How much DEEE arises where: survey tonnage -> whole household flow -> communes -> streams -> years.
-- "overrides" is always {"parameter id": number}: the values of a scenario that differ from table parameter.

CREATE FUNCTION derived.parameter_value(wanted text, overrides jsonb DEFAULT '{}')
RETURNS double precision LANGUAGE plpgsql STABLE AS $$
DECLARE
  central double precision;
BEGIN
  SELECT value INTO central FROM parameter WHERE id = wanted;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'le paramètre « % » n’existe pas', wanted USING ERRCODE = 'undefined_parameter';
  END IF;
  RETURN coalesce((overrides ->> wanted)::double precision, central);
END $$;
COMMENT ON FUNCTION derived.parameter_value(text, jsonb) IS 'Value of a parameter in a scenario; an unknown id is an error';

-- The survey sees the local authorities' channel: its tonnage is divided by their share of the whole.
-- A département without a figure, or whose figure is suspect, gets the tonnes per inhabitant of the
-- rest of its région.
CREATE FUNCTION derived.departement_base_tonnage(overrides jsonb DEFAULT '{}')
RETURNS TABLE (departement text, region text, population bigint, published_t double precision,
               collected_t double precision, is_replaced boolean, household_t double precision)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  base_year integer := derived.parameter_value('volume.base_year', overrides);
  authority_share double precision := derived.parameter_value('volume.local_authority_share', overrides);
BEGIN
  IF NOT EXISTS (SELECT FROM tonnage t WHERE t.year = base_year) THEN
    RAISE EXCEPTION 'aucun tonnage connu pour l’année de référence %', base_year
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  RETURN QUERY
  WITH inhabitants AS (
    SELECT c.departement, sum(c.population) AS people FROM commune c GROUP BY c.departement
  ), survey AS (
    SELECT d.code, d.region, i.people, t.tonnes,
           CASE WHEN NOT t.is_suspect THEN t.tonnes END AS believed_t
      FROM departement d
      JOIN inhabitants i ON i.departement = d.code
      LEFT JOIN tonnage t ON t.departement = d.code AND t.year = base_year
  ), regional AS (
    SELECT s.region, sum(s.believed_t) / sum(s.people) AS t_per_inhabitant
      FROM survey s WHERE s.believed_t IS NOT NULL GROUP BY s.region
  ), corrected AS (
    SELECT s.*, coalesce(s.believed_t, s.people * r.t_per_inhabitant, 0) AS corrected_t
      FROM survey s LEFT JOIN regional r ON r.region = s.region
  )
  SELECT k.code, k.region, k.people, k.tonnes, k.corrected_t, k.believed_t IS NULL,
         k.corrected_t / authority_share
    FROM corrected k
   ORDER BY k.code;
END $$;
COMMENT ON FUNCTION derived.departement_base_tonnage(jsonb) IS
  'Household DEEE by département in the base year: published_t as surveyed (null if none), collected_t once suspect figures are replaced (is_replaced), household_t over all channels';

CREATE FUNCTION derived.commune_base_tonnage(overrides jsonb DEFAULT '{}')
RETURNS TABLE (commune text, departement text, region text, household_t double precision)
LANGUAGE sql STABLE AS $$
  SELECT c.insee, c.departement, c.region, d.household_t * c.population / d.population
    FROM commune c
    JOIN derived.departement_base_tonnage(overrides) d ON d.departement = c.departement
$$;
COMMENT ON FUNCTION derived.commune_base_tonnage(jsonb) IS 'Household DEEE by commune in the base year: the tonnage of its département spread by population';

CREATE FUNCTION derived.flow_share(overrides jsonb DEFAULT '{}')
RETURNS TABLE (flow text, rank integer, share double precision)
LANGUAGE sql STABLE AS $$
  SELECT f.id, f.rank, derived.parameter_value('flow.' || f.id || '.share', overrides) FROM flow f
$$;
COMMENT ON FUNCTION derived.flow_share(jsonb) IS 'Share of each stream in the household tonnage';

-- Growth has two rates: one up to volume.growth_switch_year, another after it.
CREATE FUNCTION derived.growth_factor(year integer, overrides jsonb DEFAULT '{}')
RETURNS double precision LANGUAGE plpgsql STABLE AS $$
DECLARE
  base integer := derived.parameter_value('volume.base_year', overrides);
  switch integer := greatest(base, derived.parameter_value('volume.growth_switch_year', overrides)::integer);
  before double precision := derived.parameter_value('volume.growth_before', overrides);
  after double precision := derived.parameter_value('volume.growth_after', overrides);
BEGIN
  RETURN (1 + before) ^ (least(year, switch) - base) * (1 + after) ^ greatest(year - switch, 0);
END $$;
COMMENT ON FUNCTION derived.growth_factor(integer, jsonb) IS 'Tonnage of a year over tonnage of the base year';

CREATE FUNCTION derived.commune_flow_tonnage(year integer DEFAULT NULL, overrides jsonb DEFAULT '{}')
RETURNS TABLE (commune text, departement text, region text, flow text, tonnes double precision)
LANGUAGE sql STABLE AS $$
  SELECT c.commune, c.departement, c.region, s.flow, c.household_t * s.share * g.factor
    FROM derived.commune_base_tonnage(overrides) c
   CROSS JOIN derived.flow_share(overrides) s
   CROSS JOIN (SELECT CASE WHEN year IS NULL THEN 1 ELSE derived.growth_factor(year, overrides) END AS factor
               OFFSET 0) g
$$;
COMMENT ON FUNCTION derived.commune_flow_tonnage(integer, jsonb) IS 'Household DEEE by commune and stream in a year; year null = the base year';
