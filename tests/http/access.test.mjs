// Who may do what: every route for every role, with the ids of another organisation; and the wall in the database itself.
//	build/release/tests/with_cluster build/release/tests/var tests/http/run build/release
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runAll, startServer, test } from './lib.mjs';
import {
	ROLES, SECRET, allAsService, asService, assertProblem, call, database, env, idOf, leaveNothing, ours, program,
	psql, recircuit, root, sessions, theirs,
} from './people.mjs';

// ---- Every route, every role, another organisation's ids ----

const routes = execFileSync(program, ['routes', '--json'], { encoding: 'utf8' }).trim().split('\n').map((l) => JSON.parse(l));

test('documents_who_may_as_the_route_table_says', () => {
	const table = execFileSync(program, ['routes'], { encoding: 'utf8' });
	const text = readFileSync(path.join(root, 'docs/http-api.md'), 'utf8');
	assert.ok(text.includes(`<!-- recircuit routes -->\n${table}<!-- end -->`), 'docs/http-api.md: paste the output of `recircuit routes`');
});

// The other organisation's: what {id} of a route is. A new resource with an id of its own is a line here.
const ID = {
	'/api/scenarios': 1,
	'/api/runs': 1,
	'/api/rounds': 1,
	'/api/merges': 1,
	'/api/tokens': Number(psql('SELECT id FROM token')),
	'/api/people': idOf('operator.b'),
	'/api/organisations': theirs,
	'/api/volumes': Number(psql(`BEGIN; SELECT set_config('app.organisation', '${theirs}', true) AS a, audit_begin() AS entry \\gset
		INSERT INTO line (organisation, public_id, communes, flow, low_code, day, weight_kg, is_estimate, carrier_name, channel, entry, digest)
		VALUES (${theirs}, 'B-1', '{18033}', 'pam', '20 01 35', current_date, 1, true, '${SECRET}', 'api', :entry, '');
		SELECT audit_append_lines('{}') AS b \\gset
		COMMIT; SELECT max(id) FROM line`)),
};
const targetOf = (route) => route.pattern.replace(/^(\/api\/\w+)\/\{id\}/, (_, resource) => {
	assert.ok(resource in ID, `${route.pattern}: give ID of access.test.mjs an id of the other organisation`);
	return `${resource}/${ID[resource]}`;
});
// What those who administer the accounts of all organisations are there to see.
const ADMINISTERS = ['/api/people', '/api/organisations'];

for (const role of ['public', ...ROLES])
	test(`every_route_is_open_or_closed_to_${role}_as_the_table_says_and_tells_nothing_of_others`, async () => {
		const cookies = role === 'public' ? [] : sessions(`${role}.a`, routes.length);
		const before = psql(`SELECT (SELECT count(*) FROM token WHERE revoked_at IS NULL), (SELECT count(*) FROM mandate), (SELECT count(*) FROM person WHERE is_active)`);
		for (const route of routes) {
			const target = targetOf(route);
			const what = `${role}: ${route.method} ${target}`;
			const answer = await call(route.method, target, { cookie: cookies.pop(), ...(route.has_body && { body: {} }) });
			const text = await answer.text();
			if (!route.roles.includes(role)) {
				assert.equal(answer.status, role === 'public' ? 401 : 403, `${what}: ${answer.status} ${text}`);
				assert.equal(answer.headers.get('content-type'), 'application/problem+json', what);
			} else {
				assert.ok([200, 201, 202, 204, 400, 404, 409, 422].includes(answer.status), `${what}: ${answer.status} ${text}`);
			}
			if (!(role === 'admin' && ADMINISTERS.some((p) => target.startsWith(p))))
				assert.ok(!text.includes(SECRET), `${what} shows what is not theirs`);
			if (route.needs_account && !ADMINISTERS.some((p) => target.startsWith(p)) && route.pattern.includes('{id}'))
				assert.ok([401, 403, 404].includes(answer.status), `${what}: ${answer.status}, with another organisation's id`);
		}
		assert.equal(psql(`SELECT (SELECT count(*) FROM token WHERE revoked_at IS NULL), (SELECT count(*) FROM mandate), (SELECT count(*) FROM person WHERE is_active)`), before);
	});

test('a_token_opens_only_what_its_scope_and_its_owner_may', async () => {
	for (const [owner, scope] of [['planner.a', 'volumes:read'], ['planner.a', 'scenarios:write'], ['reader.a', 'scenarios:write'], ['operator.a', 'volumes:write']]) {
		const token = recircuit(['token', 'create', owner, '-n', 'essai', '-s', scope]).trim();
		const role = owner.split('.')[0];
		for (const route of routes) {
			const isOpen = route.roles.includes('public') || (route.roles.includes(role) && route.scopes.split(', ').includes(scope));
			const answer = await call(route.method, targetOf(route), { token, ...(route.has_body && { body: {} }) });
			const text = await answer.text();
			const what = `${owner} ${scope}: ${route.method} ${route.pattern}: ${answer.status} ${text}`;
			if (isOpen)
				assert.ok([200, 201, 202, 204, 400, 401, 404, 409, 422].includes(answer.status), what);
			else
				assert.equal(answer.status, 403, what);
			assert.ok(!text.includes(SECRET), what);
		}
	}
	psql("DELETE FROM token WHERE name = 'essai'");
});

