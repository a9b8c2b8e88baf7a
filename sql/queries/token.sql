-- Keys with which programs act for a person.

-- name: token_identify
-- $1 SHA-256 of the token (bytea). Notes that it is used. Result: person, organisation, role, name,
-- scopes (with commas); no row when it is over, revoked or unknown.
SELECT person, organisation, role, name, array_to_string(scopes, ',') AS scopes FROM token_identify($1::bytea);

-- name: token_create
-- $1 person, $2 name, $3 how it begins, $4 SHA-256 (bytea), $5 scopes (text[]), $6 days until it expires.
-- Result: id, name, hint, scopes, expires_at.
INSERT INTO token (person, name, hint, secret_hash, scopes, expires_at)
VALUES ($1::bigint, $2::text, $3::text, $4::bytea, $5::text[], now() + $6::integer * interval '1 day')
RETURNING id, name, hint, scopes, expires_at;

-- name: token_list
-- $1 person. Result: id, name, hint, scopes, created_at, expires_at, used_at (null), revoked_at (null), state
-- (active, expired or revoked); newest first.
SELECT id, name, hint, scopes, created_at, expires_at, used_at, revoked_at,
       CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'expired' ELSE 'active' END AS state
  FROM token
 WHERE person = $1::bigint
 ORDER BY id DESC;

-- name: token_revoke
-- $1 token, $2 person. Result: id; no row when it is not that person's. Again = the same.
UPDATE token SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1::bigint AND person = $2::bigint
RETURNING id;
