-- What recorded lines come to, for whoever asks: every function reads table line with the caller's rights
-- (row-level security), so that a planner gets the territory of his mandates and the owner everything.

-- A line with a point lies where the point that it is now counted with stands; another is spread over the
-- communes it names by population.
CREATE FUNCTION derived.line_part(since date, until date)
RETURNS TABLE (line bigint, organisation bigint, point bigint, commune text, flow text, day date,
               tonnes double precision, is_estimate boolean)
LANGUAGE sql STABLE AS $$
  WITH counted AS MATERIALIZED (
    SELECT l.id, l.organisation, l.flow, l.day, l.weight_kg / 1000.0::double precision AS tonnes, l.is_estimate, l.municipalities,
           CASE WHEN p.merged_into IS NULL THEN p.id ELSE derived.point_survivor(p.id) END AS point
      FROM line l
      LEFT JOIN collection_point p ON p.id = l.point
     WHERE l.state = 'recorded' AND l.day BETWEEN since AND until
  ), spread AS (
    SELECT l.id, c.insee, greatest(c.population, 1) / sum(greatest(c.population, 1)) OVER (PARTITION BY l.id)::double precision AS share
      FROM counted l
     CROSS JOIN LATERAL (SELECT DISTINCT m FROM unnest(l.municipalities) AS m) AS named
      JOIN commune c ON c.insee = named.m
     WHERE l.point IS NULL
  )
  SELECT l.id, l.organisation, l.point, p.commune, l.flow, l.day, l.tonnes, l.is_estimate
    FROM counted l JOIN collection_point p ON p.id = l.point
  UNION ALL
  SELECT l.id, l.organisation, NULL, s.insee, l.flow, l.day, l.tonnes * s.share, l.is_estimate
    FROM counted l JOIN spread s ON s.id = l.id
$$;
COMMENT ON FUNCTION derived.line_part(date, date) IS 'Recorded lines of a period with the commune they lie in; several rows, of fractions, for a line that names several communes and no point';

CREATE FUNCTION derived.period_growth(since date, until date, overrides jsonb DEFAULT '{}')
RETURNS double precision LANGUAGE sql STABLE AS $$
  SELECT sum(derived.growth_factor(y, overrides)
             * (least(until, make_date(y, 12, 31)) - greatest(since, make_date(y, 1, 1)) + 1)
             / (make_date(y, 12, 31) - make_date(y, 1, 1) + 1))
    FROM generate_series(extract(year FROM since)::integer, extract(year FROM until)::integer) AS y
$$;
COMMENT ON FUNCTION derived.period_growth(date, date, jsonb) IS 'Tonnage of a period over tonnage of the base year';

-- Only communes whose lines the caller may see are counted, on both sides. `is_owner`: everything.
CREATE FUNCTION derived.coverage(wanted_level text, since date, until date, is_owner boolean DEFAULT false, overrides jsonb DEFAULT '{}')
RETURNS TABLE (code text, departement text, region text, flow text, recorded_t double precision, weighed_t double precision,
               lines bigint, organisations bigint, expected_t double precision)
