// The plan as tables and charts. A table is described once (table.js), for the screen and for its CSV file.
import { ganttChart, key, spans, yearsChart } from './charts.js';
import { byId, h, term } from './dom.js';
import { change, eur, free, gap, kilos, km, measure, meur, percent, perTonne, perYear, seconds, share, sum, tonnes, unit, whole, word } from './format.js';
import { reasons } from './reasons.js';
import { table } from './table.js';

const cards = true;
const delta = (show) => (x) => change(show(x), x);
const at = (name) => (r) => r[name];

// Capacity of all platforms in each year of the horizon.
export function capacityByYear(plan) {
  const { first_year: first, years } = plan.horizon;
  const all = plan.platforms.flatMap((p) => p.lines.flatMap((l) => spans(l.steps, first + years)));
  return Array.from({ length: years }, (_, t) => sum(all.filter((s) => s.from <= first + t && first + t < s.to).map((s) => s.capacity_t)));
}

const platformTable = (plan, locate) => ({
  id: 'plateformes', cards, caption: 'Plateformes proposées', empty: 'Ce plan n’ouvre aucune plateforme.', rows: plan.platforms,
  columns: [
    ['Plateforme', 'name', null, { term: 'plateforme', show: (v, p) => locate(p.site, v) }],
    ['Région', (s) => s.region_name ?? s.region],
    ['Lignes', (p) => p.lines.length, whole, { term: 'ligne' }],
    ['Capacité en fin de période (t/an)', (p) => sum(p.lines.map((l) => l.steps.at(-1)?.capacity_t ?? 0)), perYear],
    ['Tonnes traitées sur la période (t)', (p) => sum(p.lines.flatMap((l) => l.tonnes)), tonnes],
    ['Investissement (€)', 'capex_eur', eur],
    ['Emplois', 'jobs', whole],
  ],
});

const linesOf = (plan) => plan.platforms.flatMap((p) => p.lines.map((l) => ({ platform: p.name, ...l })));

const openingTable = (plan) => ({
  id: 'lignes', cards, caption: 'Ce qui ouvre, quand, à quelle taille', rows: linesOf(plan).flatMap((l) => l.steps.map((s) => ({ ...l, ...s }))),
  columns: [
    ['Plateforme', 'platform'],
    ['Flux', 'label', null, { term: 'flux' }],
    ['Année', 'year', String],
    ['Changement', (s) => word(s.action)],
    ['Capacité (t/an)', 'capacity_t', perYear],
  ],
});

const volumeTable = ({ source, year, first_year: first, regions }) => ({
  id: 'gisement', cards, caption: `Gisement par région (${source}, ${year})`, rows: regions,
  columns: [
    ['Région', 'name'],
    ['Habitants', 'population', whole],
    ['Apporté en déchèterie (t)', 'collected_t', tonnes],
    ['Par habitant (kg)', 'collected_kg_inhabitant', kilos],
    ['Tous canaux (t)', 'household_t', tonnes, { term: 'gisement' }],
    ['Tous canaux, par habitant (kg)', (r) => (1000 * r.household_t) / r.population, kilos],
    [`En ${first} (t)`, 'first_year_t', tonnes],
    ['Chiffre remplacé', (r) => r.replaced ?? 'aucun'],
  ],
});

const yearTable = (plan, capacity) => ({
  id: 'annees', caption: 'Tonnes par an', rows: plan.years.map((y, t) => ({ ...y, capacity_t: capacity[t] })),
  columns: [
    ['Année', 'year', null, { show: (v, y) => (y.mark ? `${v} (an ${y.mark})` : String(v)) }],
    ['Tonnes collectées (t)', 'tonnes', tonnes],
    ['Vers les plateformes (t)', 'platform_tonnes', tonnes],
    ['Part des plateformes', (y) => y.platform_tonnes / y.tonnes, share],
    ['Capacité des plateformes (t/an)', 'capacity_t', perYear],
  ],
});

const lineTable = (plan) => ({
  id: 'tonnes-lignes', caption: 'Tonnes par ligne et par an', rows: linesOf(plan),
  columns: [['Plateforme', 'platform'], ['Flux', 'label'], ...plan.years.map((y, t) => [String(y.year), (l) => l.tonnes[t], whole])],
});

const originTable = (plan) => ({
  id: 'origines', caption: 'Origine des tonnes, par région, sur toute la période',
  rows: plan.platforms.flatMap((p) => p.origins.map((o) => ({ platform: p.name, ...o, all: sum(p.origins.map(at('tonnes'))) }))),
  columns: [
    ['Plateforme', 'platform'],
    ['Région d’origine', 'name'],
    ['Tonnes (t)', 'tonnes', tonnes],
    ['Part de la plateforme', (o) => o.tonnes / o.all, share],
  ],
});

