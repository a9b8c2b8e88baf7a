-- What is published of recorded lines: one table a year, made once, from which nobody's own figures follow
-- (src/app/secrecy.c, docs/model.md).

CREATE TABLE statistic_release (
  year         integer PRIMARY KEY CHECK (year BETWEEN 2000 AND 2100),
  published_at timestamptz NOT NULL DEFAULT now(),
  least_organisations integer NOT NULL CHECK (least_organisations >= 3),
  most_share   double precision NOT NULL CHECK (most_share <= 0.85),
  width        double precision NOT NULL CHECK (width > 0),
  shown        integer NOT NULL CHECK (shown >= 0),
  withheld     integer NOT NULL CHECK (withheld >= 0),
  sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE statistic_release IS 'Years published. A year is published once: the difference between two versions of it would be another table, unprotected';
COMMENT ON COLUMN statistic_release.year IS 'Calendar year of reception, over when published';
COMMENT ON COLUMN statistic_release.published_at IS 'When';
COMMENT ON COLUMN statistic_release.least_organisations IS 'Cells of fewer organisations were withheld';
COMMENT ON COLUMN statistic_release.most_share IS 'Cells of which one organisation made more were withheld';
COMMENT ON COLUMN statistic_release.width IS 'Nobody can bracket a cell withheld by those rules closer than this share of it, both ways';
COMMENT ON COLUMN statistic_release.shown IS 'Cells shown';
COMMENT ON COLUMN statistic_release.withheld IS 'Cells withheld';
COMMENT ON COLUMN statistic_release.sha256 IS 'Of the cells, one a line: level, code, departement, flow, state, tonnes';

CREATE TABLE statistic (
  year        integer NOT NULL REFERENCES statistic_release,
  level       text NOT NULL CHECK (level IN ('total', 'region', 'departement', 'epci')),
  code        text NOT NULL,
  departement text NOT NULL DEFAULT '',
  flow        text NOT NULL,
  state       text NOT NULL CHECK (state IN ('shown', 'withheld', 'empty')),
  tonnes      double precision CHECK ((tonnes IS NOT NULL) = (state = 'shown')),
  expected_t  double precision NOT NULL CHECK (expected_t >= 0),
  PRIMARY KEY (year, level, code, departement, flow)
);
COMMENT ON TABLE statistic IS 'Recorded tonnes by territory and flow, as anybody may read them';
COMMENT ON COLUMN statistic.year IS 'Year';
COMMENT ON COLUMN statistic.level IS 'total, region, departement or epci (the part of an EPCI that lies in one département)';
COMMENT ON COLUMN statistic.code IS 'INSEE code, SIREN of the EPCI, "" for the total and for the communes of a département without EPCI';
COMMENT ON COLUMN statistic.departement IS 'Of an EPCI: its part in that département; "" otherwise';
COMMENT ON COLUMN statistic.flow IS 'Flow, or all';
COMMENT ON COLUMN statistic.state IS 'shown; withheld (secret statistique); empty: no line at all';
COMMENT ON COLUMN statistic.tonnes IS 'Tonnes recorded; null unless shown';
COMMENT ON COLUMN statistic.expected_t IS 'Household tonnes expected there that year (derived.commune_flow_tonnage), which owes nothing to lines';

DO $$
DECLARE
  kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['statistic_release', 'statistic'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()',
      kept || '_is_kept', kept);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
      kept || '_is_not_emptied', kept);
  END LOOP;
END $$;
GRANT SELECT ON statistic_release, statistic TO recircuit_app;
