-- Reading a frozen definition, and knowing whether the worker of a run is alive.

CREATE FUNCTION derived.definition_regions(definition jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(array_agg(code), '{}') FROM jsonb_array_elements_text(definition -> 'regions') AS code
$$;
COMMENT ON FUNCTION derived.definition_regions(jsonb) IS 'Régions named by a scenario definition';

-- A worker holds a session advisory lock on its run: the server drops it the moment the process or its
-- connection dies, long before the lease runs out. The lease covers the worker that hangs.
-- Whoever takes over a run whose worker hangs ends that worker's session: its lock would otherwise
-- go when it wakes, and the run look like one without a worker.
-- It runs as its owner, because workers may not end each other's sessions.
CREATE FUNCTION derived.run_lock(run bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  holder integer := (SELECT l.pid FROM pg_locks l
                      WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
                        AND l.classid = 20001 AND l.objid::bigint = run
                        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()));
BEGIN
  IF holder = pg_backend_pid() THEN
    RETURN true;
  END IF;
  PERFORM pg_terminate_backend(holder, 1000) WHERE holder IS NOT NULL;
  RETURN pg_try_advisory_lock(20001, run::integer);
END $$;
REVOKE EXECUTE ON FUNCTION derived.run_lock(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION derived.run_lock(bigint) TO recircuit_app;
COMMENT ON FUNCTION derived.run_lock(bigint) IS 'Takes the liveness lock of a run for this session, ending the session that still holds it; for whoever the run belongs to, again and again if need be';

CREATE FUNCTION derived.run_is_orphan(run run) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT run.state = 'running' AND (run.lease_until < clock_timestamp() OR NOT EXISTS (
    SELECT FROM pg_locks l
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
       AND l.classid = 20001 AND l.objid::bigint = run.id
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())))
$$;
COMMENT ON FUNCTION derived.run_is_orphan(run) IS 'True for a running run whose lease is over or whose worker has gone';
