// A register that grows faster than its statistics: what a line costs does not grow with it.
//	build/release/tests/with_cluster build/release/tests/var tests/http/run build/release
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { scratchDatabase } from '../lib/db.mjs';
import { runAll, sleep, startServer, test } from './lib.mjs';

const program = path.join(process.env.RECIRCUIT_BUILD, 'recircuit');
const database = scratchDatabase('growth');
const env = { ...process.env, RECIRCUIT_DB: database.conninfo };
const psql = (sql) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', database.conninfo, '-f', '-'], { encoding: 'utf8', input: sql }).trim();
const recircuit = (args, input) => execFileSync(program, args, { env, input, encoding: 'utf8' }).trim();

psql(`INSERT INTO organisation (name, kind) VALUES ('Nous', 'operator'); ALTER TABLE line SET (autovacuum_enabled = off)`);
recircuit(['user', 'add', 'op', '-o', '1', '-r', 'operator', '-n', 'op', '--password-stdin'], 'un mot de passe assez long\n');
const token = recircuit(['token', 'create', 'op', '-n', 'op', '-s', 'volumes:write']);
const server = await startServer(program, ['serve', '--port', '0'], { match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: { RECIRCUIT_DB: database.conninfo } });
const send = async (target, type, body) => {
	const answer = await fetch(server.url + target, { method: 'POST', body, headers: { 'Content-Type': type, Authorization: `Bearer ${token}` } });
	assert.ok(answer.ok, await answer.clone().text());
	return answer.json();
};
const day = new Date(Date.now() - 86400e3).toISOString().slice(0, 10);
const record = (publicId) => send('/api/volumes', 'application/json', JSON.stringify({ publicId, flow: 'pam', wasteCode: '20 01 35*', receptionDate: day,
	weightValue: 1, weightIsEstimate: false, initialEmitterMunicipalitiesInseeCodes: ['18033'] }));
const entriesRead = () => Number(psql(`SELECT sum(idx_tup_read) FROM pg_stat_all_indexes WHERE relname IN ('line', 'line_version')`));

test('a_line_after_a_large_file_reads_no_more_than_before', async () => {
	for (let n = 0; n < 12; n++) // by now every statement has its plan
		await record(`seul-${n}`);
	const lines = Array.from({ length: 10000 }, (_, n) => `f-${n};pam;200135;${day};1;0;18033`);
	await send('/api/volumes/batch', 'text/csv', `id;flux;code;date;tonnes;estime;communes\n${lines.join('\n')}\n`);
	assert.equal(psql(`SELECT last_analyze IS NULL AND last_autoanalyze IS NULL FROM pg_stat_all_tables WHERE relname = 'line'`), 't');
	const settled = async (name) => { // counters are told once a second
		await sleep(1200);
		await record(name);
		return entriesRead();
	};
	const before = await settled('a');
	for (let n = 0; n < 10; n++)
		await record(`encore-${n}`);
	const read = await settled('b') - before;
	assert.ok(read > 0 && read < 1000, `${read} entries of indexes for eleven lines`);
});

test('leaves_nothing_behind_under_the_sanitizers', async () => {
	assert.equal(await server.stop('SIGINT'), 0);
	assert.doesNotMatch(server.log, /Sanitizer|runtime error|WARNING: Thread/);
	database.drop();
});

await runAll('growth');
