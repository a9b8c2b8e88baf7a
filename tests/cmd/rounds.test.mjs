// recircuit-solve rounds: problems of the literature, sites and rounds together, questions about collection.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runAll, sleep, test } from '../http/lib.mjs';
import { INFEASIBLE, INVALID, OK, USAGE, assertSays, file, root, solve, solver, work } from './programs.mjs';

test('rounds are planned, judged and proved; a changed answer and a truncated file are refused', () => {
	const vrp = `TYPE : CVRP
DIMENSION : 6
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
${[[0, 0], [0, 10], [10, 10], [10, 0], [-10, 0], [-10, 10]].map((p, i) => `${i + 1} ${p.join(' ')}`).join('\n')}
DEMAND_SECTION
1 0
2 4
3 4
4 5
5 5
6 4
DEPOT_SECTION
1
-1
EOF
`;
	const from = file('small.vrp', vrp);
	const to = file('small.json');
	assert.equal(solve(['rounds', '--format', 'vrplib', '-q', '-t', '4', '-o', to, from]).status, OK);
	const answer = JSON.parse(readFileSync(to, 'utf8'));
	assert.equal(answer.status, 'optimal');
	assert.equal(answer.bound, answer.cost);
	assert.equal(answer.cost, answer.rounds.reduce((sum, r) => sum + r.cost, 0));
	assert.deepEqual(answer.rounds.flatMap((r) => r.visits).sort(), ['2', '3', '4', '5', '6']);
	const ruled = solve(['check', '--format', 'vrplib', from, to]);
	assert.equal(ruled.status, OK, ruled.err);
	assert.equal(JSON.parse(ruled.out).cost, answer.cost);

	answer.rounds.find((r) => r.visits.length > 1).visits.reverse().pop();
	const changed = file('changed.json', JSON.stringify(answer));
	assertSays(solve(['check', '--format', 'vrplib', from, changed]), INFEASIBLE, /changed.json : /);
	assertSays(solve(['rounds', file('cut.vrp', vrp.slice(0, 120))]), INVALID, /cut.vrp : ligne \d+ : /);
	assertSays(solve(['rounds', '-F', 'geojson', from]), USAGE, /sont pour une question de Recircuit, ce que .*small.vrp n’est pas/);
	assertSays(solve(['rounds', '--answer', to, from]), USAGE, /sont pour une question de Recircuit/);
	assertSays(solve(['rounds', file('large.vrp', vrp.replace('DIMENSION : 6', 'DIMENSION : 2000000000'))]), INVALID,
		/DIMENSION/);
	const heavy = solve(['rounds', '-q', '-t', '1', file('heavy.vrp', vrp.replace('2 4', '2 40'))]);
	assertSays(heavy, INFEASIBLE, /1 arrêt reste sans tournée ; l’arrêt 2 : .*un de 40 au moins/);
	assert.equal(JSON.parse(heavy.out).unserved[0].reason, 'capacity');
});

test('location_routing_answers_are_checked_anew', () => {
	const lrp = '5\n2\n\n6 7\n19 44\n\n20 35\n8 31\n29 43\n18 39\n19 47\n\n40\n\n70\n70\n\n17\n18\n13\n19\n12\n\n10841\n11961\n\n1000\n\n0\n';
	const from = file('five.dat', lrp);
	const to = file('five.json');
	assert.equal(solve(['rounds', '--format', 'lrp', '-q', '-t', '1', '-o', to, from]).status, OK);
	const answer = JSON.parse(readFileSync(to, 'utf8'));
	assert.equal(answer.sites.reduce((sum, s) => sum + s.fixed_cost, 0), answer.site_cost);
	assert.equal(answer.cost, answer.rounds.reduce((sum, r) => sum + r.cost, answer.site_cost));
	assert.equal(solve(['check', '--format', 'lrp', from, to]).status, OK);
	answer.sites.pop();
	const changed = file('fewer.json', JSON.stringify(answer));
	assertSays(solve(['check', '--format', 'lrp', from, changed]), INFEASIBLE, /fewer.json : /);
	assertSays(solve(['rounds', '--format', 'lrp', file('cut.dat', lrp.slice(0, 40))]), INVALID, /cut.dat : ligne \d+ : /);
	const small = solve(['rounds', '--format', 'lrp', '-q', '-t', '1', file('small.dat', lrp.replace('70\n70', '30\n30'))]);
	assertSays(small, INFEASIBLE, /reste(nt)? sans tournée ; .*aucun site n’a plus la place/);
	assertSays(solve(['rounds', '--format', 'prodhon', from]), USAGE, /rounds, vrplib ou lrp/);
});

