// The map: Leaflet on canvas, no tiles. Sites are drawn on a canvas too; over each lies a small invisible button,
// so that keyboard and finger reach what the canvas shows.
import * as L from '/vendor/leaflet/leaflet.esm.min.js';
import * as api from './api.js';
import { h, svg } from './dom.js';
import { km, perYear, tonnes, whole, word } from './format.js';

const POINTS_FROM_ZOOM = 9; // the service's grid below
const MOST_POINTS = 2000;
const FRANCE = L.latLngBounds([40.5, -6.5], [52, 11]);

// Drawn in this order. `pane`: sites lie above and do not catch the pointer, their buttons do.
const LAYERS = [
  ['boundaries', 'Régions et départements', true],
  ['points', 'Points de collecte', true],
  ['hauls', 'Flux de tonnes', true],
  ['candidate', 'Communes candidates', false],
  ['unlisted', 'Usines non recensées', true],
  ['existing', 'Usines existantes', true],
  ['platform', 'Plateformes proposées', true],
];

const SIDES = [['right', 1, 0], ['left', 1, 0], ['top', 0, -1], ['bottom', 0, 1]]; // of a name, and where it begins

// Colours come from the style sheet, sizes from the figures.
const LARGEST_PX = 22; // radius of the largest platform
const SMALLEST_PX = 4;
const WIDEST_PX = 9;

const NAMES = ['platform', 'existing', 'unlisted', 'map-candidate', 'map-point', 'map-region', 'map-departement', 'map-land', 'map-away', 'map-paper'];
function palette() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((n) => [n.replace('map-', ''), style.getPropertyValue(`--${n}`).trim()]));
}

// Area in proportion to the figure; what is nearly nothing stays visible.
const radius = (x, most) => Math.max(SMALLEST_PX, LARGEST_PX * Math.sqrt(Math.max(x, 0) / (most || 1)));
const width = (x, most) => Math.max(0.6, WIDEST_PX * (x / (most || 1)));

// Shapes differ as well as colours: a circle opens, a square exists, a diamond is supposed.
function shaped(trace) {
  return L.CircleMarker.extend({
    _updatePath() {
      const { _renderer: renderer, _point: p } = this;
      if (!renderer._drawing || this._empty()) return;
      renderer._ctx.beginPath();
      trace(renderer._ctx, p, this._radius);
      renderer._ctx.closePath();
      renderer._fillStroke(renderer._ctx, this);
    },
  });
}
const Square = shaped((c, p, r) => c.rect(p.x - r * 0.89, p.y - r * 0.89, r * 1.78, r * 1.78));
const Diamond = shaped((c, p, r) => {
  const s = r * 1.25;
  c.moveTo(p.x, p.y - s);
  c.lineTo(p.x + s, p.y);
  c.lineTo(p.x, p.y + s);
  c.lineTo(p.x - s, p.y);
});

const latLng = ([lon, lat]) => [lat, lon];
const most = (list) => Math.max(0, ...list);

function popup(title, rows) {
  const shown = rows.filter(([, value]) => value != null && value !== '' && value !== '–');
  return h('div', { class: 'popup' }, h('strong', null, title), h('dl', null, shown.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value)))));
}

const sourceRows = (s) => [['Source', s?.source_title ?? s?.source], ['Année', s?.year], ['Confiance', s?.confidence && word(s.confidence)]];

function sitePopup(p, known, flows, year) {
  return popup(p.name, [
    ['Nature', word(p.kind)],
    ['Exploitant', known?.operator],
    [`En ${year}`, p.tonnes == null ? null : tonnes(p.tonnes)],
    ['Capacité', p.capacity_t ? perYear(p.capacity_t) : p.kind === 'candidate' ? null : 'sans limite'],
    ['Flux', flows?.map((f) => word(f.flow)).join(', ')],
    ...(p.kind === 'platform' ? [] : sourceRows(known)),
  ]);
}

function timeline(root, plan, onYear) {
  const { first_year: first, years } = plan.horizon;
  const say = h('output', { for: 'year' });
  const range = h('input', { type: 'range', id: 'year', min: first, max: first + years - 1, step: 1, value: first });
  const marks = plan.years.filter((y) => y.mark);
  const set = (year) => {
    range.value = year;
    const mark = marks.find((m) => m.year === Number(year));
    say.textContent = mark ? `${year} (an ${mark.mark})` : String(year);
    range.setAttribute('aria-valuetext', say.textContent);
    for (const b of buttons) b.setAttribute('aria-pressed', String(Number(b.value) === Number(year)));
    return onYear(Number(year));
  };
  const buttons = marks.map((m) => h('button', { type: 'button', class: 'quiet', value: m.year, onclick: () => set(m.year) }, `an ${m.mark}`));
  range.addEventListener('input', () => set(range.value));
  root.replaceChildren(h('label', { for: 'year' }, 'Année ', say),
    h('div', { class: 'track' }, h('span', { 'aria-hidden': 'true' }, first), range, h('span', { 'aria-hidden': 'true' }, first + years - 1)),
    h('div', { class: 'marks', role: 'group', 'aria-label': 'Repères' }, buttons));
  return () => set(marks[0]?.year ?? first);
}

