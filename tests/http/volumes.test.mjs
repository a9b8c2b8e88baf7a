// Recorded lines over HTTP, on the real service and the reference data: verdicts, rights, files, replays.
//	build/release/tests/with_cluster build/release/tests/var tests/http/run build/release
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { scratchDatabase } from '../lib/db.mjs';
import { runAll, startServer, test } from './lib.mjs';

const program = path.join(process.env.RECIRCUIT_BUILD, 'recircuit');
const database = scratchDatabase('volumes');
const psql = (sql, env = {}) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', database.conninfo, '-c', sql],
	{ encoding: 'utf8', env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }).trim();

// Three organisations; two operators, a reader, and a planner whose mandate is the Cher.
psql(`INSERT INTO organisation (name, kind) VALUES ('SIVOM', 'operator'), ('Recyclerie', 'operator'), ('Région', 'authority');
	INSERT INTO person (organisation, login, name, role, password_hash)
	SELECT o, login, login, role, '$argon2id$none' FROM (VALUES (1, 'op-a', 'operator'), (2, 'op-b', 'operator'),
		(1, 'reader', 'reader'), (3, 'planner', 'planner'), (1, 'op-a2', 'operator')) AS p (o, login, role);
	INSERT INTO mandate (organisation, level, code) VALUES (3, 'departement', '18');
	INSERT INTO token (person, name, hint, secret_hash, scopes, expires_at)
	SELECT id, 'test', 'rc_t', sha256(convert_to('rc_' || login, 'UTF8')), '{volumes:read,volumes:write}', now() + interval '1 hour'
	  FROM person;
	INSERT INTO token (person, name, hint, secret_hash, scopes, expires_at)
	SELECT id, 'test', 'rc_t', sha256('rc_only_read'), '{volumes:read}', now() + interval '1 hour' FROM person WHERE login = 'op-a'`);

const server = await startServer(program, ['serve', '--port', '0', '--executors', '3'],
	{ match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });
const { url } = server;

const ask = (target, { as = 'op-a', ...options } = {}) => fetch(url + target,
	{ ...options, headers: { ...(as ? { Authorization: `Bearer rc_${as}` } : {}), ...options.headers } });
const post = (line, { as, key, target = '/api/volumes', type = 'application/json' } = {}) => ask(target, {
	as, method: 'POST', body: typeof line === 'string' ? line : JSON.stringify(line),
	headers: { 'Content-Type': type, ...(key ? { 'Idempotency-Key': key } : {}) },
});
const batch = async (text, type = 'text/csv', options = {}) => {
	const answer = await post(text, { target: '/api/volumes/batch', type, ...options });
	assert.equal(answer.status, 200, await answer.clone().text());
	return answer.json();
};
const json = async (target, options) => {
	const answer = await ask(target, options);
	assert.equal(answer.status, 200, `${target}: ${await answer.clone().text()}`);
	return answer.json();
};

async function assertProblem(answer, status, said) {
	assert.equal(answer.status, status, await answer.clone().text());
	const problem = await answer.json();
	if (said)
		assert.match(problem.detail, said);
	assert.doesNotMatch(problem.detail, /syntax|relation|SELECT|base de données|operator/i, 'it shows our insides');
}

async function assertVerdict(answer, status, verdict, said) {
	assert.equal(answer.status, status, await answer.clone().text());
	const said_ = await answer.json();
	assert.equal(said_.verdict, verdict);
	if (said)
		assert.match(said_.reason, said);
	else
		assert.equal(said_.reason, undefined);
	return said_;
}

const daysAgo = (n) => new Date(Date.now() - n * 86400e3).toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' });
let serial = 0;
const newId = () => `T-${++serial}`;
const good = (more = {}) => ({ publicId: newId(), flow: 'pam', wasteCode: '20 01 35*', receptionDate: daysAgo(3),
	weightValue: 1.25, weightIsEstimate: false, initialEmitterMunicipalitiesInseeCodes: ['18033'], ...more });
const lineOf = (id) => json(`/api/volumes/${id}`);

test('records_a_line_and_says_where', async () => {
	const line = good({ operationCode: 'R 4', transporter1CompanyOrgId: '35600000000048', point: 7 });
	const answer = await post(line);
	const { id, version } = await assertVerdict(answer.clone(), 201, 'created');
	assert.equal(answer.headers.get('location'), `/api/volumes/${id}`);
	assert.equal(version, 1);
	const read = await lineOf(id);
	assert.equal(read.publicId, line.publicId);
	assert.equal(read.weightValue, 1.25);
	assert.equal(read.wasteCode, '20 01 35*');
	assert.equal(read.operationCode, 'R4');
	assert.equal(read.channel, 'api');
	assert.equal(read.versions.length, 1);
});

