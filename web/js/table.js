// A table on the screen and in a CSV file, from one description:
//   { id, caption, columns: [[head, value, show, { term, number, show }], ...], rows, total, cards, empty }
// `value` is the name of a field or a function of the row: the raw figure, which the CSV has. A column with a
// `show(figure)` is one of figures; the `show(value, row)` of the last member may make an element.
// `cards`: on a telephone a row becomes a card of its own; the roles keep it a table for a screen reader.
import { download } from './csv.js';
import { h, term } from './dom.js';

// A unit in brackets at the end of a head is for the CSV alone: on the screen every cell has its own.
const UNIT = / \(([^()\d]+)\)$/;
const plain = (v) => (v == null || v === '' ? '–' : String(v));
const column = ([head, value, show, more]) => ({ head, short: head.replace(UNIT, ''), number: Boolean(show),
  value: typeof value === 'string' ? (r) => r[value] : value, show: show ? (v) => show(v) : plain, ...more });

const group = { role: 'rowgroup' };
const line = { role: 'row' };
const LONG = 20; // rows; more of them scroll in a window of their own
const kind = (column) => (column.number ? 'number' : null);

function cells(columns, row, total) {
  return columns.map((c, i) => {
    const shown = total && !c.number ? null : c.show(c.value(row), row);
    return i === 0 ? h('th', { scope: 'row', role: 'rowheader', class: kind(c) }, total ? 'Total' : shown)
      : h('td', { role: 'cell', class: kind(c), 'data-head': c.short }, shown);
  });
}

export function table({ id, caption, columns: described, rows, total, cards, empty = 'Rien à montrer.' }, fileStem) {
  const columns = described.map(column);
  const save = () => download(`${fileStem}-${id}.csv`, [columns.map((c) => c.head), ...rows.map((r) => columns.map((c) => c.value(r)))]);
  const head = columns.map((c) => h('th', { scope: 'col', role: 'columnheader', class: kind(c) }, c.term ? term(c.term, c.short) : c.short));
  return h('div', { class: 'sheet', id: `table-${id}` },
    h('div', { class: 'sheet-head' },
      h('h4', { id: `c-${id}` }, caption),
      rows.length > 0 && h('button', { type: 'button', class: 'quiet', onclick: save, 'aria-label': `Télécharger « ${caption} » en CSV` }, 'Télécharger (CSV)')),
    rows.length === 0 ? h('p', { class: 'facts' }, empty)
      : h('div', { class: rows.length > LONG ? 'scroll long' : 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': `c-${id}` },
        h('table', { role: 'table', class: cards && 'cards', 'aria-labelledby': `c-${id}` },
          h('thead', group, h('tr', line, head)),
          h('tbody', group, rows.map((row) => h('tr', line, cells(columns, row)))),
          total && h('tfoot', group, h('tr', line, cells(columns, total, true))))));
}
