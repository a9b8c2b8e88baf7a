// Our siting solver on every file, and beside glpsol, cbc and HiGHS on some of each family, with the
// same limit in one run. Writes the section "Siting" of the page.
//
//	siting.mjs BUILD INSTANCES LIMIT EACH PAGE [FAMILY...]
//
// INSTANCES is a folder of published instances, LIMIT the seconds that each of the others has per file
// (ours has its goal's), EACH how many files of a family, evenly spread over the sorted list, FAMILY a part
// of the names below. The others solve the strong formulation that
// `recircuit-solve export --format mps` writes. Fails when a bound of ours is above a cost that is known.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { others } from './others.mjs';
import { gap_of, machine, mean, page_section, percent, seconds, table } from './page.mjs';
import { run } from './process.mjs';

const [build, instances, limit_text, each_text, page, ...only] = process.argv.slice(2);
const [limit, each] = [Number(limit_text), Number(each_text)];
const solve = join(build, 'recircuit-solve');
const tmp = mkdtempSync(join(tmpdir(), 'bench-'));

// `within` seconds: either a proved `gap`, or a cost at most `above` the best known one. `beside`: on how
// many files, evenly spread over the sorted list, the others are asked too. `is_best_ours`: the best
// values that are listed are for the model we solve, so no bound may be above them.
const families = [
	{ name: 'OR-Library cap41–cap134', format: 'orlib', folder: 'cflp_orlib', match: /^cap\d/, within: 0.1, gap: 0, beside: 3, is_best_ours: true },
	{ name: 'OR-Library capa–capc', format: 'orlib', folder: 'cflp_orlib', match: /^cap[abc]/, within: 1, gap: 0, beside: 3, is_best_ours: true },
	{ name: 'TBED1 300 × 300', format: 'tbed', folder: 'cflp_tbed1', match: /^p(1|6|11|16)\./, within: 1, gap: 0, beside: 2 },
	{ name: 'TBED1 500 × 500', format: 'tbed', folder: 'cflp_tbed1', match: /^p(41|46|51|56)\./, within: 6, gap: 0, beside: 2 },
	{ name: 'Cornuéjols type', format: 'cfl', folder: 'cflp_T_bendersx', match: /./, within: 30, gap: 0.001, beside: 2 },
	{ name: 'Holmberg, single source', format: 'holmberg', folder: 'sscflp_holmberg', match: /^p/, within: 1, gap: 0, beside: 3, is_best_ours: true },
	{ name: 'Yang, single source', format: 'yang', folder: 'sscflp_yang', match: /^p/, within: 60, gap: 0, beside: 2, is_best_ours: true },
	{ name: 'Delmaire, single source', format: 'delmaire', folder: 'sscflp_delmaire', match: /^p/, within: 60, gap: 0, beside: 3, is_best_ours: true },
	{ name: 'Körkel–Ghosh 250 c', format: 'uflp', folder: 'uflp_koerkel_ghosh', match: /250c/, within: 2, gap: 0, beside: 2, is_best_ours: true },
	{ name: 'Körkel–Ghosh 250 b', format: 'uflp', folder: 'uflp_koerkel_ghosh', match: /250b/, within: 60, gap: 0, beside: 1, is_best_ours: true },
	{ name: 'Körkel–Ghosh 250 a', format: 'uflp', folder: 'uflp_koerkel_ghosh', match: /250a/, within: 300, gap: 0, beside: 1, is_best_ours: true },
	{ name: 'Körkel–Ghosh 500 and 750', format: 'uflp', folder: 'uflp_koerkel_ghosh', match: /(500|750)/, within: 60, above: 0.0005, beside: 1, is_best_ours: true },
	{ name: 'OR-Library pmed', format: 'pmed', folder: 'pmedian_orlib', match: /^pmed\d/, within: 5, gap: 0, beside: 3, is_best_ours: true },
	{ name: 'France, 35,000 × 500 × 6, loose', make: ['--points', '35000', '--sites', '500'], within: 10, gap: 0.001, beside: 0 },
	{ name: 'France, 35,000 × 500 × 6, tight', make: ['--points', '35000', '--sites', '500', '--tight'], within: 60, gap: 0.01, beside: 0 },
	{ name: '2,500 × 200 × 6 × 12 years, loose', make: ['--points', '2500', '--sites', '200', '--years', '12'], within: 120, gap: 0.01, beside: 0 },
	{ name: '2,500 × 200 × 6 × 12 years, tight', make: ['--points', '2500', '--sites', '200', '--years', '12', '--tight'], within: 120, gap: 0.01, beside: 0 },
];

function files_of(family) {
	if (family.make) {
		const file = join(tmp, 'france.json');
		run(solve, ['generate', 'france', ...family.make, '-o', file]);
		return [{ name: 'seed 1', file }];
	}
	const folder = join(instances, family.folder);
	if (!existsSync(folder))
		return [];
	const names = readdirSync(folder)
		.filter((f) => family.match.test(f) && !/\.csv$|opt|pmedcap/.test(f))
		.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
	return spread(names, each).map((f) => ({ name: f.replace(/(\.txt)?(\.xz)?$/, ''), file: unpacked(join(folder, f)) }));
}

function spread(list, most) {
	const count = Math.min(most, list.length);
	return Array.from({ length: count }, (_, n) => list[Math.floor((n + 0.5) * list.length / count)]);
}

function unpacked(file) {
	if (!file.endsWith('.xz'))
		return file;
	const plain = join(tmp, basename(file, '.xz'));
	writeFileSync(plain, spawnSync('xz', ['-dc', file], { maxBuffer: 1 << 28 }).stdout);
	return plain;
}