test('the_same_line_again_is_unchanged_and_another_content_is_not_taken', async () => {
	const line = good();
	const { id } = await assertVerdict(await post(line), 201, 'created');
	await assertVerdict(await post(line), 200, 'unchanged');
	await assertVerdict(await post({ ...line, wasteCode: '200135' }), 200, 'unchanged');
	await assertVerdict(await post({ ...line, weightValue: 2 }), 200, 'unchanged', /autre contenu.*EDIT/);
	assert.equal((await lineOf(id)).weightValue, 1.25);
});

test('a_correction_keeps_what_was_said_before', async () => {
	const line = good();
	const { id } = await assertVerdict(await post(line), 201, 'created');
	await assertVerdict(await post({ ...line, reason: 'EDIT' }), 200, 'unchanged');
	const edited = await assertVerdict(await post({ ...line, weightValue: 2, reason: 'EDIT' }), 200, 'edited');
	assert.deepEqual([edited.id, edited.version], [id, 2]);
	await assertVerdict(await post({ ...line, weightValue: 3, reason: 'MODIFIER' }), 200, 'edited');
	const read = await lineOf(id);
	assert.equal(read.weightValue, 3);
	assert.deepEqual(read.versions.map((v) => [v.version, v.weightValue]), [[3, 3], [2, 2], [1, 1.25]]);
});

test('a_cancelled_line_is_kept_and_stays_cancelled', async () => {
	const line = good();
	const { id } = await assertVerdict(await post(line), 201, 'created');
	await assertVerdict(await post({ publicId: line.publicId, reason: 'CANCEL' }), 200, 'cancelled');
	await assertVerdict(await post({ publicId: line.publicId, reason: 'CANCEL' }), 200, 'unchanged', /déjà annulée/);
	await assertVerdict(await post(line), 200, 'unchanged', /a été annulée/);
	await assertProblem(await post({ ...line, reason: 'EDIT' }), 422, /a été annulée, elle ne se corrige plus/);
	const read = await lineOf(id);
	assert.deepEqual([read.state, read.version, read.weightValue], ['cancelled', 2, 1.25]);
	assert.deepEqual(read.versions.map((v) => v.state), ['cancelled', 'recorded']);
});

test('what_comes_out_of_order_is_refused_and_can_be_sent_again', async () => {
	const line = good(), edit = { ...line, weightValue: 2, reason: 'EDIT' };
	await assertProblem(await post(edit), 422, /aucune ligne « T-\d+ » n’est enregistrée.*corriger/);
	await assertProblem(await post({ publicId: line.publicId, reason: 'CANCEL' }), 422, /rien à annuler/);
	await assertVerdict(await post(line), 201, 'created');
	await assertVerdict(await post(edit), 200, 'edited');
	await assertVerdict(await post(line), 200, 'unchanged', /autre contenu/); // the original, late
});

for (const [promise, more, said] of [
	['a_day_to_come', { receptionDate: daysAgo(-1) }, /receptionDate.*est dans le futur/],
	['a_day_long_past', { receptionDate: daysAgo(560) }, /receptionDate.*plus de 18 mois/],
	['a_code_that_is_no_weee', { wasteCode: '17 02 01' }, /wasteCode.*« 17 02 01 » n’est pas un code de DEEE/],
	['a_code_of_another_stream', { wasteCode: '20 01 21' }, /n’est pas un code du flux pam \(16 02 13, 16 02 14, 20 01 35, 20 01 36\)/],
	['a_code_of_several_streams_alone', { flow: null }, /flow.*plusieurs flux \(ecrans, pam\)/],
	['an_unknown_stream', { flow: 'ballons' }, /« ballons » n’est pas un flux/],
	['an_unknown_point', { point: 99999999 }, /le point 99999999 n’existe pas/],
	['an_unknown_commune', { initialEmitterMunicipalitiesInseeCodes: ['18033', '45999'] }, /« 45999 » n’est pas le code d’une commune/],
	['too_much_for_the_road', { weightValue: 40.001 }, /40 t/],
	['nowhere', { initialEmitterMunicipalitiesInseeCodes: [] }, /d’où vient le chargement/],
	['a_bad_siret', { reportForCompanySiret: '73282932000075' }, /« 73282932000075 ».*clé/],
])
	test(`refuses_${promise}_in_plain_words`, async () => {
		const line = good(more);
		await assertProblem(await post(line), 422, said);
		assert.equal(psql(`SELECT count(*) FROM line WHERE public_id = '${line.publicId}'`), '0');
	});

