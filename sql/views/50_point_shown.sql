-- What the map shows of each collection point: its household tonnes with the default parameters. The
-- catchments take seconds to compute, so the result is kept, and computed again after each load.
CREATE MATERIALIZED VIEW derived.point_shown AS
SELECT point, tonnes FROM derived.point_tonnage(derived.study_regions())
WITH NO DATA;
CREATE UNIQUE INDEX point_shown_point ON derived.point_shown (point);
COMMENT ON MATERIALIZED VIEW derived.point_shown IS 'Household DEEE reaching each open point of the study in the base year, default parameters; refreshed by a load and by statement point_refresh_shown';
COMMENT ON COLUMN derived.point_shown.point IS 'Collection point';
COMMENT ON COLUMN derived.point_shown.tonnes IS 'Tonnes a year, all streams';

-- Whoever may decide a merge may have the map drawn anew, and nothing else of the owner's.
CREATE FUNCTION derived.refresh_point_shown() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  REFRESH MATERIALIZED VIEW derived.point_shown
$$;
COMMENT ON FUNCTION derived.refresh_point_shown() IS 'Computes point_shown anew; takes seconds';
