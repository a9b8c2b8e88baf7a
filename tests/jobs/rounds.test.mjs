// The path of rounds: what falls due in a week -> solver -> checker -> files and rows, and the haulage that the choice of
// sites takes from them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runAll } from '../http/lib.mjs';
import {
	build, cancel, candidates, database, hold, inHouse, it, makeScenario, near, number, queue, release, row, send,
	service, small, solver, solvers, sql, startWorker, state, until,
} from './house.mjs';

const askRounds = async (body) => {
	const answer = await send('/api/rounds', { hubs: candidates, regions: ['24'], week: 3, time_limit_s: 2, ...body });
	assert.equal(answer.status, 202, await answer.clone().text());
	return Number(answer.headers.get('location').split('/').at(-1));
};
const rounds = async (id, name) => {
	const answer = await fetch(`${service.url}/api/rounds/${id}/${name}`);
	assert.equal(answer.status, 200, name);
	return answer.text();
};
const add = (list) => list.reduce((sum, x) => sum + x, 0);
let planned; // the run of rounds that the next test takes haulage from

it('rounds_go_from_the_queue_to_files_and_rows_that_add_up', async () => {
	const id = planned = await askRounds();
	const worker = startWorker('rounds', '--plans-only'); // which leaves studies only
	const done = await state(id, 'done');
	assert.equal(done.error, null);
	assert.equal(await worker.end(), 0);
	assert.deepEqual(worker.leftovers(), []);

	// Nothing but what anybody can export was planned, and the solver judges what is given out.
	const question = await rounds(id, 'question.json');
	const exported = execFileSync(path.join(build, 'recircuit'), ['export', 'rounds', '--ask', JSON.stringify({ hubs: candidates, regions: ['24'], week: 3 })],
		{ env: { ...process.env, RECIRCUIT_DB: database.conninfo }, encoding: 'utf8', maxBuffer: 1 << 28 });
	assert.equal(question, exported);
	assert.equal(createHash('sha256').update(question).digest('hex'), done.network_sha256);
	writeFileSync(inHouse('q.json'), question);
	writeFileSync(inHouse('a.json'), await rounds(id, 'answer.json'));
	execFileSync(solver, ['check', '--format', 'rounds', inHouse('q.json'), inHouse('a.json')]);

	const answer = JSON.parse(await rounds(id, 'answer.json'));
	const plan = JSON.parse(await rounds(id, 'plan'));
	const asked = JSON.parse(question);
	assert.ok(plan.rounds.length > 1 && asked.pickups.length > 5, 'too few rounds to show anything');
	assert.deepEqual(plan.unserved, []);
	near(plan.totals.eur, answer.cost, 'cost');
	near(add(plan.rounds.map((r) => r.eur)), plan.totals.eur, 'rounds');
	near(add(plan.hubs.map((h) => h.eur)), plan.totals.eur, 'hubs');
	for (const r of plan.rounds) {
		near(r.fixed_eur + r.km_eur + r.hours_eur + r.overtime_eur, r.eur, `round ${r.id}`);
		near(add(r.stops.map((s) => s.km)), r.km, `km of round ${r.id}`);
		for (const b of r.breaks)
			assert.ok(r.leave_h <= b.begin_h && b.begin_h < b.end_h && b.end_h <= r.stops[b.leg].leave_h, `break of round ${r.id}`);
		assert.ok(r.breaks.length || r.driving_h <= 4.5, `round ${r.id} drives ${r.driving_h} h and rests`);
		near(add(r.stops.flatMap((s) => (s.loads ?? []).map((l) => l.tonnes))), r.tonnes, `tonnes of round ${r.id}`);
	}
	near(add(asked.pickups.flatMap((p) => p.loads.map((l) => l.weight_kg))) / 1000, Math.round(plan.totals.tonnes * 1000) / 1000, 'tonnes');
	assert.ok(plan.sentence.startsWith(`${plan.rounds.length} tournées, `) && plan.sentence.endsWith('Rien ne reste sans tournée.'), plan.sentence);
	assert.equal(done.verdict.sentence, plan.sentence);

	// The cost of the rounds is shared whole, and so are the tonnes.
	const cells = JSON.parse(sql(`SELECT json_agg(h) FROM (SELECT h.*, s.code FROM rounds_haulage h JOIN site s ON s.id = h.site WHERE run = ${id}) AS h`));
	near(add(cells.map((c) => c.rounds_eur)), plan.totals.eur, 'shares');
	near(add(cells.map((c) => c.tonnes)), plan.totals.tonnes, 'shared tonnes');
	near(add(cells.map((c) => c.estimate_eur)) / plan.totals.tonnes, plan.totals.estimate_eur_t, 'estimate');
	assert.equal(plan.haulage.length, cells.length);
	for (const site of candidates)
		near(add(cells.filter((c) => c.code === site).map((c) => c.rounds_eur)), plan.hubs.find((h) => h.site === site).eur, site);

	// The shapes are of these rounds.
	const geo = JSON.parse(await rounds(id, 'plan.geojson'));
	assert.equal(geo.features.filter((f) => f.geometry.type === 'LineString').length, plan.rounds.length);
	assert.ok((await rounds(id, 'plan.csv')).trimEnd().split('\n').length > plan.rounds.length);
	const sheet = await rounds(id, 'sheet');
	for (const r of plan.rounds)
		for (const s of r.stops)
			assert.ok(sheet.includes(s.name.replaceAll("'", '&#39;')) || sheet.includes(s.name), s.name);
});

