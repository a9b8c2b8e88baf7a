-- name: scenario_list
-- $1 last id of the page before (0 to start); $2 page size. Result: id, code, name, description,
-- created_at, version (current), runs, last_run (null); by id.
SELECT s.id, s.code, s.name, s.description, s.created_at,
       (SELECT max(v.version) FROM scenario_version v WHERE v.scenario = s.id) AS version,
       (SELECT count(*) FROM run r WHERE r.scenario = s.id) AS runs,
       (SELECT max(r.id) FROM run r WHERE r.scenario = s.id) AS last_run
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