const circle = (r, cy) => svg('circle', { cx: 30, cy, r });

// Nested circles: the size of two capacities, on the map's own scale.
function sizes(largest) {
  if (!largest) return null;
  const power = 10 ** Math.floor(Math.log10(largest));
  const round = [5, 2, 1].find((m) => m * power <= largest) * power;
  const r = radius(round, largest);
  return h('div', { class: 'sizes' },
    svg('svg', { width: 150, height: 52, viewBox: '0 0 150 52', 'aria-hidden': 'true' },
      circle(r, 50 - r), circle(r / 2, 50 - r / 2),
      svg('text', { x: 62, y: 16 }, perYear(round)), svg('text', { x: 62, y: 42 }, perYear(round / 4))),
    h('span', { class: 'hidden' }, `Taille d’un cercle : capacité, jusqu’à ${perYear(largest)}.`));
}

function legend(root, groups, map, largest, candidatesKnown) {
  const box = ([id, text]) => {
    const input = h('input', { type: 'checkbox', id: `l-${id}`, checked: map.hasLayer(groups[id]) });
    input.addEventListener('change', () => (input.checked ? groups[id].addTo(map) : groups[id].remove()));
    return h('li', null, h('label', { for: `l-${id}` }, input, h('i', { class: `sign ${id}` }), text));
  };
  const flow = (id, text) => h('li', null, h('i', { class: `sign flow-${id}` }), text);
  root.replaceChildren(
    h('fieldset', null, h('legend', null, 'Afficher'), h('ul', null, [...LAYERS].reverse().filter(([id]) => id !== 'candidate' || candidatesKnown).map(box))),
    h('div', null, h('h3', null, 'Taille : capacité'), sizes(largest) ?? h('p', { class: 'facts' }, 'Aucune plateforme dans ce plan.')),
    h('div', null, h('h3', null, 'Flux, selon la destination'), h('ul', null, flow('platform', 'vers une plateforme'), flow('existing', 'vers une usine existante'), flow('unlisted', 'vers une usine non recensée')),
      h('p', { class: 'facts' }, 'Largeur en proportion des tonnes.')));
}

