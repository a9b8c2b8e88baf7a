// The promises of the API, resource by resource: scenarios, runs and their plans, points and sites, studies, rounds.
//	build/release/tests/with_cluster build/release/tests/var tests/http/run build/release
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runAll, test } from './lib.mjs';
import { ask, assertProblem, count, database, good, here, json, leaveNothing, program, psql, send } from './world.mjs';

const isPosition = (p) => Array.isArray(p) && p.length === 2 && p.every(Number.isFinite);
let openPoints = count('collection_point WHERE is_open');

test('says_that_it_is_well', async () => {
	const health = await json('/api/health');
	assert.equal(health.status, 'ok');
	assert.match(health.version, /^\d+\.\d+\.\d+/);
	assert.equal(health.schema, readdirSync(path.join(here, '../../sql/migrations')).length);
	assert.match(health.database, /^PostgreSQL \d+/);
});

test('serves_the_interface', async () => {
	const page = await ask('/');
	assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
	assert.match(await page.text(), /<html lang="fr"/);
});

test('lists_the_scenarios_with_their_last_run', async () => {
	const { scenarios } = await json('/api/scenarios');
	const s = scenarios.find((x) => x.code === 'reference');
	for (const key of ['id', 'code', 'name', 'description', 'version', 'created_at', 'last_run'])
		assert.ok(key in s, key);
	assert.match(s.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
	assert.deepEqual(s.last_run, { id: 2, state: 'queued', answer: null });
});

test('shows_a_scenario_with_its_definition_and_versions', async () => {
	const s = await json('/api/scenarios/1');
	assert.deepEqual(s.definition, { regions: ['24', '11', '27', '28', '75', '84', '52'], parameters: {}, candidates: 'default' });
	assert.deepEqual(s.versions.map((v) => v.version), [1]);
	assert.deepEqual((await json('/api/scenarios/1?version=1')).version, 1);
	await assertProblem(await ask('/api/scenarios/1?version=2'), 404, /version/);
	await assertProblem(await ask('/api/scenarios/999'), 404, /scénario n’existe pas/);
});

test('creates_a_scenario_and_says_where', async () => {
	const definition = { regions: ['24'], parameters: { 'horizon.years': 20, 'haulage.eur_km': 0.7 }, max_platforms: 2,
		budget_eur: 5e6, budget_eur_year: 3e6, max_co2_t: 9000, max_co2_t_year: 800.5, site_max_t: 40000, site_min_t: 0 };
	const answer = await send('/api/scenarios', { name: 'Été à 20 ans : l’Œuvre', description: 'Essai', definition });
	assert.equal(answer.status, 201);
	const made = await answer.json();
	const location = answer.headers.get('location');
	assert.equal(location, `/api/scenarios/${made.id}`);
	const read = await json(location);
	assert.deepEqual(read.definition, { ...definition, candidates: 'default' });
	assert.equal(read.name, 'Été à 20 ans : l’Œuvre');
	assert.match(read.code, /^ete-a-20-ans-l-+uvre$/);
	assert.equal(read.last_run, null);
});

test('gives_scenarios_of_one_name_different_codes', async () => {
	const body = { name: 'Même nom', definition: { regions: ['24'] } };
	const codes = [];
	for (let i = 0; i < 3; i++)
		codes.push((await (await send('/api/scenarios', body)).json()).code);
	assert.deepEqual(codes, ['meme-nom', 'meme-nom-2', 'meme-nom-3']);
	assert.match((await (await send('/api/scenarios', { ...body, name: '日本' })).json()).code, /^scenario/);
});

for (const [promise, body, said] of [
	['no_name', { definition: good }, /« name »/],
	['a_blank_name', { name: '   ', definition: good }, /« name » \(nom\) ne doit pas être vide/],
	['no_definition', { name: 'x' }, /« definition » \(contenu\) manque/],
	['no_region', { name: 'x', definition: { regions: [] } }, /« definition\.regions »/],
	['a_negative_budget', { name: 'x', definition: { ...good, budget_eur: -1 } }, /« definition\.budget_eur » \(budget d’investissement/],
	['a_cap_that_is_no_number', { name: 'x', definition: { ...good, max_co2_t: 'peu' } }, /« definition\.max_co2_t »/],
	['an_unknown_region', { name: 'x', definition: { regions: ['24', '99'] } }, /La région « 99 » n’existe pas/],
	['an_unknown_parameter', { name: 'x', definition: { ...good, parameters: { nope: 1 } } }, /« nope » n’existe pas/],
	['too_many_years', { name: 'x', definition: { ...good, parameters: { 'horizon.years': 31 } } },
		/« horizon\.years » \(Durée étudiée, en années\) doit être un entier de 1 à 30 ; 31 est refusé/],
	['no_years', { name: 'x', definition: { ...good, parameters: { 'horizon.years': 0 } } }, /horizon\.years/],
	['half_a_year', { name: 'x', definition: { ...good, parameters: { 'horizon.years': 12.5 } } }, /12,5 est refusé/],
	['a_negative_cost', { name: 'x', definition: { ...good, parameters: { 'haulage.eur_km': -1 } } }, /haulage\.eur_km/],
	['a_share_above_one', { name: 'x', definition: { ...good, parameters: { 'volume.local_authority_share': 1.5 } } }, /de 0 à 1/],
	['shares_that_do_not_add_up', { name: 'x', definition: { ...good, parameters: { 'flow.pam.share': 0.7 } } }, /font \d,\d+ au lieu de 1/],
	['levels_out_of_order', { name: 'x', definition: { ...good, parameters: { 'line.level_1_t': 9000 } } }, /croissant/],
	['a_parameter_that_is_no_number', { name: 'x', definition: { ...good, parameters: { 'haulage.eur_km': '1' } } }, /haulage\.eur_km/],
	['an_unknown_candidate', { name: 'x', definition: { ...good, candidates: ['x'] } }, /Le site candidat « x »/],
	['a_plant_as_candidate', { name: 'x', definition: { ...good, candidates: ['existing:triade'] } }, /existing:triade/],
	['another_word_for_candidates', { name: 'x', definition: { ...good, candidates: 'all' } }, /default/],
	['an_unknown_key', { name: 'x', definition: { ...good, years: 12 } }, /« definition\.years » n’est pas connu/],
	['a_name_too_long', { name: 'x'.repeat(201), definition: good }, /« name »/],
])
	test(`refuses_a_scenario_with_${promise}`, async () => {
		const before = count('scenario');
		await assertProblem(await send('/api/scenarios', body), 422, said);
		assert.equal(count('scenario'), before);
	});

test('queues_a_run_with_what_was_asked', async () => {
	const answer = await send('/api/scenarios/1/runs', { seed: 7, time_limit_s: 20, gap: 0.02 });
	assert.equal(answer.status, 202);
	const { id } = await answer.json();
	assert.equal(answer.headers.get('location'), `/api/runs/${id}`);
	const run = await json(`/api/runs/${id}`);
	assert.equal(run.state, 'queued');
	assert.equal(run.scenario, 1);
	for (const key of ['progress', 'answer', 'sentence', 'error', 'started_at', 'finished_at'])
		assert.equal(run[key], null, key);
	const [seed, frozen] = psql('-c', `SELECT seed, frozen FROM run WHERE id = ${id}`).split('|');
	assert.equal(seed, '7');
	const { parameters, time_limit_s, gap } = JSON.parse(frozen);
	assert.deepEqual([time_limit_s, gap, parameters['horizon.years']], [20, 0.02, 12]);
	await assertProblem(await ask(`/api/runs/${id}/plan`), 404, /attend son tour/);
});

test('queues_a_run_without_a_body', async () => {
	const answer = await ask('/api/scenarios/1/runs', { method: 'POST' });
	assert.equal(answer.status, 202);
});

test('refuses_runs_that_cannot_be', async () => {
	await assertProblem(await send('/api/scenarios/999/runs', {}), 404, /scénario/);
	await assertProblem(await send('/api/scenarios/1/runs', { gap: 2 }), 422, /« gap »/);
	await assertProblem(await send('/api/scenarios/1/runs', { seed: -1 }), 422, /« seed »/);
	await assertProblem(await send('/api/scenarios/1/runs', { time_limit_s: 0 }), 422, /« time_limit_s »/);
	await assertProblem(await send('/api/scenarios/1/runs', { fast: true }), 422, /« fast »/);
});

test('shows_a_run_with_its_answer', async () => {
	const run = await json('/api/runs/1');
	assert.deepEqual([run.state, run.answer, run.sentence], ['done', 'viable', 'Oui.']);
	assert.deepEqual(run.progress, { stage: 'optimisation', message: '', bound_eur: 93, cost_eur: 110, gap: 0.1, seconds: 3 });
	await assertProblem(await ask('/api/runs/999'), 404);
});

test('shows_the_plan_as_a_report_and_as_a_map', async () => {
	const report = await json('/api/runs/1/plan');
	assert.deepEqual([report.run, report.answer], [1, 'viable']);
	assert.equal(await (await ask('/api/runs/1/network.json')).text(), '{"years": 1}\n');
	assert.deepEqual(await json('/api/runs/1/answer.json'), { cost: 100 });
	await assertProblem(await ask('/api/runs/2/answer.json'), 404, /attend son tour/);
	const map = await json('/api/runs/1/plan.geojson?year=2028');
	assert.equal(map.year, 2028);
	const kinds = map.features.map((f) => f.properties.kind);
	assert.deepEqual([...new Set(kinds)], ['platform', 'existing', 'haul']);
	const platform = map.features.find((f) => f.properties.kind === 'platform');
	assert.ok(isPosition(platform.geometry.coordinates));
	assert.deepEqual([platform.properties.capacity_t, platform.properties.tonnes], [5000, 200]);
	const hauls = map.features.filter((f) => f.properties.kind === 'haul');
	assert.ok(hauls.every((f) => f.geometry.type === 'LineString' && f.geometry.coordinates.every(isPosition)));
	assert.equal(hauls.reduce((t, f) => t + f.properties.tonnes, 0), 30);
	assert.equal((await json('/api/runs/1/plan.geojson')).year, 2038);
	await assertProblem(await ask('/api/runs/1/plan.geojson?year=2060'), 404, /de 2027 à 2038/);
	await assertProblem(await ask('/api/runs/1/plan.geojson?year=20x'), 400, /« year »/);
	await assertProblem(await ask('/api/runs/999/plan'), 404);
	await assertProblem(await ask('/api/runs/2/plan.geojson'), 404, /attend son tour/);
});

test('pages_through_every_point_exactly_once', async () => {
	for (const limit of [1000, 100, 13]) {
		const seen = [];
		let next = `/api/points?limit=${limit}`, pages = 0;
		while (next) {
			const page = await json(next);
			assert.equal(page.type, 'FeatureCollection');
			assert.ok(page.features.length <= limit && page.features.length > 0);
			seen.push(...page.features.map((f) => f.id));
			next = page.links.find((l) => l.rel === 'next')?.href;
			pages++;
		}
		assert.equal(seen.length, openPoints);
		assert.equal(new Set(seen).size, openPoints);
		assert.equal(pages, Math.ceil(openPoints / limit));
	}
});

test('pages_through_points_of_a_box_and_a_region', async () => {
	const inBox = count('collection_point WHERE is_open AND location && ST_MakeEnvelope(1.6, 47.4, 2.35, 48.9, 4326)');
	const seen = new Set();
	let next = '/api/points?bbox=1.6,47.4,2.35,48.9&limit=50';
	while (next) {
		const page = await json(next);
		for (const f of page.features) {
			const [lon, lat] = f.geometry.coordinates;
			assert.ok(lon >= 1.6 && lon <= 2.35 && lat >= 47.4 && lat <= 48.9);
			seen.add(f.id);
		}
		next = page.links.find((l) => l.rel === 'next')?.href;
	}
	assert.equal(seen.size, inBox);
	assert.ok(seen.size > 100);
	const region = await json('/api/points?region=24&limit=5000');
	assert.ok(region.features.length > 200 && region.features.every((f) => f.properties.region === '24'));
	assert.deepEqual((await json('/api/points?region=zz')).features, []);
});

test('describes_each_point', async () => {
	const { features } = await json('/api/points?limit=5000');
	const p = features.find((f) => f.properties.name.includes('Été'));
	assert.equal(p.type, 'Feature');
	assert.ok(isPosition(p.geometry.coordinates));
	assert.equal(p.properties.name, `Déchèterie "L'Été" <b>&</b> \\ co`);
	for (const key of ['id', 'name', 'commune', 'region', 'origin', 'tonnes'])
		assert.ok(key in p.properties, key);
	const total = features.reduce((t, f) => t + (f.properties.tonnes ?? 0), 0);
	assert.ok(total > 400e3 && total < 500e3, `${total} t`); // the seven régions: 460 kt
});

test('shows_the_tonnes_of_points_just_imported', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'recircuit-api-'));
	const file = path.join(folder, 'points.csv');
	const [insee, lon, lat] = psql('-c', "SELECT insee, ST_X(location), ST_Y(location) FROM commune WHERE insee = '18033'").split('|');
	writeFileSync(file, 'ANNEE;C_SERVICE;N_SERVICE;AD1_SITE;CP_SITE;L_VILLE_SITE;C_COMM;C_DEPT;C_REGION;D_OUV;GPS_LAT;GPS_LONG\n' +
		`2025;9001;Déchèterie de l’essai;1 rue;18000;BOURGES;${insee};18;24;;${lat};${lon}\n`);
	execFileSync(program, ['load', 'points', file], { env: { ...process.env, RECIRCUIT_DB: database.conninfo }, stdio: 'ignore' });
	rmSync(folder, { recursive: true });
	const { features } = await json('/api/points?limit=5000&region=24');
	const point = features.find((f) => f.properties.origin === 'sinoe');
	assert.ok(point.properties.tonnes > 100, JSON.stringify(point?.properties));
	openPoints = count('collection_point WHERE is_open');
});

