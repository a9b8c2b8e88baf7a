-- What a stranger needs to prove a run again: the question put to the solver and its whole answer, with
-- the multipliers that prove its bound, byte for byte.

CREATE TABLE plan_file (
  run     bigint PRIMARY KEY REFERENCES plan,
  network text NOT NULL,
  answer  text NOT NULL
);
COMMENT ON TABLE plan_file IS 'The files of a run: recircuit-solve check --bound network answer proves it anew';
COMMENT ON COLUMN plan_file.run IS 'Run';
COMMENT ON COLUMN plan_file.network IS 'The network as the solver read it (solver/FORMAT.md); its SHA-256 is run.network_sha256';
COMMENT ON COLUMN plan_file.answer IS 'The answer as the solver wrote it: plan, accounts, certificate';

CREATE TRIGGER plan_file_is_kept BEFORE UPDATE OR DELETE ON plan_file
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
