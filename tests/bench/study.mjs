// Studies of the reference scenario: all coalitions, draws, one what-if, the tornado. Writes the section
// "Studies" of the page.
//
//	study.mjs BUILD NETWORK DRAWS LIMIT PAGE
//
// NETWORK is the reference scenario's (recircuit export network), DRAWS how many of the 500 are drawn,
// LIMIT the seconds that plain GLPK has for each model of a smaller network, made here of a few places and
// candidates of the same. Fails when a bound of ours is above a cost that GLPK finds.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { others } from './others.mjs';
import { gap_of, machine, page_section, percent, seconds, table } from './page.mjs';
import { run } from './process.mjs';

const SEARCH_S = 10; // of each search, as the service gives
const SHORT_S = 1.7; // of each search when all coalitions are to be known within 120 s on two cores
const DRAW_S = 0.9; // of each draw when all are to be known within 300 s
const ALL_DRAWS = 500;
const GOAL = 0.005;
const [build, file, draws_text, limit_text, page] = process.argv.slice(2);
const draws = Number(draws_text), limit = Number(limit_text);
const solve = join(build, 'recircuit-solve');
const tmp = mkdtempSync(join(tmpdir(), 'bench-study-'));
const network = JSON.parse(readFileSync(file, 'utf8'));

const players_of = (net) => net.regions.filter((r) => net.points.some((p) => p.region === r));

function write(net) {
	const where = join(tmp, 'network.json');
	writeFileSync(where, JSON.stringify(net));
	return where;
}

// One study as a whole process: its answer, and how long it took.
function ask(net, study) {
	const log = run(solve, ['study', '--quiet', write({ ...net, study })]);
	if (log.status !== 0)
		throw new Error(log.stderr);
	return { ...JSON.parse(log.stdout), took: log.seconds };
}

const worst = (coalitions) => Math.max(...coalitions.map((c) => c.gap));
const within = (coalitions) => `${percent(worst(coalitions))}, ${coalitions.filter((c) => c.gap <= GOAL).length} within 0.5 %`;

// ---- the reference scenario ----

const players = players_of(network);
const here = ask(network, { gap: 0.01, time_limit_s: SEARCH_S });
// What a study takes beside the scenario as it is.
const beyond = (study) => study.seconds - study.here.seconds - (here.seconds - here.here.seconds);
function share(limit_s) {
	const sharing = ask(network, { gap: GOAL, time_limit_s: limit_s, sharing: { players } });
	console.error(`${sharing.coalitions.length} coalitions: ${seconds(sharing.seconds)}, largest gap ${within(sharing.coalitions)}`);
	return sharing;
}
const sharing = share(SEARCH_S), shortly = share(SHORT_S);
const what_ifs = ['capex', 'haulage_price'];
const what_if = ask(network, { gap: 0.01, time_limit_s: SEARCH_S, tornado: what_ifs });
const one = beyond(what_if) / (2 * what_ifs.length);
console.error(`one what-if: ${seconds(one)}`);
const tornado = ask(network, { gap: 0.01, time_limit_s: SEARCH_S, tornado: true });
const ends = tornado.tornado.flatMap((d) => [d.low, d.high]).map((t) => ({ gap: (t.cost_eur - t.bound_eur) / Math.abs(t.cost_eur) }));
console.error(`tornado: ${seconds(tornado.seconds)}`);
const drawn = ask(network, { gap: 0.01, time_limit_s: SEARCH_S, draws: { count: draws, seed: 1 } });
const each = beyond(drawn) / draws;
const hurried = ask(network, { gap: 0.01, time_limit_s: DRAW_S, draws: { count: ALL_DRAWS, seed: 1 } });
const half_within = ({ gap_quantiles: gap, undecided }) => `half within ${percent(gap[50])}, ${percent(undecided)} undecided`;
console.error(`${draws} draws: ${seconds(drawn.seconds)}; ${ALL_DRAWS}, ${DRAW_S} s each: ${seconds(hurried.seconds)}`);

// ---- a smaller network, each question anew with plain GLPK ----

const near = (a, b) => (a.lat - b.lat) ** 2 + (a.lon - b.lon) ** 2;
const closest = (places, p) => places.reduce((best, q) => near(q, p) < near(best, p) ? q : best);

// The largest place of each département-sized corner takes the tonnes of those around it.
function smaller(net, regions, places, candidates, years) {
	const points = regions.flatMap((region) => {
		const own = net.points.filter((p) => p.region === region);
		const step = Math.max(1, Math.floor(own.length / places));
		const kept = own.filter((p, n) => n % step === 0).slice(0, places)
			.map((p) => ({ ...p, tonnes: p.tonnes.map(() => 0) }));
		for (const p of own) {
			const to = closest(kept, p);
			p.tonnes.forEach((t, k) => { to.tonnes[k] += t; });
		}
		return kept;
	});
	const chosen = regions.flatMap((region) =>
		net.sites.filter((s) => s.kind === 'candidate' && s.region === region).slice(0, candidates));
	return { ...net, years, regions: net.regions, points,
		flows: net.flows.map((f) => ({ ...f, growth: f.growth?.slice(0, years) })),
		sites: [...net.sites.filter((s) => s.kind === 'existing'), ...chosen] };
}