test('gathers_points_in_cells_when_zoomed_out', async () => {
	for (const [zoom, most] of [[0, 4], [5, 100], [8, 1000]]) {
		const { features } = await json(`/api/points?bbox=-10,40,10,52&zoom=${zoom}`);
		assert.equal(features.reduce((n, f) => n + f.properties.count, 0), openPoints);
		assert.ok(features.length <= most && features.every((f) => f.properties.tonnes >= 0));
	}
	assert.ok('origin' in (await json('/api/points?zoom=9&limit=1')).features[0].properties);
});

for (const [promise, query, said] of [
	['a_box_of_three', 'bbox=1,2,3', /« bbox »/], ['a_box_of_words', 'bbox=a,b,c,d', /« bbox »/],
	['a_box_turned_over', 'bbox=3,47,1,48', /« bbox »/], ['an_infinite_box', 'bbox=-inf,0,inf,1', /« bbox »/],
	['a_cursor_of_words', 'after=abc', /« after »/], ['a_negative_cursor', 'after=-1', /« after »/],
	['a_cursor_beyond_numbers', 'after=99999999999999999999', /« after »/], ['an_empty_cursor', 'after=', /« after »/],
	['an_empty_page', 'limit=0', /« limit »/], ['a_huge_page', 'limit=5001', /« limit »/],
	['a_half_point', 'limit=1.5', /« limit »/], ['an_unknown_parameter', 'colour=red', /« colour »/],
	['a_cursor_twice', 'after=1&after=2', /« after »/], ['a_zoom_beyond_maps', 'zoom=23', /« zoom »/],
])
	test(`refuses_points_with_${promise}`, async () => {
		await assertProblem(await ask(`/api/points?${query}`), 400, said);
	});

