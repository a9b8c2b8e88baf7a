// From recorded lines to scenarios and to the public: who sees what, and what nobody can find.
//	build/release/tests/with_cluster build/release/tests/var tests/http/run build/release
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { scratchDatabase } from '../lib/db.mjs';
import { runAll, sleep, startServer, test } from './lib.mjs';

const program = path.join(process.env.RECIRCUIT_BUILD, 'recircuit');
const database = scratchDatabase('recorded');
const env = { ...process.env, RECIRCUIT_DB: database.conninfo };
const psql = (sql) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', database.conninfo, '-f', '-'], { encoding: 'utf8', input: sql }).trim();
const recircuit = (...args) => spawnSync(program, args, { encoding: 'utf8', env });

// Five operators, a planner of the région and one of another; accounts by session, lines by file.
psql(`INSERT INTO organisation (name, kind) SELECT 'op' || n, 'operator' FROM generate_series(1, 5) n UNION ALL VALUES ('region', 'authority'), ('ailleurs', 'authority');
	INSERT INTO person (organisation, login, name, role, password_hash) SELECT id, name || '.x', name, CASE WHEN kind = 'operator' THEN 'operator' ELSE 'planner' END, '$argon2id$x' FROM organisation;
	INSERT INTO mandate (organisation, level, code) SELECT id, 'region', CASE name WHEN 'region' THEN '24' ELSE '11' END FROM organisation WHERE kind = 'authority';
	UPDATE collection_point SET is_open = false, valid_to = current_date WHERE id NOT IN (SELECT p.id FROM collection_point p JOIN commune c ON c.insee = p.commune
		WHERE p.is_open AND c.region = '24' AND c.insee IN ('37261', '41018', '45234', '18033'));`);
function session(login) {
	const secret = randomBytes(32).toString('base64url');
	psql(`INSERT INTO session (person, secret_hash, idle, expires_at) SELECT id, '\\x${createHash('sha256').update(secret).digest('hex')}', '1 hour', now() + interval '1 day' FROM person WHERE login = '${login}'`);
	return `recircuit_session=${secret}`;
}
const planner = session('region.x');
const others = { visitor: null, operator: session('op1.x'), 'another planner': session('ailleurs.x') };

