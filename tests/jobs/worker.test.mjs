// The path of a run: POST -> queue -> worker -> solver -> checker -> rows, on a small scenario.
//
// Workers run from a copy of the program whose solver is a script: it waits while the file `hold` is
// there, so that a worker can be met in the middle of its work, then becomes the real solver.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchDatabase } from '../lib/db.mjs';
import { runAll, sleep, startServer, test } from '../http/lib.mjs';

const build = process.env.RECIRCUIT_BUILD;
const share = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const database = scratchDatabase('jobs');
const sql = (text) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', database.conninfo, '-c', text],
	{ encoding: 'utf8' }).trim();
// What a user who cancels would run.
const cancelSql = readFileSync(path.join(share, 'sql/queries/run.sql'), 'utf8')
	.split('-- name: ').find((q) => q.startsWith('run_cancel\n')).replace('run_cancel\n', '');
const cancel = (id) => sql(cancelSql.replaceAll('$1', String(id)));
const number = (text) => Number(sql(text));

// Twenty points of one région, two candidates: a question the solver answers at once.
sql(`UPDATE collection_point SET is_open = false, valid_to = current_date
      WHERE id NOT IN (SELECT p.id FROM collection_point p JOIN commune c ON c.insee = p.commune
                        WHERE p.is_open AND c.region = '24' ORDER BY p.id LIMIT 20)`);
const candidates = sql(`SELECT string_agg(code, ' ') FROM (SELECT code FROM site
	WHERE kind = 'candidate' AND region = '24' ORDER BY code LIMIT 2) AS s`).split(' ');

const house = mkdtempSync(path.join(tmpdir(), 'recircuit-jobs-'));
const inHouse = (name) => path.join(house, name);
copyFileSync(path.join(build, 'recircuit'), inHouse('recircuit'));
const solver = path.join(build, 'recircuit-solve');
const answerWith = (script) => {
	writeFileSync(inHouse('recircuit-solve'), `#!/bin/sh\n${script}\nexec '${solver}' "$@"\n`);
	chmodSync(inHouse('recircuit-solve'), 0o755);
};
const waits = `if [ "$1" = plan ] || [ "$1" = rounds ]; then while [ -e '${inHouse('hold')}' ]; do sleep 0.05; done; fi`;
answerWith(waits);
const hold = () => writeFileSync(inHouse('hold'), '');
const release = () => rmSync(inHouse('hold'), { force: true });

const children = [];
process.on('exit', () => {
	release();
	for (const child of children) {
		child.kill('SIGCONT');
		child.kill('SIGKILL');
	}
	rmSync(house, { recursive: true, force: true });
	try {
		database.drop();
	} catch { /* the server is stopped after us anyway */ }
});

/** A worker: its log, and what it ends with. */
function startWorker(name, ...more) {
	mkdirSync(inHouse(name), { recursive: true });
	const child = spawn(inHouse('recircuit'), ['work', '--time-limit', '20', '--gap', '0.01', '--threads', '1', ...more], {
		stdio: ['ignore', 'ignore', 'pipe'],
		env: { ...process.env, RECIRCUIT_DB: database.conninfo, RECIRCUIT_SHARE: share, TMPDIR: inHouse(name) },
	});
	const worker = { child, name, log: '', ended: null };
	worker.exit = new Promise((done) => child.on('close', (code, signal) => done(worker.ended = code ?? signal)));
	child.stderr.on('data', (bytes) => (worker.log += bytes));
	worker.kill = (signal) => child.kill(signal);
	worker.end = async (signal = 'SIGTERM') => {
		child.kill(signal);
		return worker.exit;
	};
	worker.leftovers = () => readdirSync(inHouse(name));
	children.push(child);
	return worker;
}

/** Patient with a busy machine, but not as long as a lease: a worker that died is known by its lock. */
async function until(isTrue, what, ms = 30000) {
	for (const late = Date.now() + ms; ;) {
		const value = await isTrue();
		if (value)
			return value;
		if (Date.now() > late)
			assert.fail(`${what}: not within ${ms} ms`);
		await sleep(40);
	}
}

const row = (id) => JSON.parse(sql(`SELECT row_to_json(r) FROM (SELECT state, attempt, worker, error, verdict,
	network_sha256, lease_until, cancel_requested FROM run WHERE id = ${id}) AS r`));
const state = (id, wanted, ms) => until(() => row(id).state === wanted && row(id), `run ${id} ${wanted}`, ms);
const solvers = () => {
	try {
		return execFileSync('pgrep', ['-f', `${house}/.*/network.json`], { encoding: 'utf8' }).split('\n').length - 1;
	} catch {
		return 0; // pgrep finds none
	}
};

const service = await startServer(path.join(build, 'recircuit'), ['serve', '--port', '0', '--anonymous', 'planner'],
	{ match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });
