// Nothing acknowledged is lost, nothing is there twice.
import assert from 'node:assert/strict';
import { execSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runAll, sleep, test } from '../http/lib.mjs';
import { canMount, smallDisk } from './disk.mjs';
import { line, makeHouse, post, startClient } from './house.mjs';

const CLIENTS = 16;
const DISK_MB = 220;
const FAKETIME = execSync('ls /usr/lib/*/faketime/libfaketimeMT.so.1', { encoding: 'utf8' }).trim();
const KILLS = 5;
const CONTROLS = 8;
const house = makeHouse();
house.fill();
await house.serve('--executors', '8');

// Each of these lines is there once; the lines that were sent but never answered for may be there, once too.
function missing(clients) {
	const there = new Set(house.psql('SELECT public_id FROM line').split('\n'));
	assert.equal(house.psql('SELECT count(*) - count(DISTINCT (organisation, public_id)) FROM line'), '0', 'twice');
	return clients.flatMap((c) => c.acknowledged).filter((id) => !there.has(id));
}
const skip = (name) => console.log(`# not run, a small disk needs root: ${name}`);
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
	// What is in a full page of the journal is written soon; only the last few lines are in danger, so there is more than one try.
	let lost = 0, acknowledged = 0;
	for (let n = 0; n < CONTROLS && !lost; n++) {
		const clients = Array.from({ length: CLIENTS }, () => startClient(house));
		await growth(clients, 100);
		await house.killCluster();
		await stop(clients);
		house.startCluster();
		lost = missing(clients).length;
		acknowledged += count(clients);
	}
	house.psql('ALTER ROLE recircuit_app RESET synchronous_commit');
	house.psql('ALTER SYSTEM RESET wal_writer_delay');
	await house.killCluster();
	house.startCluster();
	console.log(`# ${lost} of ${acknowledged} acknowledged lines lost without synced commits`);
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

test('records_lines_while_the_clock_of_the_service_jumps', async () => {
	// By a library that lies about the time of day, forwards and back: what is due is told by a clock that cannot jump, what day it is by the database.
	const { port } = house.server;
	await house.server.stop();
	const folder = mkdtempSync(path.join(tmpdir(), 'recircuit-clock-'));
	const clock = path.join(folder, 'offset');
	writeFileSync(clock, '+0');
	Object.assign(house.env, { LD_PRELOAD: FAKETIME, FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1',
		ASAN_OPTIONS: 'verify_asan_link_order=0' });
	try {
		await house.serve('--port', String(port));
		for (const offset of ['+0', '+400d', '-400d', '+1h', '+0']) {
			writeFileSync(clock, offset);
			const answers = await Promise.all(Array.from({ length: 8 }, () => post(house, line())));
			assert.deepEqual(answers.map((a) => a.status), Array(8).fill(201), offset);
			const said = new Date(answers[0].headers.get('date')).getTime() - Date.now();
			const days = Number(/^([+-]\d+)d$/.exec(offset)?.[1] ?? 0);
			assert.ok(Math.abs(said / 864e5 - days) < 1, `the clock was moved: ${offset}, ${answers[0].headers.get('date')}`);
		}
	} finally {
		await house.server.stop();
		for (const name of Object.keys(house.env)) if (name === 'LD_PRELOAD' || name.startsWith('FAKETIME')) delete house.env[name];
		rmSync(folder, { recursive: true });
		await house.serve('--executors', '8', '--port', String(port));
	}
});

(canMount ? test : skip)('says_so_when_the_disk_is_full_and_goes_on_once_it_is_not', async () => {
	const disk = smallDisk(DISK_MB);
	const small = makeHouse(disk.folder);
	try {
		small.fill();
		await small.serve();
		assert.equal((await post(small, line())).status, 201);
		disk.fill();
		const clients = Array.from({ length: 4 }, () => startClient(small));
		const seen = new Set();
		for (const late = Date.now() + 40e3; ![...seen].some((s) => s >= 500) && Date.now() < late;) {
			const answer = await post(small, line()).catch(() => null);
			if (answer) seen.add(answer.status);
			if (answer?.status >= 500)
				assert.equal(answer.headers.get('content-type'), 'application/problem+json');
		}
		assert.ok([...seen].some((s) => s >= 500), `it was never full: ${[...seen]}`);
		disk.free();
		small.startCluster(); // where the journal could not be written, PostgreSQL has stopped
		await growth(clients, 20, 40e3);
		await stop(clients);
		const there = new Set(small.psql('SELECT public_id FROM line').split('\n'));
		assert.deepEqual(clients.flatMap((c) => c.acknowledged).filter((id) => !there.has(id)), []);
		assert.deepEqual(clients.flatMap((c) => c.refused), []);
	} finally {
		await small.server?.stop('SIGKILL');
		await small.killCluster().catch(() => {});
		disk.end();
	}
});

test('gives_a_backup_back_as_it_was', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'recircuit-backup-'));
	const file = path.join(folder, 'recircuit.sauvegarde');
	assert.match(house.run(['backup', file]), /contient : 1 organisations?, 1 comptes?, \d+ lignes/);
	assert.equal(statSync(file).mode & 0o777, 0o600, 'for its owner alone');
	const other = makeHouse();
	try {
		assert.match(other.run(['restore', file]), /rendue/);
		await other.serve();
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
