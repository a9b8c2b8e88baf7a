-- A worker's statements carry $1 run and $2 attempt. When they touch 0 rows the run is not that
-- worker's any more: somebody else has claimed it, or it is over. The worker then stops and writes
-- nothing else.

-- name: run_create
-- $1 scenario id, $2 version or null for the current one, $3 seed, $4 limits of the computation
-- (JSON object: time_limit_s, gap; what is absent is the worker's choice). Freezes the definition
-- with every parameter value of this moment; "overridden" lists the ids the definition itself
-- sets. Result: id, scenario, version, state, seed; 0 rows = no such version.
INSERT INTO run (scenario, version, seed, frozen)
SELECT v.scenario, v.version, $3::bigint,
       v.definition || jsonb_build_object(
         'scenario', v.scenario, 'parameters', (SELECT jsonb_object_agg(p.id, coalesce(v.definition -> 'parameters' -> p.id, to_jsonb(p.value)))
                          FROM parameter p),
         'overridden', coalesce((SELECT jsonb_agg(o.key ORDER BY o.key)
                                   FROM jsonb_each(v.definition -> 'parameters') AS o), '[]'))
         || $4::jsonb
  FROM scenario_version v
 WHERE v.scenario = $1::bigint AND ($2::integer IS NULL OR v.version = $2::integer)
 ORDER BY v.version DESC
 LIMIT 1
RETURNING id, scenario, version, state, seed;

-- name: run_volumes
-- $1 scenario id. Whether the caller may run its current version: one on recorded volumes takes a mandate on all
-- its régions. Result: may; 0 rows = no such scenario.
SELECT coalesce(v.definition ->> 'volumes', 'estimated') = 'estimated'
       OR app_has_mandate_on(run_regions(v.definition)) AS may
  FROM scenario_version v
 WHERE v.scenario = $1::bigint
 ORDER BY v.version DESC
 LIMIT 1;

-- name: run_act_as_asker
-- $1 run. When it rests on recorded lines, from here to the end of the transaction the worker sees what the person
-- who asked may see. Result: is_well (false: nobody asked, or somebody who has left); 0 or 1 row.
SELECT NOT is_confidential OR run_act_as_asker(id) AS is_well FROM run WHERE id = $1::bigint;

-- name: run_get
-- $1 run. Result: id, scenario, scenario_code, scenario_name, version, kind, state, attempt, worker
-- (null), cancel_requested, seed, created_at, started_at, finished_at, network_sha256,
-- solver_version, verdict (JSON), error (each null until known); 0 or 1 row.
SELECT r.id, r.scenario, s.code AS scenario_code, s.name AS scenario_name, r.version, r.kind, r.state, r.attempt,
       r.worker, r.cancel_requested, r.seed, r.created_at, r.started_at, r.finished_at, r.network_sha256,
       r.solver_version, r.verdict, r.error
  FROM run r
  JOIN scenario s ON s.id = r.scenario
 WHERE r.id = $1::bigint;

-- name: run_status
-- $1 run. What a client sees. Result: id, scenario, version, kind, studied (run that it studies, null
-- for a plan), study (JSON {id, state} of the newest study of it that was not cancelled, null without
-- one), state, seed, progress (JSON {stage, message, bound_eur, cost_eur, gap, seconds} of the last
-- report, null before), answer, sentence, error, created_at, started_at, finished_at (each null until
-- known); 0 or 1 row.
SELECT r.id, r.scenario, r.version, r.kind, r.studied,
       (SELECT jsonb_build_object('id', s.id, 'state', s.state)
          FROM run s WHERE s.studied = r.id AND s.state <> 'cancelled' ORDER BY s.id DESC LIMIT 1) AS study,
       r.state, r.seed,
       (SELECT jsonb_build_object('stage', p.stage, 'message', p.message, 'bound_eur', p.bound,
                                  'cost_eur', p.cost, 'gap', p.gap, 'seconds', p.seconds)
          FROM run_progress p WHERE p.run = r.id ORDER BY p.seq DESC LIMIT 1) AS progress,
       r.verdict ->> 'answer' AS answer, r.verdict ->> 'sentence' AS sentence, r.error,
       r.created_at, r.started_at, r.finished_at
  FROM run r
 WHERE r.id = $1::bigint;

-- name: run_frozen
-- $1 run. Result: frozen (JSON), seed; 0 or 1 row.
SELECT frozen, seed FROM run WHERE id = $1::bigint;

-- name: run_list
-- $1 scenario id or null; $2 first id not wanted (null = start from the newest); $3 page size.
-- Result: id, scenario, version, kind, state, created_at, finished_at (null), verdict (null);
-- newest first.
SELECT id, scenario, version, kind, state, created_at, finished_at, verdict
  FROM run
 WHERE ($1::bigint IS NULL OR scenario = $1::bigint) AND ($2::bigint IS NULL OR id < $2::bigint)
 ORDER BY id DESC
 LIMIT $3::integer;

-- name: run_sweep
-- $1 most attempts allowed. Ends the orphans that must not be tried again: cancelled if a user
-- asked for it, else failed. To run before run_claim. Result: id, state; one row each.
UPDATE run AS r
   SET state = CASE WHEN r.cancel_requested THEN 'cancelled' ELSE 'failed' END,
       error = CASE WHEN NOT r.cancel_requested
                    THEN 'Le calcul s’est interrompu ' || r.attempt || ' fois de suite ; il est abandonné.' END,
       finished_at = now(), lease_until = NULL
 WHERE r.id IN (SELECT o.id FROM run o
                 WHERE o.state = 'running' AND derived.run_is_orphan(o)
                   AND (o.cancel_requested OR o.attempt >= $1::integer)
                   FOR UPDATE SKIP LOCKED)
RETURNING r.id, r.state;

-- name: run_claim
-- $1 worker name, $2 lease in seconds, $3 attempts after which an orphan is left to run_sweep, $4
-- whether studies are left to others. Takes
-- the oldest run that waits or whose worker has gone, any before a study, for a study keeps a
-- worker for minutes; and its liveness lock for this session.
-- Result: id, attempt, kind, seed, frozen (JSON), is_locked; 0 rows = nothing to do.
UPDATE run AS r
   SET state = 'running', attempt = r.attempt + 1, worker = $1::text,
       lease_until = now() + $2::double precision * interval '1 second', started_at = coalesce(r.started_at, now())
 WHERE r.id = (SELECT o.id FROM run o
                WHERE o.state IN ('queued', 'running') AND NOT o.cancel_requested
                  AND (o.kind <> 'study' OR NOT $4::boolean)
                  AND (o.state = 'queued' OR o.attempt < $3::integer AND derived.run_is_orphan(o))
                ORDER BY o.kind = 'study', o.created_at, o.id
                LIMIT 1
                FOR UPDATE SKIP LOCKED)
RETURNING r.id, r.attempt, r.kind, r.seed, r.frozen, derived.run_lock(r.id) AS is_locked;

-- name: run_unlock
-- $1 run. Gives the liveness lock back once the run is over. Result: was_held.
SELECT pg_advisory_unlock(20001, $1::bigint::integer) AS was_held;

-- name: run_heartbeat
-- $1 run, $2 attempt, $3 lease in seconds. Takes the liveness lock again if the session is a new
-- one. Result: cancel_requested, is_locked; 0 rows = not ours.
UPDATE run SET lease_until = now() + $3::double precision * interval '1 second'
 WHERE id = $1::bigint AND attempt = $2::integer AND state = 'running'
RETURNING cancel_requested, derived.run_lock(id) AS is_locked;

-- name: run_hold
-- $1 run, $2 attempt. Locks the row to the end of the transaction that stores a plan. Result: id; 0
-- rows = not ours.
SELECT id FROM run WHERE id = $1::bigint AND attempt = $2::integer AND state = 'running' FOR UPDATE;

-- name: run_progress_add
-- $1 run, $2 attempt, $3 stage, $4 bound, $5 cost, $6 gap, $7 seconds (each or null), $8 message.
-- Result: seq; 0 rows = not ours.
INSERT INTO run_progress (run, seq, stage, bound, cost, gap, seconds, message)
SELECT held.id, 1 + coalesce((SELECT max(seq) FROM run_progress WHERE run = held.id), 0), $3::text,
       $4::double precision, $5::double precision, $6::double precision, $7::double precision, $8::text
  FROM (SELECT id FROM run
         WHERE id = $1::bigint AND attempt = $2::integer AND state = 'running' FOR UPDATE) AS held
RETURNING seq;

-- name: run_progress_list
-- $1 run, $2 last seq seen (0 to start), $3 page size. Result: seq, at, stage, bound, cost, gap,
-- seconds (each may be null), message.
SELECT seq, at, stage, bound, cost, gap, seconds, message
  FROM run_progress
 WHERE run = $1::bigint AND seq > $2::integer
 ORDER BY seq
 LIMIT $3::integer;

-- name: run_finish
-- $1 run, $2 attempt, $3 SHA-256 of the network, $4 solver version, $5 verdict (JSON). Result: id;
-- 0 rows = not ours.
UPDATE run
   SET state = 'done', finished_at = now(), lease_until = NULL, network_sha256 = $3::text,
       solver_version = $4::text, verdict = $5::jsonb
 WHERE id = $1::bigint AND attempt = $2::integer AND state = 'running'
RETURNING id;

-- name: run_fail
-- $1 run, $2 attempt, $3 reason, for the user. Result: id; 0 rows = not ours.
UPDATE run SET state = 'failed', finished_at = now(), lease_until = NULL, error = $3::text
 WHERE id = $1::bigint AND attempt = $2::integer AND state = 'running'
RETURNING id;

-- name: run_release
-- $1 run, $2 attempt. A worker that stops on purpose puts its run back in the queue. Result: id; 0
-- rows = not ours.
UPDATE run SET state = 'queued', lease_until = NULL
 WHERE id = $1::bigint AND attempt = $2::integer AND state = 'running' AND NOT cancel_requested
RETURNING id;

-- name: run_cancelled
-- $1 run, $2 attempt. The worker has stopped because a user asked. Result: id; 0 rows = not ours,
-- or nobody asked.
UPDATE run SET state = 'cancelled', finished_at = now(), lease_until = NULL
 WHERE id = $1::bigint AND attempt = $2::integer AND state = 'running' AND cancel_requested
RETURNING id;

-- name: run_cancel
-- $1 run. A user asks: a waiting run ends at once, a running one when its worker hears of it.
-- Result: id, state; 0 rows = over already, or no such run.
UPDATE run
   SET cancel_requested = true,
       state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
       finished_at = CASE WHEN state = 'queued' THEN now() END
 WHERE id = $1::bigint AND state IN ('queued', 'running')
RETURNING id, state;
