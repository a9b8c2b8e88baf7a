// The gap closing: best cost found from above, proved bound from below, over the seconds of the run.
import { chart, frame, label, line, scale, ticks } from './chart.js';
import { svg } from './dom.js';
import { eur, seconds } from './format.js';

// `samples`: [{ seconds, cost_eur, bound_eur }] in time order; those without both figures are not drawn.
export function gapChart(samples) {
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
