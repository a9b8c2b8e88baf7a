-- Road distances that a planner has from a router, which then take precedence over the great-circle rule.

CREATE TABLE distance_matrix (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 100),
  scenario    bigint REFERENCES scenario,
  imported_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX distance_matrix_name ON distance_matrix (name, coalesce(scenario, 0));
COMMENT ON TABLE distance_matrix IS 'Sets of road distances, each from one router and one day';
COMMENT ON COLUMN distance_matrix.id IS 'Identity; of two that say the same pair the greater counts';
COMMENT ON COLUMN distance_matrix.name IS 'Where they come from, in the words of whoever imported them; importing under the same name changes the set';
COMMENT ON COLUMN distance_matrix.scenario IS 'The only scenario it is for, before any that is for all; null: for all';
COMMENT ON COLUMN distance_matrix.imported_at IS 'When it was last written';

CREATE TABLE distance (
  matrix     bigint NOT NULL REFERENCES distance_matrix ON DELETE CASCADE,
  from_place text NOT NULL CHECK (from_place <> ''),
  to_place   text NOT NULL CHECK (to_place <> ''),
  km         double precision NOT NULL CHECK (km BETWEEN 0 AND 3000),
  minutes    double precision CHECK (minutes BETWEEN 0 AND 6000),
  PRIMARY KEY (to_place, from_place, matrix)
);
COMMENT ON TABLE distance IS 'One pair of a matrix, one way';
COMMENT ON COLUMN distance.matrix IS 'Its set';
COMMENT ON COLUMN distance.from_place IS 'INSEE code of a commune, or a collection point as origin:key (sinoe:1021)';
COMMENT ON COLUMN distance.to_place IS 'INSEE code of a commune, or the code of a site (candidate:45234)';
COMMENT ON COLUMN distance.km IS 'By road, one way';
COMMENT ON COLUMN distance.minutes IS 'Driving time, one way; null: from the speed of the scenario';
GRANT SELECT ON distance_matrix, distance TO recircuit_app;
