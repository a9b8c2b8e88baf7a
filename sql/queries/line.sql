-- name: line_begin
-- Keeps other writers of the caller's organisation waiting until the end of the transaction. Result: entry (of the
-- audit, that this transaction's lines are to name); 1 row. From here on lines are looked up by their indexes, with plans
-- that were made for a table of about this size.
SELECT audit_begin() AS entry, set_config('enable_seqscan', 'off', true), line_replan();

-- name: line_write
-- Records lines that src/codec/line.c has found good, each public_id once. To call after line_begin, in its
-- transaction. $1 JSON array of {n, public_id, reason (EDIT, CANCEL or null), point, municipalities, flow, low_code, day,
-- weight_kg, is_estimate, volume_l, transport_mode, description, is_pop, carrier_siret, carrier_name, destination_siret,
-- destination_name, producer_siret, producer_name, operation_code, operation_mode}; $2 entry; $3 channel. What only the
-- register knows is judged here: a line already known comes before everything else, so that a file sent again is
-- unchanged however old. Result: n, verdict (created, unchanged, edited, cancelled, rejected), reason (French, "" when
-- there is nothing to say), id, version (both null when rejected); 1 row for each item, by n.
WITH item AS MATERIALIZED (
  SELECT *
    FROM json_to_recordset($1::json) AS i (
         n integer, public_id text, reason text, point bigint, municipalities text[], flow text, low_code text, day date,
         weight_kg bigint, is_estimate boolean, volume_l integer, transport_mode text, description text, is_pop boolean,
         carrier_siret text, carrier_name text, destination_siret text, destination_name text, producer_siret text,
         producer_name text, operation_code text, operation_mode text)
), today AS (
  SELECT (now() AT TIME ZONE 'Europe/Paris')::date AS day
), code AS MATERIALIZED (
  SELECT f.low_code, array_agg(f.flow ORDER BY f.flow) AS flows, CASE WHEN count(*) = 1 THEN min(f.flow) END AS only_flow
    FROM flow_code f GROUP BY f.low_code
), met AS MATERIALIZED (
  SELECT i.*, l.id AS known, l.version AS known_version, l.state AS known_state, p.commune AS point_commune,
         coalesce(i.flow, c.only_flow) AS the_flow,
         i.point IS NOT DISTINCT FROM l.point AND i.municipalities = l.municipalities
           AND coalesce(i.flow, c.only_flow) = l.flow AND i.low_code = l.low_code
           AND i.day = l.day AND i.weight_kg = l.weight_kg AND i.is_estimate = l.is_estimate
           AND (i.volume_l, i.transport_mode, i.description, i.is_pop, i.carrier_siret, i.carrier_name,
                i.destination_siret, i.destination_name, i.producer_siret, i.producer_name, i.operation_code, i.operation_mode)
               IS NOT DISTINCT FROM
               (l.volume_l, l.transport_mode, l.description, l.is_pop, l.carrier_siret, l.carrier_name,
                l.destination_siret, l.destination_name, l.producer_siret, l.producer_name, l.operation_code, l.operation_mode)
           AS is_same,
         CASE
           WHEN i.reason = 'CANCEL' THEN NULL
           WHEN i.day > t.day THEN
             format('« receptionDate » (date de réception) : le %s est dans le futur', to_char(i.day, 'DD/MM/YYYY'))
           WHEN i.day < t.day - interval '18 months' THEN
             format('« receptionDate » (date de réception) : le %s date de plus de 18 mois', to_char(i.day, 'DD/MM/YYYY'))
           WHEN c.flows IS NULL THEN
             format('« wasteCode » (code déchet) : « %s » n’est pas un code de DEEE', i.low_code)
           WHEN i.flow IS NULL AND c.only_flow IS NULL THEN
             format('« flow » (flux de DEEE) manque : « %s » est le code de plusieurs flux (%s)',
                    i.low_code, array_to_string(c.flows, ', '))
           WHEN i.flow <> ALL (c.flows) AND NOT EXISTS (SELECT FROM flow f WHERE f.id = i.flow) THEN
             format('« flow » (flux de DEEE) : « %s » n’est pas un flux', i.flow)
           WHEN i.flow <> ALL (c.flows) THEN
             format('« wasteCode » (code déchet) : « %s » n’est pas un code du flux %s (%s)', i.low_code, i.flow,
                    (SELECT string_agg(f.low_code, ', ' ORDER BY f.low_code) FROM flow_code f WHERE f.flow = i.flow))
           WHEN i.point IS NOT NULL AND p.id IS NULL THEN
             format('« point » (point de collecte) : le point %s n’existe pas', i.point)
           ELSE (
             SELECT format('« initialEmitterMunicipalitiesInseeCodes » (communes d’origine) : « %s » n’est pas le code d’une commune de France métropolitaine', m)
               FROM unnest(i.municipalities) AS m
              WHERE NOT EXISTS (SELECT FROM commune k WHERE k.insee = m) LIMIT 1)
         END AS fault
    FROM item i
   CROSS JOIN today t
    LEFT JOIN LATERAL ( -- LIMIT: by the index, whatever the statistics
         SELECT * FROM line WHERE organisation = app_organisation() AND public_id = i.public_id LIMIT 1) l ON true
    LEFT JOIN collection_point p ON p.id = i.point
    LEFT JOIN code c ON c.low_code = i.low_code
), judged AS MATERIALIZED (
  SELECT m.*,
         CASE
           WHEN m.reason = 'CANCEL' THEN
             CASE WHEN m.known IS NULL THEN 'rejected' WHEN m.known_state = 'cancelled' THEN 'unchanged' ELSE 'cancelled' END
           WHEN m.known IS NOT NULL AND m.reason IS NULL THEN 'unchanged'
           WHEN m.fault IS NOT NULL THEN 'rejected'
           WHEN m.known IS NULL AND m.reason = 'EDIT' THEN 'rejected'
           WHEN m.known IS NULL THEN 'created'
           WHEN m.known_state = 'cancelled' THEN 'rejected'
           WHEN m.is_same THEN 'unchanged'
           ELSE 'edited'
         END AS verdict,
         CASE
           WHEN m.known IS NULL AND m.reason IS NOT NULL AND m.fault IS NULL THEN
             format('« publicId » (identifiant de la ligne) : aucune ligne « %s » n’est enregistrée, il n’y a donc rien à %s',
                    m.public_id, CASE m.reason WHEN 'EDIT' THEN 'corriger' ELSE 'annuler' END)
           WHEN m.reason = 'CANCEL' AND m.known_state = 'cancelled' THEN 'Cette ligne était déjà annulée.'
           WHEN m.reason = 'CANCEL' THEN ''
           WHEN m.reason IS NULL AND m.known_state = 'cancelled' THEN
             'Cette ligne a été annulée : elle le reste. Un chargement déclaré à nouveau a un autre « publicId ».'
           WHEN m.reason IS NULL AND m.known IS NOT NULL THEN
             CASE WHEN m.is_same THEN '' ELSE
               'Cette ligne est déjà enregistrée avec un autre contenu, qui est gardé. Pour la corriger, « reason » doit être EDIT.' END
           WHEN m.fault IS NOT NULL THEN m.fault
           WHEN m.known_state = 'cancelled' THEN
             format('« publicId » (identifiant de la ligne) : la ligne « %s » a été annulée, elle ne se corrige plus', m.public_id)
           ELSE ''
         END AS said
    FROM met m
), created AS (
  INSERT INTO line (organisation, public_id, point, municipalities, communes, flow, low_code, day, weight_kg, is_estimate,
                    volume_l, transport_mode, description, is_pop, carrier_siret, carrier_name, destination_siret,
                    destination_name, producer_siret, producer_name, operation_code, operation_mode, channel, entry, created_by)
  SELECT app_organisation(), j.public_id, j.point, j.municipalities,
         CASE WHEN j.point_commune IS NULL THEN j.municipalities ELSE j.point_commune || j.municipalities END,
         j.the_flow, j.low_code, j.day, j.weight_kg, j.is_estimate, j.volume_l, j.transport_mode, j.description, j.is_pop,
         j.carrier_siret, j.carrier_name, j.destination_siret, j.destination_name, j.producer_siret, j.producer_name,
         j.operation_code, j.operation_mode, $3::text, $2::bigint, app_person()
    FROM judged j
   WHERE j.verdict = 'created'
   ORDER BY j.n
  RETURNING public_id, id, version
), changed AS (
  UPDATE line l
     SET version = l.version + 1, entry = $2::bigint, channel = $3::text, created_by = app_person(), updated_at = now(),
         point = j.point, municipalities = j.municipalities,
         communes = CASE WHEN j.point_commune IS NULL THEN j.municipalities ELSE j.point_commune || j.municipalities END,
         flow = j.the_flow, low_code = j.low_code, day = j.day, weight_kg = j.weight_kg, is_estimate = j.is_estimate,
         volume_l = j.volume_l, transport_mode = j.transport_mode, description = j.description, is_pop = j.is_pop,
         carrier_siret = j.carrier_siret, carrier_name = j.carrier_name, destination_siret = j.destination_siret,
         destination_name = j.destination_name, producer_siret = j.producer_siret, producer_name = j.producer_name,
         operation_code = j.operation_code, operation_mode = j.operation_mode
    FROM judged j
   WHERE j.verdict = 'edited' AND l.id = j.known AND l.id = ANY (ARRAY(SELECT known FROM judged WHERE verdict = 'edited'))
  RETURNING l.public_id, l.id, l.version
), dropped AS (
  UPDATE line l
     SET version = l.version + 1, entry = $2::bigint, channel = $3::text, created_by = app_person(), updated_at = now(),
         state = 'cancelled'
    FROM judged j
   WHERE j.verdict = 'cancelled' AND l.id = j.known AND l.id = ANY (ARRAY(SELECT known FROM judged WHERE verdict = 'cancelled'))
  RETURNING l.public_id, l.id, l.version
), written AS (
  SELECT * FROM created UNION ALL SELECT * FROM changed UNION ALL SELECT * FROM dropped
)
SELECT j.n, j.verdict, j.said AS reason, coalesce(w.id, j.known) AS id, coalesce(w.version, j.known_version) AS version
  FROM judged j
  LEFT JOIN written w ON w.public_id = j.public_id
 ORDER BY j.n;

