-- Lines of the legal register: one row a load received, as its organisation declared it. A line is corrected or
-- cancelled, never overwritten: what it said before is in line_version. What every write was is in table audit (0010),
-- which a line cannot do without.

DROP TABLE volume; -- of 0003: never used, and without an organisation
DROP FUNCTION volume_partition_create(integer);

CREATE TABLE line (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation      bigint NOT NULL,
  public_id         text NOT NULL CHECK (public_id ~ '^[A-Za-z0-9._/-]{1,36}$'),
  version           integer NOT NULL DEFAULT 1 CHECK (version > 0),
  state             text NOT NULL DEFAULT 'recorded' CHECK (state IN ('recorded', 'cancelled')),
  point             bigint REFERENCES collection_point,
  municipalities    text[] NOT NULL DEFAULT '{}' CHECK (cardinality(municipalities) <= 100),
  communes          text[] NOT NULL CHECK (cardinality(communes) BETWEEN 1 AND 101),
  flow              text NOT NULL,
  low_code          text NOT NULL,
  day               date NOT NULL,
  weight_kg         bigint NOT NULL CHECK (weight_kg BETWEEN 1 AND 1000000),
  is_estimate       boolean NOT NULL,
  volume_l          integer CHECK (volume_l BETWEEN 1 AND 1000000),
  transport_mode    text CHECK (transport_mode IN ('ROAD', 'RAIL', 'AIR', 'RIVER', 'SEA', 'OTHER')),
  description       text CHECK (length(description) <= 300),
  is_pop            boolean,
  carrier_siret     text CHECK (carrier_siret ~ '^[0-9]{14}$'),
  carrier_name      text CHECK (length(carrier_name) <= 150),
  destination_siret text CHECK (destination_siret ~ '^[0-9]{14}$'),
  destination_name  text CHECK (length(destination_name) <= 150),
  producer_siret    text CHECK (producer_siret ~ '^[0-9]{14}$'),
  producer_name     text CHECK (length(producer_name) <= 150),
  operation_code    text CHECK (operation_code ~ '^(D([1-9]|1[0-5])|R([1-9]|1[0-3]))$'),
  operation_mode    text CHECK (operation_mode IN
    ('REUTILISATION', 'RECYCLAGE', 'VALORISATION_ENERGETIQUE', 'ELIMINATION')),
  channel           text NOT NULL CHECK (channel IN ('page', 'api', 'import')),
  entry             bigint NOT NULL,
  created_by        bigint,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  digest            bytea NOT NULL CHECK (length(digest) = 32),
  UNIQUE (organisation, public_id),
  CHECK (coalesce(transport_mode, 'ROAD') <> 'ROAD' OR greatest(weight_kg, volume_l) <= 40000),
  FOREIGN KEY (flow, low_code) REFERENCES flow_code (flow, low_code)
);
CREATE INDEX line_page ON line (organisation, id);
CREATE INDEX line_entry ON line (organisation, entry);
COMMENT ON TABLE line IS 'Loads received, as declared in the legal register (registre chronologique): the version that holds of each';
COMMENT ON COLUMN line.id IS 'Identity, also the key lists are paged by';
COMMENT ON COLUMN line.organisation IS 'Who declared it, and whose it is; held to table organisation through the entry (0010), which spares a check a row';
COMMENT ON COLUMN line.public_id IS 'Identifier given by the declarant (publicId): the same one again is the same load';
COMMENT ON COLUMN line.version IS '1, then one more with each correction and with the cancellation';
COMMENT ON COLUMN line.state IS 'recorded; cancelled: declared by mistake, kept but not counted';
COMMENT ON COLUMN line.point IS 'Collection point it came from; null when only communes are known';
COMMENT ON COLUMN line.municipalities IS 'INSEE codes of the communes it came from, as declared';
COMMENT ON COLUMN line.communes IS 'Where it came from, for mandates: the commune of the point, then those declared';
COMMENT ON COLUMN line.flow IS 'Stream, declared or the only one its code belongs to';
COMMENT ON COLUMN line.low_code IS 'List of Waste code, without the star';
COMMENT ON COLUMN line.day IS 'Day of reception';
COMMENT ON COLUMN line.weight_kg IS 'Weight of the load, kg; 40 t at most by road';
COMMENT ON COLUMN line.is_estimate IS 'True when the load was not weighed';
COMMENT ON COLUMN line.volume_l IS 'Volume, litres; 40 m3 at most by road; null when not declared';
COMMENT ON COLUMN line.transport_mode IS 'How the first carrier brought it; null, not declared, counts as by road';
COMMENT ON COLUMN line.description IS 'Usual name of the waste, as declared';
COMMENT ON COLUMN line.is_pop IS 'Whether it holds persistent organic pollutants; null when not declared';
COMMENT ON COLUMN line.carrier_siret IS 'SIRET of the carrier';
COMMENT ON COLUMN line.carrier_name IS 'Name of the carrier';
COMMENT ON COLUMN line.destination_siret IS 'SIRET of the site that received it';
COMMENT ON COLUMN line.destination_name IS 'Name of the site that received it';
COMMENT ON COLUMN line.producer_siret IS 'SIRET of the producers'' organisation (éco-organisme)';
COMMENT ON COLUMN line.producer_name IS 'Name of the producers'' organisation';
COMMENT ON COLUMN line.operation_code IS 'Operation of Directive 2008/98/EC, annexes I and II: D1 to D15, R1 to R13';
COMMENT ON COLUMN line.operation_mode IS 'What the operation comes to: reuse, recycling, energy recovery, disposal';
COMMENT ON COLUMN line.channel IS 'How it came: the entry page, the API, an imported file';
COMMENT ON COLUMN line.entry IS 'Entry of the organisation''s audit that recorded this version';
COMMENT ON COLUMN line.created_by IS 'Person who wrote this version, as the entry says too; null for the owner''s tools';
COMMENT ON COLUMN line.created_at IS 'When the first version was recorded';
COMMENT ON COLUMN line.updated_at IS 'When this version was recorded';
COMMENT ON COLUMN line.digest IS 'SHA-256 of everything else in the row, written by trigger line_sum: what the audit vouches for';