test('shows_the_sites', async () => {
	const { features } = await json('/api/sites');
	assert.deepEqual([...new Set(features.map((f) => f.properties.kind))], ['existing', 'unlisted', 'candidate']);
	assert.equal(features.length, count('site WHERE is_active'));
	const plant = features[0].properties;
	for (const key of ['code', 'name', 'kind', 'operator', 'capacity_t', 'flows', 'source', 'year', 'confidence'])
		assert.ok(key in plant, key);
	assert.ok(plant.flows.length >= 1);
	assert.equal((await json('/api/sites?kind=candidate')).features.length, count("site WHERE is_active AND kind = 'candidate'"));
	assert.equal((await json('/api/sites?region=zz')).features.length, 0);
	await assertProblem(await ask('/api/sites?kind=other'), 400, /existing\|unlisted\|candidate/);
});

test('shows_the_parameters_with_their_sources', async () => {
	const { parameters } = await json('/api/parameters');
	assert.equal(parameters.length, count('parameter'));
	for (const key of ['id', 'value', 'low', 'high', 'unit', 'component', 'label', 'note', 'source', 'source_title',
		'year', 'confidence'])
		assert.ok(key in parameters[0], key);
	assert.match(await (await ask('/api/parameters')).text(), /"value":12\.0,/, 'reals are written as reals');
});