-- name: line_seal
-- The entry of the audit that the lines written since line_begin name. $1 JSON object: how many of each verdict. No
-- row that matters.
SELECT audit_append_lines($1::jsonb);

-- name: line_list
-- The caller's own lines, the last recorded first. $1 from and $2 to (days, both may be null), $3 flow, $4 point, $5
-- state, $6 publicId, $7 département (each may be null); $8 only ids below it (null: from the top), $9 how many at
-- most. Result: as derived.line_shown.
SELECT s.*
  FROM (SELECT * FROM line
         WHERE organisation = app_organisation()
           AND ($1::date IS NULL OR day >= $1::date) AND ($2::date IS NULL OR day <= $2::date)
           AND ($3::text IS NULL OR flow = $3::text) AND ($4::bigint IS NULL OR point = $4::bigint)
           AND ($5::text IS NULL OR state = $5::text) AND ($6::text IS NULL OR public_id = $6::text)
           AND ($7::text IS NULL OR EXISTS (SELECT FROM unnest(communes) AS c WHERE c LIKE $7::text || '___'))
           AND ($8::bigint IS NULL OR id < $8::bigint)
         ORDER BY organisation DESC, id DESC
         LIMIT $9::bigint) AS l
 CROSS JOIN LATERAL derived.line_shown(ROW(l.*)::line_history) AS s
 ORDER BY s.id DESC;

