// Collection rounds: asked for, followed, shown one by one on a map and in tables; and the siting model asked again with
// what they cost. Loaded when the section is opened.
import * as api from './api.js';
import { h, term } from './dom.js';
import { eur, km, perTonne, seconds, tonnes, whole, word } from './format.js';
import { roundsTable } from './haulage.js';
import { mayPlan } from './session.js';
import { table } from './table.js';

const PERIOD_MS = 700;
const FIGURES = [['Tournées', 'rounds', whole], ['Distance', 'km', km], ['Travail', 'hours', (x) => whole(x, 'h')], ['Enlevé', 'tonnes', tonnes],
  ['Coût', 'eur', (x) => whole(x, '€')], ['Coût à la tonne', 'eur_t', perTonne], ['Estimation du calcul', 'estimate_eur_t', perTonne]];
const COLOURS = ['froid', 'pam', 'pv', 'ecrans', 'existing', 'hors-froid', 'lampes', 'platform'];

const clock = (x) => {
  const minutes = Math.round(x * 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
};
const fixed = (x, digits, unit) => `${x.toLocaleString('fr-FR', { minimumFractionDigits: digits, maximumFractionDigits: digits })}\u00a0${unit}`;
const BOX = { skip: ['benne', 'bennes'], crate: ['caisse', 'caisses'] };
const load = ({ flow, container, units }) => `${units} ${BOX[container][units > 1 ? 1 : 0]} de ${word(flow)}`;
const loads = (stop) => (stop.loads ?? []).map(load).join(', ');
const place = (s) => s.name.replace(/^Déchèterie estimée, /, '');
const STOP = { start: 'départ', unload: 'déchargement', end: 'retour' };

const button = (text, onclick, more) => h('button', { type: 'button', onclick, ...more }, text);
const notice = (text, ...more) => h('div', { class: 'notice' }, h('p', null, text), more);

// ---- tables ----

const roundTable = (list, pick, isWeek, hasHubs) => ({
  id: 'tournees', caption: 'Tournées', rows: list,
  columns: [
    ['N°', 'id', null, { term: 'tournee', show: (v) => button(v, () => pick(v), { class: 'locate', 'aria-label': `Voir la tournée ${v}` }) }],
    ...(isWeek ? [['Jour', 'day']] : []),
    ...(hasHubs ? [['Pôle', 'hub_name', null, { term: 'pole' }]] : []),
    ['Camion', 'kind'],
    ['Enlevés', 'pickups', whole],
    ['Départ', 'leave_h', clock],
    ['Retour', 'back_h', clock],
    ['Distance (km)', 'km', km],
    ['Tonnes (t)', 'tonnes', (x) => fixed(x, 1, 't')],
    ['Coût (€)', 'eur', (x) => whole(x, '€')],
  ],
});

const stopTable = (round) => ({
  id: 'arrets', cards: true, caption: `Tournée ${round.id} : ${round.day}, ${round.vehicle}, depuis ${round.hub_name}`, rows: round.stops,
  columns: [
    ['Lieu', place],
    ['Quoi', (s) => STOP[s.kind] ?? loads(s)],
    ['Arrivée', (s) => (s.kind === 'start' ? s.leave_h : s.arrive_h), clock],
    ['Départ', 'leave_h', clock],
    ['Depuis l’arrêt d’avant (km)', 'km', km],
    ['Voyage', 'trip', whole],
  ],
});

const costTable = (round) => ({
  id: 'cout', cards: true, caption: `Ce que coûte la tournée ${round.id}`,
  rows: [['Camion, par jour', round.fixed_eur], ['Kilomètres', round.km_eur], ['Heures', round.hours_eur], ['Heures supplémentaires', round.overtime_eur], ['Total', round.eur]],
  columns: [['Poste', (r) => r[0]], ['Coût (€)', (r) => r[1], (x) => fixed(x, 2, '€')]],
});

const leftTable = (list) => ({
  id: 'sans-tournee', cards: true, caption: 'Sans tournée', empty: 'Tout ce qui devait être enlevé l’est.', rows: list,
  columns: [['Lieu', place], ['Quoi', loads], ['Pourquoi', 'text'], ['Ce qui le permettrait', (u) => u.remedies.join(' ; ') || 'rien de connu']],
});

// ---- a plan of rounds ----

function show(box, run, plan, context) {
  const { stem, signal, adopt } = context;
  const sheet = (description) => table(description, `${stem}-tournees-${run.id}`);
  const days = [...new Set(plan.rounds.map((r) => r.day))];
  const colour = new Map(plan.rounds.map((r) => [r.id, COLOURS[(r.id - 1) % COLOURS.length]]));
  const parts = { map: h('div', { class: 'map round-map', role: 'region', 'aria-label': 'Carte des tournées ; le tableau à côté dit la même chose.' }), list: h('div'), one: h('div', { 'aria-live': 'polite' }) };
  let chart = null;
  const pick = (id) => {
    const round = plan.rounds.find((r) => r.id === id);
    parts.one.replaceChildren(sheet(stopTable(round)), sheet(costTable(round)));
    chart?.pick(id);
  };
  const choose = (day) => {
    const list = plan.rounds.filter((r) => !day || r.day === day);
    for (const b of choice) b.setAttribute('aria-pressed', String(b.value === day));
    parts.list.replaceChildren(sheet(roundTable(list, pick, !day, plan.hubs.length > 1)));
    parts.one.replaceChildren();
    chart?.draw(list);
  };
  const choice = ['', ...days].map((d) => h('button', { type: 'button', class: 'quiet', value: d, onclick: () => choose(d) }, d || 'toute la semaine'));
  const file = (name, text) => h('a', { href: `/api/rounds/${run.id}/${name}` }, text);
  box.replaceChildren(
    h('p', null, plan.sentence),
    h('dl', { class: 'ticker' }, FIGURES.map(([name, key, as]) => h('div', null, h('dt', null, key === 'estimate_eur_t' ? term('estimation', name) : name), h('dd', null, as(plan.totals[key]))))),
    h('p', { class: 'round-files' }, file('sheet', 'Feuilles de route à imprimer'), file('plan.csv', 'Tableur (CSV)'), file('plan.geojson', 'Carte (GeoJSON)'), file('question.json', 'Question'), file('answer.json', 'Réponse')),
    h('div', { class: 'marks', role: 'group', 'aria-label': 'Jour' }, choice),
    h('div', { class: 'round-view' }, parts.map, parts.list),
    parts.one, sheet(leftTable(plan.unserved)), sheet(roundsTable(plan.haulage)),
    mayPlan() ? h('p', null, 'Le choix des sites compte le transport en trajets directs. Ces tournées peuvent prendre leur place : un scénario copié de celui-ci, au coût des tournées, par flux et par distance. ',
      button('Refaire le choix des sites au coût des tournées', adopt)) : '');
  choose(days[0] ?? '');
  import('./roundmap.js').then(({ roundMap }) => {
    if (signal.aborted || !parts.map.isConnected) return;
    chart = roundMap(parts.map, plan, colour, pick, signal);
    choose(days[0] ?? '');
  }).catch(() => parts.map.replaceChildren(h('p', { class: 'notice' }, 'La carte n’a pas pu être chargée. Les tableaux disent la même chose.')));
}

// ---- asking ----

const field = (text, input) => h('label', null, h('span', null, text), input);

function form(context, ask) {
  const { plan, sites, parameters } = context;
  const { first_year: first, years } = plan.horizon;
  const number = (name, value, min, max) => h('input', { type: 'number', name, value, min, max, required: true });
  const kinds = ['candidate', 'existing', 'unlisted'].map((kind) => [kind, [...sites].filter(([, s]) => s.kind === kind).sort(([, a], [, b]) => a.name.localeCompare(b.name, 'fr'))]);
  const hub = h('select', { name: 'hub' },
    plan.platforms.length > 0 && h('option', { value: '' }, plan.platforms.length > 1 ? 'les plateformes de ce plan' : `la plateforme de ce plan (${plan.platforms[0].name})`),
    kinds.map(([kind, list]) => list.length > 0 && h('optgroup', { label: word(kind) }, list.map(([code, s]) => h('option', { value: code }, s.name)))));
  const fleet = parameters.filter((p) => /^rounds\.\w+\.count$/.test(p.id));
  const submit = h('button', null, 'Planifier les tournées');
  return h('form', { class: 'round-form', onsubmit: (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const of = (name) => Number(data.get(name));
    ask({ ...(data.get('hub') ? { hubs: [data.get('hub')] } : { run: context.run }), year: of('year'), week: of('week'),
      fleet: Object.fromEntries(fleet.map((p) => [p.id.split('.')[1], of(p.id)])) });
  } },
  field(['Depuis ', term('pole', 'le pôle')], hub), field('Année', number('year', first, first, first + years - 1)), field('Semaine', number('week', 12, 1, 52)),
  fleet.map((p) => field(p.label.replace(/^Camions par pôle : /, '').replace(/m3/, 'm³'), number(p.id, p.value, 0, 500))), submit);
}

const title = ({ id, asked }, sites) => `n° ${id} : semaine ${asked.week} de ${asked.year}, ${asked.hubs.map((c) => sites.get(c)?.name ?? c).join(', ')}`;

// `context`: { run, stem, signal, plan, sites, parameters } of the plan shown.
export async function rounds(box, context) {
  const { signal, sites } = context;
  const result = h('div', { class: 'round-result' });
  const past = h('div');
  const fail = (e) => e.name !== 'AbortError' && result.replaceChildren(notice(e.message));
  const attempt = (work) => async (...given) => {
    try {
      await work(...given);
    } catch (e) {
      fail(e);
    }
  };

  // The scenario of the plan shown, again, with haulage as these rounds cost it; then its run.
  const adopt = (id) => attempt(async () => {
    const { scenario } = context.plan;
    const { definition } = await api.get(`/api/scenarios/${scenario.id}`, signal);
    const made = await api.post('/api/scenarios', { name: `${scenario.name}, au coût des tournées n° ${id}`.slice(0, 200),
      description: `Copie de « ${scenario.name} » : le transport vient des tournées du calcul n° ${id}.`, definition: { ...definition, rounds: id } });
    await api.startRun(made);
    location.assign(`?scenario=${made}`);
  });

  const open = attempt(async (id) => {
    for (;;) {
      const run = await api.get(`/api/rounds/${id}`, signal);
      if (run.state === 'done') return show(result, run, await api.get(`/api/rounds/${id}/plan`, signal), { ...context, adopt: adopt(id) });
      if (api.ended(run)) return result.replaceChildren(notice(run.state === 'failed' ? `Le calcul a échoué : ${run.error}` : 'Calcul annulé.'));
      const { progress } = run;
      result.replaceChildren(notice(run.state === 'queued' ? 'Les tournées attendent leur tour.' : `Tournées en cours de calcul${progress ? ` : ${eur(progress.cost_eur)} après ${seconds(progress.seconds)}` : ''}.`,
        mayPlan() && button('Arrêter', attempt(() => api.stop(id)))));
      await new Promise((ok) => setTimeout(ok, PERIOD_MS));
      if (signal.aborted || !result.isConnected) return undefined;
    }
  });

  const list = attempt(async () => {
    const { rounds: all } = await api.get('/api/rounds', signal);
    const choice = h('select', { onchange: (event) => event.target.value && open(Number(event.target.value)) }, h('option', { value: '' }, 'choisir…'), all.map((r) => h('option', { value: r.id }, title(r, sites))));
    past.replaceChildren(...(all.length ? [field('Tournées déjà calculées', choice)] : []));
  });

  const ask = attempt(async (body) => {
    const id = await api.post('/api/rounds', body);
    list();
    await open(id);
  });

  if (!document.querySelector('link[href="/css/rounds.css"]')) document.head.append(h('link', { rel: 'stylesheet', href: '/css/rounds.css' }));
  box.replaceChildren(mayPlan() ? form(context, ask) : notice('Calculer des tournées demande un compte de planificateur.'), past, result);
  await list();
}