test('takes_the_only_stream_of_a_code_and_today', async () => {
	const { id } = await assertVerdict(await post(good({ flow: undefined, wasteCode: '200123', receptionDate: daysAgo(0) })), 201, 'created');
	assert.equal((await lineOf(id)).flow, 'gem_froid');
});

test('a_line_recorded_long_ago_is_still_unchanged', async () => {
	const line = good();
	await post(line);
	psql(`SET session_replication_role = replica; UPDATE line SET day = '2020-02-03' WHERE public_id = '${line.publicId}'`);
	await assertVerdict(await post({ ...line, receptionDate: '2020-02-03' }), 200, 'unchanged');
});

test('refuses_what_is_no_line', async () => {
	await assertProblem(await post('{'), 400, /JSON/);
	await assertProblem(await post('[]'), 400, /objet JSON/);
	await assertProblem(await post(''), 400);
	await assertProblem(await post(good(), { type: 'text/plain' }), 415);
	await assertProblem(await post('x', { target: '/api/volumes/batch' }), 415);
	await assertProblem(await post(`{"publicId": "${'x'.repeat(70000)}"}`), 413);
	await assertProblem(await post('a;b\n1;2\n', { target: '/api/volumes/batch', type: 'text/csv' }), 422, /publicId/);
	await assertProblem(await post('\n'.repeat(10001), { target: '/api/volumes/batch', type: 'application/x-ndjson' }), 413, /10000/);
});

// ---- Who may ----

test('without_an_account_or_the_right_nothing_is_recorded_or_seen', async () => {
	for (const target of ['/api/volumes', '/api/volumes/1', '/api/volumes.csv', '/api/volumes/form'])
		await assertProblem(await ask(target, { as: null }), 401);
	await assertProblem(await post(good(), { as: null }), 401);
	await assertProblem(await post('id\nx\n', { as: null, target: '/api/volumes/batch', type: 'text/csv' }), 401);
	for (const as of ['reader', 'planner', 'only_read'])
		await assertProblem(await post(good(), { as }), 403);
});

test('an_organisation_sees_its_own_lines_alone', async () => {
	const line = good();
	const mine = await assertVerdict(await post(line), 201, 'created');
	const theirs = await assertVerdict(await post({ ...line, weightValue: 9 }, { as: 'op-b' }), 201, 'created');
	assert.notEqual(mine.id, theirs.id);
	await assertProblem(await ask(`/api/volumes/${theirs.id}`), 404, /Cette ligne n’existe pas/);
	await assertProblem(await ask(`/api/volumes/${mine.id}`, { as: 'op-b' }), 404);
	const list = await json('/api/volumes?limit=1000');
	assert.ok(list.volumes.length > 5);
	assert.deepEqual(new Set(list.volumes.map((v) => v.organisation)), new Set([1]));
	assert.ok(!(await (await ask('/api/volumes.csv', { as: 'op-b' })).text()).includes('SIVOM'));
	assert.equal((await json('/api/volumes?organisation=1', { as: 'reader' })).volumes.length > 0, true);
	await assertProblem(await ask('/api/volumes?organisation=2'), 403);
});

