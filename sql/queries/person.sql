-- Accounts.

-- name: person_create
-- $1 organisation, $2 login, $3 name, $4 role, $5 password hash. Result: id; no row when the login is taken.
INSERT INTO person (organisation, login, name, role, password_hash)
VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::text)
ON CONFLICT (login) DO NOTHING
RETURNING id;

-- name: person_list
-- $1 organisation or null. Result: id, login, name, role, is_active, organisation, organisation_name,
-- created_at; by organisation and login.
SELECT p.id, p.login, p.name, p.role, p.is_active, p.organisation, o.name AS organisation_name, p.created_at
  FROM person p JOIN organisation o ON o.id = p.organisation
 WHERE $1::bigint IS NULL OR p.organisation = $1::bigint
 ORDER BY o.name, p.login;

-- name: person_find
-- $1 id or null, $2 login or null. Result: id, login, name, role, is_active, organisation.
SELECT id, login, name, role, is_active, organisation FROM person WHERE id = $1::bigint OR login = lower($2::text);

-- name: person_change
-- $1 id, $2 name, $3 role, $4 is_active; null = as it is. Ends the account's sessions
-- when one of the last two changes. Result: id, login, name, role, is_active, organisation; no row when there is none.
UPDATE person
   SET name = coalesce($2::text, name), role = coalesce($3::text, role), is_active = coalesce($4::boolean, is_active)
 WHERE id = $1::bigint
RETURNING id, login, name, role, is_active, organisation;

-- name: person_set_password
-- $1 id, $2 hash. Ends the account's sessions. No row that matters.
UPDATE person SET password_hash = $2::text WHERE id = $1::bigint;
