-- What must hold once everything is loaded; a file that breaks it is refused and nothing of it is kept.
DO $$
DECLARE
  wrong text;
BEGIN
  SELECT string_agg(f.id || '.' || w.name, ', ' ORDER BY f.id, w.name) INTO wrong
    FROM flow f
   CROSS JOIN (VALUES ('share'), ('payload_t'), ('revenue_eur_t'), ('residue_share'), ('extra_eur_t'),
                      ('support_eur_t')) AS w (name)
   WHERE NOT EXISTS (SELECT FROM parameter p WHERE p.id = 'flow.' || f.id || '.' || w.name);
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'parameters.csv : il manque à des flux les paramètres %', wrong;
  END IF;

  IF (SELECT abs(sum(share) - 1) > 1e-9 FROM derived.flow_share()) THEN
    RAISE EXCEPTION 'parameters.csv : la somme des parts des flux n’est pas 1';
  END IF;

  SELECT string_agg(f.id, ', ' ORDER BY f.id) INTO wrong
    FROM flow f WHERE NOT EXISTS (SELECT FROM flow_code c WHERE c.flow = f.id);
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'flow_codes.csv : aucun code déchet pour %', wrong;
  END IF;

  SELECT string_agg(b.level || ' ' || b.code, ', ' ORDER BY b.level, b.code) INTO wrong
    FROM (SELECT 'region' AS level, code FROM region UNION ALL SELECT 'departement', code FROM departement) b
    FULL JOIN boundary k ON k.level = b.level AND k.code = b.code
   WHERE b.code IS NULL OR k.code IS NULL;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'boundaries.csv : contour manquant ou en trop pour %', wrong;
  END IF;

  SELECT string_agg(c.insee, ', ' ORDER BY c.insee) INTO wrong
    FROM commune c JOIN departement d ON d.code = c.departement WHERE d.region <> c.region;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'communes.csv : région et département en désaccord pour %', wrong;
  END IF;

  SELECT string_agg(c.insee, ', ' ORDER BY c.insee) INTO wrong
    FROM commune c JOIN boundary b ON b.level = 'departement' AND b.code = c.departement
   WHERE NOT ST_DWithin(c.location, b.geom, 0.25);
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'communes.csv : coordonnées hors du département pour %', wrong;
  END IF;

  SELECT string_agg(d.departement, ', ' ORDER BY d.departement) INTO wrong
    FROM derived.departement_base_tonnage() d
    LEFT JOIN (SELECT c.departement, sum(c.household_t) AS communes_t
                 FROM derived.commune_base_tonnage() c GROUP BY c.departement) c USING (departement)
   WHERE d.household_t <= 0 OR communes_t IS NULL
      OR abs(d.household_t - communes_t) > 1e-6 * d.household_t;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'tonnages.csv : la somme des communes n’est pas le total pour %', wrong;
  END IF;

  SELECT string_agg(s.code, ', ' ORDER BY s.code) INTO wrong
    FROM site s WHERE s.is_active AND NOT EXISTS (SELECT FROM site_flow k WHERE k.site = s.id);
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'plants.csv : aucun flux accepté par %', wrong;
  END IF;

  SELECT string_agg(y.region, ', ' ORDER BY y.region) INTO wrong
    FROM study_region y
   WHERE NOT EXISTS (SELECT FROM collection_point p JOIN commune c ON c.insee = p.commune
                      WHERE p.is_open AND c.region = y.region);
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'points_per_region.csv : aucun point de collecte dans les régions %', wrong;
  END IF;
END $$;
