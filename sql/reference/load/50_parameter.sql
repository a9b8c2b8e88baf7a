-- Scenario parameters. One that has left the file leaves the table too: scenario versions that
-- override it stay as they are, and past runs keep their frozen values.
CREATE TEMP TABLE staging_parameter (
  id text, value double precision, low double precision, high double precision, unit text, component text,
  label text, note text, source text, year integer, confidence text
) ON COMMIT DROP;
-- copy: parameters.csv into staging_parameter(id, value, low, high, unit, component, label, note, source, year, confidence)
INSERT INTO parameter AS t (id, value, low, high, unit, component, label, note, source, year, confidence)
SELECT id, value, low, high, unit, component, label, coalesce(note, ''), source, year, confidence
  FROM staging_parameter
ON CONFLICT (id) DO UPDATE
   SET value = excluded.value, low = excluded.low, high = excluded.high, unit = excluded.unit,
       component = excluded.component, label = excluded.label, note = excluded.note,
       source = excluded.source, year = excluded.year, confidence = excluded.confidence
 WHERE t IS DISTINCT FROM excluded;
DELETE FROM parameter WHERE id NOT IN (SELECT id FROM staging_parameter);