const send = (target, body) => fetch(service.url + target, {
	method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
});

async function makeScenario(name, definition = {}) {
	const answer = await send('/api/scenarios', {
		name, definition: { regions: ['24'], parameters: { 'horizon.years': 2 }, candidates, ...definition },
	});
	assert.equal(answer.status, 201, await answer.clone().text());
	return (await answer.json()).id;
}

async function queue(scenario, body = {}) {
	const answer = await send(`/api/scenarios/${scenario}/runs`, body);
	assert.equal(answer.status, 202, await answer.clone().text());
	return Number(answer.headers.get('location').split('/').at(-1));
}

const small = await makeScenario('Petit');

/** Whatever a test leaves when it fails is not the next one's. */
const it = (name, body) => test(name, async () => {
	try {
		await body();
	} finally {
		release();
		for (const child of children.splice(0)) {
			child.kill('SIGCONT');
			child.kill('SIGKILL');
		}
		answerWith(waits);
		sql(`UPDATE run SET state = 'cancelled', cancel_requested = true, finished_at = now(), lease_until = NULL
		      WHERE state IN ('queued', 'running')`);
	}
});

it('a_run_goes_from_the_queue_to_rows_that_add_up', async () => {
	// Free equipment, dear fees: platforms open, and the rows of all kinds are there.
	const scenario = await makeScenario('Gratuit', {
		parameters: { 'horizon.years': 2, 'line.capex_eur': 1, 'line.jobs': 0, 'site.eur_year': 0, 'existing.margin': 1 },
	});
	const id = await queue(scenario, { seed: 7 });
	assert.equal(row(id).state, 'queued');
	const worker = startWorker('whole');
	const done = await state(id, 'done');
	assert.equal(done.attempt, 1);
	assert.equal(done.error, null);
	assert.equal(await worker.end(), 0);
	assert.deepEqual(worker.leftovers(), []);

	// The bytes the solver saw are those anybody can export, and nothing else was solved.
	const network = execFileSync(path.join(build, 'recircuit'), ['export', 'network', '--scenario', String(scenario)],
		{ env: { ...process.env, RECIRCUIT_DB: database.conninfo }, maxBuffer: 1 << 28 });
	assert.equal(createHash('sha256').update(network).digest('hex'), done.network_sha256);

	const report = await (await fetch(`${service.url}/api/runs/${id}/plan`)).json();
	const plan = JSON.parse(sql(`SELECT row_to_json(plan) FROM plan WHERE run = ${id}`));
	const near = (a, b, what) => assert.ok(Math.abs(a - b) <= 1e-6 * (1 + Math.abs(b)), `${what}: ${a} and ${b}`);
	near(report.cost.plan_eur, plan.cost_eur, 'cost');
	near(report.breakdown.reduce((sum, c) => sum + c.plan_eur, 0), plan.cost_eur, 'breakdown');
	near(report.breakdown.reduce((sum, c) => sum + c.statu_quo_eur, 0), plan.status_quo_eur, 'status quo');
	near(plan.status_quo_eur - plan.cost_eur, report.cost.value_eur, 'value');
	assert.ok(plan.bound_eur <= plan.cost_eur && plan.cost_eur < plan.status_quo_eur, 'bound, cost, status quo');
	assert.equal(done.verdict.answer, 'viable');
	assert.ok(report.platforms.length > 0, 'no platform: the rows below would show nothing');
	assert.match(report.sentence, /^Oui, c’est viable/);

	// Every tonne that arises is shipped, flow by flow and year by year.
	const flows = JSON.parse(sql(`WITH asked AS (SELECT frozen FROM run WHERE id = ${id}), arising AS (
		SELECT f.flow, y AS year, sum(t.tonnes) * max(f.share) * derived.growth_factor(y, frozen -> 'parameters') AS tonnes
		  FROM asked CROSS JOIN generate_series(2027, 2028) AS y
		 CROSS JOIN derived.flow_share(frozen -> 'parameters') f
		 CROSS JOIN derived.point_tonnage('{24}', frozen -> 'parameters') t GROUP BY f.flow, y, frozen)
		SELECT json_agg(json_build_object('flow', a.flow, 'year', a.year, 'arising', a.tonnes, 'shipped',
		       (SELECT sum(s.tonnes) FROM plan_shipment s WHERE s.run = ${id} AND s.flow = a.flow AND s.year = a.year)))
		  FROM arising a`));
	assert.equal(flows.length, 12);
	for (const f of flows)
		near(f.shipped, f.arising, `${f.flow} ${f.year}`);
	for (const y of report.years)
		near(y.tonnes, flows.filter((f) => f.year === y.year).reduce((sum, f) => sum + f.shipped, 0), `year ${y.year}`);

	// What reaches a line is what was shipped to it, and it fits.
	assert.equal(number(`SELECT count(*) FROM (
		SELECT site, flow, year, sum(tonnes) AS t FROM plan_shipment WHERE run = ${id} GROUP BY 1, 2, 3) AS s
		FULL JOIN (SELECT * FROM plan_line WHERE run = ${id}) AS l USING (site, flow, year)
		WHERE abs(coalesce(s.t, 0) - coalesce(l.tonnes, 0)) > 1e-3 OR l.tonnes > l.level_t * (1 + 1e-6)`), 0);
	assert.equal(number(`SELECT count(DISTINCT site) FROM plan_line JOIN site ON site.id = site
		WHERE run = ${id} AND kind = 'candidate'`), report.platforms.length);
});

