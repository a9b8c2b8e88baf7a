// Cost by component: before and after side by side (sales of materials are negative), and what changes most.
import { chart, frame, label, line, rect, scale, ticks } from './chart.js';
import { change, meur } from './format.js';

const ROW = 54;
const BAR = 11;

export function costChart(breakdown) {
  const values = breakdown.flatMap((b) => [b.plan_eur, b.statu_quo_eur]);
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values), 5);
  return chart('Coût par poste, statu quo et plan, en millions d’euros', (width) => {
    const height = breakdown.length * ROW + 24;
    const x = scale(marks[0], marks.at(-1), 28, width - 66);
    const picture = frame(width, height);
    const step = Math.ceil(70 / (x(marks[1]) - x(marks[0]))); // marks between two labels, counted from zero
    const zero = marks.indexOf(0);
    for (const m of marks.filter((_, i) => (i - zero) % step === 0)) {
      picture.append(line(x(m), 0, x(m), height - 20, { class: m === 0 ? 'axis' : 'grid' }),
        label(x(m), height - 5, meur(m).replace(/,0/, ''), { 'text-anchor': 'middle', class: 'tick' }));
    }
    breakdown.forEach((b, i) => {
      const top = i * ROW;
      picture.append(label(0, top + 14, b.label, { class: 'name' }));
      [['before', b.statu_quo_eur], ['after', b.plan_eur]].forEach(([name, value], k) => {
        const y = top + 21 + k * (BAR + 2);
        if (!value) return;
        picture.append(rect(Math.min(x(0), x(value)), y, Math.abs(x(value) - x(0)), BAR, { class: name, rx: 1 }),
          label(Math.max(x(0), x(value)) + 5, y + 9.5, meur(value), { class: 'value' }));
      });
    });
    return picture;
  });
}

const SHOWN = 6; // components; the others are one bar

// What the plan saves to the left of zero, what it costs more to the right, the largest first, then the sum.
export function differenceChart(breakdown, total) {
  const all = breakdown.map((b) => [b.label, b.plan_eur - b.statu_quo_eur]).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const rest = all.slice(SHOWN).reduce((sum, [, eur]) => sum + eur, 0);
  const rows = [...all.slice(0, SHOWN), rest && ['Autres postes', rest], ['Ensemble', total]].filter(Boolean);
  const sizes = rows.map(([, eur]) => eur);
  return chart('Plan moins statu quo par poste, en millions d’euros', (width) => {
    const row = 38;
    const picture = frame(width, rows.length * row);
    const x = scale(Math.min(0, ...sizes), Math.max(0, ...sizes), 2, width - 2);
    rows.forEach(([name, eur], i) => {
      const y = i * row;
      picture.append(label(0, y + 14, name, { class: i === rows.length - 1 ? 'name total' : 'name' }),
        label(width, y + 14, change(meur(eur), eur), { class: 'value', 'text-anchor': 'end' }),
        rect(Math.min(x(0), x(eur)), y + 20, Math.abs(x(eur) - x(0)), BAR, { class: eur < 0 ? 'good' : 'bad', rx: 1 }));
    });
    picture.append(line(x(0), 18, x(0), rows.length * row - 4, { class: 'axis' }));
    return picture;
  });
}