LANGUAGE sql STABLE AS $$
  WITH seen AS MATERIALIZED (
    SELECT c.insee, c.departement AS dep, c.region AS reg,
           CASE wanted_level WHEN 'epci' THEN coalesce(c.epci, '') WHEN 'departement' THEN c.departement WHEN 'region' THEN c.region ELSE '' END AS code,
           CASE WHEN wanted_level IN ('epci', 'departement') THEN c.departement ELSE '' END AS departement,
           CASE WHEN wanted_level = 'total' THEN '' ELSE c.region END AS region
      FROM commune c
     WHERE is_owner OR c.insee IN (SELECT app_communes())
  ), recorded AS (
    SELECT s.code, s.departement, s.region, p.flow, sum(p.tonnes) AS tonnes, sum(p.tonnes) FILTER (WHERE NOT p.is_estimate) AS weighed,
           count(DISTINCT p.line) AS lines, count(DISTINCT p.organisation) AS organisations
      FROM derived.line_part(since, until) p
      JOIN seen s ON s.insee = p.commune
     GROUP BY s.code, s.departement, s.region, p.flow
  ), expected AS (
    SELECT s.code, s.departement, s.region, f.flow, sum(t.household_t) * f.share * g.growth AS tonnes
      FROM derived.commune_base_tonnage(overrides) t
      JOIN seen s ON s.insee = t.commune
     CROSS JOIN derived.flow_share(overrides) f
     CROSS JOIN (SELECT derived.period_growth(since, until, overrides) AS growth OFFSET 0) g
     GROUP BY s.code, s.departement, s.region, f.flow, f.share, g.growth
  )
  SELECT e.code, e.departement, e.region, e.flow, coalesce(r.tonnes, 0), coalesce(r.weighed, 0), coalesce(r.lines, 0),
         coalesce(r.organisations, 0), e.tonnes
    FROM expected e
    LEFT JOIN recorded r ON (r.code, r.departement, r.region, r.flow) = (e.code, e.departement, e.region, e.flow)
$$;
COMMENT ON FUNCTION derived.coverage(text, date, date, boolean, jsonb) IS
  'Tonnes recorded (and of them weighed) and tonnes expected by territory and flow in a period; wanted_level: total, region, departement or epci (its part in each département)';

-- Numbers as the French write them, in reasons.
CREATE FUNCTION derived.french(value double precision, decimals integer DEFAULT 0) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT replace(replace(to_char(round(value::numeric, decimals), CASE WHEN decimals = 0 THEN 'FM999,999,999,990' ELSE 'FM999,999,999,990.' || repeat('0', decimals) END), ',', ' '), '.', ',')
$$;
COMMENT ON FUNCTION derived.french(double precision, integer) IS '1234.5 -> « 1 234,5 »';

CREATE FUNCTION derived.anomaly(at date)
RETURNS TABLE (kind text, level text, code text, name text, departement text, flow text, since date, value double precision,
               usual double precision, reason text)