CREATE TABLE line_version (LIKE line INCLUDING COMMENTS, PRIMARY KEY (id, version));
CREATE INDEX line_version_entry ON line_version (organisation, entry);
COMMENT ON TABLE line_version IS 'Versions of lines that were corrected or cancelled, as they were; the version that holds is in table line';

CREATE VIEW line_history WITH (security_invoker = true) AS
  SELECT * FROM line UNION ALL SELECT * FROM line_version;
COMMENT ON VIEW line_history IS 'Every version of every line, each seen by whom the line is seen';
DO $$
DECLARE
  c record;
BEGIN
  FOR c IN SELECT attname, col_description(attrelid, attnum) AS said
             FROM pg_attribute WHERE attrelid = 'line'::regclass AND attnum > 0 LOOP
    EXECUTE format('COMMENT ON COLUMN line_history.%I IS %L', c.attname, c.said);
  END LOOP;
END $$;

-- Whatever the time zone and the date style of the session.
CREATE FUNCTION line_text(l line_history) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(
    l.id, l.organisation, l.public_id, l.version, l.state, l.point, l.municipalities, l.communes, l.flow, l.low_code, l.day,
    l.weight_kg, l.is_estimate, l.volume_l, l.transport_mode, l.description, l.is_pop, l.carrier_siret, l.carrier_name,
    l.destination_siret, l.destination_name, l.producer_siret, l.producer_name, l.operation_code, l.operation_mode,
    l.channel, l.entry, l.created_by, extract(epoch FROM l.created_at), extract(epoch FROM l.updated_at))::text
$$;
COMMENT ON FUNCTION line_text(line_history) IS 'The text of a version of a line that its digest is made of';

