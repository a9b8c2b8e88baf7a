-- Provenance: every other reference row names one of these.
CREATE TEMP TABLE staging_source (
  id text, title text, publisher text, year integer, licence text, note text
) ON COMMIT DROP;
-- copy: sources.csv into staging_source(id, title, publisher, year, licence, note)
INSERT INTO source AS t
SELECT id, title, publisher, year, licence, coalesce(note, '') FROM staging_source
ON CONFLICT (id) DO UPDATE
   SET title = excluded.title, publisher = excluded.publisher, year = excluded.year,
       licence = excluded.licence, note = excluded.note
 WHERE t IS DISTINCT FROM excluded;
