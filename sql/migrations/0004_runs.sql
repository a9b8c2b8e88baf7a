-- What users ask and what they were answered: scenarios, runs, plans.
-- A run belongs to whoever holds (id, attempt): every write of a worker names both, so that a worker
-- that was thought dead and comes back changes nothing.

CREATE TABLE scenario (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code        text NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name        text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 200),
  description text NOT NULL DEFAULT '' CHECK (length(description) <= 5000),
  created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE scenario IS 'A question asked to the model; its content is in scenario_version';
COMMENT ON COLUMN scenario.id IS 'Identity';
COMMENT ON COLUMN scenario.code IS 'Name in addresses';
COMMENT ON COLUMN scenario.name IS 'Name shown to users (French)';
COMMENT ON COLUMN scenario.description IS 'What it studies (French)';
COMMENT ON COLUMN scenario.created_at IS 'When it was created';

CREATE TABLE scenario_version (
  scenario   bigint NOT NULL REFERENCES scenario,
  version    integer NOT NULL CHECK (version > 0),
  definition jsonb NOT NULL CHECK (jsonb_typeof(definition) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scenario, version)
);
COMMENT ON TABLE scenario_version IS 'Immutable content of a scenario; a change is a new version';
COMMENT ON COLUMN scenario_version.scenario IS 'Scenario';
COMMENT ON COLUMN scenario_version.version IS '1, 2, ...: the highest is current';
COMMENT ON COLUMN scenario_version.definition IS 'regions: INSEE codes; parameters: {id: number} that differ from table parameter; candidates: "default" or an array of site codes; see docs/data.md';
COMMENT ON COLUMN scenario_version.created_at IS 'When it was written';
CREATE TRIGGER scenario_version_is_kept BEFORE UPDATE OR DELETE ON scenario_version
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER scenario_version_is_not_emptied BEFORE TRUNCATE ON scenario_version
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The service says the same earlier and line by line; this is what nobody can go round.
CREATE FUNCTION scenario_version_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong text;
BEGIN
  IF jsonb_typeof(NEW.definition -> 'regions') IS DISTINCT FROM 'array'
     OR NEW.definition -> 'regions' = '[]' THEN
    RAISE EXCEPTION 'le scénario doit nommer au moins une région' USING ERRCODE = 'check_violation';
  END IF;
  SELECT string_agg(r #>> '{}', ', ') INTO wrong
    FROM jsonb_array_elements(NEW.definition -> 'regions') AS r
   WHERE NOT EXISTS (SELECT FROM region WHERE code = r #>> '{}');
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'région inconnue : %', wrong USING ERRCODE = 'check_violation';
  END IF;
  IF jsonb_typeof(coalesce(NEW.definition -> 'parameters', '{}')) <> 'object' THEN
    RAISE EXCEPTION '« parameters » doit être un objet {nom: nombre}' USING ERRCODE = 'check_violation';
  END IF;
  SELECT string_agg(p.key, ', ') INTO wrong
    FROM jsonb_each(coalesce(NEW.definition -> 'parameters', '{}')) AS p
   WHERE jsonb_typeof(p.value) <> 'number' OR NOT EXISTS (SELECT FROM parameter WHERE id = p.key);
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'paramètre inconnu ou sans valeur numérique : %', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION scenario_version_check() IS 'Refuses a definition without régions, or naming régions or parameters that do not exist';
CREATE TRIGGER scenario_version_check BEFORE INSERT ON scenario_version
  FOR EACH ROW EXECUTE FUNCTION scenario_version_check();

CREATE TABLE run (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  scenario         bigint NOT NULL,
  version          integer NOT NULL,
  kind             text NOT NULL DEFAULT 'plan' CHECK (kind IN ('plan')),
  state            text NOT NULL DEFAULT 'queued'
                   CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  attempt          integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  frozen           jsonb NOT NULL CHECK (jsonb_typeof(frozen) = 'object'),
  worker           text,
  lease_until      timestamptz,
  cancel_requested boolean NOT NULL DEFAULT false,
  seed             bigint NOT NULL DEFAULT 1 CHECK (seed >= 0),
  created_at       timestamptz NOT NULL DEFAULT now(),
  started_at       timestamptz,
  finished_at      timestamptz,
  network_sha256   text CHECK (network_sha256 ~ '^[0-9a-f]{64}$'),
  solver_version   text,
  verdict          jsonb,
  error            text,
  FOREIGN KEY (scenario, version) REFERENCES scenario_version (scenario, version),
  CHECK ((state = 'running') = (lease_until IS NOT NULL)),
  CHECK ((state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  CHECK (state <> 'done' OR (verdict IS NOT NULL AND network_sha256 IS NOT NULL)),
  CHECK ((state = 'failed') = (error IS NOT NULL))
);
CREATE INDEX run_waiting ON run (created_at, id) WHERE state IN ('queued', 'running');
CREATE INDEX run_scenario ON run (scenario, version, id);
COMMENT ON TABLE run IS 'One computation of one scenario version, and the queue of those to do';
COMMENT ON COLUMN run.id IS 'Identity';
COMMENT ON COLUMN run.scenario IS 'Scenario computed';
COMMENT ON COLUMN run.version IS 'Its version';
COMMENT ON COLUMN run.kind IS 'What is computed: plan = where to build, with and without new platforms';
COMMENT ON COLUMN run.state IS 'queued, running, done, failed or cancelled; the last three are final';
COMMENT ON COLUMN run.attempt IS 'How many times it was claimed; with id, the fencing token of every write by a worker';
COMMENT ON COLUMN run.frozen IS 'The definition with all parameter values as they were when the run was asked for';
COMMENT ON COLUMN run.worker IS 'Who claimed it last (host and process)';
COMMENT ON COLUMN run.lease_until IS 'While running: when the claim expires unless renewed';
COMMENT ON COLUMN run.cancel_requested IS 'A user asked to stop; the worker sees it at its next heartbeat';
COMMENT ON COLUMN run.seed IS 'Seed of the solver: same network and seed, same answer';
COMMENT ON COLUMN run.created_at IS 'When it was asked for';
COMMENT ON COLUMN run.started_at IS 'When it was first claimed';
COMMENT ON COLUMN run.finished_at IS 'When it reached its final state';
COMMENT ON COLUMN run.network_sha256 IS 'SHA-256 of the network given to the solver';
COMMENT ON COLUMN run.solver_version IS 'Version of recircuit-solve that answered';
COMMENT ON COLUMN run.verdict IS 'The answer in short: viable, not viable or undecided, with its figures';
COMMENT ON COLUMN run.error IS 'Why it failed, in words a user may read (French)';

CREATE FUNCTION run_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('done', 'failed', 'cancelled') THEN
    RAISE EXCEPTION 'le calcul % est terminé : il ne change plus', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.scenario, NEW.version, NEW.kind, NEW.frozen, NEW.seed, NEW.created_at)
     IS DISTINCT FROM (OLD.id, OLD.scenario, OLD.version, OLD.kind, OLD.frozen, OLD.seed, OLD.created_at)
     OR NEW.attempt < OLD.attempt THEN
    RAISE EXCEPTION 'ce que demande le calcul % ne change plus', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION run_guard() IS 'Keeps what a run was asked, and everything once it is over';
CREATE TRIGGER run_guard BEFORE UPDATE ON run FOR EACH ROW EXECUTE FUNCTION run_guard();

CREATE FUNCTION run_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.state = 'queued' THEN
    PERFORM pg_notify('run_queued', NEW.id::text);
  ELSE
    PERFORM pg_notify('run_progress', NEW.id::text);
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION run_notify() IS 'Wakes workers (run_queued) and watchers (run_progress); the payload is the run id';
CREATE TRIGGER run_notify_insert AFTER INSERT ON run FOR EACH ROW EXECUTE FUNCTION run_notify();
CREATE TRIGGER run_notify_update AFTER UPDATE ON run FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.cancel_requested IS DISTINCT FROM NEW.cancel_requested)
  EXECUTE FUNCTION run_notify();

CREATE TABLE run_progress (
  run     bigint NOT NULL REFERENCES run ON DELETE CASCADE,
  seq     integer NOT NULL CHECK (seq > 0),
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  stage   text NOT NULL,
  bound   double precision,
  cost    double precision,
  gap     double precision,
  seconds double precision,
  message text NOT NULL DEFAULT '',
  PRIMARY KEY (run, seq)
);
COMMENT ON TABLE run_progress IS 'What a run reports while it works, oldest first';
COMMENT ON COLUMN run_progress.run IS 'Run';
COMMENT ON COLUMN run_progress.seq IS '1, 2, ... over all attempts';
COMMENT ON COLUMN run_progress.at IS 'When it was reported';
COMMENT ON COLUMN run_progress.stage IS 'Stage name given by the worker or the solver';
COMMENT ON COLUMN run_progress.bound IS 'Proved lower bound on the cost, euros; null when none yet';
COMMENT ON COLUMN run_progress.cost IS 'Cost of the best plan so far, euros; null when none yet';
COMMENT ON COLUMN run_progress.gap IS '(cost - bound) / cost; null when unknown';
COMMENT ON COLUMN run_progress.seconds IS 'Seconds since the solver started';
COMMENT ON COLUMN run_progress.message IS 'One line for the user (French)';

CREATE FUNCTION run_progress_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('run_progress', NEW.run::text);
  RETURN NULL;
END $$;
COMMENT ON FUNCTION run_progress_notify() IS 'Wakes the watchers of a run (run_progress); the payload is the run id';
CREATE TRIGGER run_progress_notify AFTER INSERT ON run_progress
  FOR EACH ROW EXECUTE FUNCTION run_progress_notify();
CREATE TRIGGER run_progress_is_kept BEFORE UPDATE ON run_progress
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE plan (
  run            bigint PRIMARY KEY REFERENCES run,
  status         text NOT NULL CHECK (status <> ''),
  cost_eur       double precision NOT NULL,
  bound_eur      double precision NOT NULL,
  gap            double precision NOT NULL CHECK (gap >= 0),
  seconds        double precision NOT NULL CHECK (seconds >= 0),
  status_quo_eur double precision NOT NULL,
  reductions     jsonb NOT NULL DEFAULT '[]',
  report         jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE plan IS 'The plan of a finished run. Euros are discounted sums over the horizon, as the solver printed them';
COMMENT ON COLUMN plan.run IS 'Run that found it';
COMMENT ON COLUMN plan.status IS 'Status printed by the solver';
COMMENT ON COLUMN plan.cost_eur IS 'Cost of the plan with the platforms it opens';
COMMENT ON COLUMN plan.bound_eur IS 'Proved lower bound on the cost of any plan';
COMMENT ON COLUMN plan.gap IS '(cost - bound) / cost';
COMMENT ON COLUMN plan.seconds IS 'Time of the solver';
COMMENT ON COLUMN plan.status_quo_eur IS 'Cost without any new platform, same data and horizon';
COMMENT ON COLUMN plan.reductions IS 'How the network was made smaller before solving, each reduction with its effect';
COMMENT ON COLUMN plan.report IS 'Figures of the report: value, cost per tonne, effects, by year, region and cost component';

CREATE TABLE plan_line (
  run     bigint NOT NULL REFERENCES plan,
  site    bigint NOT NULL REFERENCES site,
  flow    text NOT NULL REFERENCES flow,
  year    integer NOT NULL,
  level_t double precision CHECK (level_t > 0),
  tonnes  double precision NOT NULL CHECK (tonnes >= 0),
  action  text NOT NULL CHECK (action IN ('open', 'expand', 'shrink', 'close', 'keep')),
  PRIMARY KEY (run, site, flow, year)
);
CREATE INDEX plan_line_site ON plan_line (site);
COMMENT ON TABLE plan_line IS 'Treatment lines of a plan, year by year, in new platforms and in existing plants';
COMMENT ON COLUMN plan_line.run IS 'Run';
COMMENT ON COLUMN plan_line.site IS 'Site';
COMMENT ON COLUMN plan_line.flow IS 'Stream';
COMMENT ON COLUMN plan_line.year IS 'Calendar year';
COMMENT ON COLUMN plan_line.level_t IS 'Capacity installed, tonnes a year; null for an existing plant, and in the year a line closes';
COMMENT ON COLUMN plan_line.tonnes IS 'Tonnes treated that year';
COMMENT ON COLUMN plan_line.action IS 'What happens at the start of that year';

CREATE TABLE plan_shipment (
  run    bigint NOT NULL REFERENCES plan,
  year   integer NOT NULL,
  flow   text NOT NULL REFERENCES flow,
  point  bigint NOT NULL REFERENCES collection_point,
  site   bigint NOT NULL REFERENCES site,
  tonnes double precision NOT NULL CHECK (tonnes > 0),
  km     double precision NOT NULL CHECK (km >= 0),
  PRIMARY KEY (run, year, flow, point, site)
);
COMMENT ON TABLE plan_shipment IS 'Who sends what where in a plan';
COMMENT ON COLUMN plan_shipment.run IS 'Run';
COMMENT ON COLUMN plan_shipment.year IS 'Calendar year';
COMMENT ON COLUMN plan_shipment.flow IS 'Stream';
COMMENT ON COLUMN plan_shipment.point IS 'Collection point';
COMMENT ON COLUMN plan_shipment.site IS 'Site that treats it';
COMMENT ON COLUMN plan_shipment.tonnes IS 'Tonnes that year';
COMMENT ON COLUMN plan_shipment.km IS 'Road distance, one way, kilometres';

DO $$
DECLARE
  kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['plan', 'plan_line', 'plan_shipment'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()',
      kept || '_is_kept', kept);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
      kept || '_is_not_emptied', kept);
  END LOOP;
END $$;
