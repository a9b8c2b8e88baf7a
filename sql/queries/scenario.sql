-- name: scenario_list
-- $1 last id of the page before (0 to start); $2 page size. Result: id, code, name, description,
-- created_at, version (current), runs (studies apart), last_run (JSON {id, state, answer}, null before
-- the first); by id.
SELECT s.id, s.code, s.name, s.description, s.created_at,
       (SELECT max(v.version) FROM scenario_version v WHERE v.scenario = s.id) AS version,
       (SELECT count(*) FROM run r WHERE r.scenario = s.id AND r.kind = 'plan') AS runs,
       (SELECT jsonb_build_object('id', r.id, 'state', r.state, 'answer', r.verdict -> 'answer')
          FROM run r WHERE r.scenario = s.id AND r.kind = 'plan' ORDER BY r.id DESC LIMIT 1) AS last_run
  FROM scenario s
 WHERE s.id > $1::bigint
 ORDER BY s.id
 LIMIT $2::integer;

-- name: scenario_get
-- $1 id or code, as text; $2 version or null for the current one. Result: id, code, name,
-- description, created_at, version, versioned_at, definition (JSON); 0 or 1 row.
SELECT s.id, s.code, s.name, s.description, s.created_at, v.version, v.created_at AS versioned_at, v.definition
  FROM scenario s
  JOIN scenario_version v ON v.scenario = s.id
 WHERE (s.code = $1::text OR s.id::text = $1::text)
   AND ($2::integer IS NULL OR v.version = $2::integer)
 ORDER BY s.code = $1::text DESC, v.version DESC
 LIMIT 1;

