// recircuit as an operator meets it: help and wrong use, then the service's database, schema, files and port in good and bad
// circumstances.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
	appendFileSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync,
	writeFileSync,
} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { scratchDatabase } from '../lib/db.mjs';
import { runAll, startServer, test } from '../http/lib.mjs';
import {
	CONFLICT, FAILED, NOT_FOUND, OK, UNAVAILABLE, USAGE, assertSays, file, network, program, root, run, solve,
	solver, work,
} from './programs.mjs';

const database = scratchDatabase('cmd');
const ready = { RECIRCUIT_DB: database.conninfo };
process.on('exit', () => {
	try {
		database.drop();
	} catch { /* the server is stopped after us anyway */ }
});
const recircuit = (args, env = ready, more = {}) => run(program, args, { env, ...more });

// ---- Help and wrong use ----

test('both_programs_explain_themselves', () => {
	for (const [command, words] of [[program, /Usage : recircuit COMMANDE/], [solver, /Usage : recircuit-solve COMMANDE/]])
		for (const flag of ['--help', '-h']) {
			const r = run(command, [flag]);
			assert.equal(r.status, OK, r.err);
			assert.match(r.out, words);
			assert.equal(r.err, '');
		}
	assert.match(run(program, ['--version']).out, /^\d+\.\d+\.\d+\n$/);
});

test('every_subcommand_has_help_that_needs_no_database', () => {
	const listed = [...run(program, ['--help']).out.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map((m) => m[1]);
	for (const name of ['serve', 'work', 'migrate', 'load', 'export', 'demo'])
		assert.ok(listed.includes(name), `${name} is not in --help`);
	const nowhere = { RECIRCUIT_DB: 'host=/no/such/folder', RECIRCUIT_VAR: '/no/such/folder' };
	for (const words of [...listed.map((name) => [name]), ['load', 'reference'], ['load', 'points']]) {
		const r = recircuit([...words, '--help'], nowhere);
		assert.equal(r.status, OK, `${words}: ${r.err}`);
		assert.match(r.out, new RegExp(`Usage : recircuit ${words.join(' ')}`));
	}
});

test('wrong_use_is_said_with_what_to_do', () => {
	assertSays(recircuit([]), USAGE, /il manque une commande ; voir recircuit --help/);
	assertSays(recircuit(['dance']), USAGE, /commande inconnue « dance » ; voir recircuit --help/);
	assertSays(solve([]), USAGE, /il manque une commande ; voir recircuit-solve --help/);
	assertSays(solve(['dance']), USAGE, /commande inconnue « dance »/);
	assertSays(solve(['plan']), USAGE, /usage : recircuit-solve plan \[options\] RÉSEAU/);
	assertSays(solve(['check', network]), USAGE, /usage : recircuit-solve check/);
	for (const name of ['serve', 'work', 'migrate', 'export', 'demo'])
		assertSays(recircuit([name, '--nope']), USAGE, /option inconnue ou mal écrite : --nope/);
	assertSays(recircuit(['serve', 'twice']), USAGE, /usage : recircuit serve/);
	assertSays(recircuit(['serve', '--port']), USAGE, /--port attend une valeur/);
	assertSays(recircuit(['serve', '--port', 'eight']), USAGE, /--port attend un nombre entier, pas « eight »/);
	assertSays(recircuit(['serve', '--port', '70000']), USAGE, /le port doit être entre 0 et 65535/);
	assertSays(recircuit(['work', '--gap', 'much']), USAGE, /--gap attend un nombre/);
	assertSays(solve(['plan', '--gap', '2', network]), USAGE, /--gap/);
	assertSays(solve(['plan', '--threads', '0', network]), USAGE, /--threads/);
	assertSays(solve(['plan', '--seed', '-3', network]), USAGE, /--seed est un entier positif ou nul/);
	assertSays(solve(['plan', '--format', 'excel', network]), USAGE, /format inconnu « excel »/);
});

test('limits_that_make_no_sense_are_refused_before_a_run_is_taken', () => {
	for (const wrong of [['--time-limit', '-1'], ['--gap', '-0.5'], ['--gap', '1'], ['--threads', '0'],
		['--threads', '1000']])
		assertSays(recircuit(['work', ...wrong], ready, { timeout: 30000 }), USAGE, new RegExp(wrong[0]));
	assertSays(recircuit(['demo', '--gap', '2'], ready, { timeout: 30000 }), USAGE, /--gap/);
});

// ---- The service: database, schema, files, port ----

test('a_database_that_is_not_there_is_said', () => {
	for (const [conninfo, status, said] of [
		['host=/no/such/folder', UNAVAILABLE, /base de données injoignable : /],
		['host=127.0.0.1 port=1 connect_timeout=2', UNAVAILABLE, /base de données injoignable : /],
		['this is no conninfo', UNAVAILABLE, /base de données injoignable : /],
		[`${database.conninfo} dbname=no_such_database`, UNAVAILABLE, /base de données injoignable : .*no_such_database/],
	])
		for (const words of [['migrate'], ['serve', '--port', '0'], ['work'], ['export', 'network'], ['load', 'reference']]) {
			const r = recircuit(words, { RECIRCUIT_DB: conninfo }, { timeout: 30000 });
			assert.equal(r.status, status, `${words}: ${r.status} ${r.err}`);
			assert.match(r.err, said);
		}
	assert.deepEqual(readdirSync(work).filter((n) => n === 'var'), [], 'a private cluster was made');
});

test('a_private_cluster_that_cannot_be_made_is_said', () => {
	const blocked = file('blocked', 'a plain file');
	assertSays(recircuit(['migrate'], { RECIRCUIT_DB: '', RECIRCUIT_VAR: path.join(blocked, 'var') }), FAILED, /blocked/);
});

test('a_schema_that_is_missing_or_behind_is_said', () => {
	const name = `cmd_empty_${process.pid}`;
	const admin = (text) => execFileSync('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', '-d', process.env.RECIRCUIT_DB, '-c', text]);
	admin(`CREATE DATABASE ${name} TEMPLATE template0`);
	try {
		const empty = { RECIRCUIT_DB: `${process.env.RECIRCUIT_DB} dbname=${name}` };
		for (const words of [['serve', '--port', '0'], ['work'], ['export', 'network'], ['load', 'reference']])
			assertSays(recircuit(words, empty, { timeout: 30000 }), UNAVAILABLE, /lancez « recircuit migrate »/);
		assert.match(recircuit(['migrate'], empty).out, /^\d+ migrations appliquées\.\n$/);
		assert.match(recircuit(['migrate'], empty).out, /^0 migration appliquée\.\n$/);
	} finally {
		admin(`DROP DATABASE ${name} WITH (FORCE)`);
	}
});

