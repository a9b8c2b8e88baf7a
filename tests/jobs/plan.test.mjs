// The path of a plan: POST -> queue -> worker -> solver -> checker -> rows, and what its verdict says.
//	build/release/tests/with_cluster build/release/tests/var tests/jobs/run build/release
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { runAll } from '../http/lib.mjs';
import {
	build, database, it, makeScenario, near, number, queue, row, service, small, sql, startWorker, state,
} from './house.mjs';

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

await runAll('plan');