const small = smaller(network, players.slice(0, 3), 8, 2, 4);
const small_players = players_of(small);
const part = (regions) => ({ ...small, points: small.points.filter((p) => regions.includes(p.region)),
	sites: small.sites.filter((s) => s.kind === 'existing' || regions.includes(s.region)) });
const dearer = (by) => ({ ...small, line_types: small.line_types.map((t) => ({ ...t,
	levels: t.levels.map((l) => ({ ...l, capex_eur: l.capex_eur * by })) })) });
const farther = (by) => ({ ...small,
	haulage: { ...small.haulage, eur_km: small.haulage.eur_km * by, eur_h: small.haulage.eur_h * by } });

function glpk(net) {
	const mps = join(tmp, 'model.mps');
	const log = run(solve, ['export', '--format', 'mps', '-o', mps, write(net)]);
	if (log.status !== 0)
		throw new Error(log.stderr);
	return others.glpsol(mps, limit);
}

const shared = ask(small, { gap: 1e-4, time_limit_s: limit, sharing: { players: small_players } });
const moved = ask(small, { gap: 1e-4, time_limit_s: limit, tornado: what_ifs });
const questions = [
	...shared.coalitions.map((c) => ({ what: 'coalitions', ours: c, net: part(c.regions) })),
	...moved.tornado.flatMap((d) => [d.low, d.high].map((t) =>
		({ what: 'what-ifs', ours: t, net: (d.driver === 'capex' ? dearer : farther)(t.value) }))),
].map((q) => ({ ...q, anew: glpk(q.net) }));
rmSync(tmp, { recursive: true });

const faults = questions.filter((q) => q.anew.cost !== null && q.ours.bound_eur > q.anew.cost * (1 + 1e-5));
const sum = (list, of) => list.reduce((all, x) => all + of(x), 0);

function ratio(what, took) {
	const asked = questions.filter((q) => q.what === what), anew = sum(asked, (q) => q.anew.seconds);
	const proved = asked.filter((q) => gap_of(q.anew) !== null && gap_of(q.anew) <= 1e-4).length;
	const gap = Math.max(...asked.map((q) => (q.ours.cost_eur - q.ours.bound_eur) / q.ours.cost_eur));
	return [what, asked.length, `${seconds(took)}, ${percent(gap)}`, `${seconds(anew)}, ${proved} proved`,
		`${proved < asked.length ? '≥ ' : ''}${Number((anew / took).toPrecision(2))}`];
}

page_section(page, 'Studies', [
	`${machine()} \`make bench-study DRAWS=${draws} LIMIT=${limit}\`.`,
	'',
	`The reference scenario (${network.points.length} points, ${network.sites.length} sites, ${network.flows.length} streams, `
		+ `${network.years} years), on two cores, ${SEARCH_S} s at most for each search.`,
	'',
	...table(['question', 'asked', 'time', 'largest gap', 'goal'], [
		['as it is', '1', seconds(here.seconds), percent(here.here.gap), '–'],
		['coalitions', `${sharing.coalitions.length}`, seconds(sharing.seconds), within(sharing.coalitions), '120 s, 0.5 %'],
		[`coalitions, ${SHORT_S} s each`, `${shortly.coalitions.length}`, seconds(shortly.seconds), within(shortly.coalitions), '120 s, 0.5 %'],
		['one what-if, from the last plan', `mean of ${2 * what_ifs.length}`, seconds(one), '1 % asked', '1 s, better 0.2 s'],
		['tornado', `${2 * tornado.tornado.length}`, seconds(tornado.seconds),
			`${percent(worst(ends))}, ${ends.filter((t) => t.gap <= 0.01).length} within the 1 % asked`, '–'],
		['draws', `${draws}`, seconds(drawn.seconds), half_within(drawn.draws), '–'],
		[`${ALL_DRAWS} draws`, `from ${draws}`, seconds(here.seconds + ALL_DRAWS * each), 'the same', '300 s'],
		[`draws, ${DRAW_S} s each`, `${ALL_DRAWS}`, seconds(hurried.seconds), half_within(hurried.draws), '300 s'],
	]),
	'',
	`A smaller network (${small.points.length} points, ${small.sites.length} sites, ${small.years} years, ${small_players.length} regions): the study's `
		+ `questions beside each solved anew by glpsol on one core, ${limit} s at most each. “×”: how many times longer that took; “≥” where it`,
	'proved less than 0.01 % within the limit.',
	'',
	...table(['question', 'asked', 'recircuit, largest gap', 'glpsol', '×'],
		[ratio('coalitions', shared.seconds), ratio('what-ifs', moved.seconds)]),
]);
console.log(`${page} written`);
for (const { what, ours, anew } of faults)
	console.log(`FAULT ${what}: our bound ${ours.bound_eur} is above the cost ${anew.cost} of glpsol`);
process.exit(faults.length ? 1 : 0);
