// recircuit-solve study and share: what is asked of a network beyond a plan, and common costs that are shared.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { runAll, test } from '../http/lib.mjs';
import { INFEASIBLE, INVALID, NOT_FOUND, OK, USAGE, assertSays, file, reference, solve } from './programs.mjs';

/** A game file whose coalitions cost what `cost` says of their members' places. */
function game(name, players, cost, more = {}) {
	const table = {};
	for (let set = 1; set < 2 ** players.length; set++) {
		const members = players.map((_, i) => i).filter((i) => set >> i & 1);
		table[members.map((i) => players[i]).join('+')] = cost(members);
	}
	return file(name, JSON.stringify({ players, cost: table, ...more }));
}
const runway = (lengths) => (members) => Math.max(...members.map((i) => lengths[i]));

const asking = (study) => ({ ...reference, study });

test('a_study_answers_what_is_asked_and_nothing_else', () => {
	const asked = file('asked.json', JSON.stringify(asking({ tipping: ['capex'], draws: { count: 20, seed: 3 },
		sharing: { players: ['24', '11'] } })));
	const once = JSON.parse(solve(['study', '--quiet', asked]).out);
	assert.deepEqual(once.tipping.map((t) => t.driver), ['capex']);
	assert.deepEqual([once.tornado, once.frontiers], [[], []]);
	assert.equal(once.draws.values_eur.length, 20);
	const { 50: half, 95: most, 100: all } = once.draws.gap_quantiles;
	assert.ok(half >= 0 && half <= most && most <= all && all < 1, `${half} ${most} ${all}`);
	assert.ok(once.draws.viable_low <= once.draws.viable && once.draws.viable <= once.draws.viable_high);
	assert.deepEqual(once.coalitions.map((c) => c.regions), [['24'], ['11'], ['24', '11']]);
	assert.equal(once.coalitions[2].cost_eur, once.here.cost_eur);
	assert.ok(Math.abs(once.sharing.nucleolus['24'] + once.sharing.nucleolus['11'] - once.sharing.total) < 1e-6);
	const twice = JSON.parse(solve(['study', '-q', '-j', '1', asked]).out);
	for (const answer of [once, twice])
		for (const part of [answer, ...answer.coalitions])
			delete part.seconds;
	assert.deepEqual(twice, once, 'the same on one thread');
	assert.equal(solve(['plan', '--quiet', asked]).status, 0, 'a plan passes over the study');
});

test('a_wrong_study_is_refused_with_its_path', () => {
	const refused = (study, said) => assertSays(solve(['study', file('wrong.json', JSON.stringify(asking(study)))]), INVALID, said);
	refused(undefined, /wrong\.json : study : valeur manquante/);
	refused({ tipping: ['weather'] }, /study\.tipping\[0\] : levier inconnu « weather »/);
	refused({ draws: { count: 0 } }, /study\.draws\.count : 0 est hors/);
	refused({ sharing: { players: ['24', '75'] } }, /study\.sharing\.players\[1\] : région inconnue « 75 »/);
	assertSays(solve(['study']), USAGE, /usage : recircuit-solve study/);
});

test('a_common_cost_is_shared', () => {
	const out = file('shares.json');
	const r = solve(['share', game('airport.json', ['a', 'b', 'c'], runway([1, 2, 3])), '-o', out]);
	assert.deepEqual([r.status, r.out, r.err], [OK, '', '']);
	const shares = JSON.parse(readFileSync(out, 'utf8'));
	assert.deepEqual(Object.keys(shares).filter((k) => !['total', 'notes'].includes(k)),
		['shapley', 'nucleolus', 'proportional', 'equal_profit', 'equal_profit_within', 'core']);
	for (const [rule, expected] of [['shapley', [1 / 3, 5 / 6, 11 / 6]], ['nucleolus', [0.5, 0.75, 1.75]],
		['proportional', [0.5, 1, 1.5]], ['equal_profit', [0.5, 1, 1.5]]])
		['a', 'b', 'c'].forEach((name, i) => assert.ok(Math.abs(shares[rule][name] - expected[i]) < 1e-9, rule));
	assert.equal(shares.core.empty, false);
	assert.ok(Math.abs(shares.core.least_core_epsilon + 0.5) < 1e-9);
	const text = readFileSync(file('airport.json'));
	assert.deepEqual(JSON.parse(solve(['share', '-'], { input: text }).out), shares);
	assert.match(solve(['share', '--help']).out, /Usage : recircuit-solve share/);
});

