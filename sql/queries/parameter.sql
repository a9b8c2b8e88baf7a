-- name: parameter_list
-- Result: id, value, low, high, unit, component, label, note, source, source_title, year (null),
-- confidence; by id.
SELECT p.id, p.value, p.low, p.high, p.unit, p.component, p.label, p.note, p.source, s.title AS source_title,
       p.year, p.confidence
  FROM parameter p
  JOIN source s ON s.id = p.source
 ORDER BY p.id;

-- name: parameter_unknown
-- $1 overrides (JSON object {id: number}). Result: id, reason ('unknown' or 'not_a_number'), for
-- each entry that is wrong.
SELECT o.key AS id, CASE WHEN p.id IS NULL THEN 'unknown' ELSE 'not_a_number' END AS reason
  FROM jsonb_each($1::jsonb) AS o
  LEFT JOIN parameter p ON p.id = o.key
 WHERE p.id IS NULL OR jsonb_typeof(o.value) <> 'number'
 ORDER BY o.key;
