// A run while it works: asks the service until it ends, and shows the gap closing. Loaded when there is one.
import * as api from './api.js';
import { chart, frame, key, label, line, scale, ticks } from './charts.js';
import { byId, h, svg, term } from './dom.js';
import { eur, gap, seconds, word } from './format.js';

const PERIOD_MS = 700;
const PATIENCE = 5; // failed questions in a row before giving up

const pause = (ms, signal) => new Promise((ok, no) => {
  const timer = setTimeout(ok, ms);
  signal.addEventListener('abort', () => { clearTimeout(timer); no(new DOMException('', 'AbortError')); }, { once: true });
});

// Best cost found from above, proved bound from below, over the seconds of the run.
// `samples`: [{ seconds, cost_eur, bound_eur }] in time order; those without both figures are not drawn.
function gapChart(samples) {
  return chart('Coût du meilleur plan et borne prouvée au fil du calcul', (width) => {
    const height = 190;
    const picture = frame(width, height);
    const drawn = samples.filter((s) => Number.isFinite(s.cost_eur) && Number.isFinite(s.bound_eur));
    if (drawn.length === 0) return picture;
    const low = Math.min(...drawn.map((s) => s.bound_eur));
    const high = Math.max(...drawn.map((s) => s.cost_eur));
    const marks = ticks(low, Math.max(high, low + 1), 3);
    const x = scale(drawn[0].seconds, Math.max(drawn.at(-1).seconds, drawn[0].seconds + 1), 74, width - 8);
    const y = scale(marks[0], marks.at(-1), height - 24, 10);
    for (const m of marks) {
      picture.append(line(74, y(m), width, y(m), { class: 'grid' }), label(68, y(m) + 4, eur(m), { 'text-anchor': 'end', class: 'tick' }));
    }
    const way = (list, name) => list.map((s) => `${x(s.seconds).toFixed(1)} ${y(s[name]).toFixed(1)}`).join('L');
    const costs = way(drawn, 'cost_eur');
    const bounds = way(drawn, 'bound_eur');
    picture.append(svg('path', { class: 'gap', d: `M${costs}L${way([...drawn].reverse(), 'bound_eur')}Z` }),
      svg('path', { class: 'cost', d: `M${costs}` }), svg('path', { class: 'bound', d: `M${bounds}` }),
      label(74, height - 5, seconds(drawn[0].seconds), { class: 'tick' }),
      label(width - 8, height - 5, seconds(drawn.at(-1).seconds), { 'text-anchor': 'end', class: 'tick' }));
    return picture;
  });
}

// `since` is how long ago the service last reported: reports may be far apart, the clock goes on.
function panel(run, samples, since) {
  const p = run.progress;
  if (!p) return '';
  const figure = (name, value) => h('div', null, h('dt', null, name), h('dd', null, value));
  return h('div', { class: 'card running' },
    h('dl', { class: 'ticker' },
      p.stage && figure('Étape', word(p.stage)),
      figure('Temps', seconds(p.seconds + since / 1000)),
      figure('Meilleur plan', eur(p.cost_eur)),
      figure(term('borne', 'Borne'), eur(p.bound_eur)),
      figure(term('ecart', 'Écart'), gap(p.gap))),
    samples.length > 1 && [gapChart(samples), key([['line-cost', 'meilleur plan trouvé'], ['line-bound', 'borne prouvée'], ['fill-gap', 'écart restant']])]);
}

// Resolves with the run once it has ended; throws when aborted or when the service stays away.
export async function follow(id, signal, onState) {
  const box = byId('progress');
  const samples = [];
  let state = null;
  let failures = 0;
  let heard = 0;
  try {
    for (;;) {
      let run = null;
      try {
        run = await api.run(id, signal);
        failures = 0;
      } catch (e) {
        if (e.name === 'AbortError' || e.status === 404 || ++failures >= PATIENCE) throw e;
      }
      if (run && run.state !== state) onState(run);
      if (run && api.ended(run)) return run;
      if (run) {
        state = run.state;
        const p = run.progress;
        if (p && p.seconds !== samples.at(-1)?.seconds) {
          samples.push({ seconds: p.seconds, cost_eur: p.cost_eur, bound_eur: p.bound_eur });
          heard = performance.now();
        }
        box.replaceChildren(panel(run, samples, performance.now() - heard));
        box.hidden = false;
      }
      await pause(PERIOD_MS * (failures + 1), signal);
    }
  } finally {
    box.hidden = true;
    box.replaceChildren();
  }
}
