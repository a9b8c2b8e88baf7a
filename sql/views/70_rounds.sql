-- What a week of collection must pick up: volumes -> containers -> how fast they fill -> what falls due.
-- `definition` is the frozen definition of a run of kind rounds; what it asks is its member "rounds", and its
-- régions and volumes are those of any definition.

-- A stream is kept in skips where it fills one within rounds.skip_weeks, else in crates that all leave
-- together every rounds.crate_weeks, or so often that they make no more than rounds.crate_most_m3. How full a container is on 1 January nobody knows: the levels are
-- spread evenly, point by point, by the golden ratio, so that no week has more than its share and the
-- same week is always the same. period = weeks between two pick-ups.
CREATE FUNCTION derived.round_container(definition jsonb)
RETURNS TABLE (point bigint, flow text, container text, units integer, unit_t double precision,
               unit_m3 double precision, tonnes_week double precision, period double precision,
               level double precision)
LANGUAGE sql STABLE AS $$
  WITH value AS MATERIALIZED (
    SELECT p.id, coalesce((definition -> 'parameters' ->> p.id)::double precision, p.value) AS v FROM parameter p
  ), known AS (
    SELECT (SELECT v FROM value WHERE id = 'rounds.skip_m3') AS skip_m3,
           (SELECT v FROM value WHERE id = 'rounds.skip_weeks') AS skip_weeks,
           (SELECT v FROM value WHERE id = 'rounds.crate_m3') AS crate_m3,
           (SELECT v FROM value WHERE id = 'rounds.crate_weeks') AS crate_weeks,
           (SELECT v FROM value WHERE id = 'rounds.crate_most_m3') AS crate_most_m3,
           (SELECT v FROM value WHERE id = 'rounds.semi.volume_m3') AS semi_m3,
           derived.growth_factor((definition -> 'rounds' ->> 'year')::integer, definition -> 'parameters')
             / (365.25 / 7) AS a_week
  ), stream AS (
    SELECT f.flow, f.rank,
           (SELECT v FROM value WHERE id = 'rounds.' || f.flow || '.skip_t') AS skip_t,
           (SELECT v FROM value WHERE id = 'flow.' || f.flow || '.payload_t') / k.semi_m3 * k.crate_m3 AS crate_t
      FROM derived.flow_share(definition -> 'parameters') f CROSS JOIN known k
  ), filling AS (
    SELECT v.point, s.flow, s.rank, s.skip_t, s.crate_t, round((v.tonnes * k.a_week)::numeric, 9)::double precision AS week_t,
           k.*, s.skip_t IS NOT NULL AND v.tonnes * k.a_week * k.skip_weeks >= s.skip_t AS is_skip
      FROM derived.point_flow_volume(definition) v
      JOIN stream s ON s.flow = v.flow
     CROSS JOIN known k
     WHERE v.tonnes * k.a_week >= 1e-6
  ), paced AS (
    SELECT f.*, CASE WHEN f.is_skip THEN f.skip_t / f.week_t
                     ELSE f.crate_weeks / ceil(sum(f.week_t * f.crate_weeks / f.crate_t * f.crate_m3)
                            OVER (PARTITION BY f.point, f.is_skip) / f.crate_most_m3) END AS period
      FROM filling f
  ), sized AS (
    SELECT p.*, CASE WHEN p.is_skip THEN 1 ELSE ceil(p.week_t * p.period / p.crate_t - 1e-9) END AS count
      FROM paced p
  )
  SELECT z.point, z.flow, CASE WHEN z.is_skip THEN 'skip' ELSE 'crate' END, z.count::integer,
         CASE WHEN z.is_skip THEN z.skip_t ELSE z.week_t * z.period / z.count END,
         CASE WHEN z.is_skip THEN z.skip_m3 ELSE z.crate_m3 END, z.week_t, z.period,
         mod((0.6180339887498949 * CASE WHEN z.is_skip THEN 7 * z.point + z.rank ELSE z.point END)::numeric, 1)::double precision
    FROM sized z
$$;
COMMENT ON FUNCTION derived.round_container(jsonb) IS
  'How each stream is kept at each open point of the régions asked for, and how fast it fills: units of unit_t tonnes and unit_m3 leave together every period weeks; level = part of a period gone on 1 January';

-- The k-th time since 1 January that a container is full is when level + weeks / period reaches k. A skip
-- is exchanged on the day it is full, or rounds.early_days before or rounds.late_days after; so do crates that
-- leave more than once a week, others on any day of their week. Days are 0 to rounds.week_days - 1, Monday first; what fills at the week's end
-- is fetched on its last days.
CREATE FUNCTION derived.round_pickup(definition jsonb)
RETURNS TABLE (point bigint, flow text, container text, turn integer, units integer, unit_t double precision,
               unit_m3 double precision, period double precision, first_day integer, last_day integer)
LANGUAGE sql STABLE AS $$
  WITH asked AS (
    SELECT (definition -> 'rounds' ->> 'week')::integer - 1 AS week,
           derived.parameter_value('rounds.week_days', definition -> 'parameters')::integer AS days,
           derived.parameter_value('rounds.early_days', definition -> 'parameters')::integer AS early,
           derived.parameter_value('rounds.late_days', definition -> 'parameters')::integer AS late
  ), due AS (
    SELECT c.*, a.days, a.early, a.late, k,
           least(floor(7 * ((k - c.level) * c.period - a.week))::integer, 6) AS full_day
      FROM derived.round_container(definition) c
     CROSS JOIN asked a
     CROSS JOIN LATERAL generate_series(
             floor(c.level + a.week / c.period)::integer + 1, floor(c.level + (a.week + 1) / c.period)::integer) AS k
  )
  SELECT d.point, d.flow, d.container, d.k, d.units, d.unit_t, d.unit_m3, d.period,
         CASE WHEN d.container = 'crate' AND d.period >= 1 THEN 0 ELSE least(greatest(d.full_day - d.early, 0), d.days - 1) END,
         CASE WHEN d.container = 'crate' AND d.period >= 1 THEN d.days - 1 ELSE least(greatest(d.full_day, 0) + d.late, d.days - 1) END
    FROM due d
$$;
COMMENT ON FUNCTION derived.round_pickup(jsonb) IS
  'What falls due in the week that the definition asks for: turn = how often since 1 January, first_day and last_day = when it may be fetched (0 = Monday)';
