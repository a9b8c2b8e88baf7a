// The audit: whatever is changed in it, or in a line, by whoever owns the database, is found where it is.
//	build/release/tests/with_cluster build/release/tests/var tests/http/run build/release
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { scratchDatabase } from '../lib/db.mjs';
import { runAll, startServer, test } from './lib.mjs';

const program = path.join(process.env.RECIRCUIT_BUILD, 'recircuit');
const database = scratchDatabase('audit');
const env = { ...process.env, RECIRCUIT_DB: database.conninfo };
const psql = (sql) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', database.conninfo, '-f', '-'],
	{ encoding: 'utf8', input: sql }).trim();
const recircuit = (...args) => {
	const r = spawnSync(program, args, { encoding: 'utf8', env });
	return { status: r.status, out: r.stdout, err: r.stderr };
};

psql(`INSERT INTO organisation (name, kind) VALUES ('SIVOM', 'operator'), ('Région', 'authority');
	INSERT INTO person (organisation, login, name, role, password_hash)
	VALUES (1, 'op', 'Op', 'operator', '$argon2id$'), (2, 'pl', 'Pl', 'planner', '$argon2id$');
	INSERT INTO mandate (organisation, level, code) VALUES (2, 'departement', '18');
	INSERT INTO token (person, name, hint, secret_hash, scopes, expires_at)
	SELECT id, 'test', 'rc_t', sha256(convert_to('rc_' || login, 'UTF8')), '{volumes:read,volumes:write}', now() + interval '1 hour' FROM person`);
const server = await startServer(program, ['serve', '--port', '0'],
	{ match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });
const ask = (target, as, options = {}) => fetch(server.url + target,
	{ ...options, headers: { Authorization: `Bearer rc_${as}`, ...options.headers } });
const post = async (line) => {
	const answer = await ask('/api/volumes', 'op', { method: 'POST', body: JSON.stringify(line), headers: { 'Content-Type': 'application/json' } });
	assert.ok(answer.ok, await answer.text());
};
const line = (publicId, more = {}) => ({ publicId, flow: 'pam', wasteCode: '20 01 35*', weightValue: 1.25, weightIsEstimate: false,
	receptionDate: new Date(Date.now() - 3 * 86400e3).toISOString().slice(0, 10), initialEmitterMunicipalitiesInseeCodes: ['18033'], ...more });

// Six entries: three lines, a correction, a file of two lines, a cancellation; and one of a planner.
for (const id of ['A', 'B', 'C'])
	await post(line(id));
await post(line('A', { weightValue: 2, reason: 'EDIT' }));
const file = await ask('/api/volumes/batch', 'op', { method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' },
	body: `${JSON.stringify(line('D'))}\n${JSON.stringify(line('E'))}\n` });
assert.equal((await file.json()).created, 2);
await post({ publicId: 'B', reason: 'CANCEL' });
await ask('/api/volumes', 'pl');

test('what_was_written_is_found_whole', () => {
	const { status, out, err } = recircuit('audit', 'verify');
	assert.equal(status, 0, out + err);
	assert.match(out, /SIVOM \(1\) : 6 entrées, 7 lignes ; tête [0-9a-f]{64}/);
	assert.match(out, /Région \(2\) : 1 entrées, 0 lignes/);
	assert.equal(out.match(/tête ([0-9a-f]{64})/)[1], psql("SELECT encode(hash, 'hex') FROM audit_head WHERE organisation = 1"));
	assert.equal(recircuit('audit', 'verify', '-o', '2').out.split('\n').length, 2);
	assert.equal(recircuit('audit', 'verify', '-o', '9').status, 4);
});

test('says_who_did_what', () => {
	const { out } = recircuit('audit', 'list', '2');
	assert.match(out, /1 .* pl +lines\.read +\{.*"lines": 5.*\} organisations \{1\}/);
	const lines = recircuit('audit', 'list', '1', '--limit', '2', '--before', '6').out.trim().split('\n');
	assert.deepEqual(lines.slice(1).map((l) => l.trim().split(' ')[0]), ['5', '4']);
	assert.match(lines[1], / op .*lines\.write.*"created": 2/);
});

psql('CREATE TABLE kept_audit AS TABLE audit; CREATE TABLE kept_head AS TABLE audit_head; CREATE TABLE kept_line AS TABLE line; CREATE TABLE kept_version AS TABLE line_version');
const untie = 'SET session_replication_role = replica;'; // no trigger, no foreign key: what an owner can do
const restore = () => psql(`${untie} DELETE FROM audit; INSERT INTO audit TABLE kept_audit; DELETE FROM audit_head; INSERT INTO audit_head TABLE kept_head;
	DELETE FROM line_version; INSERT INTO line_version TABLE kept_version; DELETE FROM line; INSERT INTO line OVERRIDING SYSTEM VALUE TABLE kept_line`);
const rehash = (where) => `UPDATE audit a SET hash = sha256(a.previous || convert_to(audit_text(a), 'UTF8')) WHERE organisation = 1 AND ${where};`;
const lineHash = (where) => `UPDATE line l SET digest = sha256(convert_to(line_text(ROW(l.*)::line_history), 'UTF8')) WHERE ${where};`;