test('serves_boundaries_that_clients_may_keep', async () => {
	const answer = await ask('/api/boundaries?level=region');
	const { features } = await answer.json();
	assert.equal(features.length, count("boundary WHERE level = 'region'"));
	assert.ok(features.some((f) => f.properties.code === '24' && f.properties.name === 'Centre-Val de Loire'));
	assert.equal(features[0].geometry.type, 'MultiPolygon');
	const etag = answer.headers.get('etag');
	assert.match(etag, /^"[^"]+"$/);
	assert.match(answer.headers.get('cache-control'), /max-age=\d+/);
	const again = await ask('/api/boundaries?level=region', { headers: { 'If-None-Match': etag } });
	assert.equal(again.status, 304);
	await assertProblem(await ask('/api/boundaries'), 400, /« level »/);
	await assertProblem(await ask('/api/boundaries?level=commune'), 400, /region\|departement/);
});

test('gives_the_verdict_as_json_and_as_a_french_csv', async () => {
	const verdict = await json('/api/runs/1/verdict');
	assert.deepEqual([verdict.run, verdict.answer, verdict.why_sentence, verdict.cash_flow], [1, 'viable', null, []]);
	assert.deepEqual(verdict.figures.map((f) => [f.id, f.value, f.high]), [['fee_low', 121.5, null], ['recycling_1', null, 0.8200000000000001]]);
	assert.ok(!('platforms' in verdict));
	const answer = await ask('/api/runs/1/verdict?format=csv');
	assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
	assert.match(answer.headers.get('content-disposition'), /attachment; filename="recircuit-verdict-1\.csv"/);
	const bytes = new Uint8Array(await answer.arrayBuffer());
	assert.deepEqual([...bytes.slice(0, 3)], [0xef, 0xbb, 0xbf], 'the mark a spreadsheet needs');
	const lines = new TextDecoder().decode(bytes).split('\r\n');
	assert.deepEqual(lines, [
		'Groupe;Indicateur;Région;An du plan;Année;Valeur;Au moins;Au plus;Statu quo;Objectif;Objectif atteint;Unité;Source;Année de la source;Confiance;Remarque',
		"Finances;\"Prix d’entrée ; le plus bas\";;;;121,5;;;;;;€/t;Calcul;;hypothèse;'=1+1",
		'Plan déchets;Recyclage;24;6;2032;;0,813;0,82;;0,8;oui;part de 1;Directive;2012;publié;',
		'']);
	await assertProblem(await ask('/api/runs/1/verdict?format=xls'), 400, /json\|csv/);
	await assertProblem(await ask('/api/runs/2/verdict'), 404, /attend son tour/);
	await assertProblem(await ask('/api/runs/2/verdict?format=csv'), 404, /attend son tour/);
	await assertProblem(await ask('/api/runs/999/verdict'), 404);
});