const verdict = async (id) => (await fetch(`${service.url}/api/runs/${id}/verdict`)).json();

it('a_verdict_says_its_figures_and_what_is_not_known', async () => {
	const free = { 'horizon.years': 6, 'line.capex_eur': 400000, 'line.jobs': 1, 'site.eur_year': 0, 'existing.margin': 1 };
	const [yes, no] = [await queue(await makeScenario('Six ans', { parameters: free })),
		await queue(await makeScenario('Trop cher', { parameters: { 'horizon.years': 6, 'existing.margin': 0, 'existing.reference_t': 200000 } }))];
	const worker = startWorker('figures');
	await state(yes, 'done');
	await state(no, 'done');
	assert.equal(await worker.end(), 0);
	const near = (a, b, what) => assert.ok(Math.abs(a - b) <= 1e-6 * (1 + Math.abs(b)), `${what}: ${a} and ${b}`);

	const good = await verdict(yes);
	const report = await (await fetch(`${service.url}/api/runs/${yes}/plan`)).json();
	const figure = (id, region = null) => good.figures.find((f) => f.id === id && f.region === region);
	assert.equal(good.answer, 'viable');
	assert.match(good.fee_sentence, /^Tout prix d’entrée entre .* fait gagner/);
	assert.equal(good.why_sentence, null);
	near(figure('system_npv').value, report.cost.value_eur, 'value');
	assert.ok(figure('fee_low').value < figure('fee_high').value);
	near(figure('platforms_npv').value, report.cost.value_eur / 2, 'half of the gain');
	const rate = report.horizon.discount_rate;
	for (const who of ['system', 'platforms'])
		assert.equal(good.cash_flow.length, 7, who);
	near(good.cash_flow.reduce((sum, y, t) => sum + (y.system_invested_eur + y.system_running_eur) / (1 + rate) ** t, 0),
		report.cost.value_eur, 'the flows');
	assert.ok(good.cash_flow[0].system_invested_eur < 0 && good.cash_flow[6].is_end && good.cash_flow[6].system_invested_eur > 0);

	// The indicators of year 6, each with its source; nothing invented.
	const sixth = report.years[5];
	const people = number(`SELECT sum(population) FROM commune WHERE region = '24'`);
	near(figure('collected_t').value, sixth.tonnes, 'tonnes');
	near(figure('collected_kg').value, 1000 * sixth.tonnes / people, 'kg');
	near(figure('collected_kg', '24').value, 1000 * sixth.tonnes / people, 'kg of the région');
	near(figure('vehicle_km').value, sixth.vehicle_km, 'km');
	near(figure('vehicle_km').before, sixth.vehicle_km_before, 'km before');
	near(figure('co2_avoided_t').value, sixth.tonnes * 0.17 * 1240 / 41.5, 'CO2 avoided');
	near(figure('jobs').value, sixth.jobs, 'jobs');
	near(figure('jobs_chain').value, 7.9 * sixth.tonnes / 1000, 'chain');
	assert.equal(figure('own_share').before, 0, 'no plant in the région today');
	near(figure('own_share').value, sixth.platform_tonnes / sixth.tonnes, 'own share');
	for (const id of ['rate_put_on_market', 'rate_generated', 'jobs_insertion']) {
		assert.equal(figure(id).value, null, id);
		assert.match(figure(id).note, /^Non connu : /);
	}
	assert.equal(figure('rate_put_on_market').target, 0.65);
	assert.match(figure('rate_put_on_market').note, /12,3.kg.*47,4.%.*16,9.kg/);
	for (const [id, value, target, isMet] of [['recovery_1', 0.88, 0.85, true], ['recovery_2', 0.75, 0.8, false], ['recovery_5-6', 0.75, 0.75, true]]) {
		near(figure(id).value, value, id);
		assert.deepEqual([figure(id).target, figure(id).is_met, figure(id).confidence], [target, isMet, 'assumption'], id);
	}
	near(figure('recycling_3').low, 0.85 - 0.067, 'least');
	assert.deepEqual([figure('recycling_3').value, figure('recycling_3').high, figure('recycling_3').is_met], [null, 0.85, null]);
	assert.equal(figure('recovery_3'), undefined, 'no such target');
	for (const f of good.figures)
		assert.ok(f.label && f.unit && f.source && f.confidence && (f.value !== null || f.note), JSON.stringify(f));

	// What misses is what the fees are apart.
	const bad = await verdict(no);
	assert.equal(bad.answer, 'not_viable');
	assert.equal(bad.fee_sentence, null);
	assert.match(bad.why_sentence, /^Celle qui passe le plus près de la viabilité serait à .* : il y manque .*€ par an, soit .*€ par tonne traitée ou \d+.% de son investissement\.$/u);
	const missing = Object.fromEntries(bad.figures.filter((f) => f.group === 'why').map((f) => [f.id, f.value]));
	assert.ok(missing.missing_eur > 0 && missing.missing_eur_t > 0);
	near(missing.missing_eur / missing.missing_eur_year, [0, 1, 2, 3, 4, 5].reduce((sum, t) => sum + 1.045 ** -t, 0), 'by year');
	assert.equal(bad.figures.find((f) => f.id === 'recovery_1').value, null);
});

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
const near = (a, b, what) => assert.ok(Math.abs(a - b) <= 1e-6 * (1 + Math.abs(b)), `${what}: ${a} and ${b}`);
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