CREATE FUNCTION line_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.digest := sha256(convert_to(line_text(ROW(NEW.*)::line_history), 'UTF8'));
  RETURN NEW;
END $$;
COMMENT ON FUNCTION line_sum() IS 'Trigger function: writes the digest of a line';
CREATE TRIGGER line_sum BEFORE INSERT OR UPDATE ON line FOR EACH ROW EXECUTE FUNCTION line_sum();

CREATE FUNCTION line_keep() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (NEW.id, NEW.organisation, NEW.public_id, NEW.created_at) IS DISTINCT FROM
     (OLD.id, OLD.organisation, OLD.public_id, OLD.created_at)
     OR NEW.version <> OLD.version + 1 OR NEW.entry < OLD.entry OR OLD.state = 'cancelled' THEN
    RAISE EXCEPTION 'la ligne % ne change que par une nouvelle version', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  INSERT INTO line_version SELECT OLD.*;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION line_keep() IS 'Trigger function: a changed line is a new version, and the old one is kept';
CREATE TRIGGER line_keep AFTER UPDATE ON line FOR EACH ROW EXECUTE FUNCTION line_keep();
CREATE TRIGGER line_is_kept BEFORE DELETE ON line FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER line_is_not_emptied BEFORE TRUNCATE ON line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER line_version_is_kept BEFORE UPDATE OR DELETE ON line_version
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER line_version_is_not_emptied BEFORE TRUNCATE ON line_version
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An organisation sees its own lines; a planner, those of the territory that the mandates of his organisation name.
ALTER TABLE line ENABLE ROW LEVEL SECURITY;
ALTER TABLE line_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY line_read ON line FOR SELECT USING (
  organisation = (SELECT app_organisation())
  OR ((SELECT app_role()) = 'planner' AND EXISTS (SELECT FROM unnest(communes) AS c WHERE c IN (SELECT app_communes()))));
CREATE POLICY line_version_read ON line_version FOR SELECT USING (
  organisation = (SELECT app_organisation())
  OR ((SELECT app_role()) = 'planner' AND EXISTS (SELECT FROM unnest(communes) AS c WHERE c IN (SELECT app_communes()))));
CREATE POLICY line_insert ON line FOR INSERT WITH CHECK (
  organisation = (SELECT app_organisation()) AND (SELECT app_role()) = 'operator');
CREATE POLICY line_update ON line FOR UPDATE USING (
  organisation = (SELECT app_organisation()) AND (SELECT app_role()) = 'operator');
GRANT SELECT, INSERT, UPDATE ON line TO recircuit_app;
GRANT SELECT ON line_version, line_history TO recircuit_app;

-- A request sent again with the same key is answered as it was, also when its first answer was lost.
CREATE TABLE idempotency (
  organisation bigint NOT NULL REFERENCES organisation,
  key          text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  request      bytea NOT NULL CHECK (length(request) = 32),
  status       integer NOT NULL CHECK (status BETWEEN 200 AND 299),
  location     text,
  answer       text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation, key)
);
COMMENT ON TABLE idempotency IS 'What was answered to the requests that had an Idempotency-Key, written with what they changed';
COMMENT ON COLUMN idempotency.organisation IS 'Whose key it is';
COMMENT ON COLUMN idempotency.key IS 'The key, as sent';
COMMENT ON COLUMN idempotency.request IS 'SHA-256 of method, address, type and body: the same key with another request is refused';
COMMENT ON COLUMN idempotency.status IS 'Status answered';
COMMENT ON COLUMN idempotency.location IS 'Location answered; null without one';
COMMENT ON COLUMN idempotency.answer IS 'Body answered, byte for byte';
COMMENT ON COLUMN idempotency.created_at IS 'When; a key is good for as long as the row is kept';
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
CREATE POLICY idempotency_own ON idempotency
  USING (organisation = (SELECT app_organisation()));
GRANT SELECT, INSERT ON idempotency TO recircuit_app;
