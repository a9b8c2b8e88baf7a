// The service in bad circumstances: attacks, wrong requests, a database that refuses, waits or goes away; how it starts and
// how it stops.
//	build/release/tests/with_cluster build/release/tests/var tests/http/run build/release
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect, runAll, sleep, startServer, test } from './lib.mjs';
import {
	ask, assertProblem, database, good, json, leaveNothing, program, psql, send, server, start,
} from './world.mjs';

const attacks = ["'; DROP TABLE run; --", "' OR '1'='1", '$1', "24'); DELETE FROM collection_point; --", '\\', "''", '%', '24\u0027'];
test('takes_no_parameter_for_sql', async () => {
	const tables = "SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM collection_point), (SELECT count(*) FROM parameter)";
	const before = psql('-c', tables);
	for (const text of attacks) {
		const q = encodeURIComponent(text);
		for (const target of [`points?region=${q}`, `points?bbox=${q}`, `points?after=${q}`, `sites?region=${q}`, `sites?kind=${q}`,
			`boundaries?level=${q}`, `scenarios/${q}`, `runs/${q}`, `runs/1/plan.geojson?year=${q}`, `scenarios?after=${q}`]) {
			const answer = await ask(`/api/${target}`);
			assert.ok([200, 400, 404].includes(answer.status), `${target}: ${answer.status}`);
			if (answer.status === 200)
				assert.deepEqual((await answer.json()).features, [], target);
		}
		await assertProblem(await send('/api/scenarios', { name: 'x', definition: { regions: [text] } }), 422);
		await assertProblem(await send('/api/scenarios', { name: 'x', definition: { regions: ['24'], parameters: { [text]: 1 } } }), 422);
		const made = await send('/api/scenarios', { name: text, description: text, definition: good });
		assert.equal(made.status, 201);
		const read = await json(made.headers.get('location'));
		assert.deepEqual([read.name, read.description], [text, text]);
	}
	assert.equal(psql('-c', tables), before);
});

test('answers_HEAD_as_GET_without_the_body', async () => {
	for (const target of ['/api/health', '/api/points?limit=2', '/api/boundaries?level=region']) {
		const answer = await ask(target, { method: 'HEAD' });
		assert.equal(answer.status, 200);
		assert.equal(await answer.text(), '');
	}
});

test('answers_405_404_and_415', async () => {
	const wrong = await ask('/api/scenarios', { method: 'DELETE' });
	assert.equal(wrong.headers.get('allow'), 'GET, HEAD, POST');
	await assertProblem(wrong, 405);
	await assertProblem(await ask('/api/nothing'), 404);
	await assertProblem(await ask('/api/scenarios', { method: 'POST', body: 'name=x' }), 415);
});

test('reads_in_transactions_that_cannot_write', async () => {
	// The label of each parameter becomes what the transaction that reads it says of itself.
	psql('-c', `ALTER TABLE parameter RENAME TO parameter_kept;
		CREATE VIEW parameter AS SELECT p.id, p.value, p.low, p.high, p.unit, p.component,
			current_setting('transaction_read_only') AS label, p.note, p.source, p.year, p.confidence FROM parameter_kept p;
		GRANT SELECT ON parameter TO recircuit_app`);
	try {
		const other = await start(); // statements prepared before the swap would not see it
		const { parameters } = await (await fetch(`${other.url}/api/parameters`)).json();
		assert.equal(parameters[0].label, 'on');
		await other.stop();
	} finally {
		psql('-c', 'DROP VIEW parameter; ALTER TABLE parameter_kept RENAME TO parameter');
	}
});

