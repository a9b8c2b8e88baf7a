-- How sure the place of a collection point is: a directory may name a commune and no more.

ALTER TABLE collection_point
  ADD COLUMN precision text NOT NULL DEFAULT 'approximate' CHECK (precision IN ('exact', 'approximate'));
COMMENT ON COLUMN collection_point.precision IS
  'exact: coordinates given by the origin; approximate: the point of its commune, as for every estimated point';