LANGUAGE sql STABLE AS $$
  WITH rule AS MATERIALIZED (
    SELECT derived.parameter_value('anomaly.point_factor') AS point_factor, derived.parameter_value('anomaly.silent_factor') AS silent_factor,
           derived.parameter_value('anomaly.silent_days') AS silent_days, derived.parameter_value('anomaly.fall_share') AS fall_share
  ), seen AS MATERIALIZED (
    SELECT c.insee, c.departement FROM commune c WHERE c.insee IN (SELECT app_communes())
  ), part AS MATERIALIZED (
    SELECT p.*, s.departement FROM derived.line_part((at - interval '2 years' + interval '1 day')::date, at) p JOIN seen s ON s.insee = p.commune
  ), monthly AS MATERIALIZED (
    SELECT point, part.flow, part.departement, date_trunc('month', day)::date AS month, sum(tonnes) AS tonnes
      FROM part WHERE point IS NOT NULL GROUP BY point, part.flow, part.departement, 4
  ), spike AS (
    -- One row a point and stream, its highest month; the others are counted.
    SELECT DISTINCT ON (m.point, m.flow) m.point, m.flow, m.departement, m.month, m.tonnes, u.usual,
           count(*) OVER (PARTITION BY m.point, m.flow) - 1 AS others
      FROM monthly m
     CROSS JOIN rule
     CROSS JOIN LATERAL (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY o.tonnes) AS usual, count(*) AS months
                           FROM monthly o WHERE o.point = m.point AND o.flow = m.flow AND o.month <> m.month) u
     WHERE m.month > at - interval '1 year' AND u.months >= 3 AND m.tonnes >= rule.point_factor * u.usual
     ORDER BY m.point, m.flow, m.tonnes DESC, m.month
  ), collected AS (
    SELECT DISTINCT point, part.departement, day FROM part WHERE point IS NOT NULL AND day > at - interval '1 year'
  ), gap AS (
    SELECT point, c.departement, day, day - lag(day) OVER (PARTITION BY point ORDER BY day) AS days FROM collected c
  ), rhythm AS (
    SELECT point, g.departement, max(day) AS last, count(*) AS days_count, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS usual
      FROM gap g GROUP BY point, g.departement
  ), silent AS (
    SELECT r.*, at - r.last AS quiet
      FROM rhythm r CROSS JOIN rule
     WHERE r.days_count >= 6 AND at - r.last >= greatest(rule.silent_days, rule.silent_factor * r.usual)
  ), yearly AS MATERIALIZED (
    SELECT part.departement, sum(tonnes) FILTER (WHERE day > at - interval '1 year') AS now_t,
           sum(tonnes) FILTER (WHERE day <= at - interval '1 year') AS before_t
      FROM part GROUP BY part.departement
  ), fall AS (
    SELECT y.departement, coalesce(y.now_t, 0) AS now_t, y.before_t, n.now_t AS around_now, n.before_t AS around_before
      FROM yearly y
     CROSS JOIN rule
     CROSS JOIN LATERAL (
       SELECT sum(coalesce(o.now_t, 0)) AS now_t, sum(o.before_t) AS before_t
         FROM yearly o
         JOIN boundary mine ON mine.level = 'departement' AND mine.code = y.departement
         JOIN boundary theirs ON theirs.level = 'departement' AND theirs.code = o.departement
        WHERE o.departement <> y.departement AND o.before_t > 0 AND ST_Intersects(mine.geom, theirs.geom)) n
     WHERE y.before_t > 0 AND coalesce(y.now_t, 0) <= (1 - rule.fall_share) * y.before_t AND n.now_t > n.before_t
  )
  SELECT 'spike', 'point', s.point::text, p.name, s.departement, s.flow, s.month, s.tonnes, s.usual,
         derived.french(s.tonnes, 1) || ' t de ' || f.label || ' en ' || to_char(s.month, 'MM/YYYY') || ', '
           || derived.french(s.tonnes / s.usual, 1) || ' fois la quantité habituelle de ce point (' || derived.french(s.usual, 1)
           || ' t par mois, médiane des autres mois)'
           || CASE s.others WHEN 0 THEN '' WHEN 1 THEN ', et un autre mois' ELSE ', et ' || s.others || ' autres mois' END || '. Une virgule déplacée, un double enregistrement, ou un vrai déstockage ?'
    FROM spike s JOIN collection_point p ON p.id = s.point JOIN flow f ON f.id = s.flow
  UNION ALL
  SELECT 'silent', 'point', s.point::text, p.name, s.departement, NULL, s.last, s.quiet, s.usual,
         'Aucune ligne depuis le ' || to_char(s.last, 'DD/MM/YYYY') || ', soit ' || s.quiet || ' jours ; d’habitude, une collecte tous les '
           || derived.french(s.usual) || ' jours. Point fermé, lignes en retard, ou autre collecteur ?'
    FROM silent s JOIN collection_point p ON p.id = s.point WHERE p.is_open
  UNION ALL
  SELECT 'fall', 'departement', f.departement, d.name, f.departement, NULL, (at - interval '1 year' + interval '1 day')::date, f.now_t, f.before_t,
         'Le tonnage des douze derniers mois baisse de ' || derived.french(100 * (1 - f.now_t / f.before_t)) || ' % ('
           || derived.french(f.before_t) || ' t, puis ' || derived.french(f.now_t) || ' t) pendant que celui des départements voisins monte de '
           || derived.french(100 * (f.around_now / f.around_before - 1)) || ' %. Des lignes manquent sans doute.'
    FROM fall f JOIN departement d ON d.code = f.departement
$$;
COMMENT ON FUNCTION derived.anomaly(date) IS 'What a planner should look at in the lines of two years up to a day: spike (a point far above its usual), silent (a point that stopped), fall (a département that falls while its neighbours rise); thresholds are parameters anomaly.*; reason in French';
