-- Everything computed from the tables lives in schema "derived" and holds no data: it is dropped and
-- rebuilt whole, so that a change of any function or column is an ordinary edit of these files.
DROP SCHEMA IF EXISTS derived CASCADE;
CREATE SCHEMA derived;
GRANT USAGE ON SCHEMA derived TO recircuit_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA derived GRANT SELECT ON TABLES TO recircuit_app;
COMMENT ON SCHEMA derived IS 'Functions computed from the tables; rebuilt from sql/views whenever those files change';
