// Who somebody is: sessions, passwords, tokens; and accounts, made and changed on the page and from the command line.
//	build/release/tests/with_cluster build/release/tests/var tests/http/run build/release
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, runAll, sleep, startServer, test } from './lib.mjs';
import {
	PASSWORD, ROLES, assertProblem, call, calm, cookieOf, database, env, idOf, leaveNothing, login, ours,
	program, psql, recircuit, server, session, sessions, sha256, theirs, url, who,
} from './people.mjs';

// ---- Sessions ----

test('connects_and_says_who_is_connected', async () => {
	const visitor = await (await call('GET', '/api/session')).json();
	assert.deepEqual(visitor, { person: null, organisation: null, role: 'public' });
	const answer = await login('Planner.A'); // as people type it
	assert.equal(answer.status, 201, await answer.clone().text());
	assert.equal(answer.headers.get('cache-control'), 'no-store');
	assert.match(answer.headers.get('set-cookie'), /^recircuit_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
	const said = await answer.json();
	assert.deepEqual(said, {
		person: { id: idOf('planner.a'), name: 'planner.a', login: 'planner.a', role: 'planner' },
		organisation: { id: ours, name: 'Nous', kind: 'operator' },
		role: 'planner',
	});
	const cookie = cookieOf(answer);
	assert.deepEqual(await (await call('GET', '/api/session', { cookie })).json(), said);
	assert.equal((await call('POST', '/api/scenarios/1/runs', { cookie, body: {} })).status, 202);
});

test('keeps_no_secret_at_rest', async () => {
	const secret = cookieOf(await login('reader.a')).split('=')[1];
	const token = recircuit(['token', 'create', 'reader.a', '-n', 'x', '-s', 'volumes:read']).trim();
	assert.match(token, /^rc_[\w-]{43}$/);
	const dump = execFileSync('pg_dump', ['--data-only', '-t', 'session', '-t', 'token', '-t', 'person', '-t', 'throttle', '-d', database.conninfo], { encoding: 'utf8' });
	for (const text of [secret, token, PASSWORD])
		assert.ok(!dump.includes(text));
	assert.ok(dump.includes(sha256(secret)) && dump.includes(sha256(token)));
	assert.match(psql("SELECT string_agg(DISTINCT substr(password_hash, 1, 31), ' ') FROM person"), /^\$argon2id\$v=19\$m=47104,t=2,p=1\$$/);
});

test('a_session_planted_by_somebody_else_is_never_taken_up', async () => {
	const planted = `recircuit_session=${randomBytes(32).toString('base64url')}`;
	const first = cookieOf(await login('planner.a', PASSWORD, { cookie: planted }));
	assert.notEqual(first, planted);
	assert.equal(await who(planted), null);
	const second = cookieOf(await login('planner.a', PASSWORD, { cookie: first }));
	assert.notEqual(second, first);
	assert.deepEqual([await who(first), await who(second)], [null, 'planner.a'], 'the old one is over');
});

test('disconnects', async () => {
	const cookie = session('reader.a');
	const answer = await call('DELETE', '/api/session', { cookie });
	assert.equal(answer.status, 204);
	assert.match(answer.headers.get('set-cookie'), /^recircuit_session=; Path=\/; Max-Age=0;/);
	assert.equal(await who(cookie), null);
	assert.equal((await call('DELETE', '/api/session')).status, 204, 'nobody may too');
});

test('a_session_ends_when_it_rests_and_when_it_is_old', async () => {
	const [idle, old, good] = sessions('reader.a', 3);
	const of = (cookie) => `secret_hash = '\\x${sha256(cookie.split('=')[1])}'`;
	psql(`UPDATE session SET seen_at = now() - idle - interval '1 second' WHERE ${of(idle)};
		UPDATE session SET expires_at = now() - interval '1 second' WHERE ${of(old)}`);
	assert.deepEqual([await who(idle), await who(old), await who(good)], [null, null, 'reader.a']);
	psql(`UPDATE session SET seen_at = now() - interval '30 minutes' WHERE ${of(good)}`);
	assert.equal(await who(good), 'reader.a');
	assert.equal(psql(`SELECT now() - seen_at < '10 seconds' FROM session WHERE ${of(good)}`), 't', 'its use is noted');
	const limits = psql("SELECT idle, expires_at - created_at FROM session WHERE person = (SELECT id FROM person WHERE login = 'planner.a') ORDER BY id DESC LIMIT 1");
	assert.equal(limits, '12:00:00|7 days');
	await login('reader.a');
	assert.equal(psql(`SELECT count(*) FROM session WHERE ${of(idle)} OR ${of(old)}`), '0', 'what is over is cleared out');
});

test('holds_at_most_twenty_sessions_a_person', async () => {
	sessions('reader.a', 30);
	await login('reader.a');
	assert.equal(psql(`SELECT count(*) FROM session WHERE person = ${idOf('reader.a')}`), '20');
});

test('a_page_of_elsewhere_cannot_act_for_somebody_who_is_connected', async () => {
	const cookie = session('planner.a');
	const post = (headers) => fetch(`${url}/api/scenarios/1/runs`, { method: 'POST', headers: { Cookie: cookie, ...headers } });
	for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { 'Sec-Fetch-Site': 'none' },
		{ Origin: 'http://evil.example' }, { Origin: 'null' }, { Origin: url.replace('http:', 'https:') }, { Origin: `${url}.evil.example` },
		{ Origin: url, 'Sec-Fetch-Site': 'cross-site' }, {}])
		await assertProblem(await post(headers), 403, /ne vient pas d’une page de ce service/);
	for (const headers of [{ 'Sec-Fetch-Site': 'same-origin' }, { Origin: url }])
		assert.equal((await post(headers)).status, 202);
	await assertProblem(await login('planner.a', PASSWORD, { headers: { 'Sec-Fetch-Site': 'cross-site' } }), 403);
	assert.equal((await fetch(`${url}/api/scenarios`, { headers: { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' } })).status, 200, 'reading is free');
	assert.equal((await fetch(`${url}/api/scenarios/1/runs`, { method: 'POST', headers: { Cookie: cookie, Origin: url, 'X-Forwarded-Proto': 'https' } })).status, 202,
		'no proxy is believed unasked');
});

test('refuses_headers_that_two_readers_could_read_differently', async () => {
	for (const name of ['Cookie', 'Authorization', 'Origin', 'Sec-Fetch-Site', 'Idempotency-Key', 'Host']) {
		const c = await connect(server.port);
		c.write(`GET /api/session HTTP/1.1\r\n${name === 'Host' ? '' : 'Host: x\r\n'}${name}: a\r\n${name}: b\r\n\r\n`);
		await c.until(() => c.text.includes('\r\n\r\n'));
		assert.match(c.text, /^HTTP\/1.1 400/, name);
		c.socket.destroy();
	}
});

test('behind_a_proxy_believes_what_it_says_of_the_client', async () => {
	const proxied = await startServer(program, ['serve', '--port', '0', '--behind-proxy'],
		{ match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });
	const headers = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '198.51.100.1, 203.0.113.9', Origin: `https://127.0.0.1:${proxied.port}` };
	const answer = await login('reader.a', PASSWORD, { at: proxied.url, headers });
	assert.equal(answer.status, 201, await answer.clone().text());
	assert.match(answer.headers.get('set-cookie'), /; Secure$/);
	await login('reader.a', 'ce n’est pas lui', { at: proxied.url, headers });
	assert.equal(psql("SELECT subject FROM throttle WHERE subject LIKE 'address:%'"), 'address:203.0.113.9');
	await assertProblem(await login('reader.a', PASSWORD, { at: proxied.url, headers: { ...headers, Origin: `http://127.0.0.1:${proxied.port}` } }), 403);
	calm();
	await login('reader.a', 'ce n’est pas lui', { at: proxied.url, headers: { ...headers, 'X-Forwarded-For': '2001:db8:1:2:3:4:5:6' } });
	assert.equal(psql("SELECT subject FROM throttle WHERE subject LIKE 'address:%'"), 'address:2001:db8:1:2::/64', 'who has one address has them all');
	calm();
	assert.equal(await proxied.stop(), 0);
});

// ---- Passwords ----

test('a_new_password_ends_every_other_session', async () => {
	const [here, elsewhere] = sessions('reader.b', 2);
	const change = (cookie, current, password) => call('POST', '/api/session/password', { cookie, body: { current, password } });
	await assertProblem(await change(here, PASSWORD, 'court'), 422, /12 caractères/);
	await assertProblem(await change(here, PASSWORD, 'a'.repeat(20)), 422, /se devine/);
	await assertProblem(await change(here, PASSWORD, 'xxxREADER.Bxxx'), 422, /se devine/);
	await assertProblem(await change(here, 'ce n’est pas lui', 'un autre mot de passe'), 403, /actuel/);
	assert.deepEqual([await who(here), await who(elsewhere)], ['reader.b', 'reader.b']);
	const answer = await change(here, PASSWORD, 'un autre mot de passe');
	assert.equal(answer.status, 204, await answer.clone().text());
	assert.deepEqual([await who(here), await who(elsewhere), await who(cookieOf(answer))], [null, null, 'reader.b']);
	await assertProblem(await login('reader.b'), 401);
	assert.equal((await login('reader.b', 'un autre mot de passe')).status, 201);
	recircuit(['user', 'password', 'reader.b', '--password-stdin'], `${PASSWORD}\n`);
	assert.equal(await who(cookieOf(answer)), null, 'nor does it outlive a change from the command line');
	assert.equal((await login('reader.b')).status, 201);
	calm();
});

test('guessing_takes_longer_and_longer_and_is_the_same_for_nobody', async () => {
	calm();
	for (const name of ['operator.a', 'nobody.at.all']) {
		const waits = [];
		for (let n = 0; n < 8; n++) {
			await assertProblem(await login(name, `essai numéro ${n}`), 401, /^Identifiant ou mot de passe incorrect\.$/);
			waits.push(Number(psql(`SELECT round(extract(epoch FROM until - last_at)) FROM throttle WHERE subject = 'login:\\x${sha256(name)}'`)));
			psql('UPDATE throttle SET until = now()');
		}
		assert.deepEqual(waits, [0, 0, 0, 0, 1, 2, 4, 8], name);
		for (const [wait, retry, said] of [['40 seconds', /^(40|39)$/, /Réessayez dans \d+ secondes\.$/], ['6 minutes 30 seconds', /^(390|389)$/, /Réessayez dans 7 minutes\.$/]]) {
			psql(`UPDATE throttle SET until = clock_timestamp() + interval '${wait}'`);
			const answer = await login(name, PASSWORD); // the good one waits too
			assert.match(answer.headers.get('retry-after'), retry);
			const problem = await assertProblem(answer, 429, said);
			assert.equal(problem.title, 'Trop d’essais');
		}
		psql('UPDATE throttle SET until = now()');
	}
	assert.equal((await login('operator.a')).status, 201);
	assert.equal(psql(`SELECT count(*) FROM throttle WHERE subject = 'login:\\x${sha256('operator.a')}'`), '0', 'a good password is a fresh start');
	assert.equal(psql("SELECT failures FROM throttle WHERE subject = 'address:127.0.0.1'"), '16', 'and costs the address nothing');
	psql('UPDATE throttle SET failures = 5000, until = now()');
	await assertProblem(await login('nobody.at.all'), 401);
	assert.equal(psql('SELECT extract(epoch FROM max(until - last_at))::integer FROM throttle'), '900', 'never more than a quarter of an hour');
	psql("UPDATE throttle SET last_at = now() - interval '25 hours', until = now() - interval '25 hours'");
	await assertProblem(await login('nobody.at.all'), 401);
	assert.equal(psql('SELECT max(failures) FROM throttle'), '1', 'forgotten after a day');
	calm();
});

test('an_address_is_slowed_down_whatever_names_it_tries', async () => {
	calm();
	for (let n = 0; n < 3; n++)
		await assertProblem(await login(`guess${n}`, PASSWORD), 401);
	psql("UPDATE throttle SET failures = failures + 16 WHERE subject LIKE 'address:%'");
	await assertProblem(await login('guess3', PASSWORD), 401);
	assert.equal(psql("SELECT failures, extract(epoch FROM until - last_at)::integer FROM throttle WHERE subject LIKE 'address:%'"), '20|1');
	psql("UPDATE throttle SET until = clock_timestamp() + interval '1 hour' WHERE subject LIKE 'address:%'");
	await assertProblem(await login('operator.a'), 429);
	assert.doesNotMatch(psql('SELECT string_agg(subject, $$ $$) FROM throttle'), /guess/, 'what was typed is not kept');
	calm();
});

test('guesses_sent_at_once_count_one_after_another', async () => {
	psql(`TRUNCATE throttle; INSERT INTO throttle (subject, failures, until) VALUES ('login:\\x${sha256('planner.a')}', 10, now())`);
	const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => login('planner.a', `essai numéro ${n}`)));
	const statuses = answers.map((a) => a.status).sort();
	assert.deepEqual(statuses, [401, ...Array(19).fill(429)], 'one is looked at, the others wait for a minute');
	calm();
});

/** Processor time of the service so far, ms: others on this machine do not count. */
const work = () => {
	const [utime, stime] = readFileSync(`/proc/${server.child.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number);
	return 10 * (utime + stime);
};

test('an_unknown_login_takes_as_much_work_as_a_wrong_password', async () => {
	recircuit(['user', 'disable', 'reader.b']);
	const names = { known: 'operator.a', unknown: 'nobody.at.all', disabled: 'reader.b' };
	const spent = { known: 0, unknown: 0, disabled: 0 };
	const bodies = new Set();
	for (let n = 0; n < 6; n++)
		for (const [kind, name] of Object.entries(names)) {
			calm();
			const before = work();
			const answer = await login(name, kind === 'disabled' ? PASSWORD : 'ce n’est pas lui');
			spent[kind] += work() - before;
			const { instance, ...problem } = await answer.json();
			bodies.add(JSON.stringify([answer.status, problem]));
		}
	recircuit(['user', 'enable', 'reader.b']);
	calm();
	assert.equal(bodies.size, 1, [...bodies].join('\n'));
	assert.ok(spent.known > 6 * 15, `a password takes ${spent.known / 6} ms`);
	for (const kind of ['unknown', 'disabled'])
		assert.ok(Math.abs(spent[kind] / spent.known - 1) < 0.35, JSON.stringify(spent));
});

test('the_line_for_passwords_is_short_and_others_do_not_stand_in_it', async () => {
	calm();
	const [looking, waiting, tooMany] = [2, 32, 10];
	const holder = spawn('psql', ['-Xq', '-d', database.conninfo], { stdio: ['pipe', 'ignore', 'ignore'] });
	holder.stdin.write('BEGIN; LOCK TABLE throttle IN ACCESS EXCLUSIVE MODE;\n');
	while (psql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'throttle'::regclass") === '0')
		await sleep(20);
	let refused = 0;
	const answers = Array.from({ length: looking + waiting + tooMany }, (_, n) => login(`flood${n}`).then((a) => {
		refused += a.status === 503;
		return a.status;
	}));
	const late = Date.now() + 4000; // each gives up waiting for the table after 5 s
	while (refused < tooMany && Date.now() < late)
		await sleep(20);
	assert.ok(refused >= tooMany && refused <= tooMany + looking, `${refused} refused`);
	assert.equal((await call('GET', '/api/scenarios')).status, 200, 'others go on');
	holder.stdin.end('ROLLBACK;\n');
	const statuses = await Promise.all(answers);
	assert.ok(statuses.every((s) => [401, 429, 503].includes(s)), statuses.join(' '));
	calm();
});

test('others_do_not_wait_while_passwords_are_looked_at', async () => {
	calm();
	const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
	const timed = async (ask) => {
		const begun = performance.now();
		const { status } = await ask();
		return { status, ms: performance.now() - begun };
	};
	let isDone = false;
	const flood = Promise.all(Array.from({ length: 18 }, (_, n) => timed(() => login(`flood${n}`)))).finally(() => { isDone = true; });
	const waits = [];
	while (!isDone) {
		const { status, ms } = await timed(() => call('GET', '/api/health'));
		assert.equal(status, 200);
		waits.push(ms);
		await sleep(5);
	}
	const logins = await flood;
	assert.ok(logins.every((l) => l.status === 401));
	const [others, passwords] = [median(waits), median(logins.map((l) => l.ms))];
	assert.ok(others < passwords / 3, `others ${others} ms, passwords ${passwords} ms`);
	calm();
});

// ---- Tokens ----

test('a_token_is_shown_once_and_works_until_it_is_revoked_or_old', async () => {
	const cookie = session('planner.a');
	const made = await call('POST', '/api/tokens', { cookie, body: { name: 'export de nuit', scopes: ['scenarios:write', 'volumes:read'], days: 30 } });
	assert.equal(made.status, 201);
	const { token, ...rest } = await made.json();
	assert.equal(made.headers.get('location'), `/api/tokens/${rest.id}`);
	assert.equal(rest.hint, token.slice(0, 8));
	const use = () => call('POST', '/api/scenarios/1/runs', { token, body: {} });
	assert.equal((await use()).status, 202);
	const list = await (await call('GET', '/api/tokens', { cookie })).text();
	assert.ok(!list.includes(token) && !list.includes(sha256(token)));
	const listed = JSON.parse(list).tokens.find((t) => t.id === rest.id);
	assert.deepEqual([listed.name, listed.scopes, listed.state], ['export de nuit', ['volumes:read', 'scenarios:write'], 'active']);
	assert.ok(listed.used_at, 'its use is noted');

	for (const role of ROLES.filter((r) => r !== 'planner'))
		await assertProblem(await call('DELETE', `/api/tokens/${rest.id}`, { cookie: session(`${role}.a`) }), 404, /jeton n’existe pas/);
	assert.equal((await use()).status, 202, 'nobody else ends it');
	assert.equal((await call('DELETE', `/api/tokens/${rest.id}`, { cookie })).status, 204);
	const refused = await use();
	assert.match(refused.headers.get('www-authenticate'), /^Bearer/);
	await assertProblem(refused, 401, /révoqué/);
	assert.equal((await call('DELETE', `/api/tokens/${rest.id}`, { cookie })).status, 204, 'again is the same');

	const other = recircuit(['token', 'create', 'planner.a', '-n', 'x', '-s', 'scenarios:write']).trim();
	const useOther = () => call('POST', '/api/scenarios/1/runs', { token: other, body: {} });
	assert.equal((await useOther()).status, 202);
	psql("UPDATE token SET created_at = created_at - interval '1 year', expires_at = expires_at - interval '1 year' WHERE revoked_at IS NULL AND name = 'x'");
	await assertProblem(await useOther(), 401, /périmé/);
	assert.match(recircuit(['token', 'list', 'planner.a']), /expired/);
	await assertProblem(await call('POST', '/api/tokens', { cookie, body: { name: 'x', scopes: ['all'] } }), 422, /« all » n’existe pas/);
	await assertProblem(await call('POST', '/api/tokens', { cookie, body: { name: 'x', scopes: [] } }), 422);
});

test('a_token_that_does_not_work_is_refused_even_where_everybody_may', async () => {
	for (const authorization of ['Bearer rc_nothing', 'Bearer ', 'Basic YTpi', 'rc_nothing', `Bearer ${'x'.repeat(5000)}`])
		await assertProblem(await fetch(`${url}/api/scenarios`, { headers: { Authorization: authorization } }), 401);
	const cookie = session('planner.a');
	await assertProblem(await fetch(`${url}/api/scenarios`, { headers: { Authorization: 'Bearer rc_nothing', Cookie: cookie } }), 401);
	assert.equal(await who(`recircuit_session=${'x'.repeat(5000)}`), null);
	assert.equal(await who('a=b; recircuit_session=; x'), null);
	assert.equal(await who(`a=b; ${cookie}; c=d`), 'planner.a');
	assert.equal(await who(`x${cookie}`), null);
});

test('a_closed_account_is_out_at_once_by_session_and_by_token', async () => {
	const cookie = session('operator.b');
	const token = recircuit(['token', 'create', 'operator.b', '-n', 'x', '-s', 'volumes:read']).trim();
	const byToken = () => call('GET', '/api/scenarios', { token });
	assert.deepEqual([await who(cookie), (await byToken()).status], ['operator.b', 200]);
	const admin = session('admin.a');
	const change = (body) => call('PATCH', `/api/people/${idOf('operator.b')}`, { cookie: admin, body });
	assert.deepEqual((await (await change({ state: 'disabled' })).json()).is_active, false);
	assert.deepEqual([await who(cookie), (await byToken()).status], [null, 401]);
	await assertProblem(await login('operator.b'), 401, /incorrect/);
	assert.equal((await change({ state: 'active' })).status, 200);
	assert.deepEqual([await who(cookie), (await byToken()).status], [null, 200], 'the old session stays over');
	const again = session('operator.b');
	assert.equal((await change({ role: 'reader' })).status, 200);
	assert.equal(await who(again), null, 'another role asks to connect again');
	await change({ role: 'operator' });
	calm();
});

// ---- Administration ----

test('an_administrator_makes_organisations_accounts_and_mandates', async () => {
	const cookie = session('admin.a');
	const post = (target, body) => call('POST', target, { cookie, body });
	const made = await post('/api/organisations', { name: 'Syndicat', siret: '73282932000074', kind: 'authority' });
	assert.equal(made.status, 201, await made.clone().text());
	const { id } = await made.json();
	await assertProblem(await post('/api/organisations', { name: 'Syndicat', kind: 'other' }), 409, /déjà/);
	await assertProblem(await post('/api/organisations', { name: 'Autre', siret: '73282932000075', kind: 'other' }), 422, /SIRET/);
	await assertProblem(await post('/api/organisations', { name: 'Autre', kind: 'club' }), 422, /genre/);
	const territory = { level: 'departement', code: '2A' };
	assert.equal((await post(`/api/organisations/${id}/mandates`, territory)).status, 204);
	assert.equal((await post(`/api/organisations/${id}/mandates`, territory)).status, 204, 'again is the same');
	await assertProblem(await post(`/api/organisations/${id}/mandates`, { level: 'region', code: '99' }), 422, /n’existe pas/);
	await assertProblem(await post('/api/organisations/999999/mandates', territory), 404, /organisation/);
	const find = async () => (await (await call('GET', '/api/organisations', { cookie })).json()).organisations.find((o) => o.id === id);
	assert.deepEqual((await find()).mandates, [{ level: 'departement', code: '2A', name: 'Corse-du-Sud' }]);
	assert.equal((await call('DELETE', `/api/organisations/${id}/mandates?level=departement&code=2A`, { cookie })).status, 204);
	await assertProblem(await call('DELETE', `/api/organisations/${id}/mandates?level=departement&code=2A`, { cookie }), 404);
	assert.deepEqual((await find()).mandates, []);

	const person = { organisation: id, login: 'claire@syndicat.example', name: 'Claire', role: 'planner', password: PASSWORD };
	const added = await post('/api/people', person);
	assert.equal(added.status, 201, await added.clone().text());
	await assertProblem(await post('/api/people', person), 409, /déjà pris/);
	await assertProblem(await post('/api/people', { ...person, login: 'Claire Dupont' }), 422, /identifiant/);
	await assertProblem(await post('/api/people', { ...person, login: 'c2', role: 'public' }), 422, /rôle/);
	await assertProblem(await post('/api/people', { ...person, login: 'c2', organisation: 999999 }), 404, /organisation/);
	await assertProblem(await post('/api/people', { ...person, login: 'c2', password: 'court' }), 422, /12 caractères/);
	assert.equal((await login(person.login)).status, 201);
	const { people } = await (await call('GET', '/api/people', { cookie })).json();
	assert.ok(people.some((p) => p.login === person.login && p.organisation_name === 'Syndicat'));
	assert.ok(!JSON.stringify(people).includes('argon2'));
	const claire = (await added.json()).id;
	assert.equal((await call('PATCH', `/api/people/${claire}`, { cookie, body: { password: 'encore un autre mot', name: 'Claire D.' } })).status, 200);
	assert.equal((await login(person.login, 'encore un autre mot')).status, 201);
	await assertProblem(await call('PATCH', `/api/people/${idOf('admin.a')}`, { cookie, body: { state: 'disabled' } }), 409);
	await assertProblem(await call('PATCH', '/api/people/999999', { cookie, body: { name: 'x' } }), 404);
	calm();
});

test('the_command_line_says_what_is_wrong_and_takes_no_password_as_an_argument', () => {
	const fails = (args, status, said, input = '') => {
		const r = spawnSync(program, args, { encoding: 'utf8', env, input, detached: true }); // no terminal to ask at
		assert.equal(r.status, status, `${args.join(' ')}: ${r.stderr}`);
		assert.match(r.stderr, said);
	};
	fails(['user'], 64, /il manque un mot après recircuit user/);
	fails(['user', 'dance'], 64, /mot inconnu après recircuit user/);
	fails(['user', 'add', 'x.y'], 64, /--organisation manque/);
	fails(['user', 'add', 'x.y', '-o', 'Nulle part', '--password-stdin'], 4, /« Nulle part » n’existe pas/, `${PASSWORD}\n`);
	fails(['user', 'add', 'x.y', '-o', 'Nous'], 64, /--password-stdin/);
	fails(['user', 'add', 'x.y', '-o', 'Nous', '--password', 'x'], 64, /usage : recircuit user add/);
	fails(['user', 'add', 'x.y', '-o', 'Nous', '--password-stdin'], 2, /12 caractères/, 'court\n');
	fails(['user', 'add', 'x.y', '-o', 'Nous', '--password-stdin'], 2, /200 octets/, `${'é'.repeat(150)}\n`);
	fails(['user', 'add', 'x.y', '-o', 'Nous', '--password-stdin'], 8, /aucun mot de passe/);
	fails(['user', 'add', 'reader.a', '-o', 'Nous', '--password-stdin'], 5, /déjà pris/, `${PASSWORD}\n`);
	fails(['user', 'add', 'x.y', '-o', 'Nous', '-r', 'public', '--password-stdin'], 2, /rôle/, `${PASSWORD}\n`);
	fails(['user', 'password', 'x.y', '--password-stdin'], 4, /« x.y » n’existe pas/, `${PASSWORD}\n`);
	fails(['user', 'disable', 'x.y'], 4, /n’existe pas/);
	fails(['organisation', 'add', 'Nous'], 5, /déjà/);
	fails(['organisation', 'add', 'X', '--siret', '123'], 2, /SIRET/);
	fails(['organisation', 'mandate', String(ours), 'region', '99'], 2, /territoire/);
	fails(['organisation', 'mandate', String(ours), 'region', '24', '--end'], 4, /n’a pas ce territoire/);
	fails(['token', 'create', 'reader.a'], 64, /--name et --scope/);
	fails(['token', 'create', 'reader.a', '-n', 'x', '-s', 'all'], 64, /« all » n’existe pas/);
	fails(['token', 'create', 'reader.a', '-n', 'x', '-s', 'volumes:read', '-d', '4000'], 2, /1 à 730 jours/);
	fails(['token', 'revoke', 'reader.a', '999999'], 4, /jeton n’existe pas/);
	fails(['serve', '--anonymous', 'admin'], 64, /--anonymous/);
	assert.match(recircuit(['user', 'list']), /operator\.a +operator +ouvert +operator\.a +Nous/);
	assert.match(recircuit(['organisation', 'list']), /Confidentiel-B SA .*"code": "45"/);
});

test('what_is_done_to_accounts_is_in_the_audit', async () => {
	const actions = (organisation) => JSON.parse(psql(`SELECT json_object_agg(action, detail) FROM audit WHERE organisation = ${organisation} AND person IS NOT DISTINCT FROM `
		+ `${organisation === ours ? idOf('admin.a') : 'NULL'}`));
	const byAdmin = actions(ours); // in the chain of who acted
	assert.deepEqual(Object.keys(byAdmin).filter((a) => !a.startsWith('lines.')).sort(), ['mandates.add', 'mandates.end', 'organisations.create', 'people.change', 'people.create']);
	assert.equal(byAdmin['people.create'].login, 'claire@syndicat.example');
	const byOwner = actions(theirs); // from the command line: in the chain of the organisation concerned
	for (const action of ['people.create', 'people.change', 'mandates.add', 'tokens.create', 'organisations.create'])
		assert.ok(action in byOwner, action);
	assert.equal(psql(`SELECT count(*) FROM audit WHERE action = 'people.password' AND person = ${idOf('reader.b')}`), '1');
	assert.equal(psql(`SELECT count(*) FROM audit WHERE action = 'tokens.revoke' AND person = ${idOf('planner.a')}`), '2');
	assert.doesNotMatch(psql('SELECT string_agg(detail::text, $$ $$) FROM audit'), /argon2|mot de passe|rc_/);
	assert.match(recircuit(['audit', 'verify']), /entrées/);
});

test('leaves_nothing_behind_under_the_sanitizers', leaveNothing);

await runAll('account');