test('gives_what_a_study_found_as_json_and_as_a_french_csv', async () => {
	const found = await json('/api/runs/1/tipping');
	assert.deepEqual([found.run, found.study, found.here.answer], [1, 3, 'viable']);
	assert.equal(found.drivers[0].above.far.value, 1.5625);
	assert.deepEqual(await json('/api/runs/3/tipping'), found, 'by the number of the study too');
	const answer = await ask('/api/runs/1/tipping?format=csv');
	assert.match(answer.headers.get('content-disposition'), /attachment; filename="recircuit-bascules-1\.csv"/);
	const lines = (await answer.text()).split('\r\n');
	assert.equal(lines[1], 'Investissement;×;1;0,9;1,25;non;0,1;10;;;1,5;1,5625;Le verdict bascule.');
	await assertProblem(await ask('/api/runs/1/sharing'), 404, /POST \/api\/runs\/1\/studies en demande une/);
	await assertProblem(await ask('/api/runs/2/draws'), 404, /pas d’étude terminée/);
	await assertProblem(await ask('/api/runs/999/tornado'), 404, /Ce calcul n’existe pas/);
	await assertProblem(await ask('/api/runs/1/tornado?format=xls'), 400, /json\|csv/);
	await assertProblem(await ask('/api/runs/3/plan'), 404, /n’a pas de plan/);
	assert.deepEqual(await json('/api/runs/3/answer.json'), { format: 'recircuit-study-1' });
});

