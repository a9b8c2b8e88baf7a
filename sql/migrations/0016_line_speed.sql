-- The two hashes are made where they are written: a SQL function called by a trigger is parsed and planned again in
-- every transaction. line_text() and audit_text() say the same, for whoever reads.

CREATE OR REPLACE FUNCTION line_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.digest := sha256(convert_to(jsonb_build_array(
    NEW.id, NEW.organisation, NEW.public_id, NEW.version, NEW.state, NEW.point, NEW.municipalities, NEW.communes, NEW.flow,
    NEW.low_code, NEW.day, NEW.weight_kg, NEW.is_estimate, NEW.volume_l, NEW.transport_mode, NEW.description, NEW.is_pop,
    NEW.carrier_siret, NEW.carrier_name, NEW.destination_siret, NEW.destination_name, NEW.producer_siret,
    NEW.producer_name, NEW.operation_code, NEW.operation_mode, NEW.channel, NEW.entry, NEW.created_by,
    extract(epoch FROM NEW.created_at), extract(epoch FROM NEW.updated_at))::text, 'UTF8'));
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION audit_append(action text, detail jsonb, about bigint[] DEFAULT '{}', digest bytea DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  own    bigint := nullif(current_setting('app.organisation', true), '')::bigint;
  person bigint := nullif(current_setting('app.person', true), '')::bigint;
  moment timestamptz := clock_timestamp();
  head   audit_head;
  made   bytea;
BEGIN
  SELECT * INTO head FROM audit_head h WHERE h.organisation = own FOR UPDATE;
  IF head.seq IS NULL THEN
    PERFORM audit_begin();
    SELECT * INTO head FROM audit_head h WHERE h.organisation = own;
  END IF;
  made := sha256(head.hash || convert_to(jsonb_build_array(
    own, head.seq + 1, (extract(epoch FROM moment) * 1000000)::bigint, person, action, detail, about,
    encode(digest, 'hex'))::text, 'UTF8'));
  INSERT INTO audit (organisation, seq, at, person, action, detail, about, digest, previous, hash)
  VALUES (own, head.seq + 1, moment, person, action, detail, about, digest, head.hash, made);
  UPDATE audit_head h SET seq = head.seq + 1, hash = made WHERE h.organisation = own;
  RETURN head.seq + 1;
END $$;

-- By the index: after a large file the statistics say that an entry has thousands of lines, and this one may have one.
CREATE OR REPLACE FUNCTION audit_append_lines(detail jsonb) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  own   bigint := nullif(current_setting('app.organisation', true), '')::bigint;
  place bigint;
  sum   bytea;
BEGIN
  SELECT h.seq + 1 INTO place FROM audit_head h WHERE h.organisation = own FOR UPDATE;
  SELECT sha256(string_agg(l.digest, ''::bytea ORDER BY l.id, l.version)) INTO sum
    FROM (SELECT id, version, digest FROM line WHERE organisation = own AND entry = place
          UNION ALL SELECT id, version, digest FROM line_version WHERE organisation = own AND entry = place) AS l;
  RETURN audit_append('lines.write', detail, '{}', sum);
END $$;
