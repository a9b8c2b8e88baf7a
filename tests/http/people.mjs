// Two organisations that must not see each other, with an account of each role: the service with them, and how to ask it
// as one of them. For each file of tests a database and a service of its own.
//
//	import { call, session } from './people.mjs';
//	await call('GET', '/api/scenarios', { cookie: session('planner.a') })
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchDatabase } from '../lib/db.mjs';
import { startServer } from './lib.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const program = path.join(process.env.RECIRCUIT_BUILD, 'recircuit');
export const database = scratchDatabase('people');
export const env = { ...process.env, RECIRCUIT_DB: database.conninfo };

export const psql = (sql) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', database.conninfo, '-f', '-'],
	{ encoding: 'utf8', input: sql }).trim();
/** Statements as the service would send them, for somebody or for nobody: what each says, or its error. */
export function allAsService(statements, { person = '', organisation = '', role = '' } = {}) {
	const mark = '---- next ----';
	const input = statements.map((sql) => `BEGIN; SET LOCAL app.person = '${person}'; SET LOCAL app.organisation = '${organisation}';
		SET LOCAL app.role = '${role}'; ${sql}; COMMIT;\n\\echo ${mark}\n`).join('');
	const r = spawnSync('sh', ['-c', 'psql -XqAt -v VERBOSITY=terse -d "$0" -f - 2>&1', database.conninfo],
		{ encoding: 'utf8', input: `SET ROLE recircuit_app;\n${input}` });
	return r.stdout.split(mark).slice(0, -1).map((said) => (said.includes('ERROR:') ? `ERROR ${said.trim()}` : said.trim()));
}
export const asService = (sql, who) => allAsService([sql], who)[0];

export function recircuit(args, input = '') {
	const r = spawnSync(program, args, { encoding: 'utf8', env, input });
	assert.equal(r.status, 0, `${args.join(' ')}: ${r.stderr}`);
	return r.stdout;
}

export const SECRET = 'Confidentiel-B'; // in every text of the other organisation
export const PASSWORD = 'un mot de passe assez long';
export const ROLES = ['reader', 'operator', 'planner', 'admin'];
const addOrganisation = (name) => Number(/^Organisation (\d+) /.exec(recircuit(['organisation', 'add', name]))[1]);
const addUser = (login, organisation, role, name = login) =>
	recircuit(['user', 'add', login, '-o', String(organisation), '-r', role, '-n', name, '--password-stdin'], `${PASSWORD}\n`);
export const ours = addOrganisation('Nous');
export const theirs = addOrganisation(`${SECRET} SA`);
for (const role of ROLES)
	addUser(`${role}.a`, ours, role);
for (const role of ROLES)
	addUser(`${role}.b`, theirs, role, `${SECRET} ${role}`);
export const idOf = (login) => Number(psql(`SELECT id FROM person WHERE login = '${login}'`));
recircuit(['organisation', 'mandate', String(theirs), 'departement', '45']);
recircuit(['token', 'create', 'operator.b', '-n', `${SECRET} jeton`, '-s', 'volumes:write']);

export const server = await startServer(program, ['serve', '--port', '0'],
	{ match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });
export const { url } = server;

export const sha256 = (secret) => createHash('sha256').update(secret).digest('hex');
/** Sessions put in the table, to spare a password each: `count` cookies of a login. */
export function sessions(login, count) {
	const secrets = Array.from({ length: count }, () => randomBytes(32).toString('base64url'));
	psql(secrets.map((s) => `INSERT INTO session (person, secret_hash, idle, expires_at) SELECT id, '\\x${sha256(s)}', '1 hour', now() + '1 day'::interval
		FROM person WHERE login = '${login}';`).join('\n'));
	return secrets.map((s) => `recircuit_session=${s}`);
}
export const session = (login) => sessions(login, 1)[0];

const JSON_TYPE = { 'Content-Type': 'application/json' };
export function call(method, target, { cookie, token, body, headers, at = url } = {}) {
	return fetch(at + target, {
		method,
		headers: {
			...(cookie && { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' }),
			...(token && { Authorization: `Bearer ${token}` }),
			...(body !== undefined && JSON_TYPE),
			...headers,
		},
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
}
export const login = (name, password = PASSWORD, more = {}) => call('POST', '/api/session', { body: { login: name, password }, ...more });
export const cookieOf = (answer) => /^(recircuit_session=[^;]*)/.exec(answer.headers.get('set-cookie'))[1];
export const who = async (cookie) => (await (await call('GET', '/api/session', { cookie })).json()).person?.login ?? null;
export const calm = () => psql('TRUNCATE throttle');

export async function assertProblem(answer, status, said) {
	const text = await answer.text();
	assert.equal(answer.status, status, text);
	const problem = JSON.parse(text);
	assert.equal(problem.status, status);
	if (said)
		assert.match(problem.detail, said);
	return problem;
}

/** What each file ends with: the service stops clean, and its log holds no secret. */
export async function leaveNothing() {
	assert.equal(await server.stop('SIGINT'), 0);
	assert.doesNotMatch(server.log, /Sanitizer|runtime error|WARNING: Thread/);
	assert.ok(!server.log.includes(PASSWORD) && !/rc_[\w-]{43}|recircuit_session=/.test(server.log), 'the log holds a secret');
	database.drop();
}
