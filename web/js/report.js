// The plan as tables and charts, and the tables' descriptions.
import { key } from './chart.js';
import { costChart } from './chart-cost.js';
import { ganttChart, spans } from './chart-gantt.js';
import { yearsChart } from './chart-years.js';
import { byId, h, term } from './dom.js';
import { change, eur, free, gap, km, measure, meur, one, percent, perYear, seconds, share, tonnes, unit, whole, word } from './format.js';
import { table } from './table.js';
import { reasons } from './verdict.js';

const sum = (list) => list.reduce((a, b) => a + b, 0);
const number = true;
// A column whose text is made by `show` is one of figures; `more.show(value, row)` may also look at the row.
// A unit in brackets at the end of a head is for the CSV alone: on the screen every cell has its own.
const UNIT = / \(([^()\d]+)\)$/;
const col = (head, value, show, more) => ({ head: head.replace(UNIT, ''), unit: UNIT.exec(head)?.[1], value, show: show && ((v) => show(v)), number: show !== undefined, ...more });
const delta = (show) => (x) => change(show(x), x);

// Capacity of all platforms in each year of the horizon.
export function capacityByYear(plan) {
  const { first_year: first, years } = plan.horizon;
  const all = plan.platforms.flatMap((p) => p.lines.flatMap((l) => spans(l.steps, first + years)));
  return Array.from({ length: years }, (_, t) => sum(all.filter((s) => s.from <= first + t && first + t < s.to).map((s) => s.capacity_t)));
}

const platformTable = (plan, region, locate) => ({
  id: 'plateformes', cards: true, caption: 'Plateformes proposées', empty: 'Ce plan n’ouvre aucune plateforme.', rows: plan.platforms,
  columns: [
    col('Plateforme', (p) => p.name, undefined, { term: 'plateforme', show: (v, p) => locate(p.site, v) }),
    col('Région', region),
    col('Lignes', (p) => p.lines.length, whole, { term: 'ligne' }),
    col('Capacité en fin de période (t/an)', (p) => sum(p.lines.map((l) => l.steps.at(-1)?.capacity_t ?? 0)), perYear),
    col('Tonnes traitées sur la période (t)', (p) => sum(p.lines.flatMap((l) => l.tonnes)), tonnes),
    col('Investissement (€)', (p) => p.capex_eur, eur),
    col('Emplois', (p) => p.jobs, whole),
  ],
});

const openingTable = (plan) => ({
  id: 'lignes', cards: true, caption: 'Ce qui ouvre, quand, à quelle taille', empty: 'Aucune ligne à ouvrir.',
  rows: plan.platforms.flatMap((p) => p.lines.flatMap((l) => l.steps.map((s) => ({ p, l, s })))),
  columns: [
    col('Plateforme', ({ p }) => p.name),
    col('Flux', ({ l }) => l.label, undefined, { term: 'flux' }),
    col('Année', ({ s }) => s.year, String),
    col('Changement', ({ s }) => word(s.action)),
    col('Capacité (t/an)', ({ s }) => s.capacity_t, perYear),
  ],
});

const kilos = (t, people) => (t / people) * 1000;

const volumeTable = ({ source, year, first_year: first, regions }) => ({
  id: 'gisement', cards: true, caption: `Gisement par région (${source}, ${year})`, rows: regions,
  columns: [
    col('Région', (r) => r.name),
    col('Habitants', (r) => r.population, whole),
    col('Apporté en déchèterie (t)', (r) => r.collected_t, tonnes),
    col('Par habitant (kg)', (r) => r.collected_kg_inhabitant, (x) => one(x, 'kg')),
    col('Tous canaux (t)', (r) => r.household_t, tonnes, { term: 'gisement' }),
    col('Tous canaux, par habitant (kg)', (r) => kilos(r.household_t, r.population), (x) => one(x, 'kg')),
    col(`En ${first} (t)`, (r) => r.first_year_t, tonnes),
    col('Chiffre remplacé', (r) => r.replaced ?? 'aucun'),
  ],
});

