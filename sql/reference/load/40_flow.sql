-- Streams and the List of Waste codes they are declared under.
CREATE TEMP TABLE staging_flow (id text, label text, category text, rank integer, note text) ON COMMIT DROP;
CREATE TEMP TABLE staging_flow_code (
  flow text, low_code text, is_hazardous boolean, label text, source text
) ON COMMIT DROP;
-- copy: flows.csv into staging_flow(id, label, category, rank, note)
-- copy: flow_codes.csv into staging_flow_code(flow, low_code, is_hazardous, label, source)
INSERT INTO flow AS t (id, label, category, rank, note)
SELECT id, label, category, rank, coalesce(note, '') FROM staging_flow
ON CONFLICT (id) DO UPDATE
   SET label = excluded.label, category = excluded.category, rank = excluded.rank, note = excluded.note
 WHERE t IS DISTINCT FROM excluded;

INSERT INTO flow_code AS t (flow, low_code, is_hazardous, label, source)
SELECT flow, low_code, is_hazardous, label, source FROM staging_flow_code
ON CONFLICT (flow, low_code) DO UPDATE
   SET is_hazardous = excluded.is_hazardous, label = excluded.label, source = excluded.source
 WHERE t IS DISTINCT FROM excluded;