-- name: scenario_show
-- $1 id; $2 version or null for the current one. What a client sees. Result: id, code, name,
-- description, created_at, version, versioned_at, definition (JSON), versions (JSON array of
-- {version, created_at}, oldest first), last_run (JSON {id, state, answer}, null before the
-- first); 0 or 1 row.
SELECT s.id, s.code, s.name, s.description, s.created_at, v.version, v.created_at AS versioned_at, v.definition,
       (SELECT jsonb_agg(jsonb_build_object('version', o.version, 'created_at', to_char(o.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) ORDER BY o.version)
          FROM scenario_version o WHERE o.scenario = s.id) AS versions,
       (SELECT jsonb_build_object('id', r.id, 'state', r.state, 'answer', r.verdict -> 'answer')
          FROM run r WHERE r.scenario = s.id AND r.kind = 'plan' ORDER BY r.id DESC LIMIT 1) AS last_run
  FROM scenario s
  JOIN scenario_version v ON v.scenario = s.id
 WHERE s.id = $1::bigint AND ($2::integer IS NULL OR v.version = $2::integer)
 ORDER BY v.version DESC
 LIMIT 1;

-- name: scenario_fault
-- $1 definition (JSON, its types already checked). What it names that does not exist, or sets out
-- of bounds. Result: detail (one French sentence each); 0 rows = nothing to object.
WITH given AS (
  SELECT o.key AS id, (o.value #>> '{}')::double precision AS value FROM jsonb_each($1::jsonb -> 'parameters') AS o
), bound (rank, pattern, low, high, is_whole) AS (
  -- The first pattern that fits a parameter bounds it: what the model cannot compute with, and what
  -- can only be a slip of the pen. Ranges that are merely unlikely are the planner's business.
  VALUES (1, '^horizon[.]years$', 1, 30, true),
         (2, '^horizon[.]first_year$', 2020, 2060, true),
         (3, '^volume[.].*_year$', 2000, 2100, true),
         (4, '(^|[._])(share|threshold|weight)$', 0, 1, false),
         (5, '^line[.](scale|jobs)_exponent$', 0.1, 1.5, false),
         (6, '^line[.]life_years$', 1, 60, true),
         (7, '^distance[.]factor_', 1, 5, false),
         (8, '^haulage[.]speed_km_h$', 5, 130, false),
         (9, '[.]payload_t$', 0.1, 44, false),
         (9, '^rounds[.]week_days$', 1, 7, true),
         (9, '^rounds[.](trips|.*[.](count|skips))$', 0, 500, true),
         (9, '^rounds[.](drive|drive_leg|shift|normal|point_open|point_close|hub_open)_h$', 0, 24, false),
         (9, '^rounds[.]speed_km_h$', 5, 130, false),
         (9, '^rounds[.].*(_m3|[.](skip|load)_t|_weeks)$', 0.01, 1000, false),
         (9, '^rounds[.](early|late)_days$', 0, 7, true),
         (10, '(^|[.])(level_[0-9]+|reference)_t$', 1, 10000000, false),
         (11, '^(volume[.]growth_|economy[.]discount_rate$)', -0.5, 0.5, false),
         (12, '[.](revenue|extra|support)_eur_t$', -100000, 100000, false),
         (13, '^indicator[.]', -1000000, 1000000, false),
         (14, '', 0, 1000000000000, false)
), bounded AS (
  SELECT DISTINCT ON (p.id) p.id, p.label, p.unit, g.value, b.low, b.high, b.is_whole
    FROM given g
    JOIN parameter p ON p.id = g.id
    JOIN bound b ON p.id ~ b.pattern
   ORDER BY p.id, b.rank
), final AS (
  SELECT p.id, coalesce(g.value, p.value) AS value FROM parameter p LEFT JOIN given g ON g.id = p.id
), level AS (
  SELECT value, lag(value) OVER (ORDER BY id) AS before FROM final WHERE id ~ '^line[.]level_[0-9]+_t$'
)
SELECT 'La région « ' || r || ' » n’existe pas.' AS detail
  FROM jsonb_array_elements_text($1::jsonb -> 'regions') AS r
 WHERE NOT EXISTS (SELECT FROM region WHERE code = r)
UNION ALL
SELECT 'Le site candidat « ' || c || ' » n’existe pas.'
  FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof($1::jsonb -> 'candidates') = 'array'
                                      THEN $1::jsonb -> 'candidates' ELSE '[]' END) AS c
 WHERE NOT EXISTS (SELECT FROM site WHERE code = c AND kind = 'candidate' AND is_active)
UNION ALL
SELECT 'Le calcul ' || ($1::jsonb ->> 'rounds') || ' n’a pas de tournées dont tirer le coût du transport.'
 WHERE $1::jsonb ->> 'rounds' IS NOT NULL
   AND NOT EXISTS (SELECT FROM rounds_haulage WHERE run = ($1::jsonb ->> 'rounds')::bigint)
UNION ALL
SELECT 'Les tournées du calcul ' || r.id || ' reposent sur des lignes enregistrées : leur coût ne sert qu’à un scénario '
         || 'sur volumes enregistrés, qui comprend leurs régions.'
  FROM run r
 WHERE r.id = ($1::jsonb ->> 'rounds')::bigint AND r.is_confidential
   AND (coalesce($1::jsonb ->> 'volumes', 'estimated') = 'estimated' OR NOT run_regions(r.frozen) <@ run_regions($1::jsonb))
UNION ALL
SELECT 'Le paramètre « ' || g.id || ' » n’existe pas.'
  FROM given g
 WHERE NOT EXISTS (SELECT FROM parameter WHERE id = g.id)
UNION ALL
SELECT 'Le paramètre « ' || id || ' » (' || label || ', en ' || unit || ') doit être un '
         || CASE WHEN is_whole THEN 'entier' ELSE 'nombre' END || ' de '
         || replace(low::text, '.', ',') || ' à ' || replace(high::text, '.', ',') || ' ; '
         || replace(value::text, '.', ',') || ' est refusé.'
  FROM bounded
 WHERE value NOT BETWEEN low AND high OR is_whole AND value <> floor(value)
UNION ALL
SELECT 'Les parts des flux (flow.<flux>.share) font '
         || replace(trim_scale(round(sum(value)::numeric, 4))::text, '.', ',') || ' au lieu de 1.'
  FROM final
 WHERE id ~ '^flow[.].*[.]share$' AND EXISTS (SELECT FROM given WHERE given.id ~ '^flow[.].*[.]share$')
HAVING abs(sum(value) - 1) > 0.001
UNION ALL
SELECT 'Les tailles de ligne (line.level_1_t à line.level_5_t) doivent aller en croissant.'
  FROM level
HAVING bool_or(value <= before)
 LIMIT 8;

-- name: scenario_free_code
-- $1 wanted code, at most 48 characters. Result: code, that one or the first of code-2, code-3, ...
-- that nobody has; 1 row. (Two writers at once: one of them meets a unique_violation.)
SELECT w.code
  FROM (SELECT $1::text || CASE WHEN n > 1 THEN '-' || n ELSE '' END AS code, n
          FROM generate_series(1, 10000) AS n) AS w
 WHERE NOT EXISTS (SELECT FROM scenario s WHERE s.code = w.code)
 ORDER BY w.n
 LIMIT 1;

-- name: scenario_create
-- $1 code, $2 name, $3 description, $4 definition (JSON). Result: id, version (1). A code already
-- taken is a unique_violation; a definition naming what does not exist a check_violation, with a
-- message for the user.
WITH made AS (
  INSERT INTO scenario (code, name, description) VALUES ($1::text, $2::text, $3::text) RETURNING id
)
INSERT INTO scenario_version (scenario, version, definition)
SELECT id, 1, $4::jsonb FROM made
RETURNING scenario AS id, version;

-- name: scenario_version_add
-- $1 scenario id, $2 current version as the writer knows it, $3 definition (JSON). Result: id,
-- version; a unique_violation when somebody else wrote that version first, 0 rows when $2 is not
-- the current version.
INSERT INTO scenario_version (scenario, version, definition)
SELECT $1::bigint, $2::integer + 1, $3::jsonb
 WHERE $2::integer = (SELECT max(version) FROM scenario_version WHERE scenario = $1::bigint)
RETURNING scenario AS id, version;

-- name: scenario_freeze
-- $1 id or code, as text. The current definition with every parameter value of this moment, as run_create
-- freezes it. Result: id, frozen (JSON); 0 or 1 row.
SELECT s.id, v.definition || jsonb_build_object(
         'scenario', s.id, 'parameters', (SELECT jsonb_object_agg(p.id, coalesce(v.definition -> 'parameters' -> p.id, to_jsonb(p.value)))
                          FROM parameter p)) AS frozen
  FROM scenario s
  JOIN scenario_version v ON v.scenario = s.id
 WHERE s.code = $1::text OR s.id::text = $1::text
 ORDER BY s.code = $1::text DESC, v.version DESC
 LIMIT 1;
