-- Studies: what the answer of a run hangs on, and how its cost may be shared. A study is a run of its own
-- that asks more of the question another run was asked.

ALTER TABLE run DROP CONSTRAINT run_kind_check;
ALTER TABLE run ADD CONSTRAINT run_kind_check CHECK (kind IN ('plan', 'study'));
ALTER TABLE run ADD COLUMN studied bigint REFERENCES run;
ALTER TABLE run ADD CONSTRAINT run_studied_check CHECK ((kind = 'study') = (studied IS NOT NULL));
CREATE INDEX run_studied ON run (studied, id) WHERE studied IS NOT NULL;
COMMENT ON COLUMN run.kind IS 'What is computed: plan = where to build, with and without new platforms; study = what that answer hangs on';
COMMENT ON COLUMN run.studied IS 'Of a study: the run whose question it asks more of; its frozen definition begins as a copy of that run''s';

CREATE OR REPLACE FUNCTION run_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('done', 'failed', 'cancelled') THEN
    RAISE EXCEPTION 'le calcul % est terminé : il ne change plus', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.scenario, NEW.version, NEW.kind, NEW.studied, NEW.frozen, NEW.seed, NEW.created_at)
     IS DISTINCT FROM (OLD.id, OLD.scenario, OLD.version, OLD.kind, OLD.studied, OLD.frozen, OLD.seed, OLD.created_at)
     OR NEW.attempt < OLD.attempt THEN
    RAISE EXCEPTION 'ce que demande le calcul % ne change plus', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TABLE study (
  run     bigint PRIMARY KEY REFERENCES run,
  network text NOT NULL,
  answer  text NOT NULL,
  report  jsonb NOT NULL CHECK (jsonb_typeof(report) = 'object')
);
COMMENT ON TABLE study IS 'What a finished study found';
COMMENT ON COLUMN study.run IS 'The study''s own run';
COMMENT ON COLUMN study.network IS 'The network as the solver read it, with its member "study" (solver/FORMAT.md), byte for byte';
COMMENT ON COLUMN study.answer IS 'The answer as the solver wrote it, byte for byte';
COMMENT ON COLUMN study.report IS 'The same in the words and figures people read, a member for each part asked: docs/http-api.md';

CREATE TRIGGER study_is_kept BEFORE UPDATE OR DELETE ON study
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER study_is_not_emptied BEFORE TRUNCATE ON study
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
