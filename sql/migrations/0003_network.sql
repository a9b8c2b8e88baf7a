-- The physical network: where DEEE are collected, what was weighed, where they are or could be treated.

CREATE TABLE collection_point (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  origin      text NOT NULL CHECK (origin ~ '^[a-z0-9_]+$'),
  origin_id   text NOT NULL CHECK (origin_id <> ''),
  name        text NOT NULL CHECK (name <> ''),
  commune     text NOT NULL REFERENCES commune,
  address     text,
  location    geometry(Point, 4326) NOT NULL CHECK (NOT ST_IsEmpty(location)),
  is_open     boolean NOT NULL DEFAULT true,
  valid_from  date NOT NULL DEFAULT current_date,
  valid_to    date,
  source      text NOT NULL REFERENCES source,
  imported_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (origin, origin_id),
  CHECK (is_open = (valid_to IS NULL)),
  CHECK (valid_to >= valid_from)
);
CREATE INDEX collection_point_page ON collection_point (id) WHERE is_open;
CREATE INDEX collection_point_open_location ON collection_point USING gist (location) WHERE is_open;
CREATE INDEX collection_point_commune ON collection_point (commune);
COMMENT ON TABLE collection_point IS 'Places where households bring DEEE. A point that is replaced is closed, never deleted: volumes and past plans refer to it';
COMMENT ON COLUMN collection_point.id IS 'Identity, also the key lists are paged by';
COMMENT ON COLUMN collection_point.origin IS 'Who says it exists: estimated (placed by rule), sinoe (imported directory), ...';
COMMENT ON COLUMN collection_point.origin_id IS 'Its key in that origin; importing it again updates the same row';
COMMENT ON COLUMN collection_point.name IS 'Name shown to users (French)';
COMMENT ON COLUMN collection_point.commune IS 'Commune it stands in';
COMMENT ON COLUMN collection_point.address IS 'Postal address when known';
COMMENT ON COLUMN collection_point.location IS 'Longitude and latitude, WGS 84';
COMMENT ON COLUMN collection_point.is_open IS 'True while it belongs to the network';
COMMENT ON COLUMN collection_point.valid_from IS 'First day in the network';
COMMENT ON COLUMN collection_point.valid_to IS 'Day it left the network; null while open';
COMMENT ON COLUMN collection_point.source IS 'Origin of the row';
COMMENT ON COLUMN collection_point.imported_at IS 'When the row was last written by an import or a rule';

CREATE TABLE volume (
  public_id   text NOT NULL CHECK (public_id <> '' AND length(public_id) <= 36),
  point       bigint NOT NULL REFERENCES collection_point,
  flow        text NOT NULL REFERENCES flow,
  low_code    text NOT NULL,
  day         date NOT NULL,
  weight_kg   bigint NOT NULL CHECK (weight_kg BETWEEN 1 AND 40000),
  is_estimate boolean NOT NULL DEFAULT false,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (public_id, day),
  FOREIGN KEY (flow, low_code) REFERENCES flow_code (flow, low_code)
) PARTITION BY RANGE (day);
CREATE INDEX volume_point ON volume (point, day);
CREATE INDEX volume_flow ON volume (flow, day);
COMMENT ON TABLE volume IS 'Recorded collections, one row a load, append only, one partition a year';
COMMENT ON COLUMN volume.public_id IS 'Identifier given by the declarant. PostgreSQL can only enforce it per day here: an import must look it up first';
COMMENT ON COLUMN volume.point IS 'Where it was collected';
COMMENT ON COLUMN volume.flow IS 'Stream';
COMMENT ON COLUMN volume.low_code IS 'List of Waste code declared, one of those of the stream';
COMMENT ON COLUMN volume.day IS 'Day of collection';
COMMENT ON COLUMN volume.weight_kg IS 'Weight of the load, kg; a road load weighs 40 t at most';
COMMENT ON COLUMN volume.is_estimate IS 'True when the load was not weighed';
COMMENT ON COLUMN volume.created_at IS 'When it was recorded';

