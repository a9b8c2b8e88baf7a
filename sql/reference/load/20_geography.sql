-- Administrative divisions. A commune that has since merged into another stays: points may refer to it.
CREATE TEMP TABLE staging_region (code text, name text) ON COMMIT DROP;
CREATE TEMP TABLE staging_departement (code text, name text, region text) ON COMMIT DROP;
CREATE TEMP TABLE staging_epci (siren text, name text) ON COMMIT DROP;
CREATE TEMP TABLE staging_commune (
  insee text, name text, departement text, region text, epci text, population integer,
  lat double precision, lon double precision, precision text
) ON COMMIT DROP;
-- copy: regions.csv into staging_region(code, name)
-- copy: departements.csv into staging_departement(code, name, region)
-- copy: epci.csv into staging_epci(siren, name)
-- copy: communes.csv into staging_commune(insee, name, departement, region, epci, population, lat, lon, precision)
INSERT INTO region AS t SELECT code, name FROM staging_region
ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE t IS DISTINCT FROM excluded;

INSERT INTO departement AS t SELECT code, name, region FROM staging_departement
ON CONFLICT (code) DO UPDATE SET name = excluded.name, region = excluded.region WHERE t IS DISTINCT FROM excluded;

INSERT INTO epci AS t SELECT siren, name FROM staging_epci
ON CONFLICT (siren) DO UPDATE SET name = excluded.name WHERE t IS DISTINCT FROM excluded;

INSERT INTO commune AS t (insee, name, departement, region, epci, population, location, precision)
SELECT insee, name, departement, region, epci, population, ST_SetSRID(ST_MakePoint(lon, lat), 4326), precision
  FROM staging_commune
ON CONFLICT (insee) DO UPDATE
   SET name = excluded.name, departement = excluded.departement, region = excluded.region,
       epci = excluded.epci, population = excluded.population, location = excluded.location,
       precision = excluded.precision
 WHERE (t.name, t.departement, t.region, t.epci, t.population, t.location, t.precision)
       IS DISTINCT FROM (excluded.name, excluded.departement, excluded.region, excluded.epci,
                         excluded.population, excluded.location, excluded.precision);
ANALYZE commune;