it('a_run_whose_worker_is_killed_is_taken_over', async () => {
	hold();
	const id = await queue(small);
	const first = startWorker('killed');
	await state(id, 'running');
	await first.end('SIGKILL');
	const second = startWorker('heir');
	await until(() => row(id).attempt === 2, 'taken over');
	release();
	const done = await state(id, 'done');
	assert.equal(done.attempt, 2);
	assert.equal(number(`SELECT count(*) FROM plan WHERE run = ${id}`), 1);
	assert.equal(await second.end(), 0);
});

it('a_stopped_worker_whose_lease_was_taken_writes_nothing', async () => {
	hold();
	const id = await queue(small);
	const first = startWorker('stopped');
	const before = await state(id, 'running');
	first.kill('SIGSTOP');
	sql(`UPDATE run SET lease_until = now() - interval '1 second' WHERE id = ${id}`);
	const second = startWorker('other');
	const taken = await until(() => row(id).attempt === 2 && row(id), 'taken over');
	assert.notEqual(taken.worker, before.worker);

	// Awake again while the other one works: it gives up, and does not take the run back.
	first.kill('SIGCONT');
	await until(() => /run_ended run=\d+ attempt=1 outcome=lost/.test(first.log), 'the first one gives up');
	await sleep(2500); // two heartbeats of the one, half a turn of the other
	const during = row(id);
	assert.deepEqual([during.state, during.attempt, during.worker], ['running', 2, taken.worker]);
	release();
	const done = await state(id, 'done');
	assert.equal(done.attempt, 2);
	assert.equal(number(`SELECT count(*) FROM plan WHERE run = ${id}`), 1);

	// It is not hurt: the next run is as good as any.
	assert.equal(await second.end(), 0);
	const next = await queue(small);
	await state(next, 'done');
	await until(() => first.log.includes(`run_ended run=${next} attempt=1 outcome=done`), 'its log');
	assert.equal(await first.end(), 0);
	assert.deepEqual([...first.leftovers(), ...second.leftovers()], []);
});

it('a_worker_stopped_until_all_is_over_changes_nothing', async () => {
	hold();
	const id = await queue(small);
	const first = startWorker('late');
	await state(id, 'running');
	first.kill('SIGSTOP');
	sql(`UPDATE run SET lease_until = now() - interval '1 second' WHERE id = ${id}`);
	const second = startWorker('prompt');
	await until(() => row(id).attempt === 2, 'taken over');
	release(); // for the solvers of both: the first one's answer is ready when it wakes
	const done = await state(id, 'done');
	first.kill('SIGCONT');
	await until(() => /attempt=1 outcome=lost/.test(first.log), 'the first one gives up');
	assert.deepEqual(row(id), done);
	assert.equal(number(`SELECT count(*) FROM plan WHERE run = ${id}`), 1);
	assert.equal(await first.end(), 0);
	assert.equal(await second.end(), 0);
});

it('a_run_that_outlives_three_workers_is_given_up', async () => {
	hold();
	const id = await queue(small);
	for (let attempt = 1; attempt <= 3; attempt++) {
		const worker = startWorker('doomed');
		await until(() => row(id).attempt === attempt && row(id).state === 'running', `attempt ${attempt}`);
		await worker.end('SIGKILL');
	}
	release();
	const worker = startWorker('undertaker');
	const failed = await state(id, 'failed');
	assert.match(failed.error, /interrompu 3 fois de suite/);
	assert.equal(failed.attempt, 3);
	assert.equal(await worker.end(), 0);
});