/** A copy of sql/ and web/ to spoil. */
function ownShare(name) {
	const folder = file(name);
	rmSync(folder, { recursive: true, force: true });
	for (const part of ['sql', 'web'])
		cpSync(path.join(root, part), path.join(folder, part),
			{ recursive: true, filter: (from) => !from.includes('node_modules') });
	return folder;
}

test('a_changed_or_missing_migration_is_named', () => {
	const share = ownShare('share-migrations');
	const env = { ...ready, RECIRCUIT_SHARE: share };
	const migrations = path.join(share, 'sql/migrations');
	const [first, second] = readdirSync(migrations).sort();
	appendFileSync(path.join(migrations, second), '\n-- one more word\n');
	assertSays(recircuit(['migrate'], env), CONFLICT, new RegExp(`${second} a changé depuis`));
	for (const words of [['serve', '--port', '0'], ['work'], ['load', 'reference']])
		assertSays(recircuit(words, env, { timeout: 30000 }), UNAVAILABLE, new RegExp(second));
	renameSync(path.join(migrations, first), path.join(work, first));
	assertSays(recircuit(['migrate'], env), CONFLICT, new RegExp(`${first}.*manque`));
});

test('a_missing_share_folder_is_said', () => {
	assertSays(recircuit(['migrate'], { ...ready, RECIRCUIT_SHARE: '/no/such/folder' }), FAILED,
		/RECIRCUIT_SHARE=\/no\/such\/folder : ce dossier n’existe pas/);
	const share = ownShare('share-incomplete');
	rmSync(path.join(share, 'sql/queries'), { recursive: true });
	assertSays(recircuit(['migrate'], { ...ready, RECIRCUIT_SHARE: share }), FAILED, /sql\/queries est introuvable/);
	const alone = file('alone');
	mkdirSync(alone, { recursive: true });
	copyFileSync(program, path.join(alone, 'recircuit'));
	assertSays(run(path.join(alone, 'recircuit'), ['migrate'], { env: ready }), FAILED, /RECIRCUIT_SHARE/);
});

