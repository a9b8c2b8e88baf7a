-- Whom people work for, and the territories whose lines their planners see.

-- name: organisation_create
-- $1 name, $2 SIRET or null, $3 kind. Result: id; no row when the name or the SIRET is taken.
INSERT INTO organisation (name, siret, kind) VALUES ($1::text, $2::text, $3::text)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: organisation_list
-- Result: id, name, siret (null), kind, people (how many), mandates (JSON: level, code, name), created_at; by name.
SELECT o.id, o.name, o.siret, o.kind,
       (SELECT count(*) FROM person p WHERE p.organisation = o.id) AS people,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('level', m.level, 'code', m.code, 'name',
                 CASE m.level WHEN 'region' THEN (SELECT name FROM region WHERE code = m.code)
                              WHEN 'departement' THEN (SELECT name FROM departement WHERE code = m.code)
                              ELSE (SELECT name FROM epci WHERE siren = m.code) END)
               ORDER BY m.level, m.code), '[]')
          FROM mandate m WHERE m.organisation = o.id) AS mandates,
       o.created_at
  FROM organisation o
 ORDER BY o.name;

-- name: organisation_find
-- $1 id or null, $2 name or null. Result: id, name.
SELECT id, name FROM organisation WHERE id = $1::bigint OR name = $2::text;

-- name: mandate_fault
-- $1 level, $2 code. What is wrong with a territory (French); no row when nothing is.
SELECT format('Ce territoire n’existe pas : %s « %s ».', $1::text, $2::text) AS fault
 WHERE NOT CASE $1::text
             WHEN 'region' THEN EXISTS (SELECT FROM region WHERE code = $2::text)
             WHEN 'departement' THEN EXISTS (SELECT FROM departement WHERE code = $2::text)
             WHEN 'epci' THEN EXISTS (SELECT FROM epci WHERE siren = $2::text)
             ELSE false
           END;

-- name: mandate_add
-- $1 organisation, $2 level, $3 code. No row; again = the same.
INSERT INTO mandate (organisation, level, code) VALUES ($1::bigint, $2::text, $3::text) ON CONFLICT DO NOTHING;

-- name: mandate_end
-- $1 organisation, $2 level, $3 code. Result: code; no row when there is no such mandate.
DELETE FROM mandate WHERE organisation = $1::bigint AND level = $2::text AND code = $3::text RETURNING code;