it('a_waiting_run_is_cancelled_at_once', async () => {
	const id = await queue(small);
	cancel(id);
	assert.equal(row(id).state, 'cancelled');
	const worker = startWorker('idle');
	const next = await queue(small);
	await state(next, 'done');
	assert.equal(row(id).state, 'cancelled');
	assert.equal(row(id).attempt, 0);
	assert.equal(await worker.end(), 0);
});

it('a_running_run_is_cancelled_and_its_solver_ends', async () => {
	hold();
	const id = await queue(small);
	const worker = startWorker('cancelled');
	await state(id, 'running');
	await until(() => solvers() > 0, 'a solver');
	assert.equal(cancel(id), `${id}|running`, 'its worker ends it');
	await state(id, 'cancelled');
	await until(() => solvers() === 0, 'the solver is gone');
	assert.equal(number(`SELECT count(*) FROM plan WHERE run = ${id}`), 0);
	release();
	const next = await queue(small);
	await state(next, 'done'); // and the worker goes on
	assert.equal(await worker.end(), 0);
	assert.deepEqual(worker.leftovers(), []);
});

it('sigterm_puts_the_run_back_in_the_queue', async () => {
	hold();
	const id = await queue(small);
	const worker = startWorker('told');
	await state(id, 'running');
	await until(() => solvers() > 0, 'a solver');
	const began = Date.now();
	assert.equal(await worker.end('SIGTERM'), 0);
	assert.ok(Date.now() - began < 15000, 'it took its time');
	const back = row(id);
	assert.deepEqual([back.state, back.lease_until], ['queued', null]);
	assert.equal(solvers(), 0);
	assert.deepEqual(worker.leftovers(), []);
	release();
	const other = startWorker('told-other');
	await state(id, 'done');
	assert.equal(await other.end(), 0);
});

it('a_worker_at_rest_stops_at_once', async () => {
	// It rests for five seconds at a time; the fastest of three says what a busy machine cannot hide.
	const took = [];
	for (let n = 0; n < 3 && !took.some((ms) => ms < 2500); n++) {
		const id = await queue(small);
		const worker = startWorker('resting');
		await until(() => worker.log.includes(`run_ended run=${id} `), 'its log');
		await sleep(300);
		const began = Date.now();
		assert.equal(await worker.end('SIGTERM'), 0);
		took.push(Date.now() - began);
	}
	assert.ok(took.some((ms) => ms < 2500), `${took} ms`);
});

it('being_told_to_go_is_no_failure_of_the_run', async () => {
	hold();
	const id = await queue(small);
	for (let n = 0; n < 4; n++) {
		const worker = startWorker('shift');
		await state(id, 'running');
		assert.equal(await worker.end('SIGTERM'), 0);
		assert.equal(row(id).state, 'queued');
	}
	release();
	const worker = startWorker('last-shift');
	await state(id, 'done');
	assert.equal(await worker.end(), 0);
});

it('two_workers_never_take_the_same_run', async () => {
	hold();
	const ids = [];
	for (let n = 0; n < 6; n++)
		ids.push(await queue(small, { seed: n }));
	const workers = ['a', 'b', 'c'].map((name) => startWorker(`crowd-${name}`));
	await until(() => number(`SELECT count(*) FROM run WHERE state = 'running'`) === 3, 'all at work');
	release();
	for (const id of ids)
		assert.equal((await state(id, 'done')).attempt, 1);
	for (const worker of workers)
		assert.equal(await worker.end(), 0);
	const claims = workers.map((w) => [...w.log.matchAll(/run_claimed run=(\d+)/g)].map((m) => Number(m[1])));
	assert.deepEqual(claims.flat().sort((a, b) => a - b), ids);
	assert.ok(claims.every((c) => c.length > 0));
});

it('the_same_question_and_seed_get_the_same_answer', async () => {
	const ids = [await queue(small, { seed: 3 }), await queue(small, { seed: 3 })];
	const worker = startWorker('twice');
	const [one, two] = [await state(ids[0], 'done'), await state(ids[1], 'done')];
	assert.equal(one.network_sha256, two.network_sha256);
	assert.deepEqual(one.verdict, two.verdict);
	const rows = ids.map((id) => sql(`SELECT md5(string_agg((year, flow, point, site, tonnes, km)::text, ';'
		ORDER BY year, flow, point, site)) FROM plan_shipment WHERE run = ${id}`));
	assert.equal(rows[0], rows[1]);
	assert.equal(await worker.end(), 0);
});