test('a_planner_sees_the_lines_of_the_mandate_and_it_is_known', async () => {
	await post(good({ initialEmitterMunicipalitiesInseeCodes: ['45234'] }), { as: 'op-b' }); // Orléans: not the Cher
	const last = psql(`SELECT coalesce(max(seq), 0) FROM audit WHERE organisation = 3`);
	const { volumes } = await json('/api/volumes?limit=1000', { as: 'planner' });
	assert.deepEqual(new Set(volumes.map((v) => v.organisationName)), new Set(['SIVOM', 'Recyclerie']));
	assert.ok(volumes.every((v) => v.initialEmitterMunicipalitiesInseeCodes.includes('18033')));
	await ask('/api/volumes.csv?organisation=2', { as: 'planner' });
	await ask(`/api/volumes/${volumes[0].id}`, { as: 'planner' });
	const elsewhere = psql(`SELECT id FROM line WHERE municipalities = '{45234}' AND organisation = 2 LIMIT 1`);
	await assertProblem(await ask(`/api/volumes/${elsewhere}`, { as: 'planner' }), 404);
	assert.deepEqual(JSON.parse(psql(`SELECT json_agg(json_build_array(action, person, about) ORDER BY seq) FROM audit
		WHERE organisation = 3 AND seq > ${last}`)),
	[['lines.read', 4, [2, 1]], ['lines.export', 4, [2]], ['lines.read', 4, [volumes[0].organisation]]]);
	// Those whose lines were read see by whom; others do not.
	const seenBy = (organisation) => psql(`SET ROLE recircuit_app; SET app.organisation = '${organisation}';
		SELECT count(*) FROM audit WHERE organisation = 3`);
	assert.ok(Number(seenBy(2)) >= 2);
	psql('INSERT INTO organisation (name, kind) VALUES (\'Autre\', \'other\')');
	assert.equal(seenBy(4), '0');
});

test('the_database_holds_the_wall_whatever_is_asked', () => {
	const as = (role, organisation, sql) => psql(`SET ROLE recircuit_app; SET app.role = '${role}'; SET app.person = '1';
		SET app.organisation = '${organisation}'; ${sql}`);
	const refused = (words, ...asked) => assert.throws(() => as(...asked), words);
	for (const table of ['line', 'line_version', 'line_history', 'audit', 'idempotency'])
		assert.equal(as('public', '', `SELECT count(*) FROM ${table}`), '0', table);
	assert.equal(as('operator', 2, 'SELECT count(*) FROM line WHERE organisation <> 2'), '0');
	assert.equal(as('reader', 1, 'WITH x AS (UPDATE line SET version = version + 1 RETURNING 1) SELECT count(*) FROM x'), '0');
	assert.equal(as('operator', 2, 'WITH x AS (UPDATE line SET version = version + 1 WHERE organisation = 1 RETURNING 1) SELECT count(*) FROM x'), '0');
	const insert = (organisation) => `INSERT INTO line (organisation, public_id, communes, flow, low_code, day, weight_kg, is_estimate, channel, entry, digest)
		VALUES (${organisation}, 'X', '{18033}', 'pam', '20 01 35', '2026-01-01', 1, true, 'api', 1, '')`;
	refused(/row-level security/, 'operator', 2, insert(1));
	refused(/row-level security/, 'reader', 1, insert(1));
	refused(/line_entry_fkey/, 'operator', 2, insert(2).replace('\'api\', 1', '\'api\', 999999')); // no line without its entry
	refused(/permission denied/, 'operator', 1, 'DELETE FROM line');
	refused(/permission denied/, 'operator', 1, 'INSERT INTO line_version SELECT * FROM line');
	refused(/permission denied/, 'operator', 1, 'UPDATE audit SET person = 2');
	refused(/permission denied/, 'operator', 1, 'SELECT * FROM audit_head');
	refused(/permission denied/, 'operator', 1, 'UPDATE idempotency SET answer = \'\'');
	refused(/nouvelle version/, 'operator', 1, 'UPDATE line SET weight_kg = 1');
	refused(/nouvelle version/, 'operator', 1, 'UPDATE line SET public_id = \'Y\', version = version + 1 WHERE id = 1');
});

// ---- Files ----

