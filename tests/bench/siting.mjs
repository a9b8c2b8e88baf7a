// Our solver beside glpsol, cbc and HiGHS, on the same files with the same limits, in one run.
//
//	siting.mjs BUILD INSTANCES LIMIT OUT [FAMILY...]
//
// INSTANCES is a folder of benchmark instances (docs/benchmarks.md says which sets and where they come
// from), LIMIT the seconds that each solver has per file, OUT the page to write. The others solve the
// strong formulation that `recircuit-solve export --format mps` writes; they get one core where they
// know no threads. A model too large to export is ours alone.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { basename, join } from 'node:path';

const [build, instances, limit, out, ...only] = process.argv.slice(2);
const solve = join(build, 'recircuit-solve');
const tmp = mkdtempSync(join(tmpdir(), 'bench-'));

// `files`: how many of the folder, spread evenly over its sorted list. `goal`: seconds and gap aimed at.
const families = [
	{ name: 'OR-Library cap', format: 'orlib', folder: 'cflp_orlib', match: /^cap\d/, files: 4, goal: [0.1, 0] },
	{ name: 'OR-Library capa–capc', format: 'orlib', folder: 'cflp_orlib', match: /^cap[abc]/, files: 6, goal: [1, 0] },
	{ name: 'TBED1 300 × 300', format: 'tbed', folder: 'cflp_tbed1', match: /^p(1|6|11|16)\./, files: 4, goal: [1, 0] },
	{ name: 'TBED1 500 × 500', format: 'tbed', folder: 'cflp_tbed1', match: /^p(41|46|51|56)\./, files: 4, goal: [6, 0] },
	{ name: 'Cornuéjols type', format: 'cfl', folder: 'cflp_T_bendersx', match: /./, files: 4, goal: [30, 0.001] },
	{ name: 'Holmberg, single source', format: 'holmberg', folder: 'sscflp_holmberg', match: /^p/, files: 6, goal: [1, 0] },
	{ name: 'Yang, single source', format: 'yang', folder: 'sscflp_yang', match: /^p/, files: 3, goal: [60, 0] },
	{ name: 'Delmaire, single source', format: 'delmaire', folder: 'sscflp_delmaire', match: /^p/, files: 5, goal: [60, 0] },
	{ name: 'Körkel–Ghosh 250 c', format: 'uflp', folder: 'uflp_koerkel_ghosh', match: /250c/, files: 2, goal: [2, 0] },
	{ name: 'Körkel–Ghosh 250 b', format: 'uflp', folder: 'uflp_koerkel_ghosh', match: /250b/, files: 2, goal: [60, 0] },
	{ name: 'Körkel–Ghosh 250 a', format: 'uflp', folder: 'uflp_koerkel_ghosh', match: /250a/, files: 1, goal: [300, 0] },
	{ name: 'OR-Library pmed', format: 'pmed', folder: 'pmedian_orlib', match: /^pmed\d/, files: 4, goal: [5, 0] },
	{ name: 'France 35,000 × 500 × 6, loose', make: ['--points', '35000', '--sites', '500'], goal: [10, 0.001] },
	{ name: 'France 35,000 × 500 × 6, tight', make: ['--points', '35000', '--sites', '500', '--tight'], goal: [60, 0.01] },
	{ name: '2,500 × 200 × 6 × 12 years, tight', make: ['--points', '2500', '--sites', '200', '--years', '12', '--tight'], goal: [120, 0.01] },
];

const text = (file) => readFileSync(file, 'utf8');
const run = (command, args, options = {}) => {
	const began = performance.now();
	const { stdout, stderr, status, error } =
		spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
	if (error && error.code !== 'ETIMEDOUT')
		throw error;
	return { stdout: stdout ?? '', stderr: stderr ?? '', status, seconds: (performance.now() - began) / 1000 };
};
const number = (s, pattern) => {
	const found = [...s.matchAll(pattern)].at(-1);
	return found ? Number(found[1]) : null;
};

// Each takes an MPS file and gives {cost, bound}; null where it has none.
const others = {
	glpsol: (mps) => {
		const log = run('glpsol', ['--freemps', mps, '--tmlim', limit, '--cuts', '--pcost', '-w', join(tmp, 'glp')]);
		const best = [...log.stdout.matchAll(/^\+\s*\d+:.*?(>>>>>|mip =)\s+(\S+) >=\s+(\S+)/gm)].at(-1);
		const done = /INTEGER OPTIMAL SOLUTION FOUND/.test(log.stdout);
		const cost = best ? Number(best[2]) : null;
		return { ...log, cost: Number.isNaN(cost) ? null : cost, bound: done ? cost : best ? Number(best[3]) : null };
	},
	cbc: (mps) => {
		const log = run('cbc', [mps, 'sec', limit, 'timeMode', 'elapsed', 'threads', '2', 'ratioGap', '1e-6', 'solve', 'quit'],
			{ timeout: 1000 * (2 * Number(limit) + 30) });
		const done = /Result - Optimal solution found/.test(log.stdout);
		const cost = number(log.stdout, /^Objective value:\s+(\S+)/gm);
		return { ...log, cost, bound: done ? cost : number(log.stdout, /^Lower bound:\s+(\S+)/gm) };
	},
	HiGHS: (mps) => {
		const log = run('node', [join(import.meta.dirname ?? '.', 'highs.mjs'), mps, limit], { timeout: 1000 * (2 * Number(limit) + 60) });
		const said = log.status === 0 ? JSON.parse(log.stdout) : { cost: null, bound: null };
		return { ...log, ...said };
	},
};

