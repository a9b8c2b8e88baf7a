// A house where runs are made on a small scenario: a database, the service, and workers that a test meets in the middle
// of their work. For each file of tests a house of its own.
//
// Workers run from a copy of the program whose solver is a script: it waits while the file `hold` is
// there, so that a worker can be met in the middle of its work, then becomes the real solver.
//
//	import { it, queue, small, startWorker, state } from './house.mjs';
//	it('promise', async () => { const id = await queue(small); ... });
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchDatabase } from '../lib/db.mjs';
import { sleep, startServer, test } from '../http/lib.mjs';

export const build = process.env.RECIRCUIT_BUILD;
const share = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const database = scratchDatabase('jobs');
export const sql = (text) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', database.conninfo, '-c', text],
	{ encoding: 'utf8' }).trim();
// What a user who cancels would run.
const cancelSql = readFileSync(path.join(share, 'sql/queries/run.sql'), 'utf8')
	.split('-- name: ').find((q) => q.startsWith('run_cancel\n')).replace('run_cancel\n', '');
export const cancel = (id) => sql(cancelSql.replaceAll('$1', String(id)));
export const number = (text) => Number(sql(text));

// Twenty points of one région, two candidates: a question the solver answers at once.
sql(`UPDATE collection_point SET is_open = false, valid_to = current_date
      WHERE id NOT IN (SELECT p.id FROM collection_point p JOIN commune c ON c.insee = p.commune
                        WHERE p.is_open AND c.region = '24' ORDER BY p.id LIMIT 20)`);
export const candidates = sql(`SELECT string_agg(code, ' ') FROM (SELECT code FROM site
	WHERE kind = 'candidate' AND region = '24' ORDER BY code LIMIT 2) AS s`).split(' ');

const house = mkdtempSync(path.join(tmpdir(), 'recircuit-jobs-'));
export const inHouse = (name) => path.join(house, name);
copyFileSync(path.join(build, 'recircuit'), inHouse('recircuit'));
export const solver = path.join(build, 'recircuit-solve');
export const answerWith = (script) => {
	writeFileSync(inHouse('recircuit-solve'), `#!/bin/sh\n${script}\nexec '${solver}' "$@"\n`);
	chmodSync(inHouse('recircuit-solve'), 0o755);
};
const waits = `if [ "$1" = plan ] || [ "$1" = rounds ]; then while [ -e '${inHouse('hold')}' ]; do sleep 0.05; done; fi`;
answerWith(waits);
export const hold = () => writeFileSync(inHouse('hold'), '');
export const release = () => rmSync(inHouse('hold'), { force: true });

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
export function startWorker(name, ...more) {
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
export async function until(isTrue, what, ms = 30000) {
	for (const late = Date.now() + ms; ;) {
		const value = await isTrue();
		if (value)
			return value;
		if (Date.now() > late)
			assert.fail(`${what}: not within ${ms} ms`);
		await sleep(40);
	}
}

export const row = (id) => JSON.parse(sql(`SELECT row_to_json(r) FROM (SELECT state, attempt, worker, error, verdict,
	network_sha256, lease_until, cancel_requested FROM run WHERE id = ${id}) AS r`));
export const state = (id, wanted, ms) => until(() => row(id).state === wanted && row(id), `run ${id} ${wanted}`, ms);
export const solvers = () => {
	try {
		return execFileSync('pgrep', ['-f', `${house}/.*/network.json`], { encoding: 'utf8' }).split('\n').length - 1;
	} catch {
		return 0; // pgrep finds none
	}
};

export const service = await startServer(path.join(build, 'recircuit'), ['serve', '--port', '0', '--anonymous', 'planner'],
	{ match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });
export const send = (target, body) => fetch(service.url + target, {
	method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
});

export async function makeScenario(name, definition = {}) {
	const answer = await send('/api/scenarios', {
		name, definition: { regions: ['24'], parameters: { 'horizon.years': 2 }, candidates, ...definition },
	});
	assert.equal(answer.status, 201, await answer.clone().text());
	return (await answer.json()).id;
}

export async function queue(scenario, body = {}) {
	const answer = await send(`/api/scenarios/${scenario}/runs`, body);
	assert.equal(answer.status, 202, await answer.clone().text());
	return Number(answer.headers.get('location').split('/').at(-1));
}

/** Sums of money and tonnes, but for rounding. */
export const near = (a, b, what) => assert.ok(Math.abs(a - b) <= 1e-6 * (1 + Math.abs(b)), `${what}: ${a} and ${b}`);

export const small = await makeScenario('Petit');

/** Whatever a test leaves when it fails is not the next one's. */
export const it = (name, body) => test(name, async () => {
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
