-- Audit: who wrote what, and who saw the lines of others. Append only, one chain an organisation: each entry holds the
-- SHA-256 of itself and of the entry before it, and the head of the chain is kept apart. `recircuit audit verify`
-- (src/app/audit.c) makes all of it anew.

CREATE TABLE audit (
  organisation bigint NOT NULL REFERENCES organisation,
  seq          bigint NOT NULL CHECK (seq > 0),
  at           timestamptz NOT NULL,
  person       bigint REFERENCES person,
  action       text NOT NULL CHECK (action ~ '^[a-z]+([.][a-z]+)+$'),
  detail       jsonb NOT NULL CHECK (jsonb_typeof(detail) = 'object'),
  about        bigint[] NOT NULL DEFAULT '{}',
  digest       bytea CHECK (length(digest) = 32),
  previous     bytea NOT NULL CHECK (length(previous) = 32),
  hash         bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (organisation, seq)
);
CREATE INDEX audit_about ON audit USING gin (about) WHERE about <> '{}';
COMMENT ON TABLE audit IS 'Who did what, chained so that a row changed, removed or put in shows';
COMMENT ON COLUMN audit.organisation IS 'Whose chain it is: the organisation of who acted';
COMMENT ON COLUMN audit.seq IS 'Place in the chain: 1, 2, ... without a gap';
COMMENT ON COLUMN audit.at IS 'When';
COMMENT ON COLUMN audit.person IS 'Who; null for the owner''s tools';
COMMENT ON COLUMN audit.action IS 'What: lines.write, lines.read, lines.export, ...';
COMMENT ON COLUMN audit.detail IS 'How many lines of each verdict, the filters of a reading, ...';
COMMENT ON COLUMN audit.about IS 'Other organisations whose lines were read';
COMMENT ON COLUMN audit.digest IS 'Of lines.write: SHA-256 of the digests of the lines it recorded, by id and version; null otherwise';
COMMENT ON COLUMN audit.previous IS 'hash of the entry before; 32 zero bytes for the first';
COMMENT ON COLUMN audit.hash IS 'SHA-256 of previous and of the text audit_text() makes of the row';

CREATE TABLE audit_head (
  organisation bigint PRIMARY KEY REFERENCES organisation,
  seq          bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  hash         bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (length(hash) = 32)
);
COMMENT ON TABLE audit_head IS 'The last entry of each chain; whoever appends holds its row, so that a chain has neither gap nor fork';
COMMENT ON COLUMN audit_head.organisation IS 'Whose chain';
COMMENT ON COLUMN audit_head.seq IS 'Last entry, 0 before the first';
COMMENT ON COLUMN audit_head.hash IS 'Its hash';

CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- No line without its entry. The entry is written last, with the digest of its lines.
ALTER TABLE line ADD CONSTRAINT line_entry_fkey
  FOREIGN KEY (organisation, entry) REFERENCES audit (organisation, seq) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION audit_text(a audit) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(a.organisation, a.seq, (extract(epoch FROM a.at) * 1000000)::bigint, a.person, a.action,
                           a.detail, a.about, encode(a.digest, 'hex'))::text
$$;
COMMENT ON FUNCTION audit_text(audit) IS 'The text of an entry that its hash is made of';

CREATE FUNCTION audit_begin() RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  place bigint;
BEGIN
  SELECT seq + 1 INTO place FROM audit_head WHERE organisation = app_organisation() FOR UPDATE;
  IF place IS NULL THEN
    INSERT INTO audit_head (organisation) VALUES (app_organisation()) ON CONFLICT DO NOTHING;
    SELECT seq + 1 INTO place FROM audit_head WHERE organisation = app_organisation() FOR UPDATE;
  END IF;
  RETURN place;
END $$;
COMMENT ON FUNCTION audit_begin() IS
  'Keeps other writers of the caller''s organisation waiting until the end of the transaction; returns the place of its next entry';

CREATE FUNCTION audit_append(action text, detail jsonb, about bigint[] DEFAULT '{}', digest bytea DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  entry audit;
BEGIN
  entry.organisation := app_organisation();
  entry.seq := audit_begin();
  entry.at := clock_timestamp();
  entry.person := nullif(current_setting('app.person', true), '')::bigint;
  entry.action := action;
  entry.detail := detail;
  entry.about := about;
  entry.digest := digest;
  SELECT hash INTO entry.previous FROM audit_head WHERE organisation = entry.organisation;
  entry.hash := sha256(entry.previous || convert_to(audit_text(entry), 'UTF8'));
  INSERT INTO audit VALUES (entry.*);
  UPDATE audit_head SET seq = entry.seq, hash = entry.hash WHERE organisation = entry.organisation;
  RETURN entry.seq;
END $$;
COMMENT ON FUNCTION audit_append(text, jsonb, bigint[], bytea) IS
  'Writes an entry in the chain of the caller''s organisation, in the name of the caller; returns its place';

CREATE FUNCTION audit_append_lines(detail jsonb) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  place bigint := audit_begin();
  sum   bytea;
BEGIN
  SELECT sha256(string_agg(h.digest, ''::bytea ORDER BY h.id, h.version)) INTO sum
    FROM line_history h WHERE h.organisation = app_organisation() AND h.entry = place;
  RETURN audit_append('lines.write', detail, '{}', sum);
END $$;
COMMENT ON FUNCTION audit_append_lines(jsonb) IS
  'The entry that the lines just written name as theirs, with their digest; null digest when there are none';

-- Its own chain, and whatever in other chains is about its lines.
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_head ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_read ON audit FOR SELECT USING (
  organisation = (SELECT app_organisation()) OR (SELECT app_organisation()) = ANY (about));
GRANT SELECT ON audit TO recircuit_app;
REVOKE EXECUTE ON FUNCTION audit_begin(), audit_append(text, jsonb, bigint[], bytea), audit_append_lines(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_begin(), audit_append(text, jsonb, bigint[], bytea), audit_append_lines(jsonb) TO recircuit_app;
