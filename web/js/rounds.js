// Collection rounds: asked for, followed, shown one by one on a map and in tables; and the siting model asked again with
// what they cost. Loaded when the section is opened.
import * as api from './api.js';
import { h, sheetOf, term } from './dom.js';
import { eur, km, perTonne, seconds, sum, tonnes, whole, word } from './format.js';
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

const hubTable = ({ hubs, haulage, totals }) => ({
  id: 'poles', cards: true, caption: 'Ce que fait chaque pôle', total: totals,
  rows: hubs.map((hub) => ({ ...hub, estimate_eur_t: sum(haulage.filter((b) => b.hub === hub.site).map((b) => b.tonnes * b.estimate_eur_t)) / hub.tonnes || null })),
  columns: [
    ['Pôle', 'name', null, { term: 'pole' }],
    ['Tournées', 'rounds', whole],
    ['Enlevés', 'pickups', whole],
    ['Distance (km)', 'km', km],
    ['Travail (h)', 'hours', (x) => whole(x, 'h')],
    ['Tonnes (t)', 'tonnes', (x) => fixed(x, 1, 't')],
    ['Coût (€)', 'eur', (x) => whole(x, '€')],
    ['Coût à la tonne (€/t)', 'eur_t', perTonne],
    ['Estimation (€/t)', 'estimate_eur_t', perTonne, { term: 'estimation' }],
  ],
});

const pauses = (round, stop) => (round.breaks ?? []).filter((b) => round.stops[b.leg] === stop).map((b) => `${clock(b.begin_h)} à ${clock(b.end_h)}`).join(', ');

// Plans of earlier versions do not say when there was a break.
const stopTable = (round) => ({
  id: 'arrets', cards: true, caption: `Tournée ${round.id} : ${round.day}, ${round.vehicle}, depuis ${round.hub_name}`, rows: round.stops,
  columns: [
    ['Lieu', place],
    ['Quoi', (s) => STOP[s.kind] ?? loads(s)],
    ['Arrivée', (s) => (s.kind === 'start' ? s.leave_h : s.arrive_h), clock],
    ['Départ', 'leave_h', clock],
    ['Depuis l’arrêt d’avant (km)', 'km', km],
    ['Voyage', 'trip', whole],
    ...(round.breaks?.length ? [['Pause en chemin', (s) => pauses(round, s)]] : []),
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
  const several = plan.hubs.length > 1;
  const kept = { day: days[0] ?? '', hub: '' };
  const draw = () => {
    const list = plan.rounds.filter((r) => (!kept.day || r.day === kept.day) && (!kept.hub || r.hub === kept.hub));
    parts.list.replaceChildren(sheet(roundTable(list, pick, !kept.day, several && !kept.hub)));
    parts.one.replaceChildren();
    chart?.draw(list);
  };
  // Buttons that keep the rounds of one day, or of one hub.
  const choice = (what, label, all, values) => {
    const set = (value) => {
      kept[what] = value;
      for (const b of buttons) b.setAttribute('aria-pressed', String(b.value === value));
    };
    const buttons = [['', all], ...values].map(([value, text]) => h('button', { type: 'button', class: 'quiet', value, onclick: () => (set(value), draw()) }, text));
    set(kept[what]);
    return h('div', { class: 'marks', role: 'group', 'aria-label': label }, buttons);
  };
  const file = (name, text) => h('a', { href: `/api/rounds/${run.id}/${name}` }, text);
  box.replaceChildren(...[
    h('p', null, plan.sentence),
    h('dl', { class: 'ticker' }, FIGURES.map(([name, key, as]) => h('div', null, h('dt', null, key === 'estimate_eur_t' ? term('estimation', name) : name), h('dd', null, as(plan.totals[key]))))),
    h('p', { class: 'round-files' }, file('sheet', 'Feuilles de route à imprimer'), file('plan.csv', 'Tableur (CSV)'), file('plan.geojson', 'Carte (GeoJSON)'), file('question.json', 'Question'), file('answer.json', 'Réponse')),
    several && sheet(hubTable(plan)),
    choice('day', 'Jour', 'toute la semaine', days.map((d) => [d, d])),
    several && choice('hub', 'Pôle', 'tous les pôles', plan.hubs.map((hub) => [hub.site, hub.name])),
    h('div', { class: 'round-view' }, parts.map, parts.list),
    parts.one, sheet(leftTable(plan.unserved)), sheet(roundsTable(plan.haulage)),
    mayPlan() ? h('p', null, 'Le choix des sites compte le transport en trajets directs. Ces tournées peuvent prendre leur place : un scénario copié de celui-ci, au coût des tournées, par flux et par distance. ',
      button('Refaire le choix des sites au coût des tournées', adopt)) : ''].filter(Boolean));
  draw();
  import('./roundmap.js').then(({ roundMap }) => {
    if (signal.aborted || !parts.map.isConnected) return;
    chart = roundMap(parts.map, plan, colour, pick, signal);
    draw();
  }).catch(() => parts.map.replaceChildren(h('p', { class: 'notice' }, 'La carte n’a pas pu être chargée. Les tableaux disent la même chose.')));
}

const NAMED = 3; // hubs of a run in the list of runs
function title({ id, asked }, sites) {
  const hubs = asked.hubs.map((c) => sites.get(c)?.name ?? c);
  const rest = hubs.length - NAMED;
  return `n° ${id} : semaine ${asked.week} de ${asked.year}, ${hubs.slice(0, NAMED).join(', ')}${rest > 0 ? ` et ${rest} autre${rest > 1 ? 's' : ''}` : ''}`;
}
const field = (text, input) => h('label', null, h('span', null, text), input);

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

  for (const name of ['asking', 'rounds']) sheetOf(name);
  box.replaceChildren(mayPlan() ? await (await import('./roundform.js')).form(context, ask) : notice('Calculer des tournées demande un compte de planificateur.'), past, result);
  await list();
}