// `elements`: { map, timeline, legend }; `sites`: every known site by code. `ready` of the answer: the first year is drawn.
export function atlas(elements, { plan, run, sites, signal }) {
  const colours = palette();
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const map = L.map(elements.map, {
    minZoom: 4, maxZoom: 13, maxBounds: FRANCE.pad(0.4), zoomSnap: 0.25, zoomDelta: 0.75, scrollWheelZoom: false,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, attributionControl: false,
  });
  L.control.attribution({ prefix: 'Leaflet' }).addAttribution('Limites : Natural Earth. Points : ADEME (SINOE), Insee').addTo(map);
  L.control.scale({ imperial: false, position: 'topright' }).addTo(map);
  // The wheel scrolls the page until the map is in use.
  map.on('focus click', () => map.scrollWheelZoom.enable()).on('blur', () => map.scrollWheelZoom.disable());

  // Leaflet hears Escape on the map itself, not on what lies in it.
  const gone = new AbortController();
  elements.map.addEventListener('keydown', (e) => e.key === 'Escape' && map.closePopup(), { signal: gone.signal });

  const renderers = {};
  for (const [pane, z] of [['ground', 350], ['work', 400], ['sites', 450]]) {
    map.createPane(pane).style.zIndex = z;
    map.getPane(pane).classList.add(`pane-${pane}`);
    renderers[pane] = L.canvas({ pane, padding: 0.3 });
  }
  const groups = Object.fromEntries(LAYERS.map(([id, , on]) => [id, on ? L.layerGroup().addTo(map) : L.layerGroup()]));
  const shapes = { platform: L.CircleMarker, existing: Square, unlisted: Diamond, candidate: L.CircleMarker };
  const handles = new Map();
  const largest = most(plan.platforms.map((p) => p.lines.reduce((all, l) => all + most(l.steps.map((s) => s.capacity_t)), 0)));
  let labels = [];
  const answers = new Map();
  let year = plan.horizon.first_year;
  let tonnesMost = 0;
  const outlines = {}; // by level
  let served = new Set(); // départements that send anything

  function outline(collection, id, weight) {
    const fill = (code) => (id === 'region' || served.size === 0 || served.has(code) ? colours.land : colours.away);
    L.geoJSON(collection, { renderer: renderers.ground, interactive: false,
      style: (f) => ({ color: colours[id], weight, fill: id === 'departement', fillColor: fill(f.properties.code), fillOpacity: 1, opacity: 1 }) }).addTo(groups.boundaries);
  }

  // The land under study is lighter than the rest.
  function ground() {
    groups.boundaries.clearLayers();
    if (outlines.departement) outline(outlines.departement, 'departement', 0.6);
    if (outlines.region) outline(outlines.region, 'region', 1.3);
  }

  function site(feature, size) {
    const p = feature.properties;
    const at = latLng(feature.geometry.coordinates);
    const hollow = p.kind === 'unlisted' || p.kind === 'candidate';
    new shapes[p.kind](at, { renderer: renderers.sites, interactive: false, radius: size, weight: p.kind === 'candidate' ? 1.5 : 2,
      color: hollow ? colours[p.kind] : colours.paper, fillColor: hollow ? colours.paper : colours[p.kind], fillOpacity: hollow ? 0.85 : 1 }).addTo(groups[p.kind]);
    const reach = Math.max(24, size * 2);
    const handle = L.marker(at, { icon: L.divIcon({ className: 'handle', iconSize: [reach, reach] }), keyboard: true, zIndexOffset: p.kind === 'platform' ? 1000 : 0 });
    handle.on('add', () => {
      const button = handle.getElement();
      button.setAttribute('role', 'button');
      button.setAttribute('aria-label', `${p.name}, ${word(p.kind)}`);
    });
    const known = sites.get(p.site);
    const flows = plan.platforms.find((s) => s.site === p.site && p.kind === 'platform')?.lines ?? known?.flows;
    handle.bindPopup(() => sitePopup(p, known, flows, year), { maxWidth: 280 });
    if (p.kind === 'platform') handle.bindTooltip(h('span', null, p.name), { permanent: true, direction: 'right', className: 'site-name' });
    handle.addTo(groups[p.kind]);
    handles.set(p.site, handle);
  }

  function haul(feature, kinds) {
    const p = feature.properties;
    const to = kinds.get(p.site);
    L.polyline(feature.geometry.coordinates.map(latLng), { renderer: renderers.work, color: colours[to?.kind] ?? colours.unlisted,
      weight: width(p.tonnes, tonnesMost), opacity: to?.kind === 'platform' ? 0.8 : 0.5 })
      .bindPopup(() => popup(`${p.departement_name ?? p.departement} → ${to?.name ?? p.site}`, [[`En ${year}`, tonnes(p.tonnes)], ['Distance', km(p.km)]]))
      .addTo(groups.hauls);
  }

  function draw(collection) {
    const working = collection.features.filter((f) => f.geometry.type === 'Point');
    // A plant that receives nothing that year is still there.
    const seen = new Set(working.map((f) => f.properties.site));
    const idle = plan.existing.filter((e) => !seen.has(e.site)).map((e) => ({
      geometry: { coordinates: [e.lon, e.lat] }, properties: { ...e, capacity_t: sites.get(e.site)?.capacity_t, tonnes: 0 } }));
    const places = [...working, ...idle];
    const hauls = collection.features.filter((f) => f.properties.kind === 'haul');
    const kinds = new Map(places.map((f) => [f.properties.site, f.properties]));
    // One scale of widths for every year, so that years compare.
    tonnesMost = Math.max(tonnesMost, most(hauls.map((f) => f.properties.tonnes)));
    for (const id of ['hauls', 'platform', 'existing', 'unlisted']) groups[id].clearLayers();
    handles.clear();
    // Large lines first, so that small ones stay visible; platforms' lines last.
    const rank = (f) => (kinds.get(f.properties.site)?.kind === 'platform' ? 1 : 0);
    hauls.sort((a, b) => rank(a) - rank(b) || b.properties.tonnes - a.properties.tonnes).forEach((f) => haul(f, kinds));
    const drawn = (kind, size) => places.filter((f) => f.properties.kind === kind).forEach((f) => site(f, size(f.properties)));
    drawn('unlisted', () => 6);
    drawn('existing', (p) => (p.capacity_t && largest ? Math.min(LARGEST_PX, radius(p.capacity_t, largest)) : 7));
    drawn('platform', (p) => radius(p.capacity_t, largest));
    labels = places.filter((f) => f.properties.kind === 'platform').sort((a, b) => b.properties.capacity_t - a.properties.capacity_t)
      .map((f) => ({ handle: handles.get(f.properties.site), size: radius(f.properties.capacity_t, largest) }));
    parted();
    return hauls;
  }

  // Each name goes beside its platform where nothing is under it: the larger platform chooses first, and a name
  // that has no room is not shown (the table, the popup and the button have it).
  function parted() {
    const frame = elements.map.getBoundingClientRect();
    const standing = labels.filter(({ handle }) => handle.getElement());
    const taken = standing.map(({ handle }) => handle.getElement().getBoundingClientRect());
    for (const { handle, size } of standing) {
      const label = handle.getTooltip();
      const shown = SIDES.some(([direction, x, y]) => {
        Object.assign(label.options, { direction, offset: L.point(x * size, y * size) });
        label.update();
        const box = label.getElement().getBoundingClientRect();
        const fits = box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom
          && !taken.some((t) => box.left < t.right - 4 && t.left < box.right - 4 && box.top < t.bottom - 4 && t.top < box.bottom - 4);
        if (fits) taken.push(box);
        return fits;
      });
      label.getElement().style.visibility = shown ? '' : 'hidden';
    }
  }

  async function showYear(wanted) {
    year = wanted;
    elements.map.setAttribute('aria-busy', 'true');
    try {
      if (!answers.has(wanted)) answers.set(wanted, await api.planMap(run, wanted, signal));
      if (year !== wanted) return;
      const hauls = draw(answers.get(wanted));
      elements.map.dataset.year = wanted;
      if (hauls.length && served.size === 0) {
        served = new Set(hauls.map((f) => f.properties.departement));
        ground();
        map.fitBounds(L.latLngBounds(hauls.flatMap((f) => f.geometry.coordinates.map(latLng))).pad(0.04), { animate: false });
      }
    } catch (e) {
      if (e.name !== 'AbortError') L.popup().setLatLng(map.getCenter()).setContent(popup('Carte incomplète', [['Raison', e.message]])).openOn(map);
    } finally {
      if (year === wanted) elements.map.setAttribute('aria-busy', 'false');
    }
  }

  let asked = null;
  async function showPoints() {
    asked?.abort();
    asked = new AbortController();
    const b = map.getBounds();
    const bbox = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((x) => x.toFixed(4)).join(',');
    const zoom = Math.floor(map.getZoom());
    try {
      const { features } = zoom < POINTS_FROM_ZOOM ? await api.cells(bbox, zoom, asked.signal) : await api.points(bbox, MOST_POINTS, asked.signal);
      const many = (p) => p.count ?? p.points;
      const size = ({ properties: p }) => p.tonnes ?? many(p) ?? 1;
      const top = most(features.map(size));
      groups.points.clearLayers();
      for (const f of features) {
        const p = f.properties;
        L.circleMarker(latLng(f.geometry.coordinates), { renderer: renderers.work, radius: many(p) ? 2.5 + 8 * Math.sqrt(size(f) / (top || 1)) : 3.5,
          color: colours.point, weight: 1, opacity: 0.6, fillOpacity: 0.28 })
          .bindPopup(() => (many(p) > 1 || !p.name ? popup(`${whole(many(p))} points de collecte`, [['Tonnes par an', tonnes(p.tonnes)]])
            : popup(p.name, [['Commune', p.commune_name], ['Tonnes par an', tonnes(p.tonnes)], ['Origine', word(p.origin)]])))
          .addTo(groups.points);
      }
    } catch (e) {
      if (e.name !== 'AbortError') groups.points.clearLayers();
    }
  }

  let timer = 0;
  map.on('moveend', () => {
    parted();
    clearTimeout(timer);
    timer = setTimeout(showPoints, 150);
  });

  for (const [code, s] of sites) {
    if (s.kind === 'candidate') site({ properties: { ...s, site: code }, geometry: s.geometry }, 4);
  }
  map.fitBounds(FRANCE, { animate: false });
  legend(elements.legend, groups, map, largest, [...sites.values()].some((s) => s.kind === 'candidate'));
  // Outlines are the heaviest: they come under what is drawn, once it is. The map does without.
  const ready = timeline(elements.timeline, plan, showYear)();
  const draws = (level) => api.boundaries(level, signal).then((all) => {
    outlines[level] = all;
    ground();
  }).catch(() => {});
  ready.then(() => draws('region')).then(() => draws('departement'));

  return {
    ready,
    locate(code) {
      const place = [...plan.platforms, ...plan.existing].find((s) => s.site === code);
      const handle = handles.get(code);
      elements.map.scrollIntoView({ behavior: still ? 'auto' : 'smooth', block: 'center' });
      map.setView([place.lat, place.lon], Math.max(map.getZoom(), 7), { animate: false });
      if (handle?.getElement()) {
        handle.openPopup();
        handle.getElement().focus({ preventScroll: true });
      } else {
        L.popup().setLatLng([place.lat, place.lon]).setContent(popup(place.name, [[String(year), 'pas encore ouverte']])).openOn(map);
        elements.map.focus({ preventScroll: true });
      }
    },
    remove() {
      clearTimeout(timer);
      asked?.abort();
      gone.abort();
      map.remove();
    },
  };
}
