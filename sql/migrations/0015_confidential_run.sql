-- A run on recorded volumes holds, point by point, what operators declared: it is read on behalf of the
-- planner who asked for it, and seen by planners with a mandate on all its régions alone.

ALTER TABLE run
  ADD COLUMN asked_by bigint REFERENCES person DEFAULT nullif(current_setting('app.person', true), '')::bigint,
  ADD COLUMN is_confidential boolean NOT NULL
    GENERATED ALWAYS AS (coalesce(frozen ->> 'volumes', 'estimated') <> 'estimated') STORED;
COMMENT ON COLUMN run.asked_by IS 'Who asked; lines are read with that person''s rights. Null: a visitor, or the command line';
COMMENT ON COLUMN run.is_confidential IS 'Whether it rests on recorded lines';

CREATE FUNCTION app_has_mandate_on(regions text[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT app_role() = 'planner' AND app_organisation() IS NOT NULL AND cardinality(regions) > 0 AND NOT EXISTS (
    SELECT FROM unnest(regions) AS r
     WHERE NOT EXISTS (SELECT FROM mandate m WHERE m.organisation = app_organisation() AND m.level = 'region' AND m.code = r)
       AND EXISTS (SELECT FROM departement d
                    WHERE d.region = r AND NOT EXISTS (
                          SELECT FROM mandate m WHERE m.organisation = app_organisation() AND m.level = 'departement' AND m.code = d.code)))
$$;
COMMENT ON FUNCTION app_has_mandate_on(text[]) IS 'Whether the caller is a planner whose organisation has a mandate on the whole of these régions';

CREATE FUNCTION run_regions(frozen jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(code), '{}') FROM jsonb_array_elements_text(frozen -> 'regions') AS code
$$;
COMMENT ON FUNCTION run_regions(jsonb) IS 'Régions of a frozen definition, for policies (schema derived may be absent)';

-- The worker does every run; it says so once connected. Where nobody says who asks, what is
-- confidential does not exist.
ALTER TABLE run ENABLE ROW LEVEL SECURITY;
CREATE POLICY run_seen ON run TO recircuit_app
  USING (NOT is_confidential OR (SELECT app_role()) = 'worker' OR app_has_mandate_on(run_regions(frozen)));

DO $$
DECLARE
  part text;
BEGIN
  FOREACH part IN ARRAY ARRAY['run_progress', 'plan', 'plan_line', 'plan_shipment', 'plan_file', 'study',
                             'rounds_plan', 'rounds_haulage'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('CREATE POLICY %I ON %I TO recircuit_app USING (run IN (SELECT id FROM run))', part || '_seen', part);
  END LOOP;
END $$;

-- Lines are read as whoever asked: what that person may not see, the run does not see.
CREATE FUNCTION run_act_as_asker(wanted bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  who person;
BEGIN
  IF app_role() <> 'worker' THEN
    RETURN false;
  END IF;
  SELECT p.* INTO who FROM run r JOIN person p ON p.id = r.asked_by WHERE r.id = wanted AND p.is_active;
  IF who.id IS NULL THEN
    RETURN false;
  END IF;
  PERFORM set_config('app.person', who.id::text, true), set_config('app.organisation', who.organisation::text, true),
          set_config('app.role', who.role, true);
  RETURN true;
END $$;
COMMENT ON FUNCTION run_act_as_asker(bigint) IS 'For the worker: to the end of the transaction, acts as the person who asked for a run; false when that is nobody, or somebody who has left';
REVOKE EXECUTE ON FUNCTION app_has_mandate_on(text[]), run_act_as_asker(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_has_mandate_on(text[]), run_act_as_asker(bigint) TO recircuit_app;

-- Who asked is part of what was asked.
CREATE OR REPLACE FUNCTION run_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('done', 'failed', 'cancelled') THEN
    RAISE EXCEPTION 'le calcul % est terminé : il ne change plus', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.scenario, NEW.version, NEW.kind, NEW.frozen, NEW.seed, NEW.created_at, NEW.asked_by)
     IS DISTINCT FROM (OLD.id, OLD.scenario, OLD.version, OLD.kind, OLD.frozen, OLD.seed, OLD.created_at, OLD.asked_by)
     OR NEW.attempt < OLD.attempt THEN
    RAISE EXCEPTION 'ce que demande le calcul % ne change plus', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION scenario_version_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong text;
BEGIN
  IF jsonb_typeof(NEW.definition -> 'regions') IS DISTINCT FROM 'array'
     OR NEW.definition -> 'regions' = '[]' THEN
    RAISE EXCEPTION 'le scénario doit nommer au moins une région' USING ERRCODE = 'check_violation';
  END IF;
  IF coalesce(NEW.definition ->> 'volumes', 'estimated') NOT IN ('estimated', 'recorded', 'recorded_where_covered') THEN
    RAISE EXCEPTION '« volumes » doit être estimated, recorded ou recorded_where_covered' USING ERRCODE = 'check_violation';
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
