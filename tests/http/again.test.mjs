// Requests that make something, sent again with their Idempotency-Key: one row, and the same answer.
//	build/release/tests/with_cluster build/release/tests/var tests/http/run build/release
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { scratchDatabase } from '../lib/db.mjs';
import { runAll, startServer, test } from './lib.mjs';

const program = path.join(process.env.RECIRCUIT_BUILD, 'recircuit');
const database = scratchDatabase('again');
const env = { ...process.env, RECIRCUIT_DB: database.conninfo };
const psql = (sql) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', database.conninfo, '-f', '-'], { encoding: 'utf8', input: sql }).trim();
const count = (table) => Number(psql(`SELECT count(*) FROM ${table}`));

psql(`INSERT INTO organisation (name, kind) VALUES ('Nous', 'authority'), ('Eux', 'authority')`);
const login = (name, organisation, role) => {
	execFileSync(program, ['user', 'add', name, '-o', psql(`SELECT id FROM organisation WHERE name = '${organisation}'`), '-r', role, '-n', name, '--password-stdin'],
		{ env, input: 'un mot de passe assez long\n' });
	const secret = randomBytes(32).toString('base64url');
	psql(`INSERT INTO session (person, secret_hash, idle, expires_at) SELECT id, '\\x${createHash('sha256').update(secret).digest('hex')}', '1 hour', now() + '1 day'::interval
		FROM person WHERE login = '${name}'`);
	return `recircuit_session=${secret}`;
};
const planner = login('planner', 'Nous', 'planner');
const admin = login('admin', 'Nous', 'admin');
const stranger = login('stranger', 'Eux', 'planner');
const server = await startServer(program, ['serve', '--port', '0', '--anonymous', 'planner'],
	{ match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });

const send = (target, body, key, cookie = planner) => fetch(server.url + target, { method: 'POST', body: JSON.stringify(body), headers: {
	'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin', ...(cookie && { Cookie: cookie }), ...(key && { 'Idempotency-Key': key }) } });
let keys = 0;
const newKey = () => `again-${++keys}`;
const scenario = (name) => ({ name, definition: { regions: ['24'] } });

// A run, to study.
psql(`INSERT INTO run (scenario, version, kind, seed, frozen, state) SELECT scenario, version, 'plan', 1, definition, 'queued' FROM scenario_version LIMIT 1`);
const run = psql(`SELECT max(id) FROM run`);
const MAKING = [
	['scenario', '/api/scenarios', scenario('Deux fois'), planner],
	['run', '/api/scenarios/1/runs', {}, planner],
	['run', `/api/runs/${run}/studies`, {}, planner],
	['run', '/api/rounds', { hubs: [psql(`SELECT code FROM site WHERE kind = 'candidate' ORDER BY code LIMIT 1`)], week: 3 }, planner],
	['organisation', '/api/organisations', { name: 'Neuve', kind: 'operator' }, admin],
];

for (const [table, target, body, who] of MAKING) {
	test(`${target.replace(/\d+/, '{id}')}_makes_one_row_for_one_key`, async () => {
		const key = newKey(), before = count(table);
		const first = await send(target, body, key, who), again = await send(target, body, key, who);
		assert.ok(first.ok, await first.clone().text());
		assert.deepEqual([again.status, again.headers.get('location'), await again.text()], [first.status, first.headers.get('location'), await first.text()]);
		assert.deepEqual([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')], [null, 'true']);
		assert.equal(count(table), before + 1);
		await send(target, { ...body, ...(body.name && { name: `${body.name}, encore` }) }, newKey(), who);
		assert.equal(count(table), before + 2, 'another key is another wish');
	});
}

test('many_at_once_with_one_key_make_one_scenario', async () => {
	const key = newKey();
	const answers = await Promise.all(Array.from({ length: 12 }, () => send('/api/scenarios', scenario('D’un coup'), key)));
	assert.deepEqual([...new Set(answers.map((a) => a.status))], [201]);
	assert.equal(new Set(await Promise.all(answers.map((a) => a.text()))).size, 1);
	assert.equal(count(`scenario WHERE name = 'D’un coup'`), 1);
});

test('a_key_serves_one_request_of_one_organisation', async () => {
	const key = newKey();
	assert.equal((await send('/api/scenarios', scenario('À nous'), key)).status, 201);
	const other = await send('/api/scenarios', scenario('Autre chose'), key);
	assert.equal(other.status, 422);
	assert.match((await other.json()).detail, /a déjà servi à une autre demande/);
	assert.equal(count(`scenario WHERE name = 'Autre chose'`), 0);
	const theirs = await send('/api/scenarios', scenario('À nous'), key, stranger);
	assert.deepEqual([theirs.status, theirs.headers.get('idempotency-replayed')], [201, null]);
	assert.equal((await send('/api/scenarios', scenario('x'), 'a b')).status, 400);
});

test('what_was_refused_may_be_mended_under_its_key', async () => {
	const key = newKey();
	assert.equal((await send('/api/scenarios', { name: 'Nulle part', definition: { regions: ['99'] } }, key)).status, 422);
	assert.equal((await send('/api/scenarios', { name: 'Nulle part', definition: { regions: ['24'] } }, key)).status, 201);
});

test('a_visitor_has_no_keys', async () => {
	const key = newKey();
	for (let n = 0; n < 2; n++)
		assert.equal((await send('/api/scenarios', scenario('De passage'), key, null)).status, 201);
	assert.equal(count(`scenario WHERE name = 'De passage'`), 2);
});

test('leaves_nothing_behind_under_the_sanitizers', async () => {
	assert.equal(await server.stop('SIGINT'), 0);
	assert.doesNotMatch(server.log, /Sanitizer|runtime error|WARNING: Thread/);
	database.drop();
});

await runAll('again');