-- name: line_list_all
-- The same, of every organisation whose lines the caller sees; $10 of one of them (null: all).
SELECT s.*
  FROM (SELECT * FROM line
         WHERE ($1::date IS NULL OR day >= $1::date) AND ($2::date IS NULL OR day <= $2::date)
           AND ($3::text IS NULL OR flow = $3::text) AND ($4::bigint IS NULL OR point = $4::bigint)
           AND ($5::text IS NULL OR state = $5::text) AND ($6::text IS NULL OR public_id = $6::text)
           AND ($7::text IS NULL OR EXISTS (SELECT FROM unnest(communes) AS c WHERE c LIKE $7::text || '___'))
           AND ($8::bigint IS NULL OR id < $8::bigint) AND ($10::bigint IS NULL OR organisation = $10::bigint)
         ORDER BY id DESC
         LIMIT $9::bigint) AS l
 CROSS JOIN LATERAL derived.line_shown(ROW(l.*)::line_history) AS s
 ORDER BY s.id DESC;

-- name: line_versions
-- $1 id. Every version of a line, the one that holds first. Result: as derived.line_shown.
SELECT s.*
  FROM line_history l
 CROSS JOIN LATERAL derived.line_shown(l) AS s
 WHERE l.id = $1::bigint
 ORDER BY s.version DESC;

