-- Where platforms could stand, and the plants that no list names.

-- Chief towns (most populous commune of each EPCI) of the given régions, scored by the household DEEE
-- arising within 60 km, a tonne counting less the farther it is, down to nothing at 60 km: a town in the
-- middle of its supply beats the village beside it, which a plain total would not see. Each département
-- first takes its two best, then the best of all follow until there are 150. A town closer than 25 km to
-- one already taken is skipped, so that candidates are real alternatives.
CREATE FUNCTION derived.candidate_towns(
  regions text[], wanted integer DEFAULT 150, per_departement integer DEFAULT 2,
  spacing_m double precision DEFAULT 25000, reach_m double precision DEFAULT 60000)
RETURNS TABLE (commune text, region text, score_t double precision) LANGUAGE plpgsql STABLE AS $$
DECLARE
  town record;
  taken text[] := '{}';
BEGIN
  FOR town IN
    WITH base AS MATERIALIZED (
      SELECT t.commune, t.household_t FROM derived.commune_base_tonnage() t
    ), chief AS (
      SELECT DISTINCT ON (c.epci) c.insee, c.region AS home, c.departement, c.xy
        FROM commune c
       WHERE c.epci IS NOT NULL
       ORDER BY c.epci, c.population DESC, c.insee
    ), scored AS (
      SELECT t.insee, t.home, t.departement, t.xy,
             sum(b.household_t * (1 - ST_Distance(c.xy, t.xy) / reach_m) ORDER BY c.insee) AS score
        FROM chief t
        JOIN commune c ON ST_DWithin(c.xy, t.xy, reach_m)
        JOIN base b ON b.commune = c.insee
       WHERE t.home = ANY (regions)
       GROUP BY t.insee, t.home, t.departement, t.xy
    )
    SELECT s.*, pass FROM scored s CROSS JOIN generate_series(1, 2) AS pass
     ORDER BY pass, s.score DESC, s.insee
  LOOP
    EXIT WHEN cardinality(taken) >= wanted;
    CONTINUE WHEN town.insee = ANY (taken) OR town.pass = 1 AND per_departement <= (
      SELECT count(*) FROM commune c WHERE c.insee = ANY (taken) AND c.departement = town.departement);
    CONTINUE WHEN EXISTS (
      SELECT FROM commune c WHERE c.insee = ANY (taken) AND ST_DWithin(c.xy, town.xy, spacing_m));
    taken := taken || town.insee;
    commune := town.insee;
    region := town.home;
    score_t := town.score;
    RETURN NEXT;
  END LOOP;
END $$;
COMMENT ON FUNCTION derived.candidate_towns(text[], integer, integer, double precision, double precision) IS
  'Communes that the rule proposes for a platform; score_t = household tonnes of the base year within reach_m, weighted down with distance';

CREATE FUNCTION derived.study_regions() RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT array_agg(region ORDER BY rank) FROM study_region
$$;
COMMENT ON FUNCTION derived.study_regions() IS 'INSEE codes of the régions of the reference study, in order';

-- Only the candidates that the rule made are touched: those that a planner adds have another source.
CREATE FUNCTION derived.refresh_candidates(regions text[] DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  chosen integer;
BEGIN
  CREATE TEMP TABLE wanted_site ON COMMIT DROP AS
  SELECT 'candidate:' || lower(t.commune) AS code, c.name, t.commune, c.location, c.region,
         'Règle : commune la plus peuplée de son EPCI ; ' || round(t.score_t) || ' t de DEEE ménagers à moins de 60 km, '
         || 'comptées d’autant moins qu’elles sont loin.' AS note
    FROM derived.candidate_towns(coalesce(regions, derived.study_regions())) t
    JOIN commune c ON c.insee = t.commune;

  UPDATE site SET is_active = false
   WHERE kind = 'candidate' AND source = 'stated_rules' AND is_active
     AND code NOT IN (SELECT code FROM wanted_site);
  INSERT INTO site AS s (code, kind, name, commune, location, region, source, confidence, note)
  SELECT w.code, 'candidate', w.name, w.commune, w.location, w.region, 'stated_rules', 'assumption', w.note
    FROM wanted_site w
   ORDER BY w.code
  ON CONFLICT (code) DO UPDATE
     SET name = excluded.name, location = excluded.location, region = excluded.region,
         is_active = true, note = excluded.note
   WHERE s.source = 'stated_rules'
     AND (s.name, s.region, s.is_active, s.note)
         IS DISTINCT FROM (excluded.name, excluded.region, true, excluded.note);
  INSERT INTO site_flow (site, flow)
  SELECT s.id, f.id FROM site s JOIN wanted_site w ON w.code = s.code CROSS JOIN flow f
  ON CONFLICT DO NOTHING;
  SELECT count(*) INTO chosen FROM wanted_site;
  DROP TABLE wanted_site;
  RETURN chosen;
END $$;
COMMENT ON FUNCTION derived.refresh_candidates(text[]) IS 'Brings the candidate sites in line with the rule; returns how many there are. Null = the régions of the study';

-- The list of plants is partial, yet everything collected today is treated somewhere: each région of
-- the study but the one that asks has one site that takes everything at the default gate fee.
CREATE FUNCTION derived.refresh_unlisted_sites()
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  chosen integer;
BEGIN
  UPDATE site SET is_active = false
   WHERE kind = 'unlisted' AND is_active
     AND region NOT IN (SELECT region FROM study_region WHERE has_unlisted_site);
  INSERT INTO site AS s (code, kind, name, commune, location, region, source, confidence, note)
  SELECT 'unlisted:' || r.code, 'unlisted', 'Usines non recensées, ' || r.name, c.insee, c.location, r.code,
         'stated_rules', 'assumption',
         'Tient lieu des usines de la région qu’aucune liste ne nomme : tous les flux, sans limite, '
         || 'placée dans la commune la plus peuplée. Favorise la situation actuelle.'
    FROM study_region y
    JOIN region r ON r.code = y.region
   CROSS JOIN LATERAL (SELECT * FROM commune WHERE region = r.code ORDER BY population DESC, insee LIMIT 1) c
   WHERE y.has_unlisted_site
   ORDER BY r.code
  ON CONFLICT (code) DO UPDATE
     SET name = excluded.name, commune = excluded.commune, location = excluded.location,
         is_active = true, note = excluded.note
   WHERE (s.name, s.commune, s.is_active, s.note)
         IS DISTINCT FROM (excluded.name, excluded.commune, true, excluded.note);
  INSERT INTO site_flow (site, flow)
  SELECT s.id, f.id FROM site s CROSS JOIN flow f WHERE s.kind = 'unlisted' AND s.is_active
  ON CONFLICT DO NOTHING;
  SELECT count(*) INTO chosen FROM site WHERE kind = 'unlisted' AND is_active;
  RETURN chosen;
END $$;
COMMENT ON FUNCTION derived.refresh_unlisted_sites() IS 'Brings the sites that stand for unlisted plants in line with study_region; returns how many there are';
