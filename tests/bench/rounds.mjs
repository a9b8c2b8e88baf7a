// Our rounds on published instances, and on generated ones small enough to be proved. Writes the section "Rounds" of the page.
//
//	rounds.mjs BUILD INSTANCES LIMIT EACH PAGE [FAMILY...]
//
// INSTANCES is a folder of published instances, LIMIT the seconds for each file (families with a goal at 10 s have that too), EACH how many files
// of a family, evenly spread over the sorted list, FAMILY a part of the names below. What was measured is kept in BUILD/../bench/rounds.json, and the section shows all
// of it: so it can be measured in pieces. Fails when a bound of ours is above a cost that is known.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gap_of, machine, mean, page_section, percent, seconds, table } from './page.mjs';
import { run } from './process.mjs';
import { spread_of_uchoa } from './uchoa.mjs';

const [build, instances, limit_text, each_text, page, ...only] = process.argv.slice(2);
const [limit, each] = [Number(limit_text), Number(each_text)];
const solve = join(build, 'recircuit-solve');
const tmp = mkdtempSync(join(tmpdir(), 'bench-'));
const kept = join(build, '../bench/rounds.json');

// `goals`: mean excess over the best known cost, by seconds; `gap`: the largest proved gap. `unit` of the best known costs. `beside`: what others do, not measured by us.
const families = [
	{ name: 'CVRP X, up to 400 stops', format: 'vrplib', folder: 'cvrp', match: (n) => n <= 401, goals: { 10: 0.004, 60: 0.0015 },
		beside: 'HGS-CVRP, one core, measured elsewhere: 0.48 % in 10 s, 0.16 % in 60 s on n101, n200, n303, n401' },
	{ name: 'CVRP X, more', format: 'vrplib', folder: 'cvrp', match: (n) => n > 401, goals: { 10: 0.015, 60: 0.008 },
		beside: 'HGS-CVRP, one core, measured elsewhere: 2.7 % in 10 s, 1.6 % in 60 s on n502, n701, n856, n1001' },
	{ name: 'VRPTW Gehring–Homberger 1000', format: 'vrplib', folder: 'vrptw', goals: { 60: 0.022 }, beside: 'PyVRP, published: 2.28 %' },
	// Some of its published values are in hundred-thousandths.
	{ name: 'HFVRP', format: 'vrplib', folder: 'hfvrp', goals: { 60: 0.013 }, unit: (value) => value > 1e9 ? 1e-5 : 1, beside: 'PyVRP, published: 1.39 %' },
	{ name: 'Multi-trip, windows, releases', format: 'vrplib', folder: 'mtvrptwr', unit: () => 0.1, goals: { 60: 0.009 }, beside: 'PyVRP, published: 0.95 %' },
	{ name: 'Location-routing, Prodhon', format: 'lrp', folder: 'lrp_prodhon', goals: { 10: null, 60: 0.01 } },
	{ name: 'CVRP generated, 20–60 stops', format: 'vrplib', make: 20, goals: { 60: null }, gap: 0.01 },
];

const stops_of = (name) => Number(/^X-n(\d+)/.exec(name)?.[1] ?? 0);

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

function files_of(family) {
	if (family.make)
		return spread(spread_of_uchoa(family.make), each).map(({ name, text }) => {
			const file = join(tmp, `${name}.vrp`);
			writeFileSync(file, text);
			return { name, file, best: null };
		});
	const folder = join(instances, family.folder);
	if (!existsSync(folder))
		return [];
	const best = new Map(readFileSync(join(folder, 'bestknown.csv'), 'utf8').split('\n').slice(1)
		.map((line) => line.split(',')).filter(([, value]) => Number(value) > 0).map(([name, value]) => [name, Number(value) * (family.unit?.(Number(value)) ?? 1)]));
	const names = readdirSync(folder)
		.filter((f) => /\.(vrp|dat)(\.xz)?$/.test(f))
		.map((f) => ({ name: f.replace(/\.(vrp|dat)(\.xz)?$/, ''), packed: join(folder, f) }))
		.filter(({ name }) => best.has(name) && (family.match?.(stops_of(name)) ?? true))
		.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
	return spread(names, each).map(({ name, packed }) => ({ name, file: unpacked(packed), best: best.get(name) }));
}