const plantTable = (plan, locate) => ({
  id: 'usines', cards, caption: 'Usines existantes, avant et après', rows: plan.existing,
  columns: [
    ['Usine', 'name', null, { show: (v, e) => locate(e.site, v) }],
    ['Nature', (e) => word(e.kind)],
    ['Région', (s) => s.region_name ?? s.region],
    ...plan.years.flatMap((y, t) => (y.mark ? [[`Statu quo, ${y.year} (t)`, (e) => e.tonnes_before[t], tonnes], [`Plan, ${y.year} (t)`, (e) => e.tonnes[t], tonnes]] : [])),
    ['Écart sur la période (t)', (e) => sum(e.tonnes) - sum(e.tonnes_before), delta(tonnes)],
  ],
});

const sourceTable = (plan, sites) => ({
  id: 'usines-sources', cards, caption: 'Capacité des usines existantes, et sources', rows: plan.existing.map((e) => ({ ...e, ...sites.get(e.site) })),
  columns: [
    ['Usine', 'name'],
    ['Exploitant', 'operator'],
    ['Capacité (t/an)', 'capacity_t', (x) => (x ? perYear(x) : 'sans limite')],
    ...SOURCED,
  ],
});
const SOURCED = [
  ['Source', (p) => p.source_title ?? p.source],
  ['Année de la source', 'year', (y) => String(y ?? '–')],
  ['Confiance', (p) => word(p.confidence), null, { term: 'confiance' }],
];

const costTable = (plan) => ({
  id: 'couts', caption: 'Coûts par poste, valeur actualisée sur la période', rows: plan.breakdown,
  total: { statu_quo_eur: plan.cost.statu_quo_eur, plan_eur: plan.cost.plan_eur },
  columns: [
    ['Poste', (b) => (b.source ? `${b.label}, ${b.source}` : b.label)],
    ['Statu quo (€)', 'statu_quo_eur', meur, { term: 'statuquo' }],
    ['Plan (€)', 'plan_eur', meur],
    ['Écart (€)', (b) => (b.statu_quo_eur == null ? null : b.plan_eur - b.statu_quo_eur), delta(meur)],
    ['Confiance', (b) => (b.confidence ? word(b.confidence) : ''), null, { term: 'confiance' }],
  ],
});

const figured = (show) => ({ number: true, show });
const UNITS = { '€': eur, '€/an': eur, '€/t': perTonne, 1: percent, '1/an': percent, 't/an': tonnes, 'km/an': km, 'kg/hab.': kilos };
const amount = (v, f) => (v == null ? '–' : UNITS[f.unit]?.(v) ?? `${free(v)} ${f.unit}`);
const known = (v, f) => (v != null ? amount(v, f) : f.high == null ? 'non connu' : `${amount(f.low, f)} à ${amount(f.high, f)}`);
const MET = { true: ', atteint', false: ', manqué', null: '' };

// The service's own list: finances, or the indicators at the marks.
const figureTable = (plan, group, id, caption, marks) => ({
  id, cards, caption, rows: (plan.figures ?? []).filter((f) => group.includes(f.group)),
  columns: [
    ['Indicateur', 'label'],
    ...(marks ? [['Repère', (f) => `an ${f.mark} (${f.mark_year})`], ['Statu quo', 'before', null, figured(amount)]] : []),
    [marks ? 'Plan' : 'Valeur', 'value', null, figured(known)],
    ...(marks ? [['Objectif', 'target', null, figured((v, f) => amount(v, f) + MET[f.is_met])]] : []),
    ['Unité', (f) => unit(f.unit)],
    ...SOURCED,
    ['Note', 'note'],
  ],
});

const cashTable = (plan) => ({
  id: 'tresorerie', caption: 'Flux de trésorerie', rows: plan.cash_flow ?? [],
  columns: [
    ['Année', (c) => (c.is_end ? 'dernier jour' : String(c.year))],
    ...[['Ensemble', 'system'], ['Plateformes, avant prix d’entrée', 'platforms']].flatMap(([who, key]) =>
      [[`${who} : investissement (€)`, `${key}_invested_eur`, eur], [`${who} : fonctionnement (€)`, `${key}_running_eur`, eur]]),
  ],
});

const parameterTable = (parameters) => ({
  id: 'parametres', cards, caption: 'Paramètres, sources et confiance', rows: parameters,
  columns: [
    ['Paramètre', 'label'],
    ...[['Valeur', 'value'], ['Bas', 'low'], ['Haut', 'high']].map(([head, name]) => [head, name, null, figured((v, p) => measure(v, p.unit))]),
    ['Unité', (p) => unit(p.unit)],
    ...SOURCED,
    ['Note', 'note'],
  ],
});

