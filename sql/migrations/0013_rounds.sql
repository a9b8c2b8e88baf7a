-- Collection rounds: a run of kind 'rounds' plans one week of pick-ups from some hubs.

ALTER TABLE run DROP CONSTRAINT run_kind_check;
ALTER TABLE run ADD CONSTRAINT run_kind_check CHECK (kind IN ('plan', 'study', 'rounds'));
COMMENT ON COLUMN run.kind IS 'What is computed: plan = where to build, with and without new platforms; study = what that answer hangs on; rounds = the collection rounds of a week';

ALTER TABLE parameter DROP CONSTRAINT parameter_component_check;
ALTER TABLE parameter ADD CONSTRAINT parameter_component_check CHECK (component IN
  ('volume', 'haulage', 'handling', 'capex', 'upkeep', 'jobs', 'energy', 'consumables', 'residue',
   'revenue', 'treatment', 'site', 'gate', 'carbon', 'finance', 'indicator', 'record', 'rounds'));

CREATE TABLE rounds_plan (
  run      bigint PRIMARY KEY REFERENCES run,
  question text NOT NULL,
  answer   text NOT NULL,
  report   jsonb NOT NULL CHECK (jsonb_typeof(report) = 'object'),
  geojson  text NOT NULL,
  csv      text NOT NULL,
  sheet    text NOT NULL
);
COMMENT ON TABLE rounds_plan IS 'The rounds of a finished run of kind rounds';
COMMENT ON COLUMN rounds_plan.run IS 'Run';
COMMENT ON COLUMN rounds_plan.question IS 'The question as the solver read it (solver/FORMAT.md), byte for byte; its SHA-256 is run.network_sha256';
COMMENT ON COLUMN rounds_plan.answer IS 'The answer as the solver wrote it, byte for byte: recircuit-solve check question answer judges it anew';
COMMENT ON COLUMN rounds_plan.report IS 'The same with names, words and places, for the page: docs/http-api.md';
COMMENT ON COLUMN rounds_plan.geojson IS 'The answer for maps, as the solver wrote it: a line a round, a point a stop';
COMMENT ON COLUMN rounds_plan.csv IS 'The answer for spreadsheets, as the solver wrote it: a line a stop';
COMMENT ON COLUMN rounds_plan.sheet IS 'The answer to print, as the solver wrote it: HTML, a page a round';

CREATE TABLE rounds_haulage (
  run          bigint NOT NULL REFERENCES rounds_plan,
  site         bigint NOT NULL REFERENCES site,
  flow         text NOT NULL REFERENCES flow,
  below_km     double precision NOT NULL CHECK (below_km > 0),
  tonnes       double precision NOT NULL CHECK (tonnes > 0),
  rounds_eur   double precision NOT NULL CHECK (rounds_eur >= 0),
  estimate_eur double precision NOT NULL CHECK (estimate_eur >= 0),
  PRIMARY KEY (run, site, flow, below_km)
);
CREATE INDEX rounds_haulage_site ON rounds_haulage (site);
COMMENT ON TABLE rounds_haulage IS 'What the tonnes of planned rounds cost to bring in, beside what the siting model assumes for the same tonnes';
COMMENT ON COLUMN rounds_haulage.run IS 'Run of kind rounds';
COMMENT ON COLUMN rounds_haulage.site IS 'Hub that they are brought to';
COMMENT ON COLUMN rounds_haulage.flow IS 'Stream';
COMMENT ON COLUMN rounds_haulage.below_km IS 'End of the band of distances, km by road from point to hub; the last band ends at 1e6';
COMMENT ON COLUMN rounds_haulage.tonnes IS 'Tonnes picked up in the week';
COMMENT ON COLUMN rounds_haulage.rounds_eur IS 'Their share of the cost of the rounds, EUR';
COMMENT ON COLUMN rounds_haulage.estimate_eur IS 'The cost of direct trips with full trailers for the same tonnes, EUR: the siting model without rounds';

DO $$
DECLARE
  kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['rounds_plan', 'rounds_haulage'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()',
      kept || '_is_kept', kept);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
      kept || '_is_not_emptied', kept);
  END LOOP;
END $$;

GRANT SELECT, INSERT ON rounds_plan, rounds_haulage TO recircuit_app;