-- name: line_form
-- What the entry page needs while it has no network, of the caller's organisation. Result: organisation, points (of
-- its last lines, the most used first, then those of the communes that its last lines came from), flows (with their codes), carriers, destinations (each {siret, name}, the last
-- used first), lines (the last ten, as derived.line_shown), oldest and newest day that a line may have; 1 row, all but
-- the days JSON.
WITH recent AS MATERIALIZED (
  SELECT * FROM line WHERE organisation = app_organisation() ORDER BY organisation DESC, id DESC LIMIT 1000
), today AS (
  SELECT (now() AT TIME ZONE 'Europe/Paris')::date AS day
)
SELECT (SELECT json_build_object('id', o.id, 'name', o.name, 'kind', o.kind, 'siret', o.siret)
          FROM organisation o WHERE o.id = app_organisation()) AS organisation,
       (SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'commune', c.name, 'insee', p.commune)
                                 ORDER BY p.lines DESC NULLS LAST, p.id), '[]')
          FROM (SELECT p.id, p.name, p.commune, r.lines
                  FROM collection_point p
                  LEFT JOIN (SELECT point, count(*) AS lines FROM recent GROUP BY point) r ON r.point = p.id
                 WHERE r.point IS NOT NULL OR p.is_open AND p.commune IN (SELECT unnest(communes) FROM recent)
                 ORDER BY r.lines DESC NULLS LAST, p.id LIMIT 100) p
          JOIN commune c ON c.insee = p.commune) AS points,
       (SELECT json_agg(json_build_object('id', f.id, 'label', f.label, 'note', f.note, 'codes',
                 (SELECT json_agg(json_build_object('code', c.low_code || CASE WHEN c.is_hazardous THEN '*' ELSE '' END,
                                                    'label', c.label) ORDER BY c.low_code DESC)
                    FROM flow_code c WHERE c.flow = f.id)) ORDER BY f.rank)
          FROM flow f) AS flows,
       (SELECT coalesce(json_agg(json_build_object('siret', carrier_siret, 'name', carrier_name) ORDER BY last DESC), '[]')
          FROM (SELECT carrier_siret, carrier_name, max(id) AS last FROM recent
                 WHERE carrier_siret IS NOT NULL OR carrier_name IS NOT NULL
                 GROUP BY carrier_siret, carrier_name ORDER BY last DESC LIMIT 20) c) AS carriers,
       (SELECT coalesce(json_agg(json_build_object('siret', destination_siret, 'name', destination_name) ORDER BY last DESC), '[]')
          FROM (SELECT destination_siret, destination_name, max(id) AS last FROM recent
                 WHERE destination_siret IS NOT NULL OR destination_name IS NOT NULL
                 GROUP BY destination_siret, destination_name ORDER BY last DESC LIMIT 20) d) AS destinations,
       (SELECT coalesce(json_agg(s ORDER BY s.id DESC), '[]')
          FROM (SELECT * FROM recent ORDER BY id DESC LIMIT 10) l
         CROSS JOIN LATERAL derived.line_shown(ROW(l.*)::line_history) AS s) AS lines,
       (t.day - interval '18 months')::date AS oldest, t.day AS newest
  FROM today t;

-- name: line_import_as
-- $1 login of an operator. For the owner's tools: to the end of the transaction, what is written is that person's and
-- that organisation's. Result: person, organisation, role (as text); 0 rows = no such operator.
SELECT set_config('app.person', p.id::text, true) AS person, set_config('app.organisation', p.organisation::text, true) AS organisation,
       set_config('app.role', p.role, true) AS role
  FROM person p
 WHERE p.login = lower($1::text) AND p.is_active AND p.role = 'operator';
