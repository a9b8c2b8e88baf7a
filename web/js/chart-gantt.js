// What opens when: one row a line of a platform, one bar a capacity, until the next change or the end.
import { chart, frame, label, line, rect, scale } from './chart.js';
import { perYear, word } from './format.js';

const LETTER_PX = 6.8; // of a name, on average and a little more

// Runs of equal capacity of a line: [{ from, to, capacity_t }], `to` excluded.
export function spans(steps, end) {
  return steps.map((s, i) => ({ from: s.year, to: steps[i + 1]?.year ?? end, capacity_t: s.capacity_t }))
    .filter((s) => s.capacity_t > 0 && s.to > s.from);
}

export function ganttChart(platforms, { first_year: first, years }) {
  const rows = platforms.flatMap((p) => p.lines.map((l) => ({ name: `${p.name}, ${word(l.flow)}`, flow: l.flow, spans: spans(l.steps, first + years) })));
  const most = Math.max(1, ...rows.flatMap((r) => r.spans.map((s) => s.capacity_t)));
  const names = 12 + LETTER_PX * Math.max(0, ...rows.map((r) => r.name.length));
  return chart('Calendrier d’ouverture des lignes', (width) => {
    const aside = names <= width / 2; // a column of names where there is room, else each name above its bar
    const row = aside ? 28 : 44;
    const height = rows.length * row + 26;
    const x = scale(first, first + years, aside ? names : 2, width - 2);
    const picture = frame(width, height);
    const step = Math.ceil(38 / (x(first + 1) - x(first)));
    for (let t = 0; t <= years; t++) {
      picture.append(line(x(first + t), 0, x(first + t), height - 22, { class: 'grid' }));
      if (t < years && t % step === 0) {
        picture.append(label((x(first + t) + x(first + t + 1)) / 2, height - 6, first + t, { 'text-anchor': 'middle', class: 'tick' }));
      }
    }
    rows.forEach((r, i) => {
      const base = (i + 1) * row - 4;
      picture.append(label(aside ? 0 : 4, aside ? base - 6 : i * row + 13, r.name, { class: 'name' }));
      for (const s of r.spans) {
        const thick = 14 + 8 * Math.sqrt(s.capacity_t / most);
        picture.append(rect(x(s.from) + 1, base - thick, x(s.to) - x(s.from) - 2, thick, { class: `flow ${r.flow}`, rx: 2 }));
        if (x(s.to) - x(s.from) > 84) picture.append(label(x(s.from) + 8, base - thick / 2 + 4, perYear(s.capacity_t), { class: 'inside' }));
      }
    });
    return picture;
  });
}
