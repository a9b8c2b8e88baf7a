// Workers that are killed, stopped and told to go, solvers that break: each run is answered once, or fails with a reason.
import assert from 'node:assert/strict';
import { runAll, sleep } from '../http/lib.mjs';
import {
	answerWith, cancel, hold, it, number, queue, release, row, small, solver, solvers, sql, startWorker, state, until,
} from './house.mjs';

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

await runAll('worker');
