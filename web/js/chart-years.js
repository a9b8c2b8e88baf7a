// Tonnes by year: what platforms take and what existing plants keep, with the capacity of the platforms as a stepped line.
import { chart, frame, label, line, rect, scale, ticks } from './chart.js';
import { svg } from './dom.js';
import { whole } from './format.js';

const BOTTOM = 34;
const LEFT = 52;

export function yearsChart(years, capacity) {
  const marks = ticks(0, Math.max(1, ...years.map((y) => y.tonnes), ...capacity), 7);
  return chart('Tonnes par an vers les plateformes et vers les usines existantes, et capacité des plateformes', (width) => {
    const height = width < 520 ? 260 : 300;
    const y = scale(0, marks.at(-1), height - BOTTOM, 18);
    const slot = (width - LEFT) / years.length;
    const x = (i) => LEFT + i * slot;
    const picture = frame(width, height);
    picture.append(label(0, 10, 'milliers de tonnes par an', { class: 'tick' }));
    for (const m of marks) {
      picture.append(line(LEFT, y(m), width, y(m), { class: m === 0 ? 'axis' : 'grid' }),
        label(LEFT - 8, y(m) + 4, whole(m / 1000), { 'text-anchor': 'end', class: 'tick' }));
    }
    years.forEach((r, i) => {
      const pad = slot * 0.16;
      picture.append(
        rect(x(i) + pad, y(r.platform_tonnes), slot - 2 * pad, y(0) - y(r.platform_tonnes), { class: 'platform' }),
        rect(x(i) + pad, y(r.tonnes), slot - 2 * pad, y(r.platform_tonnes) - y(r.tonnes) - 1, { class: 'existing' }));
      const roomy = slot > 34;
      if (roomy || r.mark || (i % 2 === 0 && !years[i - 1]?.mark && !years[i + 1]?.mark)) {
        picture.append(label(x(i) + slot / 2, height - 17, roomy ? r.year : `’${String(r.year).slice(2)}`, { 'text-anchor': 'middle', class: 'tick' }));
      }
      if (r.mark) picture.append(label(Math.min(x(i) + slot / 2, width - 20), height - 3, `an ${r.mark}`, { 'text-anchor': 'middle', class: 'mark' }));
    });
    if (capacity.some((c) => c > 0)) {
      const path = capacity.map((c, i) => `${i ? 'L' : 'M'}${x(i)} ${y(c)}H${x(i) + slot}`).join('');
      picture.append(svg('path', { d: path, class: 'capacity' }));
    }
    return picture;
  });
}
