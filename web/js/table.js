// A table on the screen and in a CSV file, from one description:
//   { id, caption, columns: [{ head, unit, term, value(row), show(value, row), number }], rows, total, cards }
// `cards`: on a telephone a row becomes a card of its own; the roles keep it a table for a screen reader.
// `value` is the raw figure (the CSV has it), `show` its text on the screen, possibly an element.
import { download } from './csv.js';
import { h, term } from './dom.js';

const text = (column) => column.show ?? ((v) => (v == null || v === '' ? '–' : String(v)));
const group = { role: 'rowgroup' };
const line = { role: 'row' };
const LONG = 20; // rows; more of them scroll in a window of their own
const kind = (column) => (column.number ? 'number' : null);

function cells(columns, row, total) {
  return columns.map((c, i) => {
    const shown = total && !c.number ? null : text(c)(c.value(row), row);
    return i === 0 ? h('th', { scope: 'row', role: 'rowheader', class: kind(c) }, total ? 'Total' : shown)
      : h('td', { role: 'cell', class: kind(c), 'data-head': c.head }, shown);
  });
}

export function table({ id, caption, columns, rows, total, cards, empty = 'Rien à montrer.' }, fileStem) {
  const save = () => download(`${fileStem}-${id}.csv`, [columns.map((c) => (c.unit ? `${c.head} (${c.unit})` : c.head)), ...rows.map((r) => columns.map((c) => c.value(r)))]);
  const head = columns.map((c) => h('th', { scope: 'col', role: 'columnheader', class: kind(c) }, c.term ? term(c.term, c.head) : c.head));
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
