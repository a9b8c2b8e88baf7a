-- Browsers that are connected; functions of 0008_people.sql look past the wall for them.

-- name: session_identify
-- $1 SHA-256 of the secret (bytea). Notes that it is used. Result: person, organisation, role, name; no
-- row when it is over or unknown.
SELECT person, organisation, role, name FROM session_identify($1::bytea);
