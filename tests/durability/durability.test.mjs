// Nothing acknowledged is lost, nothing is there twice.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runAll, sleep, test } from '../http/lib.mjs';
import { line, makeHouse, post, startClient } from './house.mjs';

const CLIENTS = 16;
const KILLS = 5;
const house = makeHouse();
house.fill();
await house.serve('--executors', '8');

// Each of these lines is there once; the lines that were sent but never answered for may be there, once too.
function missing(clients) {
	const there = new Set(house.psql('SELECT public_id FROM line').split('\n'));
	assert.equal(house.psql('SELECT count(*) - count(DISTINCT (organisation, public_id)) FROM line'), '0', 'twice');
	return clients.flatMap((c) => c.acknowledged).filter((id) => !there.has(id));
}
const stop = (clients) => Promise.all(clients.map((c) => (c.isStopped = true, c.over)));
const count = (clients) => clients.reduce((n, c) => n + c.acknowledged.length, 0);
async function growth(clients, by, ms = 20e3) {
	const from = count(clients);
	for (const late = Date.now() + ms; count(clients) < from + by;) {
		assert.ok(Date.now() < late, `only ${count(clients) - from} lines were acknowledged in ${ms} ms`);
		await sleep(20);
	}
}

test('keeps_every_acknowledged_line_when_the_whole_cluster_is_killed_under_16_writers', async () => {
	const clients = Array.from({ length: CLIENTS }, () => startClient(house));
	for (let n = 0; n < KILLS; n++) {
		await growth(clients, 100);
		await sleep(Math.random() * 300);
		await house.killCluster();
		house.startCluster();
	}
	await growth(clients, 100);
	await stop(clients);
	console.log(`# ${count(clients)} lines acknowledged over ${KILLS} kills`);
	assert.deepEqual(clients.flatMap((c) => c.refused), []);
	assert.deepEqual(missing(clients), []);
});

test('would_lose_lines_if_commits_were_not_synced', async () => {
	// The control: the same, with the one setting that breaks the promise. If nothing were lost here, the test above would prove nothing.
	house.psql("ALTER SYSTEM SET wal_writer_delay = '10s'");
	house.psql('ALTER ROLE recircuit_app SET synchronous_commit = off');
	await house.killCluster();
	house.startCluster();
	await sleep(300);
	const clients = Array.from({ length: CLIENTS }, () => startClient(house));
	await growth(clients, 200);
	await house.killCluster();
	await stop(clients);
	house.startCluster();
	const lost = missing(clients).length;
	house.psql('ALTER ROLE recircuit_app RESET synchronous_commit');
	house.psql('ALTER SYSTEM RESET wal_writer_delay');
	await house.killCluster();
	house.startCluster();
	console.log(`# ${lost} of ${count(clients)} acknowledged lines lost without synced commits`);
	assert.ok(lost > 0);
});

test('answers_every_request_after_the_database_has_restarted', async () => {
	const program = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = \'recircuit_app\'';
	for (let n = 0; n < 3; n++) {
		house.psql(program);
		await sleep(50);
		const answers = await Promise.all(Array.from({ length: 24 }, () => post(house, line())));
		assert.deepEqual(answers.map((a) => a.status), Array(24).fill(201));
	}
});

test('keeps_every_acknowledged_line_when_the_service_is_killed', async () => {
	const clients = Array.from({ length: CLIENTS }, () => startClient(house));
	for (let n = 0; n < 3; n++) {
		await growth(clients, 60);
		const { port } = house.server;
		await house.server.stop('SIGKILL');
		await house.serve('--executors', '8', '--port', String(port));
	}
	await growth(clients, 60);
	await stop(clients);
	assert.deepEqual(clients.flatMap((c) => c.refused), []);
	assert.deepEqual(missing(clients), []);
});

test('gives_a_backup_back_as_it_was', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'recircuit-backup-'));
	const file = path.join(folder, 'recircuit.sauvegarde');
	assert.match(house.run(['backup', file]), /contient : 1 organisations?, 1 comptes?, \d+ lignes/);
	assert.equal(statSync(file).mode & 0o777, 0o600, 'for its owner alone');
	const other = makeHouse();
	try {
		assert.match(other.run(['restore', file]), /rendue/);
		const tables = `SELECT string_agg(quote_ident(relname), ' ' ORDER BY relname) FROM pg_class
			WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'spatial_ref_sys'`;
		const names = house.psql(tables).split(' ');
		assert.equal(other.psql(tables), names.join(' '));
		const contents = (table) => `SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM ${table} AS t`;
		for (const table of names)
			assert.equal(other.psql(contents(table)), house.psql(contents(table)), table);
		const rights = `SELECT md5(string_agg(relname || coalesce(relacl::text, '') || relrowsecurity, ',' ORDER BY relname)) FROM pg_class
			WHERE relnamespace = 'public'::regnamespace`;
		assert.equal(other.psql(rights), house.psql(rights), 'rights and row-level security');
		await other.serve();
		other.token = house.token;
		assert.equal((await post(other, line())).status, 201, 'it serves');
		assert.throws(() => other.run(['restore', file], { stdio: 'pipe' }), /n’est pas vide/);
		writeFileSync(`${file}.cut`, 'PGDMP');
		const third = makeHouse();
		assert.throws(() => third.run(['restore', `${file}.cut`], { stdio: 'pipe' }), /n’a pas pu être rendue/);
		await third.end();
	} finally {
		await other.end();
		rmSync(folder, { recursive: true });
	}
});

await runAll('durability');
