// docs/benchmarks.md: every benchmark writes one section of it and leaves the others alone.
//
//	page_section('docs/benchmarks.md', 'Siting', [lines...])	replaces or adds "## Siting"
//	table(['file', 'time'], [['p1', '0.2 s'], ...])			lines of a Markdown table
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

const head = `# Benchmarks

Measured, not promised: each section is written whole by the \`make\` target that it names, with its machine
and its day. Times are wall-clock seconds of whole processes; a gap is (cost − bound) / cost, as proved by
the solver that the column names.
`;

export function page_section(file, title, lines) {
	const text = existsSync(file) ? readFileSync(file, 'utf8') : head;
	const [first, ...sections] = text.split(/^(?=## )/m);
	const made = `## ${title}\n\n${lines.join('\n').trimEnd()}\n`;
	const at = sections.findIndex((s) => s.startsWith(`## ${title}\n`));
	if (at < 0)
		sections.push(made);
	else
		sections[at] = made;
	writeFileSync(file, [first, ...sections].map((s) => `${s.trimEnd()}\n`).join('\n'));
}

export const machine = () =>
	`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model.trim()}, ` +
	`${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, load average at the end ${loadavg()[2].toFixed(1)}.`;

export const table = (titles, rows) =>
	[titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);

export const gap_of = ({ cost, bound }) =>
	cost === null || bound === null ? null : Math.max(0, (cost - bound) / Math.abs(cost));
export const percent = (g) => g === null ? '–' : g < 2e-6 ? '0' : `${Number((100 * g).toPrecision(2))} %`;
export const seconds = (s) => `${s < 10 ? s.toFixed(2) : s.toFixed(0)} s`;
export const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
