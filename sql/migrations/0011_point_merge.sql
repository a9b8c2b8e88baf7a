-- Several directories describe the same place: what kind of place a point is, and which points are one.
-- Names are compared by trigrams (pg_trgm comes with PostgreSQL itself).
CREATE EXTENSION IF NOT EXISTS pg_trgm;

ALTER TABLE parameter DROP CONSTRAINT parameter_component_check;
ALTER TABLE parameter ADD CONSTRAINT parameter_component_check CHECK (component IN
  ('volume', 'haulage', 'handling', 'capex', 'upkeep', 'jobs', 'energy', 'consumables', 'residue',
   'revenue', 'treatment', 'site', 'gate', 'carbon', 'finance', 'indicator', 'record'));
COMMENT ON COLUMN parameter.component IS 'Part of the result it feeds, by which the verdict says how sure it is; record: how imported points and recorded lines are used';

ALTER TABLE collection_point
  ADD COLUMN kind text NOT NULL DEFAULT 'decheterie' CHECK (kind IN ('decheterie', 'commerce', 'ess', 'autre')),
  ADD COLUMN merged_into bigint REFERENCES collection_point
    CHECK (merged_into IS NULL OR merged_into <> id AND NOT is_open);
CREATE INDEX collection_point_merged ON collection_point (merged_into) WHERE merged_into IS NOT NULL;
COMMENT ON COLUMN collection_point.kind IS 'decheterie; commerce: a shop that takes equipment back; ess: reuse and social economy; autre: anything else. Communes are served by déchèteries; the others share what reaches their commune';
COMMENT ON COLUMN collection_point.merged_into IS 'The point it is one with, by a merge that was accepted: it is closed and its lines count for that point. Null otherwise';

CREATE TABLE point_merge (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kept        bigint NOT NULL REFERENCES collection_point,
  gone        bigint NOT NULL REFERENCES collection_point CHECK (gone <> kept),
  score       double precision NOT NULL CHECK (score BETWEEN 0 AND 1),
  distance_m  double precision NOT NULL CHECK (distance_m >= 0),
  similarity  double precision NOT NULL CHECK (similarity BETWEEN 0 AND 1),
  why         text NOT NULL CHECK (why <> ''),
  state       text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'accepted', 'refused', 'undone')),
  proposed_at timestamptz NOT NULL DEFAULT now(),
  decided_at  timestamptz CHECK ((decided_at IS NULL) = (state = 'proposed')),
  decided_by  bigint REFERENCES person
);
CREATE UNIQUE INDEX point_merge_pair ON point_merge (least(kept, gone), greatest(kept, gone));
CREATE INDEX point_merge_waiting ON point_merge (score DESC, id) WHERE state = 'proposed';
COMMENT ON TABLE point_merge IS 'Points of two directories that seem to be one place. Proposed by rule, decided by a person, and undone if need be; a pair is proposed once';
COMMENT ON COLUMN point_merge.id IS 'Identity';
COMMENT ON COLUMN point_merge.kept IS 'The point that stays: the one placed exactly, else the older one';
COMMENT ON COLUMN point_merge.gone IS 'The point that is closed and counted with it once accepted';
COMMENT ON COLUMN point_merge.score IS 'How sure the rule is, 0 to 1: half nearness, half likeness of names';
COMMENT ON COLUMN point_merge.distance_m IS 'Metres between the two';
COMMENT ON COLUMN point_merge.similarity IS 'Likeness of the two names, 0 to 1: trigrams in common once accents, case and words that say nothing are left out';
COMMENT ON COLUMN point_merge.why IS 'Why it is proposed, in plain words (French)';
COMMENT ON COLUMN point_merge.state IS 'proposed, accepted, refused, or undone: accepted once, and taken back';
COMMENT ON COLUMN point_merge.proposed_at IS 'When the rule found it';
COMMENT ON COLUMN point_merge.decided_at IS 'When it was last decided; null while proposed';
COMMENT ON COLUMN point_merge.decided_by IS 'Who decided; null on the command line';

-- A decision and what it does to the points are one: nothing else sets merged_into.
CREATE FUNCTION point_merge_decide(wanted bigint, decision text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  m point_merge;
BEGIN
  SELECT * INTO m FROM point_merge WHERE id = wanted FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 'missing';
  END IF;
  PERFORM FROM collection_point WHERE id IN (m.kept, m.gone) ORDER BY id FOR UPDATE;
  IF decision = 'accepted' AND m.state IN ('proposed', 'refused', 'undone') THEN
    IF EXISTS (SELECT FROM collection_point WHERE id IN (m.kept, m.gone) AND NOT is_open) THEN
      RETURN 'closed';
    END IF;
    UPDATE collection_point
       SET is_open = false, valid_to = greatest(current_date, valid_from), merged_into = m.kept
     WHERE id = m.gone;
  ELSIF decision = 'refused' AND m.state = 'proposed' THEN
    NULL;
  ELSIF decision = 'undone' AND m.state = 'accepted' THEN
    UPDATE collection_point SET is_open = true, valid_to = NULL, merged_into = NULL WHERE id = m.gone;
  ELSE
    RETURN 'wrong';
  END IF;
  UPDATE point_merge SET state = decision, decided_at = now(), decided_by = app_person() WHERE id = wanted;
  RETURN 'done';
END $$;
COMMENT ON FUNCTION point_merge_decide(bigint, text) IS 'Accepts, refuses or undoes a merge: done; missing, wrong (not possible from its state) or closed (one of the points is closed, so is not to be merged) change nothing';
REVOKE EXECUTE ON FUNCTION point_merge_decide(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION point_merge_decide(bigint, text) TO recircuit_app;
GRANT SELECT ON point_merge TO recircuit_app;