it('an_infeasible_scenario_fails_with_its_constraint', async () => {
	sql(`UPDATE site SET is_active = false WHERE kind = 'unlisted'`);
	sql(`UPDATE site_flow SET capacity_t = 1 FROM site WHERE site.id = site AND kind = 'existing'`);
	try {
		const id = await queue(await makeScenario('Impossible', { max_platforms: 0 }));
		const worker = startWorker('infeasible');
		const failed = await state(id, 'failed');
		assert.match(failed.error, /^aucun plan possible : flux « \S+ », année 2027, il y a .* t à traiter/);
		assert.equal(number(`SELECT count(*) FROM plan WHERE run = ${id}`), 0);
		assert.equal(await worker.end(), 0);
	} finally {
		sql(`UPDATE site SET is_active = true WHERE kind = 'unlisted'`);
		sql(`UPDATE site_flow SET capacity_t = NULL FROM site WHERE site.id = site AND kind = 'existing'`);
	}
});

it('the_limits_of_a_scenario_reach_the_plan', async () => {
	const id = await queue(await makeScenario('Limites', { budget_eur: 0, max_co2_t: 1e9, site_max_t: 5000, site_min_t: 10 }));
	const worker = startWorker('limits');
	await state(id, 'done');
	assert.equal(number(`SELECT count(*) FROM plan_line JOIN site ON site.id = site
		WHERE run = ${id} AND kind = 'candidate'`), 0, 'nothing can be bought');
	const used = Object.fromEntries((await verdict(id)).figures.filter((f) => f.group === 'limit').map((f) => [f.id, f]));
	assert.deepEqual(Object.keys(used), ['budget_eur', 'max_co2_t', 'max_t']);
	assert.equal(used.budget_eur.value, 0);
	assert.match(used.budget_eur.note, /^limite : 0.€ \(0.% utilisés\)$/u);
	assert.ok(used.max_co2_t.value > 0);
	assert.equal(await worker.end(), 0);
});

for (const [name, script, said] of [
	['a_solver_that_crashes', 'kill -ABRT $$', /s’est arrêté sans explication \(code 134\)/],
	['a_solver_that_says_nothing', 'exit 0', /^le solveur n’a pas laissé de réponse lisible : introuvable/],
	['a_plan_that_the_checker_refuses', `if [ "$1" = plan ]; then
		'${solver}' "$@"
		while [ "$1" != --output ]; do shift; done
		sed -i 's/"cost":/"cost":1/' "$2"
		exit 0
	fi`, /coût : le fichier dit/],
	['an_answer_that_is_not_json', `if [ "$1" = plan ]; then
		while [ "$1" != --output ]; do shift; done
		echo '{' >"$2"
		exit 0
	fi`, /JSON illisible/],
	['words_of_the_solver_cut_in_the_middle', `printf 'recircuit-solve : %s\\n' "x$(printf 'é%.0s' $(seq 1200))" >&2
		exit 3`, /^x?é+/],
])
	it(`${name}_fails_the_run_with_a_reason`, async () => {
		answerWith(script);
		const id = await queue(small);
		const worker = startWorker('broken');
		const failed = await state(id, 'failed');
		assert.match(failed.error, said);
		assert.doesNotMatch(failed.error, /recircuit|\.json/, 'names of ours, which say nothing to people');
		assert.equal(number(`SELECT count(*) FROM plan WHERE run = ${id}`), 0);
		assert.equal(await worker.end(), 0);
		assert.deepEqual(worker.leftovers(), []);
	});

it('a_worker_takes_old_keys_away_and_leaves_the_others', async () => {
	sql(`INSERT INTO organisation (name, kind) VALUES ('Clés', 'operator');
		INSERT INTO idempotency (organisation, key, request, status, answer, created_at)
		SELECT max(id), 'k' || n, sha256('x'), 201, '{}', now() - CASE WHEN n <= 12000 THEN interval '90 days 1 minute' ELSE interval '89 days' END
		  FROM organisation, generate_series(1, 12010) AS n GROUP BY n`);
	const worker = startWorker('tidy');
	await until(() => number('SELECT count(*) FROM idempotency') <= 10, 'old keys gone');
	assert.equal(number(`SELECT count(*) FROM idempotency WHERE created_at > now() - interval '90 days'`), 10);
	assert.equal(await worker.end(), 0);
});