test('rounds end on a signal with a valid answer', async () => {
	const points = Array.from({ length: 300 }, (_, i) => [i + 1, (i * 7919) % 1000, (i * 104729) % 1000]);
	const from = file('many.vrp', `TYPE : CVRP\nDIMENSION : 300\nCAPACITY : 50\nNODE_COORD_SECTION\n${
		points.map((p) => p.join(' ')).join('\n')}\nDEMAND_SECTION\n${
		points.map(([i]) => `${i} ${i === 1 ? 0 : 1 + (i % 9)}`).join('\n')}\nDEPOT_SECTION\n1\n-1\nEOF\n`);
	const to = file('many.json');
	const child = spawn(solver, ['rounds', '-q', '-t', '300', '-o', to, from], { cwd: work });
	await sleep(1500);
	child.kill('SIGTERM');
	const status = await new Promise((resolve) => child.on('exit', resolve));
	assert.equal(status, OK);
	assert.equal(solve(['check', '--format', 'vrplib', from, to]).status, OK);
});

test('a question about rounds is planned, judged and written in every shape', () => {
	const from = path.join(root, 'docs/exemples/tournee.json');
	const to = file('tournee-plan.json');
	assert.equal(solve(['rounds', '-q', '-t', '2', '--turns', '2', '-o', to, from]).status, OK);
	const text = readFileSync(to, 'utf8');
	const answer = JSON.parse(text);
	assert.equal(answer.format, 'recircuit-rounds-plan-1');
	assert.equal(answer.cost, 607.5);
	assert.deepEqual(answer.rounds[0].stops.map((s) => s.place), ['depot', 'A', 'B', 'C', 'depot']);
	const [round] = answer.rounds;
	assert.equal(round.cost_eur, round.fixed_eur + round.km_eur + round.hours_eur + round.overtime_eur);
	assert.deepEqual(answer.unserved.map((u) => [u.pickup, u.reason]), [['D-pam', 'price']]);
	assert.equal(JSON.parse(solve(['check', '--format', 'rounds', from, to]).out).cost, 607.5);
	const changed = file('tournee-changed.json', text.replace('"km":290.0', '"km":280.0'));
	assertSays(solve(['check', '--format', 'rounds', from, changed]), INFEASIBLE,
		/rounds\[0\]\.km|totals\.km : vaut 280, le calcul donne 290/);
	const shape = (name) => solve(['rounds', '--answer', to, '--output-format', name, from]);
	assert.match(shape('csv').out, /^round,day,hub,/);
	assert.equal(shape('csv').out.trimEnd().split('\r\n').length, 6);
	assert.deepEqual(JSON.parse(shape('geojson').out).features, []); // a matrix, and nowhere on a map
	assert.match(shape('sheet').out, /Tournée 1 — mardi[^]*Pause de 12 h 45 à 13 h 30/);
	assertSays(shape('pdf'), USAGE, /json, geojson, csv ou sheet/);
	assertSays(solve(['rounds', '--answer', changed, '-F', 'csv', from]), INFEASIBLE, /le calcul donne/);
});

test('a visit that must be made and cannot be is said, and the rest is planned', () => {
	const question = JSON.parse(readFileSync(path.join(root, 'docs/exemples/tournee.json'), 'utf8'));
	question.pickups[1].skills = ['grue'];
	const r = solve(['rounds', '-q', '-t', '2', '--turns', '2', file('grue.json', JSON.stringify(question))]);
	assertSays(r, INFEASIBLE, /1 passage reste sans tournée, à commencer par la collecte « B-pam »/);
	const answer = JSON.parse(r.out);
	assert.equal(answer.status, 'incomplete');
	assert.equal(answer.unserved.find((u) => u.pickup === 'B-pam').reason, 'skill');
	assert.ok(answer.rounds.length > 0);
	question.pickups[1].id = 'A-pam';
	assertSays(solve(['rounds', file('double.json', JSON.stringify(question))]), INVALID,
		/collecte « A-pam », pickups\[1\] : l’identifiant « A-pam » figure deux fois/);
});

test('a synthetic week is planned whole, and a signal leaves a plan that holds', async () => {
	const from = file('week.json');
	const to = file('week-plan.json');
	assert.equal(solve(['generate', 'week', '--points', '60', '-o', from]).status, OK);
	const child = spawn(solver, ['rounds', '-q', '-t', '300', '-o', to, from], { cwd: work });
	await sleep(2500);
	child.kill('SIGTERM');
	assert.equal(await new Promise((resolve) => child.on('exit', resolve)), OK);
	const answer = JSON.parse(readFileSync(to, 'utf8'));
	assert.equal(answer.status, 'feasible');
	assert.equal(solve(['check', '--format', 'rounds', from, to]).status, OK);
	assert.ok(new Set(answer.rounds.map((r) => r.hub)).size === 3);
});

await runAll('rounds');