test('a_french_file_has_a_verdict_a_line_and_its_good_lines_are_kept', async () => {
	const ids = [newId(), newId(), newId(), newId()];
	const day = daysAgo(2).split('-').reverse().join('/');
	const { lines, ...counts } = await batch('\uFEFFIdentifiant unique;Motif;Flux;Code déchet;Date de réception;Poids en tonnes;Type de poids;Code(s) INSEE de(s) commune(s);Commentaire\r\n'
		+ `${ids[0]};;pam;20 01 35*;${day};1,5;REEL;18033,45234;"a;b"\r\n`
		+ `${ids[1]};;pam;20 01 35*;${day};41;REEL;18033;\r\n`
		+ `${ids[0]};;pam;20 01 35*;${day};1,5;REEL;18033,45234;\r\n`
		+ `${ids[0]};MODIFIER;pam;20 01 35*;${day};1,6;REEL;18033,45234;\r\n`
		+ `${ids[2]};;pam;20 01 35*;31/02/2026;1,5;REEL;18033;\r\n`
		+ 'trop court\r\n'
		+ `${ids[3]};;;20 01 23*;${day};0,001;ESTIMÉ;2A004;\r\n`
		+ `${ids[3]};ANNULER;;;;;;;\r\n`);
	assert.deepEqual(counts, { created: 2, unchanged: 1, edited: 1, cancelled: 1, rejected: 3 });
	assert.deepEqual(lines.map((l) => [l.line, l.publicId, l.verdict]), [[2, ids[0], 'created'], [3, ids[1], 'rejected'],
		[4, ids[0], 'unchanged'], [5, ids[0], 'edited'], [6, ids[2], 'rejected'], [7, undefined, 'rejected'],
		[8, ids[3], 'created'], [9, ids[3], 'cancelled']]);
	assert.match(lines[1].reason, /« weightValue ».*41 t/);
	assert.match(lines[4].reason, /« 31\/02\/2026 » n’est pas une date/);
	assert.match(lines[5].reason, /1 cellule au lieu de 9/);
	const read = await lineOf(lines[0].id);
	assert.deepEqual([read.weightValue, read.version, read.channel], [1.6, 2, 'api']);
	assert.deepEqual(read.initialEmitterMunicipalitiesInseeCodes, ['18033', '45234']);
});

test('a_plain_file_and_json_lines_read_alike', async () => {
	const [a, b, c] = [newId(), newId(), newId()];
	const plain = await batch(`id,flux,code,date,tonnes,estime,communes\n${a},pam,200135,${daysAgo(2)},1.5,0,18033\n${b},,200135,${daysAgo(2)},1.5,0,18033\n`);
	assert.deepEqual(plain.lines.map((l) => l.verdict), ['created', 'rejected']);
	assert.match(plain.lines[1].reason, /plusieurs flux/);
	const lines = await batch([JSON.stringify(good({ publicId: c })), '', 'oups', JSON.stringify(good({ publicId: a, receptionDate: daysAgo(2), weightValue: 1.5 })),
		JSON.stringify({ publicId: c, reason: 'CANCEL' })].join('\n'), 'application/x-ndjson');
	assert.deepEqual(lines.lines.map((l) => [l.line, l.verdict]), [[1, 'created'], [3, 'rejected'], [4, 'unchanged'], [5, 'cancelled']]);
	assert.equal(lines.lines[2].reason, undefined, 'CSV and JSON make the same content');
});

test('ten_thousand_lines_are_kept_and_sent_again_change_nothing', async () => {
	const file = ['id;flux;code;date;tonnes;estime;communes;transporteur'];
	for (let i = 0; i < 10000; i++)
		file.push(`M-${i};pam;200135;${daysAgo(i % 300)};${(1 + i % 9999) / 1000};${i % 2};18033;Société n° ${i % 40}`);
	const first = await batch(file.join('\n'), 'text/csv; charset=utf-8', { as: 'op-b' });
	assert.equal(first.created, 10000);
	assert.equal(first.lines[9999].line, 10001);
	const again = await batch(file.join('\n'), 'text/csv', { as: 'op-b' });
	assert.equal(again.unchanged, 10000);
	assert.ok(again.lines.every((l) => !l.reason));
	assert.equal(psql(`SELECT count(DISTINCT entry) FROM line WHERE public_id LIKE 'M-%'`), '1', 'one entry a file');
	await assertProblem(await post(`${file.join('\n')}\nM;pam\nN;pam\n`, { as: 'op-b', target: '/api/volumes/batch', type: 'text/csv' }), 413, /lignes/);
});

// ---- Sent again ----

test('the_same_key_is_answered_as_it_was', async () => {
	const line = good(), key = `k-${newId()}`;
	const first = await post(line, { key }), again = await post(line, { key });
	assert.equal(first.headers.get('idempotency-replayed'), null);
	assert.equal(again.headers.get('idempotency-replayed'), 'true');
	assert.deepEqual([again.status, again.headers.get('location'), await again.text()],
		[201, first.headers.get('location'), await first.text()]);
	await assertProblem(await post({ ...line, weightValue: 2 }, { key }), 422, /a déjà servi à une autre demande/);
	await assertVerdict(await post(line, { key, as: 'op-b' }), 201, 'created'); // a key is its organisation's
	await assertProblem(await post(line, { key: 'x'.repeat(201) }), 400, /Idempotency-Key/);
	await assertProblem(await post(line, { key: 'a b' }), 400, /Idempotency-Key/);
});

