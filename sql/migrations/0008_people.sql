-- Who may do what: organisations, people, their territories, sessions and tokens; and the role the
-- service acts as. It owns nothing, so that row-level security holds for it whatever the C code asks.

-- Roles belong to the whole server, and several databases may be migrated at once: whoever comes second
-- finds the role made, or waits for the first and is refused a duplicate.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'recircuit_app') THEN
    CREATE ROLE recircuit_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN
    NULL;
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'le rôle « recircuit_app » manque et cet utilisateur ne peut pas le créer ; faites faire par un administrateur : CREATE ROLE recircuit_app LOGIN'
      USING ERRCODE = 'insufficient_privilege';
END $$;

-- What is public stays readable, what is computed stays writable; the rest belongs to the owner alone.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO recircuit_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO recircuit_app;
GRANT INSERT ON scenario, scenario_version, run, run_progress, plan, plan_line, plan_shipment, plan_file, study
  TO recircuit_app;
GRANT UPDATE ON run TO recircuit_app;

-- Schema derived is made anew by sql/views, which say the same; this is for what is there already.
DO $$
BEGIN
  IF to_regnamespace('derived') IS NOT NULL THEN
    GRANT USAGE ON SCHEMA derived TO recircuit_app;
    GRANT SELECT ON ALL TABLES IN SCHEMA derived TO recircuit_app;
  END IF;
END $$;

-- ---- Organisations and people ----

CREATE TABLE organisation (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL UNIQUE CHECK (length(btrim(name)) BETWEEN 1 AND 200),
  siret      text UNIQUE CHECK (siret ~ '^[0-9]{14}$'),
  kind       text NOT NULL CHECK (kind IN ('authority', 'operator', 'eco_organisation', 'state', 'other')),
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE organisation IS 'Who people work for; what is confidential belongs to one';
COMMENT ON COLUMN organisation.id IS 'Identity';
COMMENT ON COLUMN organisation.name IS 'Name shown to users (French)';
COMMENT ON COLUMN organisation.siret IS 'SIRET number, fourteen digits; null when it has none';
COMMENT ON COLUMN organisation.kind IS 'authority = local authority, operator = collects, carries or treats, eco_organisation = of a producer responsibility scheme, state = State or its agencies, other';
COMMENT ON COLUMN organisation.created_at IS 'When it was entered';

CREATE TABLE person (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation  bigint NOT NULL REFERENCES organisation,
  login         text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._@+-]{1,99}$'),
  name          text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 200),
  role          text NOT NULL CHECK (role IN ('reader', 'operator', 'planner', 'admin')),
  password_hash text NOT NULL CHECK (password_hash ~ '^[$]argon2id[$]'),
  is_active     boolean NOT NULL DEFAULT true,
  created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX person_organisation ON person (organisation);
COMMENT ON TABLE person IS 'Accounts. One that leaves is disabled, never deleted: what was recorded names it';
COMMENT ON COLUMN person.id IS 'Identity';
COMMENT ON COLUMN person.organisation IS 'Whom the person works for; never changes';
COMMENT ON COLUMN person.login IS 'What is typed to connect, in lower case; often an e-mail address';
COMMENT ON COLUMN person.name IS 'Name shown to users';
COMMENT ON COLUMN person.role IS 'reader, operator (records lines), planner (asks for runs, sees lines of its territory), admin (organisations and people)';
COMMENT ON COLUMN person.password_hash IS 'argon2id of the password, salt and cost included (crypto_pwhash_str of libsodium)';
COMMENT ON COLUMN person.is_active IS 'False: can no longer connect, by password or by token';
COMMENT ON COLUMN person.created_at IS 'When the account was made';

CREATE FUNCTION person_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.organisation) IS DISTINCT FROM (OLD.id, OLD.organisation) THEN
    RAISE EXCEPTION 'un compte ne change pas d’organisation' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION person_guard() IS 'Keeps an account in its organisation: what it recorded is there';
CREATE TRIGGER person_guard BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION person_guard();
CREATE TRIGGER person_is_kept BEFORE DELETE ON person FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER person_is_not_emptied BEFORE TRUNCATE ON person FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE mandate (
  organisation bigint NOT NULL REFERENCES organisation,
  level        text NOT NULL CHECK (level IN ('region', 'departement', 'epci')),
  code         text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation, level, code)
);
COMMENT ON TABLE mandate IS 'Territories in which the planners of an organisation see the recorded lines of all organisations';
COMMENT ON COLUMN mandate.organisation IS 'Organisation';
COMMENT ON COLUMN mandate.level IS 'region, departement or epci';
COMMENT ON COLUMN mandate.code IS 'INSEE code of the région or département, SIREN of the EPCI';
COMMENT ON COLUMN mandate.created_at IS 'When it was given';