// The answer is checked by the judge before it counts.
function ours(family, file, time) {
	const answer = join(tmp, 'answer.json');
	const log = run(solve, ['rounds', '-q', '--format', family.format, '--time-limit', String(time), '-o', answer, file]);
	if (log.status !== 0 || run(solve, ['check', '--format', family.format, file, answer]).status !== 0)
		return { seconds: log.seconds, cost: null, bound: null };
	const { cost, bound } = JSON.parse(readFileSync(answer, 'utf8'));
	return { seconds: log.seconds, cost, bound };
}

const above = ({ best, cost }) => best && cost !== null ? cost / best - 1 : null;
const load = () => existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : [];
function keep(row) {
	const rows = load().filter((r) => r.family !== row.family || r.name !== row.name || r.limit !== row.limit);
	mkdirSync(join(build, '../bench'), { recursive: true });
	writeFileSync(kept, JSON.stringify([...rows, row]));
}

for (const family of families.filter((f) => !only.length || only.some((o) => f.name.includes(o))))
	for (const { name, file, best } of files_of(family))
		for (const time of [...new Set([...Object.keys(family.goals).map(Number).filter((t) => t < limit), limit])]) {
			const row = { family: family.name, name, best, limit: time, ...ours(family, file, time) };
			keep(row);
			console.error(`${family.name}  ${name}: ${seconds(row.seconds)}, above best ${percent(above(row))}, gap ${percent(gap_of(row))}`);
		}
rmSync(tmp, { recursive: true });

function summary(family, time, rows) {
	const excess = rows.map(above).filter((x) => x !== null), gaps = rows.map(gap_of).filter((x) => x !== null);
	const goal = family.goals[time];
	const proved = gaps.filter((g) => g < 2e-6).length;
	return [family.name, `${time} s`, rows.length, goal ? percent(goal) : family.gap ? `proved ${percent(family.gap)}` : '–',
		excess.length ? percent(Math.max(0, mean(excess))) : '–', excess.length ? percent(Math.max(0, ...excess)) : '–',
		gaps.length ? percent(mean(gaps)) : '–', gaps.length ? percent(Math.max(...gaps)) : '–', gaps.length ? `${proved} of ${rows.length}` : '–', family.beside ?? '–'];
}

const rows = load();
const groups = families.flatMap((f) => [...new Set(rows.filter((r) => r.family === f.name).map((r) => r.limit))].sort((a, b) => a - b)
	.map((time) => [f, time, rows.filter((r) => r.family === f.name && r.limit === time)]));
page_section(page, 'Rounds', [
	`${machine()} \`make bench-rounds INSTANCES=... LIMIT=${limit} EACH=...\`, in pieces: “files” says how many of each family.`,
	'',
	'On two cores, every answer checked by `recircuit-solve check`. “Above best”: our cost against the best one published. What others do is',
	'quoted as published or measured elsewhere: not on this machine, not by us.',
	'',
	...table(['family', 'limit', 'files', 'goal, mean', 'above best, mean', 'largest', 'proved gap, mean', 'largest', 'proved optimal', 'others'],
		groups.map(([family, time, rs]) => summary(family, time, rs))),
	'',
	'Each file:',
	'',
	...table(['family', 'file', 'limit', 'cost', 'best published', 'above best', 'proved gap'],
		groups.flatMap(([family, time, rs]) => rs.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })).map((r) =>
			[family.name, r.name, `${time} s`, r.cost === null ? 'none' : Number(r.cost.toFixed(2)), r.best ? Number(r.best.toFixed(2)) : '–', percent(above(r)), percent(gap_of(r))]))),
]);

const faults = rows.filter((r) => r.best && r.bound !== null && r.bound > r.best * (1 + 1e-6))
	.map((r) => `${r.name}: our bound ${r.bound} is above the best known cost ${r.best}`);
for (const fault of faults)
	console.log(`FAULT ${fault}`);
console.log(`${rows.length} measured; ${page} written`);
process.exit(faults.length ? 1 : 0);