test('what_was_refused_can_be_mended_under_the_same_key', async () => {
	const key = `k-${newId()}`, line = good();
	await assertProblem(await post({ ...line, weightValue: 99 }, { key }), 422, /99 t/);
	await assertVerdict(await post(line, { key }), 201, 'created');
});

test('a_file_sent_again_is_answered_as_it_was', async () => {
	const key = `k-${newId()}`, file = `id;flux;code;date;tonnes;estime;communes\n${newId()};pam;200135;${daysAgo(1)};1;0;18033\n`;
	const first = await batch(file, 'text/csv', { key });
	assert.equal(first.created, 1);
	assert.deepEqual(await batch(file, 'text/csv', { key }), first);
	await assertProblem(await post(`${file}x\n`, { key, target: '/api/volumes/batch', type: 'text/csv' }), 422, /autre demande/);
});

test('the_same_request_many_times_at_once_is_one_line_and_one_answer', async () => {
	const line = good(), key = `k-${newId()}`;
	const answers = await Promise.all(Array.from({ length: 30 }, () => post(line, { key })));
	const texts = new Set(await Promise.all(answers.map((a) => a.text())));
	assert.deepEqual(new Set(answers.map((a) => a.status)), new Set([201]));
	assert.equal(texts.size, 1);
	const others = await Promise.all(Array.from({ length: 30 }, () => post(line)));
	assert.ok(others.every((a) => a.status === 200));
	assert.equal(psql(`SELECT count(*) FROM line_history WHERE public_id = '${line.publicId}' AND organisation = 1`), '1');
	const mixed = await Promise.all(Array.from({ length: 20 }, (_, i) => post({ ...line, publicId: `${line.publicId}-${i % 2}` }, { key: `${key}-2` })));
	const statuses = mixed.map((a) => a.status).sort();
	assert.deepEqual(new Set(statuses), new Set([201, 422]), 'one key, two requests: the second is refused');
	assert.equal(psql(`SELECT count(*) FROM line WHERE public_id LIKE '${line.publicId}-%' AND organisation = 1`), '1');
});

test('many_at_once_are_each_answered_by_themselves', async () => {
	const asked = Array.from({ length: 120 }, (_, i) => ({
		as: ['op-a', 'op-b', 'op-a2', 'reader', 'nobody'][i % 5],
		line: i % 7 ? good() : good({ weightValue: 0 }),
	}));
	const answers = await Promise.all(asked.map(({ line, as }) => post(line, { as })));
	for (const [i, { line, as }] of asked.entries()) {
		const expected = as === 'reader' ? 403 : as === 'nobody' ? 401 : line.weightValue ? 201 : 422;
		assert.equal(answers[i].status, expected, `${as} ${JSON.stringify(line)}`);
		if (expected === 201)
			assert.equal((await answers[i].json()).publicId, line.publicId);
		const person = { 'op-a': 1, 'op-b': 2, 'op-a2': 5 }[as];
		assert.equal(psql(`SELECT created_by || ' ' || organisation FROM line WHERE public_id = '${line.publicId}'`),
			expected === 201 ? `${person} ${as === 'op-b' ? 2 : 1}` : '');
	}
});

// ---- Lists and files ----

test('pages_through_every_line_once', async () => {
	const all = (await json('/api/volumes?limit=1000')).volumes.map((v) => v.id);
	const seen = [];
	for (let target = '/api/volumes?limit=7&from=2000-01-01'; target;) {
		const { volumes, links } = await json(target);
		seen.push(...volumes.map((v) => v.id));
		target = links[0]?.href;
		if (seen.length === 7)
			await post(good()); // what comes in the meantime stands before the first page
	}
	assert.deepEqual(seen, all);
	assert.deepEqual(seen, [...seen].sort((a, b) => b - a));
});