function ours(args, goal) {
	const file = join(tmp, 'ours.json');
	const log = run(solve, ['plan', '-q', '--time-limit', String(Math.max(limit, goal[0])), '--gap', String(goal[1]), '-o', file, ...args]);
	if (log.status !== 0)
		return { ...log, cost: null, bound: null };
	const { cost, bound } = JSON.parse(text(file));
	return { ...log, cost, bound };
}

const files = (family) => {
	if (family.make) {
		const file = join(tmp, 'france.json');
		run(solve, ['generate', 'france', ...family.make, '-o', file]);
		return [{ name: 'seed 1', file }];
	}
	const folder = join(instances, family.folder);
	if (!existsSync(folder))
		return [];
	const all = readdirSync(folder).filter((f) => family.match.test(f) && !f.endsWith('.csv') && !/opt|cap\d\.txt$/.test(f))
		.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
	const count = Math.min(family.files, all.length);
	return Array.from({ length: count }, (_, n) => all[Math.floor((n + 0.5) * all.length / count)]).map((f) => {
		const path = join(folder, f);
		if (!f.endsWith('.xz'))
			return { name: f, file: path };
		const plain = join(tmp, basename(f, '.xz'));
		writeFileSync(plain, spawnSync('xz', ['-dc', path], { maxBuffer: 1 << 28 }).stdout);
		return { name: basename(f, '.xz'), file: plain };
	});
};

// The best value known: `instance,value,...` lines beside the files.
const known = (family, name) => {
	const csv = family.folder && join(instances, family.folder, 'bestknown.csv');
	if (!csv || !existsSync(csv))
		return null;
	const line = text(csv).split('\n').find((l) => l.startsWith(`${name.replace(/\.txt$/, '')},`));
	return line ? Number(line.split(',')[1]) : null;
};

const gap = ({ cost, bound }) => cost === null || bound === null ? null : Math.max(0, (cost - bound) / Math.abs(cost));
const percent = (g) => g === null ? '–' : g < 2e-6 ? '0' : `${(100 * g).toPrecision(2)} %`;
const seconds = (s) => s < 10 ? s.toFixed(2) : s.toFixed(0);
const cell = (r) => r ? `${seconds(r.seconds)} s, ${percent(gap(r))}` : 'too large';

const rows = [], faults = [];
for (const family of families.filter((f) => !only.length || only.some((o) => f.name.includes(o))))
	for (const { name, file } of files(family)) {
		const format = family.format ? ['--format', family.format] : [];
		const row = { family, name, ours: ours([...format, file], family.goal), best: known(family, name) };
		const mps = join(tmp, 'model.mps');
		const from = family.format ? ['--from', family.format] : [];
		const exported = run(solve, ['export', '--format', 'mps', ...from, '-o', mps, file]).status === 0;
		for (const [who, ask] of Object.entries(others))
			row[who] = exported ? ask(mps) : null;
		rows.push(row);
		if (row.best !== null && row.ours.bound > row.best * (1 + 1e-6) && !/single-source/.test(family.name) && family.format !== 'tbed')
			faults.push(`${name}: bound ${row.ours.bound} above the best known value ${row.best}`);
		for (const who of Object.keys(others))
			if (row[who]?.cost && row.ours.bound > row[who].cost * (1 + 1e-5))
				faults.push(`${name}: bound ${row.ours.bound} above the cost ${row[who].cost} that ${who} found`);
		console.error(`${family.name}  ${name}: ${cell(row.ours)} | glpsol ${cell(row.glpsol)} | cbc ${cell(row.cbc)} | HiGHS ${cell(row.HiGHS)}`);
	}

const met = (r) => r.ours.seconds <= r.family.goal[0] * 1.05 && gap(r.ours) !== null && gap(r.ours) <= r.family.goal[1] + 1e-6;
const who = Object.keys(others);
const page = [
	'# Siting: measured beside other solvers',
	'',
	`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}. ` +
		`Written by \`make bench-siting INSTANCES=... LIMIT=${limit}\`. Each cell: wall-clock seconds of the whole process, proved gap ` +
		`(cost − bound) / cost. The others had ${limit} s per file on the strong formulation that \`recircuit-solve export\` writes ` +
		'(glpsol and HiGHS, which is its WebAssembly build, on one core; cbc on two); ours had two cores and the larger of that limit and the goal\'s time. ' +
		'“Best” is ours against the best value published. “×” is how many times longer the quickest of the others took, or “≥” when none proved its answer in time.',
	'',
	`| family | file | goal | recircuit | met | best | ${who.join(' | ')} | × |`,
	`|${'---|'.repeat(7 + who.length)}`,
	...rows.map((r) => {
		const done = who.map((w) => r[w]).filter((x) => x && gap(x) !== null && gap(x) <= r.family.goal[1] + 2e-6);
		const tried = who.map((w) => r[w]).filter(Boolean);
		const times = done.length ? Math.min(...done.map((x) => x.seconds)) / r.ours.seconds : Number(limit) / r.ours.seconds;
		const ratio = tried.length ? `${done.length ? '' : '≥ '}${times.toPrecision(2)}` : '–';
		const best = r.best && r.ours.cost ? percent(Math.max(0, r.ours.cost / r.best - 1)) : '–';
		return `| ${r.family.name} | ${r.name} | ${r.family.goal[0]} s, ${percent(r.family.goal[1])} | ${cell(r.ours)} | ${met(r) ? 'yes' : 'no'} | ${best} | ${who.map((w) => cell(r[w])).join(' | ')} | ${ratio} |`;
	}),
	'',
].join('\n');
writeFileSync(out, page);
rmSync(tmp, { recursive: true });
console.log(`${rows.filter(met).length} of ${rows.length} within the goal; ${out} written`);
for (const fault of faults)
	console.log(`FAULT ${fault}`);
process.exit(faults.length ? 1 : 0);