CREATE FUNCTION mandate_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (CASE NEW.level
           WHEN 'region' THEN EXISTS (SELECT FROM region WHERE code = NEW.code)
           WHEN 'departement' THEN EXISTS (SELECT FROM departement WHERE code = NEW.code)
           ELSE EXISTS (SELECT FROM epci WHERE siren = NEW.code)
         END) THEN
    RAISE EXCEPTION 'territoire inconnu : % %', NEW.level, NEW.code USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION mandate_check() IS 'Refuses a mandate on a territory that does not exist';
CREATE TRIGGER mandate_check BEFORE INSERT OR UPDATE ON mandate FOR EACH ROW EXECUTE FUNCTION mandate_check();

-- ---- Who is asking ----
-- Each transaction of the service begins by setting app.person, app.organisation and app.role. Where
-- they are not set, policies show nothing.

CREATE FUNCTION app_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('app.person', true), '')::bigint
$$;
COMMENT ON FUNCTION app_person() IS 'The person on whose behalf this transaction works; null for a visitor';

CREATE FUNCTION app_organisation() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('app.organisation', true), '')::bigint
$$;
COMMENT ON FUNCTION app_organisation() IS 'That person''s organisation; null for a visitor';

CREATE FUNCTION app_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(nullif(current_setting('app.role', true), ''), 'public')
$$;
COMMENT ON FUNCTION app_role() IS 'public, reader, operator, planner or admin';

-- The two that follow look past the wall (SECURITY DEFINER), at mandates and communes alone.
CREATE FUNCTION app_communes() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.insee
    FROM commune c
   WHERE app_role() = 'planner'
     AND (c.region IN (SELECT code FROM mandate WHERE organisation = app_organisation() AND level = 'region')
          OR c.departement IN (SELECT code FROM mandate WHERE organisation = app_organisation() AND level = 'departement')
          OR c.epci IN (SELECT code FROM mandate WHERE organisation = app_organisation() AND level = 'epci'))
$$;
COMMENT ON FUNCTION app_communes() IS 'INSEE codes of the communes in which the caller, a planner, sees recorded lines; as a set, for policies over many rows: insee IN (SELECT app_communes())';