// What holds for every run and has figures: each with what the service says of its source.
function rules(parameters, volumes) {
  const find = (id) => parameters.find((p) => p.id === id);
  const said = (p) => ` (${p.source_title ?? p.source}, ${p.year ?? 'sans date'}, ${word(p.confidence)})`;
  const size = find('existing.reference_t');
  const margin = find('existing.margin');
  const part = find('volume.local_authority_share');
  const road = find('distance.factor_60_250');
  const rule = (title, ...text) => h('li', { class: 'sourced' }, h('strong', null, title), ' ', text);
  return [
    size && margin && rule('Prix des usines existantes.', `Faute de devis, leur prix est leur coût complet à ${perYear(size.value)}, plus une marge de ${percent(margin.value)} de ce coût${said(margin)}, `
      + 'sauf réglage contraire d’un scénario. Une plateforme neuve gagne par cette marge, qu’elle ne prend pas, par une plus grande taille ou par un transport plus court ; elle est supposée tourner à plein dès son ouverture.'),
    part && volumes && rule('Tonnages.', `Ceux apportés en déchèterie (${volumes.source}, ${volumes.year}), divisés par la part nationale des collectivités, ${percent(part.value)}${said(part)}, puis répartis selon la population. `,
      'Les ', term('point', 'points de collecte'), ' marqués « estimé » ne sont pas des adresses réelles.'),
    road && rule('Distances.', `À vol d’oiseau, multipliées par un coefficient routier, ${free(road.value)} entre 60 et 250 km. ${road.note ?? ''}${said(road)}.`),
  ].filter(Boolean);
}

const yearTable = (plan, capacity) => ({
  id: 'annees', caption: 'Tonnes par an', rows: plan.years.map((y, t) => ({ ...y, capacity_t: capacity[t] })),
  columns: [
    col('Année', (y) => y.year, undefined, { show: (v, y) => (y.mark ? `${v} (an ${y.mark})` : String(v)) }),
    col('Tonnes collectées (t)', (y) => y.tonnes, tonnes),
    col('Vers les plateformes (t)', (y) => y.platform_tonnes, tonnes),
    col('Part des plateformes', (y) => y.platform_tonnes / y.tonnes, share),
    col('Capacité des plateformes (t/an)', (y) => y.capacity_t, perYear),
  ],
});

const lineTable = (plan) => ({
  id: 'tonnes-lignes', caption: 'Tonnes par ligne et par an', empty: 'Aucune ligne.',
  rows: plan.platforms.flatMap((p) => p.lines.map((l) => ({ p, l }))),
  columns: [
    col('Plateforme', ({ p }) => p.name),
    col('Flux', ({ l }) => l.label),
    ...plan.years.map((y, t) => col(String(y.year), ({ l }) => l.tonnes[t], whole)),
  ],
});

const originTable = (plan) => ({
  id: 'origines', caption: 'Origine des tonnes, par région, sur toute la période', empty: 'Sans plateforme, aucune tonne à répartir.',
  rows: plan.platforms.flatMap((p) => p.origins.map((o) => ({ p, o, all: sum(p.origins.map((q) => q.tonnes)) }))),
  columns: [
    col('Plateforme', ({ p }) => p.name),
    col('Région d’origine', ({ o }) => o.name),
    col('Tonnes (t)', ({ o }) => o.tonnes, tonnes),
    col('Part de la plateforme', ({ o, all }) => o.tonnes / all, share),
  ],
});

const plantTable = (plan, region, locate) => {
  const marks = plan.years.map((y, t) => ({ ...y, t })).filter((y) => y.mark);
  return {
    id: 'usines', cards: true, caption: 'Usines existantes, avant et après', rows: plan.existing,
    columns: [
      col('Usine', (e) => e.name, undefined, { show: (v, e) => locate(e.site, v) }),
      col('Nature', (e) => word(e.kind)),
      col('Région', region),
      ...marks.flatMap((m) => [
        col(`Statu quo, ${m.year} (t)`, (e) => e.tonnes_before[m.t], tonnes),
        col(`Plan, ${m.year} (t)`, (e) => e.tonnes[m.t], tonnes)]),
      col('Écart sur la période (t)', (e) => sum(e.tonnes) - sum(e.tonnes_before), delta(tonnes)),
    ],
  };
};