test('a_missing_solver_is_said', () => {
	const alone = file('without-solver');
	mkdirSync(alone, { recursive: true });
	copyFileSync(program, path.join(alone, 'recircuit'));
	const r = run(path.join(alone, 'recircuit'), ['work'], { env: { ...ready, RECIRCUIT_SHARE: root }, timeout: 30000 });
	assertSays(r, FAILED, /without-solver\/recircuit-solve : /);
});

test('a_broken_statement_is_named', () => {
	const share = ownShare('share-queries');
	writeFileSync(path.join(share, 'sql/queries/extra.sql'), '-- name: run_get\nSELECT 1;\n');
	assertSays(recircuit(['migrate'], { ...ready, RECIRCUIT_SHARE: share }), FAILED, /définie deux fois : run_get/);
});

test('a_broken_reference_file_changes_nothing', () => {
	const share = ownShare('share-reference');
	const env = { ...ready, RECIRCUIT_SHARE: share };
	const what = () => execFileSync('psql', ['-XqAt', '-d', database.conninfo, '-c', `SELECT count(*), sum(value) FROM parameter
		UNION ALL SELECT count(*), sum(population) FROM commune UNION ALL SELECT count(*), max(xmin::text::bigint)
		FROM reference_load UNION ALL SELECT count(*), count(*) FROM site`], { encoding: 'utf8' });
	const before = what();
	const parameters = path.join(share, 'sql/reference/parameters.csv');
	const good = readFileSync(parameters, 'utf8');
	for (const [bytes, said] of [
		[good.replace(/\n[^\n]*$/, '\nnot,a,parameter\n'), /parameters\.csv : /],
		[good.replace('id,value', 'id,valeur'), /parameters\.csv : /],
		[good.slice(0, good.length / 2), /parameters\.csv/],
		[good.split('\n').slice(0, 1).join('\n') + '\n', /./],
	]) {
		writeFileSync(parameters, bytes);
		const r = recircuit(['load', 'reference'], env);
		assert.notEqual(r.status, OK);
		assert.match(r.err, said);
		assert.equal(what(), before);
	}
	writeFileSync(parameters, good);
	assert.match(recircuit(['load', 'reference'], env).out, /déjà à jour/);
	assert.equal(what(), before);
});

test('a_port_in_use_is_said', async () => {
	const taken = net.createServer().listen(0, '127.0.0.1');
	await new Promise((done) => taken.once('listening', done));
	try {
		const { port } = taken.address();
		const r = await new Promise((done) => {
			// Not spawnSync: the listener above lives in this process.
			const child = spawn(program, ['serve', '--port', String(port)], { env: { ...process.env, ...ready } });
			let err = '';
			child.stderr.on('data', (bytes) => (err += bytes));
			child.on('close', (status) => done({ status, err }));
			setTimeout(() => child.kill('SIGKILL'), 30000).unref();
		});
		assertSays(r, UNAVAILABLE, new RegExp(`le port ${port} est déjà pris`));
	} finally {
		taken.close();
	}
});

test('an_address_that_is_not_ours_is_said', () => {
	assertSays(recircuit(['serve', '--port', '0', '--address', '192.0.2.1'], ready, { timeout: 30000 }), UNAVAILABLE, /192\.0\.2\.1/);
	assertSays(recircuit(['serve', '--port', '0', '--address', 'no such host'], ready, { timeout: 30000 }), USAGE, /adresse « no such host » inconnue/);
});

test('an_unknown_scenario_is_said', () => {
	const out = file('unknown.json');
	assertSays(recircuit(['export', 'network', '--scenario', 'nope', '-o', out]), NOT_FOUND, /scénario inconnu : nope/);
	assert.ok(!existsSync(out));
	assertSays(recircuit(['export', 'network', '-o', '/dev/full']), FAILED, /\/dev\/full : /);
});

test('the_service_stops_when_told_and_answers_until_then', async () => {
	for (const signal of ['SIGTERM', 'SIGINT']) {
		const server = await startServer(program, ['serve', '--port', '0'],
			{ match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: ready });
		assert.equal((await fetch(`${server.url}/api/health`)).status, 200);
		const began = Date.now();
		assert.equal(await server.stop(signal), 0);
		assert.ok(Date.now() - began < 15000, `${signal} took too long`);
	}
});

await runAll('service');
