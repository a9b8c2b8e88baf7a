-- Browsers that are connected; functions of 0008_people.sql look past the wall for them.

-- name: session_identify
-- $1 SHA-256 of the secret (bytea). Notes that it is used. Result: person, organisation, role, name; no
-- row when it is over or unknown.
SELECT person, organisation, role, name FROM session_identify($1::bytea);

-- name: session_account
-- $1 login, in any case. What checking a password takes. Result: person, is_active, password_hash; no row
-- without such an account.
SELECT person, is_active, password_hash FROM account_find($1::text);

-- name: session_open
-- $1 person, $2 SHA-256 of the secret (bytea). Result: seconds until it ends; null when the account is
-- disabled.
SELECT ceil(extract(epoch FROM session_open($1::bigint, $2::bytea) - now()))::bigint AS seconds;

-- name: session_become
-- $1 SHA-256 of the secret (bytea) of a session just opened: from here on this transaction works for its
-- person. 1 row.
SELECT set_config('app.person', person::text, true), set_config('app.organisation', organisation::text, true),
       set_config('app.role', role, true)
  FROM session_identify($1::bytea);

-- name: session_close
-- $1 SHA-256 of the secret (bytea). No row that matters.
SELECT session_close($1::bytea);

-- name: session_login
-- The caller's own login. 1 row.
SELECT login FROM person WHERE id = app_person();

-- name: session_set_password
-- $1 hash. Changes the caller's own password and ends all their sessions. No row that matters.
SELECT account_set_password($1::text);

-- name: session_show
-- $1 person. Result: person (JSON: id, name, login, role), organisation (JSON: id, name, kind), role; 1 row.
SELECT jsonb_build_object('id', p.id, 'name', p.name, 'login', p.login, 'role', p.role) AS person,
       jsonb_build_object('id', o.id, 'name', o.name, 'kind', o.kind) AS organisation, p.role
  FROM person p JOIN organisation o ON o.id = p.organisation
 WHERE p.id = $1::bigint;
