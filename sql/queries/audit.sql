-- name: audit_act
-- $1 organisation in whose chain the owner's tools write; a transaction that works for somebody keeps theirs. One row
-- that says nothing.
SELECT set_config('app.organisation', coalesce(app_organisation()::text, $1::text), true);

-- name: audit_append
-- $1 action, $2 detail (JSON object), $3 other organisations it is about (an array). Result: seq, its place in the
-- chain of the caller's organisation; 1 row.
SELECT audit_append($1::text, $2::jsonb, $3::bigint[]) AS seq;

-- name: audit_chains
-- $1 organisation (null: all). Result: organisation, name, head (the last entry of its chain, 0 without one), hash (of
-- the head, hexadecimal); by organisation.
SELECT o.id AS organisation, o.name, coalesce(h.seq, 0) AS head, encode(coalesce(h.hash, decode(repeat('00', 32), 'hex')), 'hex') AS hash
  FROM organisation o
  LEFT JOIN audit_head h ON h.organisation = o.id
 WHERE $1::bigint IS NULL OR o.id = $1::bigint
 ORDER BY o.id;

-- name: audit_entries
-- $1 organisation, $2 after that entry, $3 how many at most. The texts that hashes are made of are written here anew
-- (and in audit_lines): a function of the database could be made to lie. Result: seq, text, previous, hash, digest
-- (hexadecimal; digest null without lines), action, at; by seq.
SELECT a.seq,
       jsonb_build_array(a.organisation, a.seq, (extract(epoch FROM a.at) * 1000000)::bigint, a.person, a.action,
                         a.detail, a.about, encode(a.digest, 'hex'))::text AS text,
       encode(a.previous, 'hex') AS previous, encode(a.hash, 'hex') AS hash, encode(a.digest, 'hex') AS digest, a.action, a.at
  FROM audit a
 WHERE a.organisation = $1::bigint AND a.seq > $2::bigint
 ORDER BY a.seq
 LIMIT $3::bigint;

-- name: audit_lines
-- $1 organisation, $2 first and $3 last entry, $4 entry, $5 line and $6 version after which to go on, $7 how many at
-- most. Result: entry, id, version, public_id, text, digest (hexadecimal); by entry, id, version.
SELECT l.entry, l.id, l.version, l.public_id,
       jsonb_build_array(
         l.id, l.organisation, l.public_id, l.version, l.state, l.point, l.municipalities, l.communes, l.flow, l.low_code, l.day,
         l.weight_kg, l.is_estimate, l.volume_l, l.transport_mode, l.description, l.is_pop, l.carrier_siret, l.carrier_name,
         l.destination_siret, l.destination_name, l.producer_siret, l.producer_name, l.operation_code, l.operation_mode,
         l.channel, l.entry, l.created_by, extract(epoch FROM l.created_at), extract(epoch FROM l.updated_at))::text AS text,
       encode(l.digest, 'hex') AS digest
  FROM line_history l
 WHERE l.organisation = $1::bigint AND l.entry BETWEEN $2::bigint AND $3::bigint
   AND (l.entry, l.id, l.version) > ($4::bigint, $5::bigint, $6::integer)
 ORDER BY l.entry, l.id, l.version
 LIMIT $7::bigint;

-- name: audit_list
-- $1 organisation, $2 before that entry (null: from the last), $3 how many at most. Result: seq, at, login (of who
-- acted, null for the owner's tools), action, detail, about; the last first.
SELECT a.seq, a.at, p.login, a.action, a.detail, a.about
  FROM audit a
  LEFT JOIN person p ON p.id = a.person
 WHERE a.organisation = $1::bigint AND ($2::bigint IS NULL OR a.seq < $2::bigint)
 ORDER BY a.seq DESC
 LIMIT $3::bigint;