CREATE FUNCTION app_sees_commune(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT app_role() = 'planner' AND EXISTS (
    SELECT FROM commune c
      JOIN mandate m ON m.organisation = app_organisation()
       AND m.code = CASE m.level WHEN 'region' THEN c.region WHEN 'departement' THEN c.departement ELSE c.epci END
     WHERE c.insee = wanted)
$$;
COMMENT ON FUNCTION app_sees_commune(text) IS 'Whether the caller, a planner, has a mandate on a commune (INSEE code)';

ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandate ENABLE ROW LEVEL SECURITY;

-- Names of organisations are public business data, and planners must know whose lines they read.
CREATE POLICY organisation_read ON organisation FOR SELECT TO recircuit_app
  USING (id = app_organisation() OR app_role() = 'admin' OR app_role() = 'planner' AND app_person() IS NOT NULL);
CREATE POLICY organisation_add ON organisation FOR INSERT TO recircuit_app WITH CHECK (app_role() = 'admin');
CREATE POLICY person_read ON person FOR SELECT TO recircuit_app
  USING (organisation = app_organisation() OR app_role() = 'admin');
CREATE POLICY person_add ON person FOR INSERT TO recircuit_app WITH CHECK (app_role() = 'admin');
CREATE POLICY person_change ON person FOR UPDATE TO recircuit_app USING (app_role() = 'admin');
CREATE POLICY mandate_read ON mandate FOR SELECT TO recircuit_app
  USING (organisation = app_organisation() OR app_role() = 'admin');
CREATE POLICY mandate_add ON mandate FOR INSERT TO recircuit_app WITH CHECK (app_role() = 'admin');
CREATE POLICY mandate_end ON mandate FOR DELETE TO recircuit_app USING (app_role() = 'admin');

-- Nobody reads a password hash from the table: account_find gives the one it is asked for.
GRANT SELECT, INSERT ON organisation TO recircuit_app;
GRANT SELECT (id, organisation, login, name, role, is_active, created_at) ON person TO recircuit_app;
GRANT INSERT (organisation, login, name, role, password_hash) ON person TO recircuit_app;
GRANT UPDATE (name, role, is_active, password_hash) ON person TO recircuit_app;
GRANT SELECT, INSERT, DELETE ON mandate TO recircuit_app;

-- ---- Sessions ----

CREATE TABLE session (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person      bigint NOT NULL REFERENCES person,
  secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
  created_at  timestamptz NOT NULL DEFAULT now(),
  seen_at     timestamptz NOT NULL DEFAULT now(),
  idle        interval NOT NULL,
  expires_at  timestamptz NOT NULL
);
CREATE INDEX session_person ON session (person);
COMMENT ON TABLE session IS 'Browsers that are connected. Ends by itself, at log out, or when the account changes';
COMMENT ON COLUMN session.id IS 'Identity';
COMMENT ON COLUMN session.person IS 'Who';
COMMENT ON COLUMN session.secret_hash IS 'SHA-256 of the secret in the cookie; the secret itself is kept nowhere';
COMMENT ON COLUMN session.created_at IS 'When it began';
COMMENT ON COLUMN session.seen_at IS 'When it was last used, to the minute';
COMMENT ON COLUMN session.idle IS 'How long it may stay unused';
COMMENT ON COLUMN session.expires_at IS 'When it ends however much it is used';

-- Whoever holds more rights is asked again sooner.
CREATE FUNCTION session_open(wanted bigint, secret bytea) RETURNS timestamptz
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM session WHERE id IN (
    SELECT id FROM session WHERE expires_at < now() OR seen_at + idle < now() FOR UPDATE SKIP LOCKED);
  DELETE FROM session WHERE id IN (SELECT id FROM session WHERE person = wanted ORDER BY seen_at DESC, id DESC OFFSET 19);
  INSERT INTO session (person, secret_hash, idle, expires_at)
  SELECT id, secret,
         CASE WHEN role IN ('planner', 'admin') THEN interval '12 hours' ELSE interval '7 days' END,
         now() + CASE WHEN role IN ('planner', 'admin') THEN interval '7 days' ELSE interval '30 days' END
    FROM person WHERE id = wanted AND is_active
  RETURNING expires_at
$$;
COMMENT ON FUNCTION session_open(bigint, bytea) IS 'Opens a session for a person who has given a good password, and clears out those that are over; at most 20 a person, the oldest go. Returns when it ends; null when the account is disabled';

CREATE FUNCTION session_close(secret bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM session WHERE secret_hash = secret
$$;
COMMENT ON FUNCTION session_close(bytea) IS 'Ends a session';

CREATE FUNCTION session_identify(secret bytea)
RETURNS TABLE (person bigint, organisation bigint, role text, name text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  s session;
BEGIN
  SELECT * INTO s FROM session WHERE secret_hash = secret;
  IF s.id IS NULL OR s.expires_at <= now() OR s.seen_at + s.idle <= now() THEN
    RETURN;
  END IF;
  IF s.seen_at < now() - interval '1 minute' THEN
    UPDATE session SET seen_at = now() WHERE id = s.id;
  END IF;
  RETURN QUERY SELECT p.id, p.organisation, p.role, p.name FROM person p WHERE p.id = s.person AND p.is_active;
END $$;
COMMENT ON FUNCTION session_identify(bytea) IS 'Whose session this is; no row when it is over or unknown. Notes, to the minute, that it is used';

-- Whatever changes what an account may do asks everybody who uses it to connect again.
CREATE FUNCTION person_sessions_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM session WHERE person = NEW.id;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION person_sessions_end() IS 'Ends all sessions of an account whose password, role or state has changed';
CREATE TRIGGER person_sessions_end AFTER UPDATE ON person FOR EACH ROW
  WHEN ((OLD.password_hash, OLD.role, OLD.is_active) IS DISTINCT FROM (NEW.password_hash, NEW.role, NEW.is_active))
  EXECUTE FUNCTION person_sessions_end();

CREATE FUNCTION account_find(wanted text)
RETURNS TABLE (person bigint, is_active boolean, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id, is_active, password_hash FROM person WHERE login = lower(wanted)
$$;
COMMENT ON FUNCTION account_find(text) IS 'What checking a password takes, by login';

CREATE FUNCTION account_set_password(hash text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE person SET password_hash = hash WHERE id = app_person()
$$;
COMMENT ON FUNCTION account_set_password(text) IS 'Changes the caller''s own password, and so ends all their sessions';

-- ---- Tokens ----

CREATE TABLE token (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person      bigint NOT NULL REFERENCES person,
  name        text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 100),
  hint        text NOT NULL CHECK (length(hint) BETWEEN 4 AND 12),
  secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
  scopes      text[] NOT NULL CHECK (cardinality(scopes) > 0),
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz NOT NULL CHECK (expires_at > created_at),
  used_at     timestamptz,
  revoked_at  timestamptz
);
CREATE INDEX token_person ON token (person);
COMMENT ON TABLE token IS 'Keys with which programs act for a person, within scopes';
COMMENT ON COLUMN token.id IS 'Identity';
COMMENT ON COLUMN token.person IS 'For whom it acts, with that person''s rights at most';
COMMENT ON COLUMN token.name IS 'What it is for, in its owner''s words';
COMMENT ON COLUMN token.hint IS 'How the token begins, to tell it from others';
COMMENT ON COLUMN token.secret_hash IS 'SHA-256 of the token, which is shown once and kept nowhere';
COMMENT ON COLUMN token.scopes IS 'What it may be used for: volumes:read, volumes:write, scenarios:write, …';
COMMENT ON COLUMN token.created_at IS 'When it was made';
COMMENT ON COLUMN token.expires_at IS 'When it stops working';
COMMENT ON COLUMN token.used_at IS 'When it was last used, to the minute; null: never';
COMMENT ON COLUMN token.revoked_at IS 'When its owner ended it; null: not';

CREATE FUNCTION token_identify(secret bytea)
RETURNS TABLE (person bigint, organisation bigint, role text, name text, scopes text[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  t token;
BEGIN
  SELECT * INTO t FROM token WHERE secret_hash = secret;
  IF t.id IS NULL OR t.revoked_at IS NOT NULL OR t.expires_at <= now() THEN
    RETURN;
  END IF;
  IF t.used_at IS NULL OR t.used_at < now() - interval '1 minute' THEN
    UPDATE token SET used_at = now() WHERE id = t.id;
  END IF;
  RETURN QUERY SELECT p.id, p.organisation, p.role, p.name, t.scopes FROM person p WHERE p.id = t.person AND p.is_active;
END $$;
COMMENT ON FUNCTION token_identify(bytea) IS 'For whom a token acts; no row when it is over, revoked or unknown. Notes, to the minute, that it is used';

ALTER TABLE session ENABLE ROW LEVEL SECURITY; -- without a policy: reached by the functions alone
ALTER TABLE token ENABLE ROW LEVEL SECURITY;
CREATE POLICY token_own ON token TO recircuit_app USING (person = app_person());
GRANT SELECT (id, person, name, hint, scopes, created_at, expires_at, used_at, revoked_at) ON token TO recircuit_app;
GRANT INSERT (person, name, hint, secret_hash, scopes, expires_at) ON token TO recircuit_app;
GRANT UPDATE (revoked_at) ON token TO recircuit_app;

-- ---- Guessing passwords takes time ----

CREATE TABLE throttle (
  subject  text PRIMARY KEY,
  failures integer NOT NULL CHECK (failures > 0),
  last_at  timestamptz NOT NULL DEFAULT now(),
  until    timestamptz NOT NULL
);
CREATE INDEX throttle_last ON throttle (last_at);
COMMENT ON TABLE throttle IS 'Wrong passwords given lately, by account and by address; forgotten after a day without any';
COMMENT ON COLUMN throttle.subject IS 'login:… (whether or not there is such an account) or address:…';
COMMENT ON COLUMN throttle.failures IS 'How many, since the last day without any or the last good one';
COMMENT ON COLUMN throttle.last_at IS 'When the last one was';
COMMENT ON COLUMN throttle.until IS 'Before that moment no password is looked at';
GRANT SELECT, INSERT, UPDATE, DELETE ON throttle TO recircuit_app;

-- Functions that look past the wall are for the service, not for anybody who can connect.
REVOKE EXECUTE ON FUNCTION app_communes(), app_sees_commune(text), session_open(bigint, bytea), session_close(bytea),
  session_identify(bytea), account_find(text), account_set_password(text), token_identify(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_communes(), app_sees_commune(text), session_open(bigint, bytea), session_close(bytea),
  session_identify(bytea), account_find(text), account_set_password(text), token_identify(bytea) TO recircuit_app;
