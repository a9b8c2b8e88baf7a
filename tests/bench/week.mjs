// A real week of collection, planned at several time limits. Writes the section "A real week" of the page.
//
//	week.mjs BUILD QUESTION SEEDS PAGE
//
// QUESTION is the week's (recircuit export rounds). The longest limit is run once, with the first seed; the others with
// seeds 1 to SEEDS. Fails when a plan does not pass recircuit-solve check.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine, mean, page_section, percent, seconds, table } from './page.mjs';
import { run } from './process.mjs';

const LIMITS_S = [2, 20, 120];
const LONGEST_S = LIMITS_S.at(-1);
const [build, question, seeds_text, page] = process.argv.slice(2);
const seeds = Number(seeds_text);
const solve = join(build, 'recircuit-solve');
const tmp = mkdtempSync(join(tmpdir(), 'bench-week-'));
const asked = JSON.parse(readFileSync(question, 'utf8'));

function plan(limit, seed) {
	const file = join(tmp, 'plan.json');
	const log = run(solve, ['rounds', '--quiet', '--time-limit', String(limit), '--seed', String(seed), '--output', file, question]);
	const checked = run(solve, ['check', '--format', 'rounds', question, file]);
	if (checked.status !== 0)
		throw new Error(`${limit} s, seed ${seed}: ${log.stderr}${checked.stderr}`);
	const answer = JSON.parse(readFileSync(file, 'utf8'));
	console.log(`${limit} s, seed ${seed}: ${answer.cost.toFixed(0)} EUR, ${answer.rounds.length} rounds, ${answer.unserved.length} left, ${log.seconds.toFixed(2)} s`);
	return { cost: answer.cost, rounds: answer.rounds.length, left: answer.unserved.length, took: log.seconds };
}

const found = LIMITS_S.map((limit) => ({ limit,
	plans: Array.from({ length: limit === LONGEST_S ? 1 : seeds }, (_, n) => plan(limit, n + 1)) }));
rmSync(tmp, { recursive: true });
const best = found.at(-1).plans[0].cost;
const over = (cost) => cost / best - 1;
const goal = { 2: 'every pick-up in a round', 20: `within 1.00 % of ${LONGEST_S} s`, 120: '–' };

page_section(page, 'A real week', [
	`${machine()} \`make bench-week SEEDS=${seeds}\`.`,
	'',
	`Week 12 of 2027 in Centre-Val de Loire as \`recircuit export rounds\` derives it: ${asked.pickups.length} pick-ups at ${asked.points.length} of the région’s `
		+ `points, ${new Set(asked.pickups.flatMap((p) => p.loads.map((l) => l.flow.split('.')[0]))).size} streams, hubs at `
		+ `${asked.hubs.map((h) => h.name).join(', ')}, ${asked.days.length} days, two cores. Every plan passes \`check\`.`,
	'',
	...table(['limit', 'took at most', 'mean cost, EUR', `over ${LONGEST_S} s, mean (worst)`, 'rounds', 'without a round', 'goal'],
		found.map(({ limit, plans }) => [seconds(limit), seconds(Math.max(...plans.map((p) => p.took))), mean(plans.map((p) => p.cost)).toFixed(0),
			limit === LONGEST_S ? '–' : `${percent(over(mean(plans.map((p) => p.cost))))} (${percent(over(Math.max(...plans.map((p) => p.cost))))})`,
			[...new Set(plans.map((p) => p.rounds))].sort().join(', '), String(Math.max(...plans.map((p) => p.left))), goal[limit]])),
]);
console.log(`${page} written`);