test('hides_what_the_database_says_and_logs_it', async () => {
	psql('-c', "ALTER TABLE scenario ADD CONSTRAINT no_goat CHECK (name <> 'chèvre')");
	await assertProblem(await send('/api/scenarios', { name: 'chèvre', definition: good }), 422);
	psql('-c', 'ALTER TABLE scenario DROP CONSTRAINT no_goat');
	assert.match(server.log, /database_refused id=\S+ query=scenario_create why=".*no_goat/);
});

test('gives_up_a_request_that_waits_too_long_for_the_database', async () => {
	const release = await holdParameters();
	const begun = Date.now();
	const answer = await ask('/api/parameters');
	release();
	assert.ok(Date.now() - begun < 30000);
	await assertProblem(answer, 503, /Numéro à citer/);
	assert.ok(Number(answer.headers.get('retry-after')) >= 1);
	assert.equal((await ask('/api/parameters')).status, 200);
});

/** A lock on the parameters, held until the returned function is called. */
async function holdParameters() {
	const holder = spawn('psql', ['-Xq', '-d', database.conninfo], { stdio: ['pipe', 'ignore', 'ignore'] });
	holder.stdin.write('BEGIN; LOCK TABLE parameter IN ACCESS EXCLUSIVE MODE;\n');
	while (psql('-c', "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'parameter'::regclass") === '0')
		await sleep(20);
	return () => holder.stdin.end('COMMIT;\n');
}

test('answers_503_at_once_when_every_executor_and_the_queue_are_taken', async () => {
	const other = await start('--address-connections', '-1');
	const release = await holdParameters();
	const connections = await Promise.all(Array.from({ length: 3 + 256 + 20 }, () => connect(other.port)));
	for (const c of connections)
		c.write('GET /api/parameters HTTP/1.1\r\nHost: x\r\n\r\n');
	const refused = () => connections.filter((c) => c.text.startsWith('HTTP/1.1 503'));
	const late = Date.now() + 4000;
	while (refused().length < 20 && Date.now() < late)
		await sleep(20);
	// Up to three more: an executor may not yet have taken what it could.
	const inTime = refused().length;
	assert.ok(inTime >= 20 && inTime <= 23, `${inTime} refused`);
	assert.ok(refused().every((c) => /\r\nRetry-After: \d+\r\n/.test(c.text)));
	assert.equal((await fetch(`${other.url}/`)).status, 200, 'files need no executor');
	release();
	for (const c of connections)
		await c.until(() => /^HTTP\/1.1 (200|503)/.test(c.text));
	assert.equal(refused().length, inTime);
	connections.forEach((c) => c.end());
	assert.equal(await other.stop(), 0);
});

test('comes_back_after_the_database_dropped_its_connections', async () => {
	psql('-c', 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
	await sleep(100);
	for (let i = 0; i < 12; i++)
		assert.equal((await ask('/api/health')).status, 200);
});

test('says_what_is_wrong_when_it_cannot_start', async () => {
	const attempt = (args, env = {}) => startServer(program, ['serve', ...args],
		{ match: /écoute sur .*:(\d+)/, env: { RECIRCUIT_DB: database.conninfo, ...env }, seconds: 20 });
	await assert.rejects(attempt(['--port', String(server.port)]), new RegExp(`port ${server.port} est déjà pris`));
	await assert.rejects(attempt(['--port', '99999']), /port/);
	await assert.rejects(attempt(['--port', 'x']), /port/);
	await assert.rejects(attempt(['--port', '0', '--address', '203.0.113.7']), /n’est pas celle de cette machine/);
	await assert.rejects(attempt(['--port', '0'], { RECIRCUIT_DB: 'host=/nowhere' }), /base de données|injoignable/);
});

test('listens_on_ipv6_too', async () => {
	const other = await startServer(program, ['serve', '--port', '0', '--address', '::1'],
		{ match: /écoute sur http:\/\/\[::1\]:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });
	assert.equal((await fetch(`http://[::1]:${other.port}/api/health`)).status, 200);
	assert.equal(await other.stop(), 0);
});

test('answers_the_last_request_before_it_stops', async () => {
	const other = await start();
	const release = await holdParameters();
	const last = fetch(`${other.url}/api/parameters`);
	await sleep(300);
	const stopped = other.stop();
	await sleep(300);
	release();
	assert.equal((await last).status, 200);
	assert.equal(await stopped, 0);
});

test('leaves_nothing_behind_under_the_sanitizers', leaveNothing);

await runAll('service');
