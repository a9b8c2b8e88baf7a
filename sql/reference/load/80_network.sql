-- What the stated rules derive from all the rest: no file of its own.
SELECT * FROM derived.refresh_estimated_points();
SELECT derived.refresh_unlisted_sites();
SELECT derived.refresh_candidates();
-- The next statement is a network extraction: give the planner its figures now.
ANALYZE collection_point, site, site_flow;
