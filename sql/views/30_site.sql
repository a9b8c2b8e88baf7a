-- Where platforms could stand, and the plants that no list names.

-- Chief towns (most populous commune of each EPCI) of the given régions, scored by the population
-- within 60 km. Each région first takes its 12 best, then the best overall follow until there are 150;
-- a town closer than 25 km to one already taken is skipped, so that candidates are real alternatives.
CREATE FUNCTION derived.candidate_towns(
  regions text[], wanted integer DEFAULT 150, per_region integer DEFAULT 12,
  spacing_m double precision DEFAULT 25000, catchment_m double precision DEFAULT 60000)
RETURNS TABLE (commune text, region text, score bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
  town record;
  taken geometry[] := '{}';
  codes text[] := '{}';
BEGIN
  FOR town IN
    WITH chief AS (
      SELECT DISTINCT ON (c.epci) c.insee, c.region AS home, c.xy
        FROM commune c
       WHERE c.epci IS NOT NULL
       ORDER BY c.epci, c.population DESC, c.insee
    ), scored AS (
      SELECT t.insee, t.home, t.xy,
             (SELECT sum(c.population) FROM commune c WHERE ST_DWithin(c.xy, t.xy, catchment_m)) AS people
        FROM chief t
       WHERE t.home = ANY (regions)
    )
    -- Two passes over the same towns: the régions' own turns, then everybody's.
    SELECT s.*, pass FROM scored s CROSS JOIN generate_series(1, 2) AS pass
     ORDER BY pass, CASE WHEN pass = 1 THEN array_position(regions, s.home) END, s.people DESC, s.insee
  LOOP
    EXIT WHEN cardinality(codes) >= wanted;
    CONTINUE WHEN town.pass = 1
      AND (SELECT count(*) FROM commune c WHERE c.insee = ANY (codes) AND c.region = town.home) >= per_region;
    CONTINUE WHEN town.insee = ANY (codes);
    CONTINUE WHEN EXISTS (SELECT FROM unnest(taken) AS other WHERE ST_DWithin(other, town.xy, spacing_m));
    codes := codes || town.insee;
    taken := taken || town.xy;
    commune := town.insee;
    region := town.home;
    score := town.people;
    RETURN NEXT;
  END LOOP;
END $$;
COMMENT ON FUNCTION derived.candidate_towns(text[], integer, integer, double precision, double precision) IS
  'Communes that the rule proposes for a platform, best first within each pass; score = inhabitants within catchment_m';

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
         'Règle : chef-lieu d''EPCI, ' || t.score || ' habitants à moins de 60 km.' AS note
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
         'Tient lieu des usines de la région qu''aucune liste ne nomme : tous les flux, sans limite, '
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
