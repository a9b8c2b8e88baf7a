-- How much of what is expected has lines, and what looks odd in them: for planners, on the territory of their
-- mandates (row-level security, and app_communes).

-- name: coverage_list
-- $1 level (region, departement or epci), $2 first day, $3 last day, $4 flow or null for all together, $5 whether
-- each flow apart. Result: level, code, name, departement, region, flow (all when together), recorded_t,
-- weighed_t, expected_t, coverage (null where nothing is expected), lines, organisations; by territory and flow.
WITH cell AS (
  SELECT v.*, CASE WHEN $5::boolean OR $4::text IS NOT NULL THEN v.flow ELSE 'all' END AS shown_flow
    FROM derived.coverage($1::text, $2::date, $3::date) v
   WHERE $4::text IS NULL OR v.flow = $4::text
)
SELECT $1::text AS level, c.code,
       CASE $1::text WHEN 'region' THEN r.name WHEN 'departement' THEN d.name ELSE coalesce(e.name, 'Communes sans EPCI') END AS name,
       c.departement, c.region, c.shown_flow AS flow, coalesce(f.label, 'Tous flux') AS flow_label,
       sum(c.recorded_t) AS recorded_t, sum(c.weighed_t) AS weighed_t, sum(c.expected_t) AS expected_t,
       sum(c.recorded_t) / nullif(sum(c.expected_t), 0) AS coverage, sum(c.lines)::bigint AS lines
  FROM cell c
  LEFT JOIN region r ON $1::text = 'region' AND r.code = c.code
  LEFT JOIN departement d ON $1::text = 'departement' AND d.code = c.code
  LEFT JOIN epci e ON $1::text = 'epci' AND e.siren = c.code
  LEFT JOIN flow f ON f.id = c.shown_flow
 GROUP BY c.code, c.departement, c.region, c.shown_flow, r.name, d.name, e.name, f.label, f.rank
 ORDER BY c.region, c.departement, c.code, f.rank NULLS FIRST;

-- name: coverage_public_list
-- $1 level, $2 year, $3 flow or all. The same from what is published of that year. Result: level, code, name,
-- departement, flow, state, recorded_t (null unless shown), expected_t, coverage (null unless shown).
SELECT s.level, s.code,
       CASE s.level WHEN 'region' THEN r.name WHEN 'departement' THEN d.name ELSE coalesce(e.name, 'Communes sans EPCI') END AS name,
       s.departement, s.flow, coalesce(f.label, 'Tous flux') AS flow_label, s.state, s.tonnes AS recorded_t, s.expected_t,
       s.tonnes / nullif(s.expected_t, 0) AS coverage
  FROM statistic s
  LEFT JOIN region r ON s.level = 'region' AND r.code = s.code
  LEFT JOIN departement d ON s.level = 'departement' AND d.code = s.code
  LEFT JOIN epci e ON s.level = 'epci' AND e.siren = s.code
  LEFT JOIN flow f ON f.id = s.flow
 WHERE s.year = $2::integer AND s.level = $1::text AND s.flow = $3::text
 ORDER BY s.departement, s.code;

-- name: anomaly_list
-- $1 day up to which lines are looked at, null for today. Result: kind (spike, silent, fall), level, code, name,
-- departement, flow (null), since, value, usual, reason (French); the gravest kind first, then by territory.
SELECT kind, level, code, name, departement, flow, since, value, usual, reason
  FROM derived.anomaly(coalesce($1::date, current_date))
 ORDER BY array_position(ARRAY['fall', 'spike', 'silent'], kind), departement, code, since;

-- name: coverage_period
-- $1 first day, $2 last day, as text (AAAA-MM-JJ); null first: a year before the last; null last: today.
-- Result: since, until (as text); 0 rows when they are no days, or not a period of ten years at most.
WITH given AS MATERIALIZED (
  SELECT coalesce($2::text, current_date::text) AS until, $1::text AS since
   WHERE coalesce($1::text, '2000-01-01') ~ '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]|29|30|31)$'
     AND coalesce($2::text, '2000-01-01') ~ '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]|29|30|31)$'
), month AS (
  -- The last day of a month is one day before the next: no cast that could fail.
  SELECT left(until, 7) AS until_month, right(until, 2)::integer AS until_day, left(since, 7) AS since_month,
         right(since, 2)::integer AS since_day FROM given
), real AS (
  SELECT (until_month || '-01')::date + until_day - 1 AS until,
         coalesce((since_month || '-01')::date + since_day - 1,
                  ((until_month || '-01')::date + until_day - 1 - interval '1 year' + interval '1 day')::date) AS since,
         until_month, since_month
    FROM month
)
SELECT to_char(since, 'YYYY-MM-DD') AS since, to_char(until, 'YYYY-MM-DD') AS until
  FROM real
 WHERE to_char(until, 'YYYY-MM') = until_month AND (since_month IS NULL OR to_char(since, 'YYYY-MM') = since_month)
   AND since <= until AND since > until - interval '10 years' - interval '1 day';

-- name: coverage_trace
-- $1 action, $2 address asked, $3 first day (null: two years before the last), $4 last day. Writes the audit's entry
-- about those whose lines the caller could see in that period, if there are others. Result: seq; 0 or 1 row.
SELECT audit_append($1::text, jsonb_build_object('address', $2::text), o.about) AS seq
  FROM (SELECT array_agg(DISTINCT l.organisation) AS about
          FROM line l
         WHERE l.organisation IS DISTINCT FROM app_organisation()
           AND l.day BETWEEN coalesce($3::date, ($4::date - interval '2 years')::date) AND $4::date) o
 WHERE o.about IS NOT NULL;
