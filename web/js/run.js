// A run while it works: asks the service until it ends, and shows the gap closing.
import * as api from './api.js';
import { gapChart, key } from './charts.js';
import { byId, h, term } from './dom.js';
import { eur, gap, seconds, word } from './format.js';

const PERIOD_MS = 700;
const PATIENCE = 5; // failed questions in a row before giving up

const ended = (run) => ['done', 'failed', 'cancelled'].includes(run.state);
const pause = (ms, signal) => new Promise((ok, no) => {
  const timer = setTimeout(ok, ms);
  signal.addEventListener('abort', () => { clearTimeout(timer); no(new DOMException('', 'AbortError')); }, { once: true });
});

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
      if (run && ended(run)) return run;
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

export const saying = (run) => (run.state === 'failed' ? run.error || 'Le calcul a échoué sans dire pourquoi.' : `Calcul ${word(run.state)}.`);