const sourceTable = (plan, sites) => ({
  id: 'usines-sources', cards: true, caption: 'Capacité des usines existantes, et sources', rows: plan.existing.map((e) => ({ ...e, ...sites.get(e.site) })),
  columns: [
    col('Usine', (e) => e.name),
    col('Exploitant', (e) => e.operator),
    col('Capacité (t/an)', (e) => e.capacity_t, (x) => (x ? perYear(x) : 'sans limite')),
    col('Source', (e) => e.source_title ?? e.source),
    col('Année de la source', (e) => e.year, undefined, { number }),
    col('Confiance', (e) => word(e.confidence), undefined, { term: 'confiance' }),
  ],
});

const costTable = (plan) => ({
  id: 'couts', caption: 'Coûts par poste, valeur actualisée sur la période', rows: plan.breakdown,
  total: { statu_quo_eur: plan.cost.statu_quo_eur, plan_eur: plan.cost.plan_eur },
  columns: [
    col('Poste', (b) => b.label),
    col('Statu quo (€)', (b) => b.statu_quo_eur, meur, { term: 'statuquo' }),
    col('Plan (€)', (b) => b.plan_eur, meur),
    col('Écart (€)', (b) => b.plan_eur - b.statu_quo_eur, delta(meur)),
    col('Confiance', (b) => (b.confidence ? word(b.confidence) : ''), undefined, { term: 'confiance' }),
  ],
});

const EFFECTS = [
  // what is counted before: a field, or 0 by nature; null where nobody counts it
  ['Tonnes collectées par an', tonnes, 'tonnes', 'tonnes', null],
  ['Tonnes vers les plateformes par an', tonnes, 0, 'platform_tonnes', null],
  ['Véhicules-km par an', km, 'vehicle_km_before', 'vehicle_km', 'vkm'],
  ['CO₂ du transport par an', tonnes, 'co2_t_before', 'co2_t', 'co2'],
  ['Emplois dans les plateformes', whole, null, 'jobs', null],
];

const uncounted = (show) => (v, r) => (r.counted ? show(v, r) : 'non compté');

const effectTable = (plan) => ({
  id: 'effets', caption: 'Effets aux repères de six et douze ans',
  rows: EFFECTS.flatMap(([name, show, before, after, about]) => plan.years.filter((y) => y.mark)
    .map((y) => ({ name, show, about, y, counted: before !== null, before: before ? y[before] : before, after: y[after] }))),
  columns: [
    col('Effet', (r) => r.name, undefined, { show: (v, r) => (r.about ? term(r.about, v) : v) }),
    col('Repère', (r) => `an ${r.y.mark} (${r.y.year})`),
    col('Statu quo', (r) => r.before, undefined, { number, show: uncounted((v, r) => r.show(v)) }),
    col('Plan', (r) => r.after, undefined, { number, show: (v, r) => r.show(v) }),
    col('Écart', (r) => (r.before == null ? null : r.after - r.before), undefined, { number, show: (v, r) => delta(r.show)(v) }),
  ],
});

const effectYearTable = (plan) => ({
  id: 'effets-annees', caption: 'Effets année par année', rows: plan.years,
  columns: [
    col('Année', (y) => y.year, String),
    col('Véhicules-km, statu quo', (y) => y.vehicle_km_before, km),
    col('Véhicules-km, plan', (y) => y.vehicle_km, km),
    col('CO₂, statu quo (t)', (y) => y.co2_t_before, tonnes),
    col('CO₂, plan (t)', (y) => y.co2_t, tonnes),
    col('Emplois des plateformes', (y) => y.jobs, whole),
  ],
});

export const parameterTable = (parameters) => ({
  id: 'parametres', cards: true, caption: 'Paramètres, sources et confiance', rows: parameters,
  columns: [
    col('Paramètre', (p) => p.label),
    ...[['Valeur', 'value'], ['Bas', 'low'], ['Haut', 'high']].map(([head, name]) => col(head, (p) => p[name], undefined, { number, show: (v, p) => measure(v, p.unit) })),
    col('Unité', (p) => unit(p.unit)),
    col('Source', (p) => p.source_title ?? p.source),
    col('Année de la source', (p) => p.year, undefined, { number }),
    col('Confiance', (p) => word(p.confidence), undefined, { term: 'confiance' }),
    col('Note', (p) => p.note),
  ],
});

