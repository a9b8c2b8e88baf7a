-- Where things are: provenance, régions, départements, EPCI, communes and their boundaries.
-- Everything here is reference data, filled by sql/reference/load and never edited by hand.

CREATE EXTENSION IF NOT EXISTS postgis;

-- What has been published or computed is kept as it was: the trigger that says no.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'la table « % » garde ce qui y est écrit : ni modification ni suppression', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION refuse_change() IS 'Trigger function of the append-only tables: refuses UPDATE, DELETE and TRUNCATE';

CREATE TABLE source (
  id        text PRIMARY KEY CHECK (id ~ '^[a-z0-9_]+$'),
  title     text NOT NULL CHECK (title <> ''),
  publisher text NOT NULL,
  year      integer CHECK (year BETWEEN 1900 AND 2100),
  licence   text NOT NULL,
  note      text NOT NULL DEFAULT ''
);
COMMENT ON TABLE source IS 'Where a figure or a file comes from; every reference row names one';
COMMENT ON COLUMN source.id IS 'Short name used in the reference files';
COMMENT ON COLUMN source.title IS 'Title as a reader would look it up (French)';
COMMENT ON COLUMN source.publisher IS 'Who published it';
COMMENT ON COLUMN source.year IS 'Year of the data or of the publication; null when it spans several';
COMMENT ON COLUMN source.licence IS 'Licence or terms of reuse';
COMMENT ON COLUMN source.note IS 'Credits owed, limits, how it was used (French)';

CREATE TABLE reference_load (
  file      text PRIMARY KEY,
  sha256    text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  loaded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE reference_load IS 'Which version of each reference file is in the database; lets the loader skip what has not changed';
COMMENT ON COLUMN reference_load.file IS 'File name below sql/reference';
COMMENT ON COLUMN reference_load.sha256 IS 'SHA-256 of the file, hexadecimal';
COMMENT ON COLUMN reference_load.loaded_at IS 'When it was loaded';

CREATE TABLE region (
  code text PRIMARY KEY CHECK (code ~ '^[0-9]{2}$'),
  name text NOT NULL
);
COMMENT ON TABLE region IS 'Metropolitan régions';
COMMENT ON COLUMN region.code IS 'INSEE code, two digits';
COMMENT ON COLUMN region.name IS 'Official name';

CREATE TABLE study_region (
  region            text PRIMARY KEY REFERENCES region,
  rank              integer NOT NULL UNIQUE,
  has_unlisted_site boolean NOT NULL,
  note              text NOT NULL DEFAULT '',
  source            text NOT NULL REFERENCES source
);
COMMENT ON TABLE study_region IS 'The régions of the reference study, in the order they are shown';
COMMENT ON COLUMN study_region.region IS 'INSEE code of the région';
COMMENT ON COLUMN study_region.rank IS 'Position in lists, 1 = the région that asks the question';
COMMENT ON COLUMN study_region.has_unlisted_site IS 'Whether the status quo gets one site standing for the plants that no list names';
COMMENT ON COLUMN study_region.note IS 'Why the région is in the study (French)';
COMMENT ON COLUMN study_region.source IS 'Where that choice is stated';

CREATE TABLE departement (
  code   text PRIMARY KEY CHECK (code ~ '^([0-9]{2}|2[AB])$'),
  name   text NOT NULL,
  region text NOT NULL REFERENCES region
);
CREATE INDEX departement_region ON departement (region);
COMMENT ON TABLE departement IS 'Metropolitan départements';
COMMENT ON COLUMN departement.code IS 'INSEE code: two digits, 2A or 2B';
COMMENT ON COLUMN departement.name IS 'Official name';
COMMENT ON COLUMN departement.region IS 'Région it belongs to';

CREATE TABLE epci (
  siren text PRIMARY KEY CHECK (siren ~ '^[0-9]{9}$'),
  name  text NOT NULL
);
COMMENT ON TABLE epci IS 'Groupings of communes with their own taxation (they run most déchèteries)';
COMMENT ON COLUMN epci.siren IS 'SIREN number, nine digits';
COMMENT ON COLUMN epci.name IS 'Official name';

CREATE TABLE commune (
  insee       text PRIMARY KEY CHECK (insee ~ '^([0-9]{2}|2[AB])[0-9]{3}$'),
  name        text NOT NULL,
  departement text NOT NULL REFERENCES departement,
  region      text NOT NULL REFERENCES region,
  epci        text REFERENCES epci,
  population  integer NOT NULL CHECK (population >= 0),
  location    geometry(Point, 4326) NOT NULL,
  xy          geometry(Point, 2154) GENERATED ALWAYS AS (ST_Transform(location, 2154)) STORED,
  precision   text NOT NULL CHECK (precision IN ('exact', 'approximate'))
);
CREATE INDEX commune_departement ON commune (departement);
CREATE INDEX commune_region ON commune (region);
CREATE INDEX commune_epci ON commune (epci);
CREATE INDEX commune_location ON commune USING gist (location);
CREATE INDEX commune_xy ON commune USING gist (xy);
COMMENT ON TABLE commune IS 'Metropolitan communes; Paris, Lyon and Marseille are one commune each';
COMMENT ON COLUMN commune.insee IS 'INSEE code, five characters';
COMMENT ON COLUMN commune.name IS 'Official name';
COMMENT ON COLUMN commune.departement IS 'Département it belongs to';
COMMENT ON COLUMN commune.region IS 'Région it belongs to (that of its département, kept here because every network query asks for it)';
COMMENT ON COLUMN commune.epci IS 'SIREN of its EPCI; null for the few island communes that have none';
COMMENT ON COLUMN commune.population IS 'Legal municipal population, inhabitants';
COMMENT ON COLUMN commune.location IS 'Representative point, longitude and latitude WGS 84';
COMMENT ON COLUMN commune.xy IS 'The same point in Lambert-93, metres: distances by the database are taken here';
COMMENT ON COLUMN commune.precision IS 'exact: matched by INSEE code; approximate: mean of the communes of its postcode';

CREATE TABLE boundary (
  level text NOT NULL CHECK (level IN ('region', 'departement')),
  code  text NOT NULL,
  geom  geometry(MultiPolygon, 4326) NOT NULL CHECK (ST_IsValid(geom)),
  source text NOT NULL REFERENCES source,
  PRIMARY KEY (level, code)
);
CREATE INDEX boundary_geom ON boundary USING gist (geom);
COMMENT ON TABLE boundary IS 'Simplified outlines for the map; never used to decide where something belongs';
COMMENT ON COLUMN boundary.level IS 'region or departement';
COMMENT ON COLUMN boundary.code IS 'INSEE code at that level';
COMMENT ON COLUMN boundary.geom IS 'Outline, WGS 84, rounded to four decimals';
COMMENT ON COLUMN boundary.source IS 'Origin of the outline';