test('starts_a_study_of_a_run_and_stops_it', async () => {
	const answer = await send('/api/runs/1/studies', { draws: 20, sharing: false });
	assert.equal(answer.status, 202);
	const study = await answer.json();
	assert.equal(answer.headers.get('location'), `/api/runs/${study.id}`);
	assert.deepEqual([study.studied, study.state], [1, 'queued']);
	const asked = JSON.parse(psql('-c', `SELECT frozen -> 'study' FROM run WHERE id = ${study.id}`));
	assert.deepEqual(asked, { tipping: true, tornado: true, frontier: true, sharing: false, draws: 20, draw_seed: 1 });
	assert.deepEqual((await json('/api/runs/1')).study, { id: study.id, state: 'queued' });
	assert.notEqual((await json('/api/scenarios/1')).last_run.id, study.id, 'a study is no answer of its scenario');
	const stopped = await ask(`/api/runs/${study.id}/cancel`, { method: 'POST' });
	assert.equal(stopped.status, 202);
	assert.deepEqual(await stopped.json(), { id: study.id, state: 'cancelled' });
	await assertProblem(await ask(`/api/runs/${study.id}/cancel`, { method: 'POST' }), 409, /déjà terminé/);
	await assertProblem(await ask('/api/runs/999/cancel', { method: 'POST' }), 404, /n’existe pas/);
	assert.deepEqual((await json('/api/runs/1')).study, { id: 3, state: 'done' });
	await assertProblem(await send('/api/runs/3/studies', {}), 409, /lui-même une étude/);
	await assertProblem(await send('/api/runs/999/studies', {}), 404, /n’existe pas/);
	await assertProblem(await send('/api/runs/1/studies', { draws: 5001 }), 422, /draws.*nombre de tirages/);
	await assertProblem(await send('/api/runs/1/studies', { sobol: true }), 422, /sobol/);
	const nothing = { tipping: false, tornado: false, frontier: false, sharing: false, draws: 0 };
	await assertProblem(await send('/api/runs/1/studies', nothing), 422, /ne demande rien/);
});

