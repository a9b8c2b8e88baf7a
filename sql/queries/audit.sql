-- name: audit_append
-- $1 action, $2 detail (JSON object), $3 other organisations it is about (an array). Result: seq, its place in the
-- chain of the caller's organisation; 1 row.
SELECT audit_append($1::text, $2::jsonb, $3::bigint[]) AS seq;
