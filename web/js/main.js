// The page: which scenario, which run, what to show of it.
import * as api from './api.js';
import { byId, h } from './dom.js';
import { date, word } from './format.js';
import { glossary } from './glossary.js';
import { mayPlan, session } from './session.js';
import { verdict } from './verdict.js';

const parts = { chooser: byId('chooser'), select: byId('scenario'), rerun: byId('rerun'), facts: byId('run-facts'),
  status: byId('status'), variant: byId('variant'), verdict: byId('verdict'), report: byId('report') };
// What is loaded when it is opened, and again for another run.
const folds = {
  study: async (box, { run, stem, signal }) => (await import('./study.js')).study(box, run, stem, signal),
  rounds: async (box, shown) => (await import('./rounds.js')).rounds(box, { ...shown, parameters: await shown.parameters }),
};
const mapParts = { map: byId('map'), timeline: byId('timeline'), legend: byId('legend') };
const address = new URLSearchParams(location.search);

function say(kind, title, text, action) {
  parts.status.replaceChildren(h('div', { class: `card notice ${kind}` }, h('h3', null, title), text && h('p', null, text), action));
}
const button = (text, onclick) => h('button', { type: 'button', onclick }, text);

// What does not decide the answer may be missing: the page then shows less.
const optional = (promise, otherwise) => promise.catch((e) => {
  if (e.name === 'AbortError') throw e;
  return otherwise;
});

function start() {
  let scenarios = [];
  let current = new AbortController();
  let atlas = null;
  let redraw = null;
  let shown = null; // the run whose folds may be opened

  const scenario = () => scenarios.find((s) => s.id === Number(parts.select.value));
  function renew() {
    current.abort();
    current = new AbortController();
    return current.signal;
  }
  function clear() {
    atlas?.remove();
    atlas = redraw = shown = null;
    parts.verdict.replaceChildren();
    parts.report.hidden = true;
    parts.facts.textContent = '';
  }
  const locate = (code, text) => h('button', { type: 'button', class: 'locate', title: 'Voir sur la carte', onclick: () => atlas?.locate(code) }, text);

  async function showPlan(run, signal) {
    say('busy', 'Chargement du résultat…');
    const around = optional(api.sites(signal), { features: [] });
    around.catch(() => {}); // an abort is heard below, or with the plan
    const plan = await api.plan(run.id, signal);
    clear();
    parts.status.replaceChildren();
    parts.verdict.replaceChildren(verdict(plan));
    parts.facts.textContent = `Calcul n° ${run.id}, ${run.finished_at ? `du ${date(run.finished_at)}` : word(run.state)}.`;
    const sites = new Map((await around).features.map((f) => [f.properties.code, { ...f.properties, geometry: f.geometry }]));
    parts.report.hidden = false;
    await showMap({ plan, run: run.id, sites, signal });
    if (signal.aborted) return;
    // The rest comes once the map is there: what stands below it, and what opens.
    const parameters = optional(api.parameters(signal), []);
    shown = { run: run.id, stem: `recircuit-${plan.scenario.code}`, signal, plan, sites, parameters };
    for (const id of Object.keys(folds)) unfold(id);
    const [{ report }, known] = await Promise.all([import('./report.js'), parameters]);
    if (signal.aborted) return;
    report(plan, known, sites, locate);
    if (plan.haulage_rounds) import('./haulage.js').then(({ haulage }) => haulage(plan), () => {});
  }

  async function showMap(what) {
    const { atlas: draw } = await import('./map.js').catch(() => ({}));
    if (what.signal.aborted) return undefined;
    if (!draw) return mapParts.map.replaceChildren(h('p', { class: 'notice' }, 'La carte n’a pas pu être chargée. Les tableaux disent la même chose.'));
    redraw = () => {
      atlas?.remove();
      atlas = draw(mapParts, what);
    };
    redraw();
    return atlas.ready;
  }

  function unfold(id) {
    if (!byId(id).open || !shown) return;
    const box = byId(`${id}-body`);
    box.replaceChildren(h('p', null, 'Chargement…'));
    folds[id](box, shown);
  }

  async function showRun(id) {
    const signal = renew();
    parts.rerun.disabled = true;
    try {
      let run = await api.run(id, signal);
      if (!api.ended(run)) run = await (await import('./run.js')).follow(id, signal, (now) => {
        if (now.state === 'queued' || now.state === 'running') {
          const kept = parts.verdict.hasChildNodes() ? 'Le résultat ci-dessous est celui du calcul précédent.' : 'La réponse s’affichera ici.';
          say('busy', now.state === 'queued' ? 'Calcul en attente' : 'Calcul en cours', kept);
        }
      });
      if (run.state === 'done') await showPlan(run, signal);
      else say('bad', `Calcul ${word(run.state)}`, run.error, mayPlan() && button('Relancer le calcul', rerun));
    } catch (e) {
      if (e.name === 'AbortError') return;
      say('bad', 'Impossible d’afficher ce résultat', e.message, button('Réessayer', () => showRun(id)));
    } finally {
      if (!signal.aborted) parts.rerun.disabled = false;
    }
  }

  async function rerun(event) {
    event?.preventDefault();
    const signal = renew();
    parts.rerun.disabled = true;
    try {
      const id = await api.startRun(scenario().id);
      if (signal.aborted) return;
      scenario().last_run = { id, state: 'queued', answer: null };
      history.replaceState(null, '', `?scenario=${scenario().id}`);
      await showRun(id);
    } catch (e) {
      if (e.name === 'AbortError') return;
      say('bad', 'Le calcul n’a pas pu être lancé', e.message, button('Réessayer', rerun));
      parts.rerun.disabled = false;
    }
  }

  function showScenario(run) {
    const s = scenario();
    renew();
    clear();
    parts.variant.open = false;
    document.title = `${s.name} – Recircuit`;
    const id = run ?? s.last_run?.id;
    if (id) return showRun(id);
    parts.rerun.disabled = false;
    say('empty', 'Aucun calcul pour ce scénario', 'Lancez un calcul : la réponse, la carte et les tableaux s’afficheront ici.', mayPlan() && button('Lancer le calcul', rerun));
  }

  async function load() {
    say('busy', 'Chargement…');
    try {
      [scenarios] = await Promise.all([api.scenarios(), session(byId('session'))]);
    } catch (e) {
      return say('bad', 'La page n’a pas pu charger les scénarios', e.message, button('Réessayer', load));
    }
    if (scenarios.length === 0) return say('empty', 'Aucun scénario', 'Le service ne contient encore aucun scénario à étudier.');
    parts.select.replaceChildren(...scenarios.map((s) => h('option', { value: s.id }, s.name)));
    const asked = scenarios.find((s) => s.id === Number(address.get('scenario'))) ?? scenarios.find((s) => s.last_run?.state === 'done') ?? scenarios[0];
    parts.select.value = asked.id;
    parts.chooser.hidden = false;
    byId('why-not').hidden = mayPlan();
    parts.rerun.hidden = parts.variant.hidden = !mayPlan();
    return showScenario(Number(address.get('run')) || null);
  }

  parts.select.addEventListener('change', () => {
    history.replaceState(null, '', `?scenario=${parts.select.value}`);
    showScenario();
  });
  parts.chooser.addEventListener('submit', rerun);
  parts.variant.addEventListener('toggle', async () => parts.variant.open && (await import('./variant.js')).variant(byId('variant-body'), scenario()));
  for (const id of Object.keys(folds)) byId(id).addEventListener('toggle', () => unfold(id));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => redraw?.());
  glossary(document.body);
  load();
}

start();
