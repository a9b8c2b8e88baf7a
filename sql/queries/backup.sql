-- name: backup_is_empty
-- No parameter. One row: is_empty (boolean), whether the database holds nothing of ours yet.
SELECT to_regclass('public.schema_migration') IS NULL AS is_empty;

-- name: backup_role
-- The role that a backup's rights are for: roles belong to the server, not to the database. No parameter, no row.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'recircuit_app') THEN
    CREATE ROLE recircuit_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
  END IF;
END $$;

-- name: backup_counts
-- No parameter. One row: organisations, people, lines, runs (integers), how much there is of what cannot be made again.
SELECT (SELECT count(*) FROM organisation) AS organisations, (SELECT count(*) FROM person) AS people,
       (SELECT count(*) FROM line) AS lines, (SELECT count(*) FROM run) AS runs;
