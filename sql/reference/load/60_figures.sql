-- Survey tonnages, number of déchèteries, régions of the study.
CREATE TEMP TABLE staging_tonnage (
  departement text, year integer, tonnes double precision, is_suspect boolean, note text, source text
) ON COMMIT DROP;
CREATE TEMP TABLE staging_points (region text, points integer, year integer, source text) ON COMMIT DROP;
CREATE TEMP TABLE staging_study (
  region text, rank integer, has_unlisted_site boolean, note text, source text
) ON COMMIT DROP;
-- copy: tonnages.csv into staging_tonnage(departement, year, tonnes, is_suspect, note, source)
-- copy: points_per_region.csv into staging_points(region, points, year, source)
-- copy: study_regions.csv into staging_study(region, rank, has_unlisted_site, note, source)
INSERT INTO tonnage AS t (departement, year, tonnes, is_suspect, note, source)
SELECT departement, year, tonnes, is_suspect, coalesce(note, ''), source FROM staging_tonnage
ON CONFLICT (departement, year) DO UPDATE
   SET tonnes = excluded.tonnes, is_suspect = excluded.is_suspect, note = excluded.note, source = excluded.source
 WHERE t IS DISTINCT FROM excluded;

INSERT INTO points_per_region AS t (region, points, year, source)
SELECT region, points, year, source FROM staging_points
ON CONFLICT (region) DO UPDATE
   SET points = excluded.points, year = excluded.year, source = excluded.source
 WHERE t IS DISTINCT FROM excluded;

-- Ranks are unique: rewritten whole rather than row by row.
DELETE FROM study_region;
INSERT INTO study_region (region, rank, has_unlisted_site, note, source)
SELECT region, rank, has_unlisted_site, coalesce(note, ''), source FROM staging_study;
