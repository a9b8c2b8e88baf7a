// The charts, drawn by hand in SVG: what they share first (a frame redrawn to the width it is given, scales, ticks).
import { h, svg } from './dom.js';
import { change, meur, perYear, sum, whole, word } from './format.js';

// `draw(width)` gives an <svg>; called again when the width changes, so that text keeps its size.
export function chart(title, draw) {
  const box = h('figure', { class: 'chart' });
  let drawn = 0;
  const paint = () => {
    const width = Math.floor(box.clientWidth);
    if (width < 1 || width === drawn) return;
    drawn = width;
    const picture = draw(width);
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', title);
    box.replaceChildren(picture);
  };
  new ResizeObserver(paint).observe(box);
  return box;
}

export const frame = (width, height) =>
  svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, focusable: 'false' });

export const scale = (from, to, low, high) => (x) => low + ((x - from) / (to - from || 1)) * (high - low);

// Round steps of 1, 2 or 5 times a power of ten, about `count` of them, covering [low, high].
export function ticks(low, high, count) {
  const rough = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

export const label = (x, y, text, more) => svg('text', { x, y, ...more }, text);
export const rect = (x, y, width, height, more) => svg('rect', { x, y, width: Math.max(width, 0), height: Math.max(height, 0), ...more });
export const line = (x1, y1, x2, y2, more) => svg('line', { x1, y1, x2, y2, ...more });

export const key = (entries) =>
  h('p', { class: 'key' }, entries.map(([name, text]) => h('span', null, h('i', { class: `swatch ${name}` }), text)));

// Tonnes by year: what platforms take and what existing plants keep, with the capacity of the platforms as a stepped line.

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

// What opens when: one row a line of a platform, one bar a capacity, until the next change or the end.

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

const OUTSIDE = ['gate', 'haulage', 'carbon', 'handling']; // components that are there without platforms too

// What the plan saves to the left of zero, what it costs more to the right; all that platforms cost and earn is one bar.
export function differenceChart(breakdown, total) {
  const delta = (b) => b.plan_eur - b.statu_quo_eur;
  const own = sum(breakdown.filter((b) => !OUTSIDE.includes(b.component)).map(delta));
  const rows = [...breakdown.filter((b) => OUTSIDE.includes(b.component)).map((b) => [b.label, delta(b)]), ['Plateformes, ventes de matières déduites', own]]
    .filter(([, x]) => Math.abs(x) > 1e-4 * Math.abs(total)).sort((a, b) => a[1] - b[1]);
  rows.push(['Ensemble', total]);
  const sizes = rows.map(([, x]) => x);
  return chart('Plan moins statu quo, en millions d’euros', (width) => {
    const row = 48;
    const picture = frame(width, rows.length * row);
    const x = scale(Math.min(0, ...sizes), Math.max(0, ...sizes), Math.min(...sizes) < 0 ? 2 : 84, Math.max(...sizes) > 0 ? width - 2 : width - 84);
    rows.forEach(([name, value], i) => {
      const y = i * row;
      const less = value < 0;
      picture.append(label(0, y + 14, name, { class: i === rows.length - 1 ? 'name total' : 'name' }),
        rect(Math.min(x(0), x(value)), y + 21, Math.abs(x(value) - x(0)), 16, { class: less ? 'good' : 'bad', rx: 1 }),
        label(x(0) + (less ? 6 : -6), y + 34, change(meur(value), value), { class: 'value', 'text-anchor': less ? 'start' : 'end' }),
        line(x(0), y + 18, x(0), y + 40, { class: 'axis' }));
    });
    return picture;
  });
}
