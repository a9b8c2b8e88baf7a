// The path of a study, which asks more of a run, and how it waits behind plans.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { runAll } from '../http/lib.mjs';
import {
	it, makeScenario, number, queue, row, send, service, small, solvers, sql, startWorker, state, until,
} from './house.mjs';

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
	const known = draws.figures.filter((f) => f.group === 'Précision des tirages');
	assert.deepEqual(known.map((f) => f.value), [draws.gap_quantiles[50], draws.gap_quantiles[95]]);
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

await runAll('study');
