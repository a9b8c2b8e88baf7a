// A table as a CSV file that a French spreadsheet opens as it is: `;`, decimal comma, byte order mark.

// A text that begins like a formula is given a leading apostrophe, so that a spreadsheet does not run it.
const neutral = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
const quoted = (text) => (/[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function cell(value) {
  if (value == null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value).replace('.', ',') : '';
  return quoted(neutral(String(value)));
}

export const csv = (rows) => '\ufeff' + rows.map((row) => row.map(cell).join(';') + '\r\n').join('');

export function download(name, rows) {
  const url = URL.createObjectURL(new Blob([csv(rows)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