-- Calling it again is harmless; the default partition below catches a year nobody prepared.
CREATE FUNCTION volume_partition_create(year integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF volume FOR VALUES FROM (%L) TO (%L)',
    'volume_' || year, make_date(year, 1, 1), make_date(year + 1, 1, 1));
END $$;
COMMENT ON FUNCTION volume_partition_create(integer) IS 'Makes the partition of table volume for a calendar year';
SELECT volume_partition_create(year) FROM generate_series(2020, 2040) AS year;
CREATE TABLE volume_other PARTITION OF volume DEFAULT;

CREATE TRIGGER volume_is_kept BEFORE UPDATE OR DELETE ON volume
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER volume_is_not_emptied BEFORE TRUNCATE ON volume
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE site (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code       text NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9:_-]+$'),
  kind       text NOT NULL CHECK (kind IN ('existing', 'unlisted', 'candidate')),
  name       text NOT NULL CHECK (name <> ''),
  operator   text,
  commune    text NOT NULL REFERENCES commune,
  location   geometry(Point, 4326) NOT NULL,
  region     text NOT NULL REFERENCES region,
  capacity_t double precision CHECK (capacity_t > 0),
  jobs       double precision CHECK (jobs >= 0),
  capex_eur  double precision CHECK (capex_eur >= 0),
  is_active  boolean NOT NULL DEFAULT true,
  source     text NOT NULL REFERENCES source,
  year       integer,
  confidence text NOT NULL CHECK (confidence IN ('measured', 'published', 'assumption')),
  note       text NOT NULL DEFAULT ''
);
CREATE INDEX site_kind_region ON site (kind, region) WHERE is_active;
CREATE INDEX site_location ON site USING gist (location);
CREATE INDEX site_commune ON site (commune);
COMMENT ON TABLE site IS 'Where DEEE are treated today (existing, unlisted) or could be (candidate)';
COMMENT ON COLUMN site.id IS 'Identity';
COMMENT ON COLUMN site.code IS 'Stable name: existing:<plant>, unlisted:<région>, candidate:<commune>';
COMMENT ON COLUMN site.kind IS 'existing: a known plant; unlisted: stands for the plants of a région that no list names; candidate: a platform could be built';
COMMENT ON COLUMN site.name IS 'Name shown to users (French)';
COMMENT ON COLUMN site.operator IS 'Who runs it';
COMMENT ON COLUMN site.commune IS 'Commune it stands in';
COMMENT ON COLUMN site.location IS 'Longitude and latitude, WGS 84 (that of the commune when nothing better is known)';
COMMENT ON COLUMN site.region IS 'Région of the commune';
COMMENT ON COLUMN site.capacity_t IS 'Tonnes a year over all streams; null = unlimited (also used when unknown: it favours the status quo)';
COMMENT ON COLUMN site.jobs IS 'Jobs stated by the source; information only';
COMMENT ON COLUMN site.capex_eur IS 'Investment stated by the source, euros; information only';
COMMENT ON COLUMN site.is_active IS 'False when it no longer belongs to the network: kept because plans refer to it';
COMMENT ON COLUMN site.source IS 'Origin of the row';
COMMENT ON COLUMN site.year IS 'Year the capacity refers to';
COMMENT ON COLUMN site.confidence IS 'Same scale as parameters';
COMMENT ON COLUMN site.note IS 'Limits of what is known (French)';

CREATE TABLE site_flow (
  site       bigint NOT NULL REFERENCES site ON DELETE CASCADE,
  flow       text NOT NULL REFERENCES flow,
  capacity_t double precision CHECK (capacity_t > 0),
  PRIMARY KEY (site, flow)
);
COMMENT ON TABLE site_flow IS 'Streams a site accepts; a candidate accepts those listed here too';
COMMENT ON COLUMN site_flow.site IS 'Site';
COMMENT ON COLUMN site_flow.flow IS 'Stream accepted';
COMMENT ON COLUMN site_flow.capacity_t IS 'Tonnes a year of that stream; null = unlimited. A listed plant''s total is shared in proportion to the default shares (flow.<id>.share) of the streams it accepts';