const server = await startServer(program, ['serve', '--port', '0'], { match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });
const call = (method, target, cookie, body) => fetch(server.url + target, { method,
	headers: { ...(cookie && { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' }), ...(body && { 'Content-Type': 'application/json' }) }, body: body && JSON.stringify(body) });
const json = async (target, cookie) => {
	const reply = await call('GET', target, cookie);
	assert.equal(reply.status, 200, `${target}: ${await reply.clone().text()}`);
	return reply.json();
};

const YEAR = new Date().getFullYear() - 1;
const day = (month) => `${YEAR}-${String(month).padStart(2, '0')}-15`;
// Registers of last year that are younger than 18 months: its second half.
const register = (operator, communes, tonnes) => `publicId;flow;wasteCode;receptionDate;weightValue;weightIsEstimate;communes\n${
	communes.flatMap((c) => [8, 9, 10, 11, 12].map((m) => `${operator}-${c}-${m};ecrans;20 01 35;${day(m)};${tonnes};false;${c}`)).join('\n')}\n`;

test('a_register_is_loaded_on_behalf_of_an_operator', () => {
	const file = path.join(process.env.RECIRCUIT_BUILD, 'tests', `register-${process.pid}.csv`);
	const load = (n, text, ...more) => {
		writeFileSync(file, text);
		return recircuit('load', 'lines', '--as', `op${n}.x`, ...more, file);
	};
	const trial = load(1, register('a', ['41018'], '20'), '--dry-run');
	assert.match(trial.stdout, /^5 créées.*\nEssai/, trial.stderr);
	assert.equal(psql('SELECT count(*) FROM line'), '0');
	for (const [n, communes, tonnes] of [[1, ['41018', '37261'], '20'], [2, ['37261'], '15'], [3, ['37261'], '12,5'], [4, ['45234'], '9'], [5, ['45234', '37261'], '10']]) {
		const r = load(n, register('a', communes, tonnes));
		assert.equal(r.status, 0, r.stderr);
	}
	assert.match(load(1, register('a', ['41018', '37261'], '20')).stdout, /0 créée, 10 inchangées/);
	const bad = load(1, `${register('b', ['41018'], '20')}b;ecrans;20 01 35;${day(9)};99;false;41018\n`, '--json');
	assert.equal(bad.status, 2);
	assert.equal(JSON.parse(bad.stdout.trim().split('\n').at(-2)).verdict, 'rejected');
	assert.equal(load(1, 'x', '--as', 'personne').status === 0, false);
	assert.equal(psql(`SELECT count(*) FROM line l JOIN organisation o ON o.id = l.organisation WHERE o.name = 'op1'`), '15');
	assert.equal(recircuit('audit', 'verify').status, 0);
});

test('publishes_a_year_once_and_withholds', async () => {
	assert.equal((await json('/api/statistics')).year, null);
	assert.equal((await call('GET', '/api/coverage')).status, 404);
	const said = recircuit('publish', String(YEAR));
	assert.equal(said.status, 0, said.stderr);
	assert.equal(recircuit('publish', String(YEAR)).status, 5);
	assert.equal(recircuit('publish', String(YEAR + 1)).status, 5);
	const { year, cells, releases } = await json('/api/statistics');
	assert.equal(year, YEAR);
	assert.equal(releases[0].shown, cells.filter((c) => c.state === 'shown').length);
	for (const c of cells)
		assert.equal(c.tonnes === null, c.state !== 'shown');
	const of = (level, code, flow) => cells.find((c) => c.level === level && c.code === code && c.flow === flow);
	assert.equal(of('departement', '41', 'ecrans').state, 'withheld'); // one operator
	assert.equal(of('departement', '45', 'all').state, 'withheld'); // two
	assert.equal(of('departement', '28', 'all').state, 'empty');
	assert.ok(cells.some((c) => c.state === 'shown'));
	// A filter picks rows: no cell says more than in the whole.
	for (const filter of ['level=departement', 'flow=ecrans', 'flow=all&level=region', `year=${YEAR}`])
		for (const c of (await json(`/api/statistics?${filter}`)).cells)
			assert.deepEqual(c, { ...of(c.level, c.code, c.flow), ...(c.level === 'epci' && c) });
	const csv = await (await call('GET', '/api/statistics?format=csv&level=departement')).text();
	assert.match(csv, /;41;Loir-et-Cher;;Écrans;;non diffusé \(secret statistique\);/);
	assert.equal((await call('GET', '/api/statistics?year=2001')).status, 404);
	assert.equal((await call('GET', '/api/statistics?departement=41')).status, 400);
});

test('coverage_is_live_for_planners_and_published_for_others', async () => {
	const live = await json(`/api/coverage?year=${YEAR}`, planner);
	assert.equal(live.origin, 'lines');
	const blois = live.coverage.find((c) => c.code === '41');
	assert.equal(blois.recorded_t, 200);
	assert.ok(blois.coverage > 0 && blois.expected_t > blois.recorded_t);
	assert.deepEqual((await json(`/api/coverage?year=${YEAR}`, others['another planner'])).coverage.filter((c) => c.recorded_t), []);
	for (const who of ['visitor', 'operator']) {
		const shown = await json(`/api/coverage?year=${YEAR}&flow=ecrans`, others[who]);
		assert.equal(shown.origin, 'statistics', who);
		assert.deepEqual(shown.coverage.filter((c) => c.state !== 'shown' && (c.recorded_t !== null || c.coverage !== null)), []);
		assert.equal(shown.coverage.find((c) => c.code === '41').state, 'withheld');
	}
	for (const bad of ['from=2025-02-30', 'from=2025-05-01&to=2025-04-01', 'from=hier-matin', 'level=commune'])
		assert.equal((await call('GET', `/api/coverage?${bad}`, planner)).status, 400, bad);
	assert.equal((await call('GET', '/api/anomalies')).status, 401);
	assert.equal((await call('GET', '/api/anomalies', others.operator)).status, 403);
	assert.ok(Array.isArray((await json('/api/anomalies', planner)).anomalies));
	// Whose lines were read can see that they were.
	assert.ok(Number(psql(`SELECT count(*) FROM audit a WHERE a.action IN ('coverage.read', 'anomalies.read') AND cardinality(a.about) = 5`)) >= 2);
});

test('a_run_on_recorded_volumes_is_for_planners_of_its_regions', async () => {
	const made = await call('POST', '/api/scenarios', planner, { name: 'Sur lignes', definition: { regions: ['24'], volumes: 'recorded',
		parameters: { 'volume.recorded_year': YEAR, 'horizon.years': 2 }, candidates: [psql(`SELECT min(code) FROM site WHERE kind = 'candidate' AND region = '24'`)] } });
	assert.equal(made.status, 201, await made.clone().text());
	const scenario = (await made.json()).id;
	assert.equal((await call('POST', '/api/scenarios', planner, { name: 'x', definition: { regions: ['24'], volumes: 'inventés' } })).status, 422);
	for (const [who, cookie] of Object.entries(others))
		assert.equal((await call('POST', `/api/scenarios/${scenario}/runs`, cookie, {})).status, who === 'visitor' ? 401 : 403, who);
	const asked = await call('POST', `/api/scenarios/${scenario}/runs`, planner, { time_limit_s: 20 });
	assert.equal(asked.status, 202, await asked.clone().text());
	const run = (await asked.json()).id;
	const worker = spawn(program, ['work', '--threads', '1'], { env, stdio: 'ignore' });
	let state;
	for (const late = Date.now() + 240e3; Date.now() < late; await sleep(500)) {
		state = await json(`/api/runs/${run}`, planner);
		if (['done', 'failed'].includes(state.state))
			break;
	}
	worker.kill('SIGTERM');
	assert.equal(state.state, 'done', JSON.stringify(state));
	const { volumes } = await json(`/api/runs/${run}/plan`, planner);
	assert.equal(volumes.origin, 'recorded');
	assert.equal(volumes.recorded_share, 1);
	assert.equal(volumes.measured_share, 1);
	assert.match(volumes.notes[0], new RegExp(`enregistrés par les opérateurs en ${YEAR}`));
	assert.ok(volumes.regions[0].used_t > 0 && volumes.regions[0].used_t < volumes.regions[0].household_t);
	for (const part of ['', '/plan', '/verdict', '/verdict?format=csv', '/plan.geojson', '/network.json', '/answer.json', '/tipping', '/sharing'])
		for (const [who, cookie] of Object.entries(others))
			assert.equal((await call('GET', `/api/runs/${run}${part}`, cookie)).status, 404, `${who} ${part}`);
	assert.equal((await call('GET', `/api/runs/${run}/network.json`, planner)).status, 200);
	assert.equal((await call('POST', `/api/runs/${run}/cancel`, others['another planner'])).status, 404);
	assert.equal((await call('POST', `/api/runs/${run}/studies`, others['another planner'], {})).status, 404);
	for (const cookie of Object.values(others))
		assert.equal((await json('/api/scenarios', cookie)).scenarios.find((s) => s.id === scenario).last_run, null);
	assert.equal((await json('/api/scenarios', planner)).scenarios.find((s) => s.id === scenario).last_run.id, run);
	// The points of the map owe nothing to lines: the same before and after would be, and nobody's.
	const points = await json('/api/points?region=24');
	const total = points.features.reduce((sum, f) => sum + (f.properties.tonnes ?? 0), 0);
	assert.ok(total > volumes.regions[0].used_t);
});

test('merges_are_decided_by_planners', async () => {
	psql(`INSERT INTO collection_point (origin, origin_id, name, commune, location, source, precision) SELECT o, 'm', 'Déchèterie des Prés', insee, location, 'sinoe_annuaire', 'exact'
		FROM commune, unnest(ARRAY['sinoe', 'acteurs']) o WHERE insee = '41018'`);
	assert.match(recircuit('merge', 'propose').stdout, /^1 nouveau/);
	const { merges } = await json('/api/merges', planner);
	assert.equal(merges.length, 1);
	assert.match(merges[0].why, /^à 0 m l’un de l’autre, même commune, noms semblables à 100 %/);
	const decide = (what, cookie = planner) => call('POST', `/api/merges/${merges[0].id}/${what}`, cookie);
	assert.equal((await decide('accept', others.operator)).status, 403);
	assert.deepEqual(await (await decide('accept')).json(), { id: merges[0].id, state: 'accepted' });
	assert.equal((await decide('accept')).status, 409);
	assert.equal(psql(`SELECT merged_into = ${merges[0].kept.id} FROM collection_point WHERE id = ${merges[0].gone.id}`), 't');
	assert.equal((await decide('undo')).status, 200);
	assert.equal((await decide('refuse')).status, 409);
	assert.equal((await call('POST', '/api/merges/999/accept', planner)).status, 404);
	assert.equal(psql(`SELECT decided_by IS NOT NULL FROM point_merge`), 't');
});

await runAll('recorded');