// The best value published: lines `instance,value,...` beside the files.
function best_known(family, name) {
	const csv = family.folder && join(instances, family.folder, 'bestknown.csv');
	if (!csv || !existsSync(csv))
		return null;
	const line = readFileSync(csv, 'utf8').split('\n').find((l) => l.startsWith(`${name},`));
	return line ? Number(line.split(',')[1]) : null;
}

function ours(family, file) {
	const answer = join(tmp, 'ours.json');
	const format = family.format ? ['--format', family.format] : [];
	const log = run(solve, ['plan', '-q', '--time-limit', String(Math.max(limit, family.within)),
		'--gap', String(family.gap ?? 0), '-o', answer, ...format, file]);
	if (log.status !== 0)
		return { seconds: log.seconds, cost: null, bound: null };
	const { cost, bound } = JSON.parse(readFileSync(answer, 'utf8'));
	return { seconds: log.seconds, cost, bound };
}

function beside(family, file) {
	const mps = join(tmp, 'model.mps');
	const from = family.format ? ['--from', family.format] : [];
	if (run(solve, ['export', '--format', 'mps', ...from, '-o', mps, file]).status !== 0)
		return {};
	return Object.fromEntries(Object.entries(others).map(([who, ask]) => [who, ask(mps, limit)]));
}

const above = (r) => r.best && r.ours.cost !== null ? Math.max(0, r.ours.cost / r.best - 1) : null;

// A goal of a cost is met by the time limit alone; one of a gap also in time, within what a clock is worth.
function is_met({ family, ours: o, ...r }) {
	if (family.above !== undefined)
		return above({ ...r, ours: o }) !== null && above({ ...r, ours: o }) <= family.above;
	const gap = gap_of(o);
	return gap !== null && gap <= family.gap + 2e-6 && o.seconds <= family.within * 1.02;
}

function faults_of(r) {
	const least = [['the best known', r.family.is_best_ours ? r.best : null],
		...Object.keys(others).map((who) => [who, r.beside[who]?.cost ?? null])];
	return least.filter(([, cost]) => cost !== null && r.ours.bound !== null && r.ours.bound > cost * (1 + 1e-5))
		.map(([who, cost]) => `${r.name}: our bound ${r.ours.bound} is above the cost ${cost} of ${who}`);
}

const cell = (r) => r ? `${seconds(r.seconds)}, ${percent(gap_of(r))}` : '–';
const goal = (f) => `${f.within} s, ${f.above === undefined ? percent(f.gap) : `cost + ${percent(f.above)}`}`;

// How many times longer the quickest of those took who proved as much; the limit where none did.
function times(r) {
	const all = Object.values(r.beside);
	const done = all.filter((o) => gap_of(o) !== null && gap_of(o) <= (r.family.gap ?? 0) + 2e-6);
	const quickest = done.length ? Math.min(...done.map((o) => o.seconds)) : limit;
	return all.length ? `${done.length ? '' : '≥ '}${(quickest / r.ours.seconds).toPrecision(2)}` : '–';
}

const rows = [];
for (const family of families.filter((f) => !only.length || only.some((o) => f.name.includes(o)))) {
	const files = files_of(family);
	const asked = new Set(spread(files, family.beside));
	for (const one of files) {
		const { name, file } = one;
		const r = { family, name, best: best_known(family, name), ours: ours(family, file),
			beside: asked.has(one) ? beside(family, file) : {} };
		rows.push(r);
		console.error(`${family.name}  ${name}: ${cell(r.ours)}`,
			...Object.entries(r.beside).map(([who, o]) => `| ${who} ${cell(o)}`));
	}
}
rmSync(tmp, { recursive: true });

const by_family = families.map((f) => rows.filter((r) => r.family === f)).filter((r) => r.length);
page_section(page, 'Siting', [
	`${machine()} \`make bench-siting INSTANCES=... LIMIT=${limit} EACH=${each}\`.`,
	'',
	`At most ${each} files of a family, by our solver on two cores. “Above best” is our cost against the best one published, where there is one.`,
	'',
	...table(['family', 'goal', 'met', 'mean time', 'longest', 'mean gap', 'largest', 'above best, largest'],
		by_family.map((rs) => {
			const gaps = rs.map((r) => gap_of(r.ours) ?? 1), times = rs.map((r) => r.ours.seconds);
			const excess = rs.map(above).filter((x) => x !== null);
			return [rs[0].family.name, goal(rs[0].family), `${rs.filter(is_met).length} of ${rs.length}`,
				seconds(mean(times)), seconds(Math.max(...times)), percent(mean(gaps)), percent(Math.max(...gaps)),
				excess.length ? percent(Math.max(...excess)) : '–'];
		})),
	'',
	`Beside others, each cell time and proved gap: ${limit} s each on the strong formulation that`,
	'`recircuit-solve export --format mps` writes; glpsol and HiGHS (its WebAssembly build, whose start takes about 1 s) on one core, cbc on two.',
	'“×”: how many times longer the quickest of those took that reached the goal\'s gap; “≥” when none did within the limit.',
	'',
	...table(['family', 'file', 'recircuit', ...Object.keys(others), '×'],
		rows.filter((r) => Object.keys(r.beside).length).map((r) =>
			[r.family.name, r.name, cell(r.ours), ...Object.keys(others).map((who) => cell(r.beside[who])), times(r)])),
]);

console.log(`${rows.filter(is_met).length} of ${rows.length} within the goal; ${page} written`);
const faults = rows.flatMap(faults_of);
for (const fault of faults)
	console.log(`FAULT ${fault}`);
process.exit(faults.length ? 1 : 0);
