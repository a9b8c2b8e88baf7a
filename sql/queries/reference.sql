-- name: reference_load_list
-- Result: file, sha256, loaded_at; by file.
SELECT file, sha256, loaded_at FROM reference_load ORDER BY file;

-- name: reference_load_put
-- $1 file, $2 SHA-256. To run in the transaction that loads the file.
INSERT INTO reference_load (file, sha256) VALUES ($1::text, $2::text)
ON CONFLICT (file) DO UPDATE SET sha256 = excluded.sha256, loaded_at = now();

-- name: reference_refresh
-- Fills what schema derived keeps ready. No parameter, no row.
REFRESH MATERIALIZED VIEW derived.point_shown;
