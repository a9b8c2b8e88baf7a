-- name: health_get
-- Result: schema (version of the last migration), database (version of PostgreSQL); 1 row.
SELECT (SELECT max(version) FROM schema_migration) AS schema,
       'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1) AS database;
