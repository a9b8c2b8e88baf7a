// Recorded volumes: coverage and anomalies for planners, published statistics for everybody.
import { boundaries, get } from './api.js';
import { byId, h, svg } from './dom.js';
import { free, percent, tonnes, whole, word } from './format.js';
import { glossary } from './glossary.js';
import { session } from './session.js';
import { table } from './table.js';

const SECRET = 'non diffusé (secret statistique)';
const FLOWS = ['gem_froid', 'gem_hors_froid', 'ecrans', 'pam', 'lampes', 'pv'];
const LEVELS = { total: 'ensemble', region: 'région', departement: 'département', epci: 'intercommunalité' };
const KINDS = { fall: 'Baisse', spike: 'Pic', silent: 'Silence' };
const DAY = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long' });
const day = (text) => DAY.format(new Date(`${text}T12:00:00`));

// A figure that may be withheld: « non diffusé », or « aucune ligne ».
const guarded = (show) => (v, row) => (row.state === 'withheld' ? h('span', { class: 'secret' }, SECRET)
  : row.state === 'empty' ? h('span', { class: 'secret' }, 'aucune ligne') : show(v));
const figure = (head, value, show, more) => [head, value, show, { ...more, number: true, show: guarded(show) }];
const fail = (box) => (e) => box.replaceChildren(h('p', { class: 'card notice bad' }, e.message));

// ---- The map: département or région outlines, darker where more is covered ----

const CLASSES = [[0, 'rien'], [0.001, 'moins de 25 %'], [0.25, '25 à 50 %'], [0.5, '50 à 80 %'], [0.8, '80 % et plus']];
const classOf = (row) => (row.state === 'withheld' ? 'secret' : String(CLASSES.findLastIndex(([from]) => (row.coverage ?? 0) >= from)));
const SQUEEZE = Math.cos((46.5 * Math.PI) / 180); // a degree of longitude, in degrees of latitude
const rings = (g) => (g.type === 'Polygon' ? g.coordinates : g.coordinates.flat());
const path = (g) => rings(g).map((r) => `M${r.map(([x, y]) => `${(x * SQUEEZE).toFixed(3)} ${(-y).toFixed(3)}`).join('L')}Z`).join('');

function shades(outlines, rows) {
  const by = new Map(rows.map((r) => [r.code, r]));
  const seen = outlines.features.filter((f) => by.has(f.properties.code));
  if (seen.length === 0) return null;
  const all = seen.flatMap((f) => rings(f.geometry).flat());
  const xs = all.map(([x]) => x * SQUEEZE);
  const ys = all.map(([, y]) => -y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const box = [left, top, Math.max(...xs) - left, Math.max(...ys) - top].map((v) => v.toFixed(3)).join(' ');
  return h('figure', { class: 'card shades' },
    svg('svg', { viewBox: box, role: 'img', 'aria-label': 'Carte de la couverture ; le tableau dit la même chose.' },
      seen.map(({ properties: { code, name }, geometry }) => svg('path', { d: path(geometry), 'data-class': classOf(by.get(code)) },
        svg('title', null, `${name} : ${by.get(code).state === 'withheld' ? SECRET : percent(by.get(code).coverage)}`)))),
    h('ul', { class: 'key' }, CLASSES.map(([, text], i) => h('li', null, h('i', { 'data-class': i }), text)),
      rows.some((r) => r.state === 'withheld') && h('li', null, h('i', { 'data-class': 'secret' }), SECRET)));
}

// ---- Coverage ----

async function coverage() {
  const box = byId('coverage');
  const level = byId('level').value;
  try {
    const { origin, from, to, coverage: rows } = await get(`/api/coverage?level=${level}&flow=${byId('flow').value}`);
    const isLive = origin === 'lines';
    byId('coverage-facts').textContent = isLive ? `Lignes du ${day(from)} au ${day(to)}, sur le territoire de vos mandats.`
      : `Ce qui est publié de l’année ${from.slice(0, 4)}.`;
    const outlines = level === 'epci' ? { features: [] } : await boundaries(level).catch(() => ({ features: [] }));
    const columns = [['Territoire', 'name'], ['Code', 'code'],
      figure('Enregistré (t)', 'recorded_t', tonnes, { term: 'g-ligne' }),
      isLive && ['Dont pesé (t)', 'weighed_t', tonnes, { term: 'g-pese' }],
      ['Attendu (t)', 'expected_t', tonnes, { term: 'g-attendu' }],
      figure('Couverture', 'coverage', percent, { term: 'g-couverture' }),
      isLive && ['Lignes', 'lines', whole]].filter(Boolean);
    box.replaceChildren(...[shades(outlines, rows), h('div', { class: 'card' },
      table({ id: 'couverture', caption: `Couverture par ${LEVELS[level]}`, columns, rows, cards: true, empty: 'Aucun territoire : votre organisation n’a pas de mandat.' }, 'recircuit'))].filter(Boolean));
    return isLive;
  } catch (e) {
    if (e.status !== 404) fail(box)(e);
    else box.replaceChildren(h('p', { class: 'card' }, 'Rien n’est encore publié. Un planificateur connecté voit ici la couverture de son territoire.'));
    return false;
  }
}

async function anomalies() {
  const { anomalies: rows } = await get('/api/anomalies');
  byId('anomalies').hidden = false;
  byId('anomaly-list').replaceChildren(h('div', { class: 'card' }, table({ id: 'anomalies', caption: 'Anomalies des deux dernières années', cards: true,
    columns: [['Nature', (r) => KINDS[r.kind] ?? r.kind], ['Où', 'name'], ['Département', 'departement'], ['Depuis', 'since', null, { show: (v) => day(v) }], ['Pourquoi', 'reason']],
    rows, empty: 'Rien de surprenant.' }, 'recircuit')));
}

// ---- Statistics ----

async function statistics() {
  const box = byId('statistics');
  const { releases, year, cells } = await get('/api/statistics');
  if (!year) return box.replaceChildren(h('p', { class: 'card' }, 'Aucune année n’est encore publiée.'));
  const release = releases.find((r) => r.year === year);
  const shown = cells.filter((c) => c.level !== 'epci');
  box.replaceChildren(h('p', { class: 'facts' }, `Année ${year} : ${whole(release.shown)} cases diffusées, ${whole(release.withheld)} retenues. Personne ne peut encadrer une case retenue par la règle à moins de ${free(100 * release.width)} % près. `,
    h('a', { href: `/api/statistics?year=${year}&format=csv` }, 'Tout le tableau, intercommunalités comprises (CSV)')),
  h('div', { class: 'card' }, table({ id: 'statistiques', caption: `Tonnages enregistrés en ${year}`, cards: true, rows: shown,
    columns: [['Territoire', 'name'], ['Niveau', (r) => LEVELS[r.level]], ['Flux', 'flow_label'], figure('Enregistré (t)', 'tonnes', tonnes, { term: 'g-secret' }),
      ['Attendu (t)', 'expected_t', tonnes, { term: 'g-attendu' }], figure('Couverture', 'coverage', percent, { term: 'g-couverture' })] }, 'recircuit')));
}

function start() {
  glossary(document.body);
  session(byId('session'));
  byId('flow').append(...FLOWS.map((id) => h('option', { value: id }, word(id))));
  statistics().catch(fail(byId('statistics')));
  coverage().then((isLive) => isLive && anomalies().catch(fail(byId('anomaly-list'))));
  byId('coverage-form').addEventListener('change', coverage);
  byId('coverage-form').addEventListener('submit', (e) => e.preventDefault());
}

start();
