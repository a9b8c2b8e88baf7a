-- Keys are kept for 90 days: a telephone may be without a signal for weeks, and nobody sends a request again after that.

-- Rows come in the order of their time: a few pages say where the old ones are, and writing costs nothing more.
CREATE INDEX idempotency_created ON idempotency USING brin (created_at) WITH (pages_per_range = 16, autosummarize = on);
COMMENT ON INDEX idempotency_created IS 'For idempotency_purge';

-- The role of the service may read and add keys of one organisation; taking old ones away is all it may besides.
CREATE FUNCTION idempotency_purge() RETURNS bigint LANGUAGE sql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH gone AS (
    DELETE FROM idempotency WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM idempotency WHERE created_at < now() - interval '90 days' LIMIT 10000 FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION idempotency_purge() IS 'Takes away at most 10,000 keys that are older than 90 days; returns how many';
REVOKE EXECUTE ON FUNCTION idempotency_purge() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION idempotency_purge() TO recircuit_app;
COMMENT ON COLUMN idempotency.created_at IS 'When; a key is good for 90 days, then the worker takes it away';