test('a_visitor_may_plan_only_where_the_service_was_told_so', async () => {
	await assertProblem(await call('POST', '/api/scenarios/1/runs', { body: {} }), 401, /connecté/);
	const lent = await startServer(program, ['serve', '--port', '0', '--anonymous', 'planner'],
		{ match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });
	const made = await call('POST', '/api/scenarios/1/runs', { body: {}, at: lent.url });
	assert.equal(made.status, 202);
	const run = (await made.json()).id;
	for (const route of routes.filter((r) => r.needs_account))
		await assertProblem(await call(route.method, targetOf(route), { at: lent.url, ...(route.has_body && { body: {} }) }), 401);
	// Not even a page of elsewhere, through the browser of somebody who may.
	for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'http://evil.example' }, { Origin: 'null' }])
		await assertProblem(await call('POST', `/api/runs/${run}/cancel`, { at: lent.url, headers }), 403, /page de ce service/);
	assert.equal((await (await call('GET', '/api/session', { at: lent.url })).json()).role, 'planner');
	assert.equal((await call('POST', `/api/runs/${run}/cancel`, { at: lent.url })).status, 202);
	assert.equal(await lent.stop(), 0);
});

// ---- The wall, without the service ----

test('the_database_shows_nothing_to_who_has_not_said_who_asks', () => {
	assert.deepEqual(allAsService(['SELECT count(*) FROM organisation', 'SELECT count(id) FROM person', 'SELECT count(*) FROM mandate',
		'SELECT count(id) FROM token', 'SELECT app_role(), app_person() IS NULL, app_organisation() IS NULL, app_sees_commune($$45234$$)']),
	['0', '0', '0', '0', 'public|t|t|f']);
	assert.match(asService("SELECT set_config('app.organisation', 'x', true); SELECT count(*) FROM organisation"), /^ERROR/);
});

test('the_database_shows_each_organisation_its_own', () => {
	const us = { person: idOf('operator.a'), organisation: ours, role: 'operator' };
	const [names, people, mandates, tokens, revoked, made] = allAsService([
		'SELECT string_agg(name, $$,$$) FROM organisation',
		'SELECT count(*) FILTER (WHERE organisation = app_organisation()) = count(*) AND count(*) > 0 FROM (SELECT organisation FROM person) p',
		'SELECT count(*) FROM mandate',
		'SELECT count(id) FROM token',
		`UPDATE token SET revoked_at = now() WHERE person <> ${us.person} RETURNING id`,
		`INSERT INTO token (person, name, hint, secret_hash, scopes, expires_at)
			VALUES (${idOf('admin.b')}, 'x', 'rc_xxxxx', '\\x${'00'.repeat(32)}', '{volumes:read}', now() + interval '1 day')`,
	], us);
	assert.deepEqual([names, people, mandates, tokens, revoked], ['Nous', 't', '0', psql(`SELECT count(*) FROM token WHERE person = ${us.person}`), '']);
	assert.match(made, /^ERROR.*row-level security/);
});

test('the_database_lets_nobody_but_administrators_change_accounts', () => {
	for (const role of ['', 'public', 'reader', 'operator', 'planner']) {
		const [changed, ended, ...added] = allAsService([
			"UPDATE person SET role = 'admin' RETURNING id",
			'DELETE FROM mandate RETURNING code',
			"INSERT INTO organisation (name, kind) VALUES ('X', 'other')",
			`INSERT INTO mandate (organisation, level, code) VALUES (${ours}, 'region', '24')`,
			`INSERT INTO person (organisation, login, name, role, password_hash) VALUES (${ours}, 'x1', 'x', 'admin', '$argon2id$')`,
		], { person: idOf('operator.a'), organisation: ours, role });
		assert.deepEqual([changed, ended], ['', ''], role);
		for (const said of added)
			assert.match(said, /^ERROR.*row-level security/, role);
	}
});

