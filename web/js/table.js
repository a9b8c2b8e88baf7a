// A table on the screen and in a CSV file, from one description:
//   { id, caption, columns: [{ head, term, value(row), show(value, row), number }], rows, total }
// `value` is the raw figure (the CSV has it), `show` its text on the screen, possibly an element.
import { download } from './csv.js';
import { h, term } from './dom.js';

const text = (column) => column.show ?? ((v) => (v == null || v === '' ? '–' : String(v)));
const kind = (column) => (column.number ? 'number' : null);

function cells(columns, row, total) {
  return columns.map((c, i) => {
    const shown = text(c)(c.value(row), row);
    return i === 0 ? h('th', { scope: 'row', class: kind(c) }, total ? total : shown) : h('td', { class: kind(c) }, shown);
  });
}

export function table({ id, caption, columns, rows, total, empty = 'Rien à montrer.' }, fileStem) {
  const save = () => download(`${fileStem}-${id}.csv`, [columns.map((c) => c.head), ...rows.map((r) => columns.map((c) => c.value(r)))]);
  const head = columns.map((c) => h('th', { scope: 'col', class: kind(c) }, c.term ? term(c.term, c.head) : c.head));
  return h('div', { class: 'sheet', id: `table-${id}` },
    h('div', { class: 'sheet-head' },
      h('h4', { id: `c-${id}` }, caption),
      rows.length > 0 && h('button', { type: 'button', class: 'quiet', onclick: save, 'aria-label': `Télécharger « ${caption} » en CSV` }, 'Télécharger (CSV)')),
    rows.length === 0 ? h('p', { class: 'facts' }, empty)
      : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': `c-${id}` },
        h('table', { 'aria-labelledby': `c-${id}` },
          h('thead', null, h('tr', null, head)),
          h('tbody', null, rows.map((row) => h('tr', null, cells(columns, row)))),
          total && h('tfoot', null, h('tr', null, cells(columns, total, 'Total'))))));
}