it('a_worker_outlives_a_restart_of_its_connection', async () => {
	hold();
	const id = await queue(small);
	const worker = startWorker('cut');
	await until(() => solvers() > 0, 'a solver'); // before, the run would only be tried again
	sql(`SELECT pg_terminate_backend(l.pid, 5000) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = 20001`);
	await until(() => number(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 20001`) === 1,
		'the lock is taken again');
	const other = startWorker('not-needed');
	await sleep(1500);
	release();
	const done = await state(id, 'done');
	assert.equal(done.attempt, 1);
	assert.doesNotMatch(other.log, /run_claimed/);
	assert.equal(await worker.end(), 0);
	assert.equal(await other.end(), 0);
	assert.deepEqual(worker.leftovers(), []);
});

// ---- studies ----

const studyOf = async (run, body = {}) => {
	const answer = await send(`/api/runs/${run}/studies`, { draws: 12, time_limit_s: 5, ...body });
	assert.equal(answer.status, 202, await answer.clone().text());
	return Number(answer.headers.get('location').split('/').at(-1));
};
const part = async (run, name) => {
	const answer = await fetch(`${service.url}/api/runs/${run}/${name}`);
	assert.equal(answer.status, 200, await answer.clone().text());
	return answer.json();
};

it('a_study_goes_from_the_queue_to_parts_that_agree', async () => {
	sql(`UPDATE collection_point SET is_open = true, valid_to = NULL
	      WHERE id IN (SELECT p.id FROM collection_point p JOIN commune c ON c.insee = p.commune
	                    WHERE c.region = '27' ORDER BY p.id LIMIT 10)`);
	const scenario = await makeScenario('À deux', { regions: ['24', '27'],
		parameters: { 'horizon.years': 2, 'line.capex_eur': 1000000, 'line.jobs': 1, 'site.eur_year': 1000 } });
	const run = await queue(scenario);
	const worker = startWorker('study');
	const { verdict } = await state(run, 'done');
	const study = await studyOf(run);
	await state(study, 'done', 90000);
	assert.equal(await worker.end(), 0);
	assert.deepEqual(worker.leftovers(), []);

	const [tipping, tornado, draws, sharing] = await Promise.all(
		['tipping', 'tornado', 'draws', 'sharing'].map((name) => part(run, name)));
	for (const x of [tipping, tornado, draws, sharing]) {
		assert.deepEqual([x.run, x.study, x.here.answer], [run, study, verdict.answer]);
		assert.match(x.sentence, /[.]$/);
	}
	assert.deepEqual(await part(study, 'tipping'), tipping, 'by the number of the study too');

	// The brackets hold opposite answers, on the right side of where the driver stands.
	assert.equal(tipping.drivers.length, 11);
	for (const d of tipping.drivers)
		for (const [side, way] of [[d.below, -1], [d.above, 1]]) {
			if (!side.flips)
				continue;
			assert.equal(side.near.answer, verdict.answer, d.driver);
			assert.ok(['viable', 'not_viable'].includes(side.far.answer) && side.far.answer !== verdict.answer, d.driver);
			assert.ok(way * (side.far.value - side.near.value) > 0 && way * (side.near.value - d.value) >= 0, d.driver);
			assert.ok(way * (side.to - side.far.value) >= 0, `${d.driver}: contrary from the flip on`);
			assert.match(d.sentence, /^Le verdict bascule entre .+ \(encore .+\) et .+\u00a0; prouvé des deux côtés\. Sa fourchette, /);
		}
	// Within its credible range, beyond it, or the end is between the two proofs.
	for (const d of tipping.drivers) {
		const reach = [[d.below, -1, d.low], [d.above, 1, d.high]].map(([side, way, end]) =>
			(!side.flips ? +side.undecided : way * side.far.value <= way * end ? 2 : +(way * side.near.value < way * end)));
		assert.equal(d.in_range, ['no', 'undecided', 'certain'][Math.max(...reach)], d.driver);
		assert.equal(tipping.sentence.includes(`« ${d.label} »`.replaceAll(' »', '\u00a0»').replaceAll('« ', '«\u00a0')), d.in_range !== 'no', d.driver);
	}
	assert.equal(tipping.frontiers.length, 1);

	// Ranges are the parameters' where they have one, and each says whose it is.
	const capex = tornado.drivers.find((d) => d.driver === 'capex');
	const range = JSON.parse(sql(`SELECT json_build_array(least(low / 1e6, 1), greatest(high / 1e6, 1)) FROM parameter WHERE id = 'line.capex_eur'`));
	assert.deepEqual([capex.low.value, capex.high.value], range);
	assert.equal(capex.parameter, 'line.capex_eur');
	assert.ok(capex.low.value_bound_eur >= capex.high.value_eur - 1, 'dearer lines are worth no more');
	const fees = tornado.drivers.find((d) => d.driver === 'gate_fees');
	assert.deepEqual([fees.parameter, fees.confidence, fees.source], [null, 'assumption', 'Fourchette par défaut de Recircuit']);
	assert.ok(tornado.drivers.every((d, n) => n === 0 || d.spread_eur <= tornado.drivers[n - 1].spread_eur), 'largest first');

	assert.equal(draws.values_eur.length, 12);
	assert.ok(Math.abs(draws.viable + draws.not_viable + draws.undecided - 1) < 1e-9);
	assert.ok(draws.plans[0].is_today);
	const names = draws.sites.map((s) => sql(`SELECT name FROM site WHERE code = '${s.site}'`));
	assert.deepEqual(draws.sites.map((s) => s.name), names);
	assert.ok(draws.sites.every((s, n) => n === 0 || s.share <= draws.sites[n - 1].share), 'most often first');
	assert.ok(draws.sentence.endsWith(`Le site le plus souvent retenu : ${names[0]} (${Math.round(100 * draws.sites[0].share)}\u00a0% des tirages).`), draws.sentence);

	assert.deepEqual(sharing.regions.map((r) => r.name), ['Centre-Val de Loire', 'Bourgogne-Franche-Comté']);
	assert.equal(sharing.coalitions.length, 3);
	const alone = sharing.regions.filter((r) => r.alone_answer === 'viable').map((r) => r.name);
	assert.ok(alone.length && sharing.invite_sentence.includes(`viable pour ${alone.join(' et ')} (prouvé). Le groupe qui économise le plus : `), sharing.invite_sentence);
	assert.equal(/, paie au moins [\d,]+\u00a0M€ de moins que seul\.$/.test(sharing.sentence), sharing.core.least_core_epsilon <= -5e4, sharing.sentence);
	for (const rule of sharing.rules) {
		const shares = sharing.shares.filter((s) => s.rule === rule.rule).map((s) => s.share_eur);
		assert.ok(Math.abs(shares.reduce((a, b) => a + b) - sharing.total_eur) < 1e-3, rule.rule);
	}

	// The files that anybody can solve again; the scenario still shows its plan.
	const network = await (await fetch(`${service.url}/api/runs/${study}/network.json`)).text();
	assert.equal(createHash('sha256').update(network).digest('hex'), row(study).network_sha256);
	const shown = (await (await fetch(`${service.url}/api/scenarios`)).json()).scenarios.find((s) => s.id === scenario);
	assert.deepEqual([shown.last_run.id, shown.runs], [run, 1]);
	const status = await (await fetch(`${service.url}/api/runs/${run}`)).json();
	assert.deepEqual([status.kind, status.studied, status.study], ['plan', null, { id: study, state: 'done' }]);

	const csv = await (await fetch(`${service.url}/api/runs/${run}/sharing?format=csv`)).text();
	assert.equal(csv.trimEnd().split('\r\n').length, 1 + 2 * 4);
	assert.match(csv, /^\ufeff?Région;/);
});

it('a_study_tells_how_far_it_is_and_can_be_stopped', async () => {
	const run = await queue(small);
	const study = await studyOf(run, { draws: 5000 });
	const worker = startWorker('stopped');
	const status = async () => (await fetch(`${service.url}/api/runs/${study}`)).json();
	await until(async () => /^tirages : \d+ sur 5000$/.test((await status()).progress?.stage), 'the draws are told', 90000);
	const stop = await fetch(`${service.url}/api/runs/${study}/cancel`, { method: 'POST' });
	assert.equal(stop.status, 202, await stop.clone().text());
	await state(study, 'cancelled');
	assert.equal(number(`SELECT count(*) FROM study WHERE run = ${study}`), 0);
	assert.equal((await fetch(`${service.url}/api/runs/${study}/cancel`, { method: 'POST' })).status, 409);
	assert.equal((await fetch(`${service.url}/api/runs/${run}/tipping`)).status, 404);
	await until(() => solvers() === 0, 'the solver ends');
	assert.equal(await worker.end(), 0);
	assert.deepEqual(worker.leftovers(), []);
});

it('a_plan_does_not_wait_for_studies', async () => {
	const first = await queue(small);
	const study = await studyOf(first, { draws: 0 });
	const second = await queue(small);
	const worker = startWorker('order');
	await state(study, 'done', 90000);
	assert.equal(await worker.end(), 0);
	const order = sql(`SELECT string_agg(id::text, ' ' ORDER BY started_at) FROM run WHERE id IN (${first}, ${study}, ${second})`);
	assert.equal(order, `${first} ${second} ${study}`);
});

it('a_worker_for_plans_leaves_studies_to_others', async () => {
	const first = await queue(small);
	const study = await studyOf(first, { draws: 0, tipping: false, frontier: false });
	const only = startWorker('only-plans', '--plans-only');
	await state(first, 'done');
	const second = await queue(small);
	await state(second, 'done');
	assert.equal(row(study).state, 'queued');
	const other = startWorker('all');
	await state(study, 'done', 90000);
	assert.deepEqual([await only.end(), await other.end()], [0, 0]);
});

await runAll('worker');
await service.stop();
process.exit();
