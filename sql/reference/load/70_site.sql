-- Known plants. A plant's capacity is one number for all it accepts: it is shared among those streams
-- in proportion to their default shares of the household tonnage. An unknown capacity is unlimited.
CREATE TEMP TABLE staging_plant (
  code text, name text, operator text, insee text, capacity_t double precision, flows text,
  jobs double precision, capex_eur double precision, source text, year integer, confidence text, note text
) ON COMMIT DROP;
-- copy: plants.csv into staging_plant(code, name, operator, insee, capacity_t, flows, jobs, capex_eur, source, year, confidence, note)
UPDATE site SET is_active = false
 WHERE kind = 'existing' AND is_active AND code LIKE 'existing:%'
   AND code NOT IN (SELECT 'existing:' || code FROM staging_plant);

INSERT INTO site AS t (code, kind, name, operator, commune, location, region, capacity_t, jobs, capex_eur,
                       source, year, confidence, note)
SELECT 'existing:' || p.code, 'existing', p.name, p.operator, p.insee, c.location, c.region, p.capacity_t,
       p.jobs, p.capex_eur, p.source, p.year, p.confidence, coalesce(p.note, '')
  FROM staging_plant p
  LEFT JOIN commune c ON c.insee = p.insee
 ORDER BY p.code
ON CONFLICT (code) DO UPDATE
   SET name = excluded.name, operator = excluded.operator, commune = excluded.commune,
       location = excluded.location, region = excluded.region, capacity_t = excluded.capacity_t,
       jobs = excluded.jobs, capex_eur = excluded.capex_eur, is_active = true, source = excluded.source,
       year = excluded.year, confidence = excluded.confidence, note = excluded.note
 WHERE (t.name, t.operator, t.commune, t.capacity_t, t.jobs, t.capex_eur, t.is_active, t.source, t.year,
        t.confidence, t.note)
       IS DISTINCT FROM
       (excluded.name, excluded.operator, excluded.commune, excluded.capacity_t, excluded.jobs,
        excluded.capex_eur, true, excluded.source, excluded.year, excluded.confidence, excluded.note);

CREATE TEMP TABLE staging_plant_flow ON COMMIT DROP AS
SELECT s.id AS site, a.flow,
       p.capacity_t * f.share / sum(f.share) OVER (PARTITION BY s.id) AS capacity_t
  FROM staging_plant p
  JOIN site s ON s.code = 'existing:' || p.code
 CROSS JOIN LATERAL unnest(string_to_array(p.flows, ';')) AS a (flow)
  LEFT JOIN derived.flow_share() f ON f.flow = a.flow;
DELETE FROM site_flow k
 USING staging_plant_flow w
 WHERE k.site = w.site
   AND NOT EXISTS (SELECT FROM staging_plant_flow n WHERE n.site = k.site AND n.flow = k.flow);
INSERT INTO site_flow AS t (site, flow, capacity_t)
SELECT site, flow, capacity_t FROM staging_plant_flow
ON CONFLICT (site, flow) DO UPDATE SET capacity_t = excluded.capacity_t
 WHERE t IS DISTINCT FROM excluded;