test('filters_are_held_to_what_they_say', async () => {
	const line = good({ flow: 'ecrans', receptionDate: daysAgo(100), point: 11 });
	const { id } = await assertVerdict(await post(line), 201, 'created');
	const only = async (query) => (await json(`/api/volumes?limit=1000&${query}`)).volumes;
	assert.deepEqual((await only(`publicId=${line.publicId}`)).map((v) => v.id), [id]);
	assert.ok((await only('flow=ecrans')).every((v) => v.flow === 'ecrans'));
	assert.deepEqual((await only(`from=${daysAgo(101)}&to=${daysAgo(99)}&flow=ecrans`)).map((v) => v.id), [id]);
	assert.deepEqual((await only('point=11')).map((v) => v.id), [id]);
	assert.ok((await only('state=cancelled')).every((v) => v.state === 'cancelled'));
	assert.ok((await only('departement=18')).length > 0);
	assert.equal((await only('departement=75')).length, 0);
	for (const query of ['from=2026-02-30', 'state=x', 'limit=0', 'limit=1001', 'nope=1', 'after=0'])
		await assertProblem(await ask(`/api/volumes?${query}`), 400);
});

test('a_spreadsheet_runs_nothing_of_what_was_declared', async () => {
	const bait = ['=CMD()', '+1', '-1', '@SUM(A1)', 'honnête'];
	for (const name of bait)
		await assertVerdict(await post(good({ flow: 'pv', wasteCode: '160214', transporter1CompanyName: name, reportForCompanyName: name, wasteDescription: name })), 201, 'created');
	for (const layout of ['plain', 'rndts']) {
		const answer = await ask(`/api/volumes.csv?flow=pv&layout=${layout}`);
		const bytes = Buffer.from(await answer.arrayBuffer());
		assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
		const text = bytes.toString('utf8');
		assert.match(answer.headers.get('content-disposition'), /attachment; filename="recircuit-volumes/);
		assert.match(text, /;1,25;/);
		const cells = text.slice(1).split(/[;\r\n]+/).map((c) => c.replace(/^"/, ''));
		assert.deepEqual(cells.filter((c) => /^[=+@\t\r-]/.test(c)), []);
		assert.ok(cells.includes('\'=CMD()'));
		// What we export we import: nothing is new in it.
		const back = await batch(text, 'text/csv');
		if (layout === 'plain')
			assert.deepEqual(back.lines.map((l) => [l.verdict, l.reason]), bait.map(() => ['unchanged', undefined]));
	}
});

test('the_register_s_layout_has_its_columns_and_its_reasons', async () => {
	const kept = good({ flow: 'lampes', wasteCode: '200121', operationCode: 'R4', operationMode: 'RECYCLAGE', wastePop: false });
	const edited = good({ flow: 'lampes', wasteCode: '200121' }), dropped = good({ flow: 'lampes', wasteCode: '200121' });
	for (const line of [kept, edited, dropped, { ...edited, reason: 'EDIT', weightValue: 0.5 }, { publicId: dropped.publicId, reason: 'CANCEL' }])
		assert.ok((await post(line)).ok);
	const rows = (await (await ask('/api/volumes.csv?flow=lampes&layout=rndts')).text()).trim().split('\r\n').map((r) => r.split(';'));
	const [head, ...lines] = rows;
	assert.equal(head.length, 102);
	assert.ok(rows.every((r) => r.length === 102));
	const cell = (line, name) => line[head.indexOf(name)];
	assert.deepEqual(lines.map((l) => [cell(l, 'Motif'), cell(l, 'Identifiant unique')]),
		[['ANNULER', dropped.publicId], ['MODIFIER', edited.publicId], ['', kept.publicId]]);
	assert.deepEqual(['Code déchet', 'Poids en tonnes', 'Type de poids', 'POP', 'Code de traitement réalisé', 'Mode de traitement', 'Raison sociale du transporteur n°5']
		.map((n) => cell(lines[2], n)), ['20 01 21*', '1,25', 'REEL', 'NON', 'R 4', 'RECYCLAGE', '']);
});

test('the_entry_page_has_what_it_needs_offline', async () => {
	const form = await json('/api/volumes/form');
	assert.equal(form.organisation.name, 'SIVOM');
	assert.deepEqual(form.flows.map((f) => f.id), ['gem_froid', 'gem_hors_froid', 'ecrans', 'pam', 'lampes', 'pv']);
	assert.ok(form.flows[0].codes.some((c) => c.code === '20 01 23*'));
	assert.ok(form.points.some((p) => p.id === 11 && p.commune));
	assert.equal(form.lines.length, 10);
	assert.equal(form.newest, daysAgo(0));
	assert.ok(form.carriers.length && form.destinations.length);
	assert.ok(form.fields.some((f) => f.name === 'weightValue' && f.required));
	const empty = await json('/api/volumes/form', { as: 'op-b' });
	assert.ok(empty.lines.every((l) => l.organisation === 2));
});

await runAll('volumes');
