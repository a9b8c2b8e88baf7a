-- Outlines for the map.
CREATE TEMP TABLE staging_boundary (level text, code text, source text, wkt text) ON COMMIT DROP;
-- copy: boundaries.csv into staging_boundary(level, code, source, wkt)
INSERT INTO boundary AS t (level, code, source, geom)
SELECT level, code, source, ST_GeomFromText(wkt, 4326) FROM staging_boundary
ON CONFLICT (level, code) DO UPDATE SET source = excluded.source, geom = excluded.geom
 WHERE (t.source, t.geom::bytea) IS DISTINCT FROM (excluded.source, excluded.geom::bytea);
