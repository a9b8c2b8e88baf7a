-- name: source_list
-- Result: id, title, publisher, year (null), licence, note; by id.
SELECT id, title, publisher, year, licence, note FROM source ORDER BY id;