const chapter = (id, title, lead, ...content) =>
  h('section', { id, 'aria-labelledby': `t-${id}` }, h('h2', { id: `t-${id}` }, title), lead && h('p', { class: 'lead' }, lead), content);
const beside = (title, picture, sheet) => h('div', { class: 'beside card' }, h('div', null, h('h3', null, title), picture), sheet);
const folded = (title, ...content) => h('details', { class: 'card' }, h('summary', null, title), content);
const flows = (plan) => [...new Set(plan.platforms.flatMap((p) => p.lines.map((l) => l.flow)))].map((f) => [`flow ${f}`, word(f)]);

// `region` names the région of a site; `locate(site, text)` is a button that shows a site on the map.
export function report(plan, parameters, sites, region, locate) {
  const stem = `recircuit-${plan.scenario.code}`;
  const sheet = (description) => table(description, stem);
  const capacity = capacityByYear(plan);
  const opens = plan.platforms.length > 0;
  byId('tableaux').replaceChildren(
    chapter('ouvertures', 'Ce qui ouvre, où et quand', null,
      h('div', { class: 'card' }, sheet(platformTable(plan, region, locate))),
      opens && beside('Calendrier', [ganttChart(plan.platforms, plan.horizon), key(flows(plan))], sheet(openingTable(plan)))),
    chapter('tonnes', 'Tonnages', null,
      beside('Tonnes et capacité par an', [yearsChart(plan.years, capacity),
        key([['platform', 'vers les plateformes'], ['existing', 'vers les usines existantes'], ['line-capacity', 'capacité des plateformes']])],
      sheet(yearTable(plan, capacity))),
      plan.volumes && h('div', { class: 'card' }, sheet(volumeTable(plan.volumes)), h('ul', { id: 'volume-notes' }, plan.volumes.notes.map((n) => h('li', null, n)))),
      opens && h('div', { class: 'card' }, sheet(originTable(plan))),
      opens && folded('Tonnes par ligne et par an', sheet(lineTable(plan)))),
    chapter('usines', 'Usines existantes', 'Ce que chaque usine reçoit en statu quo et avec le plan.',
      h('div', { class: 'card' }, sheet(plantTable(plan, region, locate))), folded('Capacités et sources', sheet(sourceTable(plan, sites)))),
    chapter('couts', 'Coûts', ['En ', term('valeur', 'valeur actualisée'), ` sur ${plan.horizon.years} ans. Un montant négatif est une recette.`],
      beside('Avant et après', [costChart(plan.breakdown), key([['before', 'statu quo'], ['after', 'plan']])], sheet(costTable(plan)))),
    chapter('effets', 'Camions, CO₂, emplois', null,
      h('div', { class: 'card' }, sheet(effectTable(plan))), folded('Année par année', sheet(effectYearTable(plan)))),
    chapter('parametres', 'Paramètres', 'Chaque chiffre du calcul, d’où il vient et ce qu’il vaut.',
      folded(`Voir les ${whole(parameters.length)} paramètres`, sheet(parameterTable(parameters)))));
  byId('reductions').replaceChildren(...(plan.reductions.length ? plan.reductions : ['Aucune : le calcul porte sur le réseau complet.']).map((r) => h('li', null, r)));
  byId('reasons').replaceChildren(...reasons(plan));
  for (const old of document.querySelectorAll('#rules .sourced')) old.remove();
  byId('rules').firstElementChild.after(...rules(parameters, plan.volumes));
  byId('solver').textContent = `Calcul n° ${plan.run}, ${seconds(plan.solver.seconds)}, graine ${plan.solver.seed}, écart ${gap(plan.cost.gap)}. `
    + `Empreinte des données (SHA-256) : ${plan.solver.sha256}`;
}