const rounds = Number(psql('-c', "SELECT id FROM run WHERE kind = 'rounds'"));
const planRun = Number(psql('-c', 'SELECT run FROM plan'));
const askRounds = async (body) => {
	const answer = await send('/api/rounds', body);
	assert.equal(answer.status, 202, await answer.clone().text());
	assert.match(answer.headers.get('location'), /^\/api\/rounds\/\d+$/);
	return json(answer.headers.get('location'));
};

test('asks_for_rounds_and_completes_what_was_left_out', async () => {
	const nobody = await askRounds({ hubs: ['candidate:45234'], fleet: {} });
	assert.deepEqual(nobody.asked.fleet, {}, 'an empty fleet is one');
	const plain = await askRounds({ hubs: ['candidate:45234'] });
	const parameter = (id) => Number(psql('-c', `SELECT value FROM parameter WHERE id = '${id}'`));
	assert.deepEqual(plain.asked, { hubs: ['candidate:45234'], year: parameter('horizon.first_year'), week: 1, regions: ['24'],
		fleet: { ampliroll: parameter('rounds.ampliroll.count'), porteur: parameter('rounds.porteur.count'), semi: parameter('rounds.semi.count') } });
	assert.deepEqual([plain.state, plain.progress, plain.sentence, plain.error], ['queued', null, null, null]);
	const frozen = JSON.parse(psql('-c', `SELECT frozen FROM run WHERE id = ${plain.id}`));
	assert.equal(frozen.parameters['rounds.drive_h'], 9);
	assert.equal(frozen.time_limit_s, 20);

	const given = await askRounds({ hubs: ['candidate:45234', 'candidate:37261'], year: 2030, week: 52, regions: ['24', '52'], bbox: '0,46,2,48.5',
		fleet: { ampliroll: 3 }, seed: 7, time_limit_s: 5 });
	assert.deepEqual(given.asked, { hubs: ['candidate:45234', 'candidate:37261'], year: 2030, week: 52, regions: ['24', '52'], bbox: [0, 46, 2, 48.5],
		fleet: { ampliroll: 3 } });
	assert.equal(given.seed, 7);

	// A plan's platforms, and its parameters.
	const planned = await askRounds({ run: planRun, year: 2028 });
	assert.equal(planned.asked.run, planRun);
	assert.deepEqual(planned.asked.hubs, [psql('-c', `SELECT DISTINCT s.code FROM plan_line l JOIN site s ON s.id = l.site WHERE s.kind = 'candidate'`)]);

	const newest = await json('/api/rounds?limit=2');
	assert.deepEqual(newest.rounds.map((r) => r.id), [planned.id, given.id]);
	assert.deepEqual((await json(`/api/rounds?before=${given.id}&limit=1`)).rounds.map((r) => r.id), [plain.id]);
	for (const { id } of [nobody, plain, given, planned])
		assert.equal((await ask(`/api/runs/${id}/cancel`, { method: 'POST' })).status, 202);
	assert.equal((await json(`/api/rounds/${plain.id}`)).state, 'cancelled');
	assert.equal((await json(`/api/runs/${plain.id}`)).kind, 'rounds');
});