test('fifteen_players_share_and_sixteen_are_too_many', () => {
	const players = Array.from({ length: 16 }, (_, i) => `région ${i + 1}`);
	const lengths = players.map((_, i) => 100 + i * i);
	const r = solve(['share', game('fifteen.json', players.slice(0, 15), runway(lengths))]);
	assert.equal(r.status, OK, r.err);
	const { nucleolus, core } = JSON.parse(r.out);
	assert.ok(Math.abs(Object.values(nucleolus).reduce((a, b) => a + b) - lengths[14]) < 1e-6);
	assert.equal(core.objections.filter((o) => o.rule === 'nucleolus').length, 0);
	assertSays(solve(['share', game('sixteen.json', players, runway(lengths))]), INVALID,
		/sixteen\.json : players : 16 éléments : il en faut de 1 à 15/);
});

test('a_game_that_is_wrong_is_refused_with_its_place', () => {
	const players = ['a', 'b'];
	const cost = { a: 1, b: 2, 'a+b': 2.5 };
	for (const [what, said] of [
		[{ players, cost: { a: 1, b: 2 } }, /wrong\.json : cost : il manque la coalition « a\+b »/],
		[{ players, cost: { ...cost, c: 1 } }, /cost\.c : joueur inconnu « c »/],
		[{ players, cost: { a: 1, b: 2, 'b+a': 3 } }, /cost\.b\+a : .*s’écrit « a\+b »/],
		[{ players, cost: { a: 1, b: 'NaN', 'a+b': 3 } }, /cost\.b : un nombre est attendu/],
		[{ players, cost, bound: { a: 1, b: 3, 'a+b': 2 } }, /bound : la borne de « b », 3, dépasse son coût, 2/],
		[{ players, cost, bound: { a: 1, b: 2 } }, /bound : il manque la coalition/],
		[{ players, cost, weight: { a: 0, b: 0 } }, /weight : tous les poids sont nuls/],
	])
		assertSays(solve(['share', file('wrong.json', JSON.stringify(what))]), INVALID, said);
	const twice = solve(['share', file('twice.json', '{"players":["a"],"cost":{"a":1,"a":2}}')]);
	assertSays(twice, INVALID, /twice\.json : JSON illisible, ligne 1/);
	const nan = solve(['share', file('nan.json', '{"players":["a"],"cost":{"a":NaN}}')]);
	assert.equal(nan.status, INVALID);
	assert.match(nan.err, /nan\.json : JSON illisible, ligne 1/);
	assertSays(solve(['share', file('nowhere.json')]), NOT_FOUND, /nowhere\.json : /);
	assertSays(solve(['share']), USAGE, /usage : recircuit-solve share/);
});

test('stability_is_certain_only_within_the_bounds', () => {
	const cost = { a: 10, b: 10, 'a+b': 16 };
	const stable = (bound) => JSON.parse(solve(['share', '-'], {
		input: JSON.stringify({ players: ['a', 'b'], cost, bound }) }).out).core.stable;
	assert.equal(stable(cost).nucleolus, 'certain');
	assert.equal(stable({ a: 7, b: 10, 'a+b': 16 }).nucleolus, 'undecided');
});

test('a_study_says_what_todays_plants_lack', () => {
	const network = JSON.parse(readFileSync(new URL('../../docs/exemples/deux-regions.json', import.meta.url), 'utf8'));
	network.study = { tipping: true };
	network.flows[0].growth = [1, 1.1];
	network.sites.find((s) => s.kind === 'existing').lines[0].capacity_t = 1500;
	assertSays(solve(['study', '-q', file('tight.json', JSON.stringify(network))]), INFEASIBLE,
		/tight\.json : les usines existantes ne suffisent pas à tout traiter : flux « pam », il manque 500\s?t en 2027, et 700\s?t en 2028$/m);
});

await runAll('study');
