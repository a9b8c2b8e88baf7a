-- Keys with which programs act for a person.

-- name: token_identify
-- $1 SHA-256 of the token (bytea). Notes that it is used. Result: person, organisation, role, name,
-- scopes (with commas); no row when it is over, revoked or unknown.
SELECT person, organisation, role, name, array_to_string(scopes, ',') AS scopes FROM token_identify($1::bytea);
