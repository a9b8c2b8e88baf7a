-- A study is a run (run.sql) of kind 'study': claimed, followed and cancelled like any other.

-- name: study_create
-- $1 run to study, $2 seed, $3 what is asked (JSON object, member "study" of the frozen definition and
-- limits of the computation). Asks more of the very question that run was asked. Result: id, studied,
-- scenario, version, state, seed; 0 rows = no such run, or it is a study itself.
INSERT INTO run (scenario, version, kind, studied, seed, frozen)
SELECT r.scenario, r.version, 'study', r.id, $2::bigint, r.frozen || $3::jsonb
  FROM run r
 WHERE r.id = $1::bigint AND r.kind = 'plan'
RETURNING id, studied, scenario, version, state, seed;

-- name: study_add
-- $1 run, $2 network, $3 answer: the files of the solver, byte for byte; $4 report (JSON).
INSERT INTO study (run, network, answer, report) VALUES ($1::bigint, $2::text, $3::text, $4::jsonb);

-- name: study_part
-- $1 a study, or a run whose newest finished study is meant; $2 tipping, tornado, draws or sharing.
-- Result: part (JSON, docs/http-api.md; null when the study was not asked for it); 0 rows = no study.
SELECT jsonb_build_object('run', r.studied, 'study', r.id,
         'finished_at', to_char(r.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
         'here', s.report -> 'here') || (s.report -> $2::text) AS part
  FROM study s
  JOIN run r ON r.id = s.run
 WHERE r.id = $1::bigint OR r.studied = $1::bigint
 ORDER BY r.id DESC
 LIMIT 1;
