// The reference data and what world.sql adds to them, the service on top, and how to ask it. For each file of tests a
// database and a service of its own; visitors may plan.
//
//	import { assertProblem, json, send } from './world.mjs';
//	const { scenarios } = await json('/api/scenarios');
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchDatabase } from '../lib/db.mjs';
import { startServer } from './lib.mjs';

export const here = path.dirname(fileURLToPath(import.meta.url));
export const program = path.join(process.env.RECIRCUIT_BUILD, 'recircuit');
export const database = scratchDatabase('world');
export const psql = (...args) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', database.conninfo, ...args],
	{ encoding: 'utf8' }).trim();
psql('-f', path.join(here, 'world.sql'));
export const count = (what) => Number(psql('-c', `SELECT count(*) FROM ${what}`));

export const start = (...more) => startServer(program, ['serve', '--port', '0', '--anonymous', 'planner', '--executors', '3', ...more],
	{ match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });
export const server = await start();
const { url } = server;

export const ask = (target, options) => fetch(url + target, options);
export const json = async (target) => {
	const answer = await ask(target);
	assert.equal(answer.status, 200, `${target}: ${await answer.clone().text()}`);
	return answer.json();
};
export const send = (target, body) => ask(target, {
	method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
});

export async function assertProblem(answer, status, said) {
	assert.equal(answer.status, status, await answer.clone().text());
	assert.equal(answer.headers.get('content-type'), 'application/problem+json');
	const problem = await answer.json();
	assert.equal(problem.status, status);
	if (said)
		assert.match(problem.detail, said);
	assert.doesNotMatch(problem.detail, /syntax|relation|SELECT|base de données|operator/i, 'it shows our insides');
	assert.doesNotMatch(problem.detail, /[a-zéà]'[a-zéêà]/i, 'one apostrophe in what people read: ’');
	return problem;
}

/** What a scenario needs at least. */
export const good = { regions: ['24'], parameters: {} };

/** What each file ends with: the service stops clean. */
export async function leaveNothing() {
	assert.equal(await server.stop('SIGINT'), 0);
	assert.doesNotMatch(server.log, /Sanitizer|runtime error|WARNING: Thread/);
	database.drop();
}