// What is done, and all that is said of it.
for (const [promise, sql, ...said] of [
	['an_entry_that_was_changed', 'UPDATE audit SET person = NULL WHERE organisation = 1 AND seq = 3', 'l’entrée 3 a été modifiée'],
	['an_entry_that_was_back_dated', "UPDATE audit SET at = at - interval '1 day' WHERE organisation = 1 AND seq = 1", 'l’entrée 1 a été modifiée'],
	['a_detail_that_was_changed', "UPDATE audit SET detail = '{}' WHERE organisation = 2", 'Organisation 2 : l’entrée 1 a été modifiée'],
	['an_entry_changed_with_a_hash_that_fits', `UPDATE audit SET person = NULL WHERE organisation = 1 AND seq = 3; ${rehash('seq = 3')}`, 'l’entrée 3 a été remplacée'],
	['the_last_one_changed_with_a_hash_that_fits', `UPDATE audit SET person = NULL WHERE organisation = 1 AND seq = 6; ${rehash('seq = 6')}`,
		'l’entrée 6 a été remplacée, ou la tête de la chaîne modifiée'],
	['a_head_that_was_changed', "UPDATE audit_head SET hash = sha256('x') WHERE organisation = 1", 'l’entrée 6 a été remplacée, ou la tête de la chaîne modifiée'],
	['an_entry_that_was_removed', 'DELETE FROM audit WHERE organisation = 2', 'Organisation 2 : l’entrée 1 a été supprimée'],
	['a_middle_one_that_was_removed', 'DELETE FROM audit WHERE organisation = 1 AND seq = 4', 'l’entrée 4 a été supprimée', 'entrée 4, ligne A : n’a plus son entrée'],
	['the_last_ones_that_were_removed', 'DELETE FROM audit WHERE organisation = 1 AND seq > 4; DELETE FROM line WHERE entry > 4 AND organisation = 1',
		'l’entrée 5 a été supprimée, et les suivantes jusqu’à la 6'],
	['an_entry_put_behind_the_end', "INSERT INTO audit SELECT organisation, 7, at, person, action, detail, about, NULL, hash, sha256('x') FROM audit WHERE organisation = 1 AND seq = 6",
		'l’entrée 7 a été ajoutée après la fin de la chaîne', 'l’entrée 7 a été modifiée'],
	['an_entry_put_in_between', `UPDATE audit SET seq = seq + 1000 WHERE organisation = 1 AND seq > 2; UPDATE audit SET seq = seq - 999 WHERE organisation = 1 AND seq > 1000;
		INSERT INTO audit SELECT 1, 3, at, person, action, detail, about, NULL, hash, hash FROM audit WHERE organisation = 1 AND seq = 2; ${rehash('seq = 3')}`,
	'l’entrée 3 a été insérée : les suivantes ont été décalées'],
	['a_line_that_was_changed', "UPDATE line SET weight_kg = 9999 WHERE public_id = 'C'", 'entrée 3, ligne C : a été modifiée (version 1)'],
	['an_old_version_that_was_changed', "UPDATE line_version SET weight_kg = 9999 WHERE public_id = 'A'", 'entrée 1, ligne A : a été modifiée (version 1)'],
	['a_line_changed_with_a_digest_that_fits', `UPDATE line SET weight_kg = 9999 WHERE public_id = 'D'; ${lineHash("public_id = 'D'")}`, 'l’entrée 5 n’a plus les lignes qu’elle a enregistrées'],
	['a_line_that_was_removed', "DELETE FROM line WHERE public_id = 'E'", 'l’entrée 5 n’a plus les lignes'],
	['a_line_that_was_put_in', `INSERT INTO line (organisation, public_id, communes, flow, low_code, day, weight_kg, is_estimate, channel, entry, digest)
		SELECT 1, 'Z', communes, flow, low_code, day, weight_kg, is_estimate, channel, 2, digest FROM line WHERE public_id = 'C'; ${lineHash("public_id = 'Z'")}`,
	'l’entrée 2 n’a plus les lignes'],
	['a_cancellation_undone', "DELETE FROM line WHERE public_id = 'B'; INSERT INTO line OVERRIDING SYSTEM VALUE SELECT * FROM line_version WHERE public_id = 'B'; DELETE FROM line_version WHERE public_id = 'B'",
		'l’entrée 6 n’a plus les lignes'],
])
	test(`finds_${promise}`, () => {
		psql(`${untie} ${sql}`);
		const { status, out, err } = recircuit('audit', 'verify');
		restore();
		assert.equal(status, 2, out + err);
		const found = out.split('\n').filter((l) => l && !/ : \d+ entrées, /.test(l));
		assert.equal(found.length, said.length, out);
		said.forEach((words, i) => assert.ok(found[i].includes(words), `${found[i]} is not ${words}`));
		assert.equal(recircuit('audit', 'verify').status, 0, 'restored');
	});

test('many_writers_at_once_make_one_chain_without_gaps', async () => {
	await Promise.all(Array.from({ length: 60 }, async (_, i) => {
		if (i % 10)
			return post(line(`P-${i}`));
		const answer = await ask('/api/volumes/batch', 'op', { method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' },
			body: Array.from({ length: 30 }, (_unused, k) => JSON.stringify(line(`P-${i}-${k}`))).join('\n') });
		assert.equal((await answer.json()).created, 30);
	}));
	const { status, out } = recircuit('audit', 'verify');
	assert.equal(status, 0, out);
	assert.equal(psql('SELECT count(*) = max(seq) FROM audit WHERE organisation = 1'), 't');
	assert.match(out, new RegExp(`SIVOM \\(1\\) : \\d+ entrées, ${7 + 54 + 180} lignes`));
});

await runAll('audit');
