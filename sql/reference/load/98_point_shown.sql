-- The tonnes that the map shows, now that points, communes and tonnages are in.
REFRESH MATERIALIZED VIEW derived.point_shown;