test('the_service_can_neither_read_hashes_nor_change_the_schema_nor_lift_the_wall', () => {
	const statements = ['SELECT password_hash FROM person', 'SELECT * FROM session', 'SELECT secret_hash FROM token', 'DELETE FROM person',
		'TRUNCATE person', 'ALTER TABLE person DISABLE ROW LEVEL SECURITY', 'DROP POLICY person_read ON person', 'CREATE TABLE mine (x integer)',
		'DROP TABLE scenario', 'DELETE FROM scenario_version', 'UPDATE parameter SET value = 0', 'DELETE FROM run', 'UPDATE plan SET gap = 0',
		'UPDATE person SET organisation = 1', 'UPDATE person SET login = login', 'ALTER ROLE recircuit_app BYPASSRLS',
		'CREATE ROLE another', "COPY person TO PROGRAM 'cat'", "SELECT pg_read_file('/etc/passwd')", 'UPDATE schema_migration SET name = name'];
	const said = allAsService(statements, { person: idOf('admin.a'), organisation: ours, role: 'admin' });
	for (const [n, sql] of statements.entries())
		assert.match(said[n], /^ERROR .*(permission denied|must be owner|must be superuser|must be a member)/s, sql);
});

test('a_planner_sees_the_communes_of_its_mandates_and_no_other', () => {
	const insee = (where) => psql(`SELECT min(insee) FROM commune WHERE ${where}`);
	const inside = insee("departement = '45'"), outside = insee("departement = '18'");
	const them = { person: idOf('planner.b'), organisation: theirs, role: 'planner' };
	const sees = (who, commune) => asService(`SELECT app_sees_commune('${commune}')`, who) === 't';
	assert.deepEqual([sees(them, inside), sees(them, outside), sees(them, 'x')], [true, false, false]);
	for (const role of ['public', 'reader', 'operator', 'admin'])
		assert.equal(sees({ ...them, role }, inside), false, role);
	assert.equal(sees({ ...them, organisation: ours }, inside), false);
	assert.equal(sees({ role: 'planner' }, inside), false, 'a visitor who acts as a planner has no territory');
	assert.equal(asService('SELECT count(*) FROM app_communes()', them), psql("SELECT count(*) FROM commune WHERE departement = '45'"));
	const epci = psql(`SELECT epci FROM commune WHERE insee = '${outside}'`);
	recircuit(['organisation', 'mandate', String(theirs), 'epci', epci]);
	assert.equal(sees(them, outside), true, 'by its EPCI');
	recircuit(['organisation', 'mandate', String(theirs), 'epci', epci, '--end']);
	recircuit(['organisation', 'mandate', String(theirs), 'region', '24']);
	assert.equal(sees(them, outside), true, 'by its région');
	assert.equal(asService('SELECT bool_and(app_sees_commune(insee)) AND count(*) > 1000 FROM app_communes() AS insee', them), 't');
	recircuit(['organisation', 'mandate', String(theirs), 'region', '24', '--end']);
	assert.equal(sees(them, outside), false);
});

test('every_table_that_names_an_organisation_or_a_person_has_the_wall', () => {
	assert.equal(psql(`SELECT string_agg(DISTINCT c.relname, ' ') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity AND NOT c.relispartition
		AND (a.attname IN ('organisation', 'person') OR c.relname IN ('organisation', 'person'))`), '');
	assert.equal(psql(`SELECT count(*) FROM pg_class WHERE relrowsecurity AND pg_has_role('recircuit_app', relowner, 'USAGE')`), '0');
});

test('does_not_start_as_a_role_that_could_go_round_the_wall', async () => {
	const attempt = (conninfo) => startServer(program, ['serve', '--port', '0'],
		{ match: /écoute sur .*:(\d+)/, env: { RECIRCUIT_DB: conninfo }, seconds: 20 });
	psql('CREATE TABLE stray (x integer); ALTER TABLE stray OWNER TO recircuit_app');
	await assert.rejects(attempt(database.conninfo), /possède la table « stray ».*ne peut pas agir/);
	const worker = spawnSync(program, ['work'], { encoding: 'utf8', env, timeout: 20000 });
	assert.match(worker.stderr, /possède la table « stray »/);
	psql('DROP TABLE stray');
	const stranger = `stranger_${process.pid}`;
	psql(`CREATE ROLE ${stranger} LOGIN`);
	try {
		await assert.rejects(attempt(`${database.conninfo} user=${stranger}`), /GRANT recircuit_app TO/);
		psql(`GRANT recircuit_app TO ${stranger}`);
		const member = await attempt(`${database.conninfo} user=${stranger}`);
		assert.equal((await fetch(`${member.url}/api/scenarios`)).status, 200);
		assert.equal(await member.stop(), 0);
	} finally {
		psql(`DROP ROLE ${stranger}`);
	}
	const fault = /-- name: service_fault\n((?:--.*\n)*)([^;]+;)/.exec(readFileSync(path.join(root, 'sql/queries/service.sql'), 'utf8'))[2];
	assert.match(psql(fault), /super-utilisateur ou BYPASSRLS/);
	assert.equal(asService(fault.replace(/;$/, '')), '');
});

test('leaves_nothing_behind_under_the_sanitizers', leaveNothing);

await runAll('access');
