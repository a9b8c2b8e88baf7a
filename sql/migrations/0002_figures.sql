-- What is known in figures: waste streams, scenario parameters, tonnages, number of déchèteries.

CREATE TABLE flow (
  id       text PRIMARY KEY CHECK (id ~ '^[a-z_]+$'),
  label    text NOT NULL,
  category text NOT NULL,
  rank     integer NOT NULL UNIQUE,
  note     text NOT NULL DEFAULT ''
);
COMMENT ON TABLE flow IS 'Streams (filières) in which household DEEE are collected and treated';
COMMENT ON COLUMN flow.id IS 'Short name; parameters of the stream are called flow.<id>.<what>';
COMMENT ON COLUMN flow.label IS 'Name shown to users (French)';
COMMENT ON COLUMN flow.category IS 'Category of Directive 2012/19/EU, annex III, that the stream falls in';
COMMENT ON COLUMN flow.rank IS 'Position in lists, and index of the stream in solver input';
COMMENT ON COLUMN flow.note IS 'What the stream holds (French)';

CREATE TABLE flow_code (
  flow         text NOT NULL REFERENCES flow,
  low_code     text NOT NULL CHECK (low_code ~ '^[0-9]{2} [0-9]{2} [0-9]{2}$'),
  is_hazardous boolean NOT NULL,
  label        text NOT NULL,
  source       text NOT NULL REFERENCES source,
  PRIMARY KEY (flow, low_code)
);
CREATE INDEX flow_code_low_code ON flow_code (low_code);
COMMENT ON TABLE flow_code IS 'List of Waste codes under which each stream may be declared; a code may serve several streams';
COMMENT ON COLUMN flow_code.flow IS 'Stream';
COMMENT ON COLUMN flow_code.low_code IS 'Code of the European List of Waste, without the star';
COMMENT ON COLUMN flow_code.is_hazardous IS 'True where the list marks the code with a star';
COMMENT ON COLUMN flow_code.label IS 'Entry of the list (French)';
COMMENT ON COLUMN flow_code.source IS 'Edition of the list';

CREATE TABLE parameter (
  id         text PRIMARY KEY CHECK (id ~ '^[a-z0-9_]+([.][a-z0-9_]+)+$'),
  value      double precision NOT NULL,
  low        double precision NOT NULL,
  high       double precision NOT NULL,
  unit       text NOT NULL,
  component  text NOT NULL CHECK (component IN
    ('volume', 'haulage', 'handling', 'capex', 'upkeep', 'jobs', 'energy', 'consumables', 'residue',
     'revenue', 'treatment', 'site', 'gate', 'carbon', 'finance', 'indicator')),
  label      text NOT NULL,
  note       text NOT NULL DEFAULT '',
  source     text NOT NULL REFERENCES source,
  year       integer,
  confidence text NOT NULL CHECK (confidence IN ('measured', 'published', 'assumption')),
  CHECK (low <= value AND value <= high),
  CHECK (value BETWEEN -1e12 AND 1e12)
);
COMMENT ON TABLE parameter IS 'Every number of the model that is not a tonnage: central value, range, origin. A scenario overrides values by id';
COMMENT ON COLUMN parameter.id IS 'Dotted name, the one programs and scenario definitions use';
COMMENT ON COLUMN parameter.value IS 'Central value';
COMMENT ON COLUMN parameter.low IS 'Low end of the plausible range; equals value when no range is studied';
COMMENT ON COLUMN parameter.high IS 'High end of the plausible range';
COMMENT ON COLUMN parameter.unit IS 'Unit, as shown (1 = a pure number or a share)';
COMMENT ON COLUMN parameter.component IS 'Part of the result it feeds, by which the verdict says how sure it is';
COMMENT ON COLUMN parameter.label IS 'Name in plain words (French)';
COMMENT ON COLUMN parameter.note IS 'How the value was chosen and where it is weak (French)';
COMMENT ON COLUMN parameter.source IS 'Origin of the value';
COMMENT ON COLUMN parameter.year IS 'Year the value refers to';
COMMENT ON COLUMN parameter.confidence IS 'measured: observed on the real system; published: stated by a source; assumption: chosen by us';

CREATE TABLE tonnage (
  departement text NOT NULL REFERENCES departement,
  year        integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
  tonnes      double precision NOT NULL CHECK (tonnes >= 0 AND tonnes < 1e7),
  is_suspect  boolean NOT NULL DEFAULT false,
  note        text NOT NULL DEFAULT '',
  source      text NOT NULL REFERENCES source,
  PRIMARY KEY (departement, year)
);
COMMENT ON TABLE tonnage IS 'DEEE brought to déchèteries, by département and survey year (local authorities'' channel only)';
COMMENT ON COLUMN tonnage.departement IS 'Département';
COMMENT ON COLUMN tonnage.year IS 'Survey year';
COMMENT ON COLUMN tonnage.tonnes IS 'Tonnes a year, as published';
COMMENT ON COLUMN tonnage.is_suspect IS 'True where the figure is not believed; it is then replaced by the région''s tonnes per inhabitant';
COMMENT ON COLUMN tonnage.note IS 'Why it is not believed (French)';
COMMENT ON COLUMN tonnage.source IS 'Survey';

CREATE TABLE points_per_region (
  region text PRIMARY KEY REFERENCES region,
  points integer NOT NULL CHECK (points >= 0),
  year   integer NOT NULL,
  source text NOT NULL REFERENCES source
);
COMMENT ON TABLE points_per_region IS 'Open public déchèteries by région: what the estimated network is scaled to';
COMMENT ON COLUMN points_per_region.region IS 'Région';
COMMENT ON COLUMN points_per_region.points IS 'Number of open déchèteries';
COMMENT ON COLUMN points_per_region.year IS 'Year of the count';
COMMENT ON COLUMN points_per_region.source IS 'Who counted';
