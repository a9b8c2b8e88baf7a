-- Points that seem to be one place: proposed, accepted, refused, undone.

-- name: merge_propose
-- To call at the end of an import. A pair is proposed once, whatever was decided of it. Result:
-- proposed (how many new ones); 1 row.
WITH added AS (
  INSERT INTO point_merge (kept, gone, score, distance_m, similarity, why)
  SELECT kept, gone, score, distance_m, similarity, why FROM derived.merge_candidates()
  ON CONFLICT (least(kept, gone), greatest(kept, gone)) DO NOTHING
  RETURNING id
)
SELECT count(*) AS proposed FROM added;

-- name: merge_list
-- $1 state or null for all; $2 last id seen (0 to start); $3 page size. Result: id, state, score,
-- distance_m, similarity, why, kept (JSON {id, name, origin, key, commune, precision}), gone (the
-- same), proposed_at, decided_at (null); by id.
SELECT m.id, m.state, m.score, m.distance_m, m.similarity, m.why,
       jsonb_build_object('id', k.id, 'name', k.name, 'origin', k.origin, 'key', k.origin_id, 'commune', k.commune, 'precision', k.precision) AS kept,
       jsonb_build_object('id', g.id, 'name', g.name, 'origin', g.origin, 'key', g.origin_id, 'commune', g.commune, 'precision', g.precision) AS gone,
       m.proposed_at, m.decided_at
  FROM point_merge m
  JOIN collection_point k ON k.id = m.kept
  JOIN collection_point g ON g.id = m.gone
 WHERE ($1::text IS NULL OR m.state = $1::text) AND m.id > $2::bigint
 ORDER BY m.id
 LIMIT $3::integer;

-- name: merge_decide
-- $1 merge, $2 accepted, refused or undone. Result: outcome (done; missing, wrong, closed: nothing was
-- changed), state (after; null when missing); 1 row.
SELECT outcome, (SELECT state FROM point_merge WHERE id = $1::bigint AND outcome <> 'done') AS state
  FROM point_merge_decide($1::bigint, $2::text) AS outcome;

-- name: merge_refresh
-- To call after decisions: the tonnes that the map shows; takes seconds. No row.
SELECT derived.refresh_point_shown();
