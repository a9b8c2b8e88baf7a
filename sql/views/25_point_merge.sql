-- Points of two directories that seem to be one place.

-- What is left of a name once accents, case, punctuation and the words that every such place bears are
-- gone.
CREATE FUNCTION derived.plain_name(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT btrim(regexp_replace(regexp_replace(
           regexp_replace(translate(lower(name), 'àâäáçéèêëíîïñóôöùûüúÿœæ’', 'aaaaceeeeiiinooouuuuyoa '''), '[^a-z0-9]+', ' ', 'g'),
           '\m(dech?ett?eries?|dechetteries?|decheteries?|recycleries?|ressourceries?|point|points|collecte|recyclage|centre|espace|site|pole|ecopole|ecosite|'
           || 'communautaires?|communales?|intercommunales?|municipales?|professionnelles?|sictom|syctom|smictom|sitcom|communaute|communes|'
           || 'agglomeration|zone|za|zi|zac|de|du|des|la|le|les|l|d|et|a|au|aux|en|sur|sous)\M', ' ', 'g'),
           '\m(st|ste|saint|sainte)\M', 'st', 'g'))
$$;
COMMENT ON FUNCTION derived.plain_name(text) IS 'A name of a collection point reduced to the words that tell it from others';

-- Nearness: 1 on the spot, 0 at 1 km; one half where only the commune of one of them is known.
CREATE FUNCTION derived.merge_candidates()
RETURNS TABLE (kept bigint, gone bigint, score double precision, distance_m double precision,
               similarity double precision, why text)
LANGUAGE sql STABLE AS $$
  WITH named AS MATERIALIZED (
    SELECT p.id, p.name, p.origin, p.kind, p.commune, c.name AS commune_name, p.location, p.precision,
           coalesce(nullif(regexp_replace(derived.plain_name(p.name), '\s+', ' ', 'g'), ''), derived.plain_name(c.name)) AS plain
      FROM collection_point p
      JOIN commune c ON c.insee = p.commune
     WHERE p.is_open AND p.origin <> 'estimated'
       AND (SELECT count(DISTINCT o.origin) FROM collection_point o WHERE o.is_open AND o.origin <> 'estimated') > 1
  ), pair AS (
    SELECT a.id AS a, b.id AS b FROM named a
      JOIN collection_point b ON b.is_open AND b.origin <> 'estimated' AND b.origin <> a.origin AND b.kind = a.kind
       AND b.location && ST_Expand(a.location, 0.0145, 0.0091)
     WHERE a.id < b.id
    UNION
    SELECT a.id, b.id FROM named a
      JOIN named b ON b.commune = a.commune AND b.origin <> a.origin AND b.kind = a.kind
     WHERE a.id < b.id AND 'approximate' IN (a.precision, b.precision)
  ), measured AS (
    SELECT a.id AS a, b.id AS b, a.precision = 'exact' AND b.precision = 'exact' AS is_placed,
           ST_DistanceSphere(a.location, b.location) AS distance_m,
           public.similarity(a.plain, b.plain)::double precision AS similarity,
           a.name AS a_name, b.name AS b_name, a.origin AS a_origin, b.origin AS b_origin,
           a.commune = b.commune AS is_same_commune, a.precision AS a_precision, b.precision AS b_precision
      FROM pair
      JOIN named a ON a.id = pair.a
      JOIN named b ON b.id = pair.b
  ), scored AS (
    SELECT m.*, (CASE WHEN is_placed THEN greatest(0, 1 - distance_m / 1000) ELSE 0.5 END + similarity) / 2 AS score
      FROM measured m
  )
  SELECT CASE WHEN b_precision = 'exact' AND a_precision <> 'exact' THEN b ELSE a END,
         CASE WHEN b_precision = 'exact' AND a_precision <> 'exact' THEN a ELSE b END,
         score, distance_m, similarity,
         concat_ws(', ',
           CASE WHEN is_placed THEN 'à ' || round(distance_m) || ' m l’un de l’autre'
                ELSE 'l’un des deux n’est situé que par sa commune' END,
           CASE WHEN is_same_commune THEN 'même commune' ELSE 'communes différentes' END,
           'noms semblables à ' || round(100 * similarity) || ' % (« ' || a_name || ' », ' || a_origin
             || ' ; « ' || b_name || ' », ' || b_origin || ')')
    FROM scored
   WHERE score >= 0.55 AND (NOT is_placed OR distance_m <= 1000)
   ORDER BY score DESC, a, b
$$;
COMMENT ON FUNCTION derived.merge_candidates() IS 'Pairs of open points of different directories and the same kind that are near each other and alike in name, the surest first; why in French';

-- Chains are short, but nothing forbids them: a point kept by one merge may go by a later one.
CREATE FUNCTION derived.point_survivor(wanted bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
  WITH RECURSIVE chain AS (
    SELECT id, merged_into, 1 AS depth FROM collection_point WHERE id = wanted
    UNION ALL
    SELECT p.id, p.merged_into, c.depth + 1 FROM chain c JOIN collection_point p ON p.id = c.merged_into WHERE c.depth < 20
  )
  SELECT id FROM chain ORDER BY depth DESC LIMIT 1
$$;
COMMENT ON FUNCTION derived.point_survivor(bigint) IS 'The point that a point is counted with after all merges: itself, unless merged';