test('refuses_rounds_that_cannot_be', async () => {
	const before = count('run');
	for (const [body, said] of [
		[{}, /au moins un pôle/],
		[{ hubs: ['candidate:00000'] }, /Le site « candidate:00000 » n’existe pas/],
		[{ hubs: ['candidate:45234'], regions: ['99'] }, /La région « 99 » n’existe pas/],
		[{ hubs: ['candidate:45234'], fleet: { velo: 3 } }, /Le véhicule « velo » n’existe pas ; il y a : ampliroll, porteur, semi/],
		[{ hubs: ['candidate:45234'], fleet: { semi: 1e9 } }, /fleet/],
		[{ hubs: ['candidate:45234'], fleet: { semi: 1.5 } }, /Le nombre de véhicules « semi » n’est pas entier/],
		[{ hubs: ['candidate:45234'], week: 53 }, /week/],
		[{ hubs: 'candidate:45234' }, /hubs/],
		[{ hubs: ['candidate:45234'], bbox: '3,2,1,0' }, /bbox/],
		[{ hubs: ['candidate:45234'], trucks: 3 }, /« trucks » n’est pas connu/],
		[{ run: 99999 }, /Le calcul 99999 n’a pas de plan/],
		[{ run: planRun, year: 2050 }, /va de 2027 à 2038/],
		[{ hubs: ['candidate:45234'], scenario: 99999 }, null],
	]) {
		const answer = await send('/api/rounds', body);
		await assertProblem(answer, said ? 422 : 404, said ?? /Ce scénario/);
	}
	assert.equal(count('run'), before);
});

test('gives_rounds_in_every_shape', async () => {
	const all = await json(`/api/rounds/${rounds}`);
	assert.deepEqual([all.state, all.sentence, all.asked.week], ['done', 'Une tournée.', 12]);
	assert.equal((await json(`/api/rounds/${rounds}/plan`)).sentence, 'Une tournée.');
	const got = async (name) => {
		const answer = await ask(`/api/rounds/${rounds}/${name}`);
		assert.equal(answer.status, 200, name);
		return [answer.headers, await answer.text()];
	};
	assert.equal((await got('question.json'))[1], '{"format": "recircuit-rounds-1"}\n');
	assert.equal((await got('answer.json'))[1], '{"format": "recircuit-rounds-plan-1"}\n');
	assert.equal((await got('plan.geojson'))[0].get('content-type'), 'application/geo+json');
	const [csv] = await got('plan.csv');
	assert.match(csv.get('content-disposition'), new RegExp(`recircuit-tournees-${rounds}[.]csv`));
	// A page by itself: its own style is allowed, and nothing else at all.
	const [sheet, text] = await got('sheet');
	assert.match(text, /<style>/);
	assert.equal(sheet.get('content-type'), 'text/html; charset=utf-8');
	assert.match(sheet.get('content-security-policy'), /^default-src 'none'; style-src 'unsafe-inline'/);
	assert.doesNotMatch(sheet.get('content-security-policy'), /'self'/);
	for (const name of ['plan', 'sheet', 'question.json'])
		await assertProblem(await ask(`/api/rounds/${planRun}/${name}`), 404, /Ce calcul de tournées/);
	const { id } = await askRounds({ hubs: ['candidate:45234'] });
	await assertProblem(await ask(`/api/rounds/${id}/plan`), 404, /pas \(encore\) de tournées/);
	await ask(`/api/runs/${id}/cancel`, { method: 'POST' });
});

test('a_scenario_may_take_its_haulage_from_rounds', async () => {
	const definition = { regions: ['24'], rounds };
	const made = await send('/api/scenarios', { name: 'Au coût des tournées', definition });
	assert.equal(made.status, 201, await made.clone().text());
	assert.equal((await json(made.headers.get('location'))).definition.rounds, rounds);
	await assertProblem(await send('/api/scenarios', { name: 'Sans', definition: { ...definition, rounds: planRun } }), 422, /n’a pas de tournées/);
});

test('documents_every_route', async () => {
	const root = path.join(here, '../..');
	const text = readFileSync(path.join(root, 'docs/http-api.md'), 'utf8');
	const routes = [...readFileSync(path.join(root, 'src/app/routes.c'), 'utf8').matchAll(/\{"([A-Z]+)", "([^"]+)"/g)];
	assert.ok(routes.length > 15);
	for (const [, method, pattern] of routes)
		assert.ok(text.includes(`${method} ${pattern}`) || (method === 'GET' && text.includes(`, ${pattern}`)), `${method} ${pattern}`);
});

test('leaves_nothing_behind_under_the_sanitizers', leaveNothing);

await runAll('api');
