-- A statement's plan is kept for as long as its connection, until statistics change. One made while table line was empty
-- took any index on the organisation, and read all its lines for each new one until autovacuum came by: after a first large
-- file, twenty times the work. So a connection that writes forgets its plans each time the table has doubled.
CREATE FUNCTION line_replan() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  size bigint := pg_relation_size('public.line');
BEGIN
  IF size > 65536 + 2 * coalesce(nullif(current_setting('app.planned_size', true), '')::bigint, 0) THEN
    DISCARD PLANS;
    PERFORM set_config('app.planned_size', size::text, false);
  END IF;
END $$;
COMMENT ON FUNCTION line_replan() IS 'Has the connection make its plans anew if table line has doubled since it last did, whatever the statistics';
REVOKE EXECUTE ON FUNCTION line_replan() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION line_replan() TO recircuit_app;