it('the_choice_of_sites_takes_its_haulage_from_rounds', async () => {
	const cells = JSON.parse(sql(`SELECT json_agg(h) FROM rounds_haulage h WHERE run = ${planned}`));
	const scenarioOf = (name, transfer) => makeScenario(name, { rounds: planned, parameters: { 'horizon.years': 2, 'rounds.transfer_eur_t': transfer } });
	const network = (scenario) => JSON.parse(execFileSync(path.join(build, 'recircuit'), ['export', 'network', '--scenario', String(scenario)],
		{ env: { ...process.env, RECIRCUIT_DB: database.conninfo }, encoding: 'utf8', maxBuffer: 1 << 28 }));
	const whole = await scenarioOf('Tournées partout', 1e6);
	const flows = network(whole).flows;
	assert.ok(flows.some((f) => f.haul_bands?.length > 1));
	// The week's own tonnes pay what their rounds cost: band by band, all hubs together.
	let paid = 0;
	for (const f of flows) {
		const own = cells.filter((c) => c.flow === f.id);
		if (!own.length) {
			assert.equal(f.haul_bands, undefined, f.id);
			continue;
		}
		assert.equal(f.haul_bands.at(-1).below_km, undefined, f.id);
		const limits = [...new Set(own.map((c) => c.below_km))].sort((a, b) => a - b);
		assert.deepEqual(f.haul_bands.map((b) => b.below_km ?? limits.at(-1)), limits, f.id);
		for (const c of own)
			paid += c.estimate_eur + c.tonnes * f.haul_bands[limits.indexOf(c.below_km)].extra_eur_t;
	}
	near(paid, add(cells.map((c) => c.rounds_eur)), 'paid');
	// Beyond what regrouping costs, regrouping is what is paid.
	for (const f of network(await scenarioOf('Regroupement', 2)).flows.filter((x) => x.haul_bands)) {
		const extras = f.haul_bands.map((b) => b.extra_eur_t);
		assert.ok(Math.max(...extras) <= Math.min(...extras) + 2 + 1e-9, f.id);
	}

	const [plain, dear] = [await queue(small), await queue(whole)];
	const worker = startWorker('haulage');
	await state(plain, 'done');
	await state(dear, 'done');
	assert.equal(await worker.end(), 0);
	const report = async (id) => (await fetch(`${service.url}/api/runs/${id}/plan`)).json();
	const [before, after] = [await report(plain), await report(dear)];
	assert.deepEqual([before.haulage_rounds, before.haulage_bands], [null, []]);
	assert.equal(after.haulage_rounds, planned);
	const sources = (r) => r.breakdown.map((c) => [c.component, c.source]).filter(([, source]) => source);
	assert.deepEqual([sources(before), sources(after)], [[], [['haulage', `calculé d’après les tournées n° ${planned}`]]]);
	for (const b of after.haulage_bands)
		near(b.rounds_eur_t - b.estimate_eur_t, b.extra_eur_t, `${b.flow} ${b.below_km}`);
	near(add(after.haulage_bands.map((b) => b.tonnes)), add(cells.map((c) => c.tonnes)), 'tonnes');
	const haulage = (r) => r.breakdown.find((c) => c.component === 'haulage').statu_quo_eur;
	assert.ok(haulage(after) > haulage(before), 'rounds cost more than full trailers');
});

it('what_no_round_can_fetch_is_told_and_the_rest_is_planned', async () => {
	const [few, none] = [await askRounds({ fleet: { ampliroll: 10 } }), await askRounds({ bbox: '-4,40,-3,41' })];
	const worker = startWorker('few');
	await state(few, 'done');
	const plan = JSON.parse(await rounds(few, 'plan'));
	assert.ok(plan.rounds.length > 0 && plan.unserved.length > 0);
	for (const u of plan.unserved) {
		assert.ok(u.loads.every((l) => l.container === 'crate'), JSON.stringify(u));
		assert.ok(u.reason && u.text && u.name, JSON.stringify(u));
	}
	assert.match(plan.sentence, /restent? sans tournée : la raison de chacun est donnée\.$/);
	assert.match((await state(none, 'failed')).error, /rien n’est à enlever cette semaine-là/);
	assert.equal(await worker.end(), 0);
});

it('rounds_are_taken_over_and_cancelled_like_any_run', async () => {
	hold();
	const [first, second] = [await askRounds(), await askRounds({ week: 4 })];
	const doomed = startWorker('rounds-doomed');
	await until(() => row(first).state === 'running' && solvers() > 0, 'a solver');
	await doomed.end('SIGKILL');
	const heir = startWorker('rounds-heir');
	await until(() => row(first).attempt === 2, 'taken over');
	cancel(first);
	await state(first, 'cancelled');
	release();
	await state(second, 'done');
	assert.equal(number(`SELECT count(*) FROM rounds_plan WHERE run IN (${first}, ${second})`), 1);
	assert.equal(await heir.end(), 0);
	assert.deepEqual(heir.leftovers(), []);
});

await runAll('rounds');