// What holds for every run and has figures: each with what the service says of its source.
function rules(parameters, volumes) {
  const [size, margin, part, road] = ['existing.reference_t', 'existing.margin', 'volume.local_authority_share', 'distance.factor_60_250']
    .map((id) => parameters.find((p) => p.id === id));
  const said = (p) => ` (${p.source_title ?? p.source}, ${p.year ?? 'sans date'}, ${word(p.confidence)})`;
  const rule = (title, ...text) => h('li', { class: 'sourced' }, h('strong', null, title), ' ', text);
  return [
    size && margin && rule('Prix des usines existantes.', `Faute de devis, leur prix est leur coût complet à ${perYear(size.value)}, plus une marge de ${share(margin.value)} de ce coût${said(margin)}, `
      + 'sauf réglage contraire d’un scénario. Une plateforme neuve gagne par cette marge, qu’elle ne prend pas, par une plus grande taille ou par un transport plus court ; elle est supposée tourner à plein dès son ouverture.'),
    part && volumes && rule('Tonnages.', `Ceux apportés en déchèterie (${volumes.source}, ${volumes.year}), divisés par la part nationale des collectivités, ${share(part.value)}${said(part)}, puis répartis selon la population. `,
      'Les ', term('point', 'points de collecte'), ' marqués « estimé » ne sont pas des adresses réelles.'),
    road && rule('Distances.', `À vol d’oiseau, multipliées par un coefficient routier, ${free(road.value)} entre 60 et 250 km. ${road.note ?? ''}${said(road)}.`),
  ].filter(Boolean);
}

const chapter = (id, title, lead, ...content) =>
  h('section', { id, 'aria-labelledby': `t-${id}` }, h('h2', { id: `t-${id}` }, title), lead && h('p', { class: 'lead' }, lead), content);
const card = (...content) => h('div', { class: 'card' }, content);
const folded = (title, content) => h('details', { class: 'card' }, h('summary', null, title), content);
const beside = (title, picture, sheet) => h('div', { class: 'beside card' }, h('div', null, h('h3', null, title), picture), sheet);
const list = (texts) => texts.map((t) => h('li', null, t));

// `locate(site, text)` is a button that shows a site on the map.
export function report(plan, parameters, sites, locate) {
  const sheet = (description) => table(description, `recircuit-${plan.scenario.code}`);
  const capacity = capacityByYear(plan);
  const opens = plan.platforms.length > 0;
  const flows = [...new Set(linesOf(plan).map(at('flow')))].map((f) => [`flow ${f}`, word(f)]);
  reasons(plan);
  byId('tableaux').replaceChildren(
    chapter('ouvertures', 'Ce qui ouvre, où et quand', null,
      card(sheet(platformTable(plan, locate))),
      opens && beside('Calendrier', [ganttChart(plan.platforms, plan.horizon), key(flows)], sheet(openingTable(plan)))),
    chapter('tonnes', 'Tonnages', null,
      plan.volumes && card(sheet(volumeTable(plan.volumes)), h('ul', { id: 'volume-notes' }, list(plan.volumes.notes))),
      beside('Tonnes et capacité par an', [yearsChart(plan.years, capacity),
        key([['platform', 'vers les plateformes'], ['existing', 'vers les usines existantes'], ['line-capacity', 'capacité des plateformes']])],
      sheet(yearTable(plan, capacity))),
      opens && [card(sheet(originTable(plan))), folded('Tonnes par ligne et par an', sheet(lineTable(plan)))]),
    chapter('usines', 'Usines existantes', 'Ce que chaque usine reçoit en statu quo et avec le plan.',
      card(sheet(plantTable(plan, locate))), folded('Capacités et sources', sheet(sourceTable(plan, sites)))),
    chapter('couts', 'Coûts', ['En ', term('valeur', 'valeur actualisée'), ` sur ${plan.horizon.years} ans. Un montant négatif est une recette.`],
      card(sheet(costTable(plan)))),
    chapter('finances', 'Finances', [plan.fee_sentence, ' ', plan.why_sentence],
      card(sheet(figureTable(plan, 'finance limit why', 'finances', 'Ce que le plan rapporte, et à qui'))), folded('Année par année', sheet(cashTable(plan)))),
    chapter('effets', 'Indicateurs du plan déchets', plan.haulage_sentence, card(sheet(figureTable(plan, 'plan', 'effets', 'Repères de six et douze ans', true))),
      folded('Par région', sheet(figureTable(plan, 'region', 'regions', 'Repères par région', true)))),
    chapter('parametres', 'Paramètres', 'Chaque chiffre du calcul, d’où il vient et ce qu’il vaut.',
      folded(`Voir les ${whole(parameters.length)} paramètres`, sheet(parameterTable(parameters)))));
  byId('reductions').replaceChildren(...list(plan.reductions.length ? plan.reductions : ['Aucune : le calcul porte sur le réseau complet.']));
  for (const old of document.querySelectorAll('#rules .sourced')) old.remove();
  byId('rules').firstElementChild.after(...rules(parameters, plan.volumes));
  byId('solver').textContent = `Calcul n° ${plan.run}, ${seconds(plan.solver.seconds)}, graine ${plan.solver.seed}, écart ${gap(plan.cost.gap)}. `
    + `Empreinte des données (SHA-256) : ${plan.solver.sha256}`;
}
