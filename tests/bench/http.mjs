// Recording lines: how many are acknowledged (committed and synced) a second over HTTP, beside PostgreSQL alone.
// Writes the section "Recording lines" of the page.
//
//	http.mjs BUILD SECONDS PAGE
//
// A private database of the benchmark's own, with its normal settings (fsync and synchronous_commit on). pgbench inserts
// rows of table line, with its indexes, triggers and foreign keys, one a transaction, prepared, straight into the server; ours
// are POST /api/volumes on as many connections, each waiting for its answer: token, rights, rules, register, audit
// and all. The two take turns, SECONDS each, three times; medians. Beside them a file of 10,000 lines.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { machine, page_section, seconds, table } from './page.mjs';
import { run } from './process.mjs';

const CONNECTIONS = (process.env.BENCH_CONNECTIONS ?? "1 8 64").split(" ").map(Number), ROUNDS = 3, FILE_LINES = 10000;
const [build, seconds_text, page] = process.argv.slice(2);
const duration = Number(seconds_text);
const program = path.resolve(build, 'recircuit');
const folder = mkdtempSync(path.join(tmpdir(), 'bench-http-'));
const env = { ...process.env, RECIRCUIT_VAR: folder };
delete env.RECIRCUIT_DB;

const recircuit = (...args) => {
	const r = run(program, args, { env, input: 'un mot de passe assez long\n' });
	assert.equal(r.status, 0, `${args.join(' ')}: ${r.stderr}`);
	return r.stdout.trim();
};
async function serve() {
	const child = spawn(program, ['serve', '--port', '0'], { env, stdio: ['ignore', 'pipe', process.env.BENCH_LOG ? openSync(process.env.BENCH_LOG, 'a') : 'ignore'] });
	let said = '';
	for await (const bytes of child.stdout) {
		said += bytes;
		if (/:(\d+)\//.test(said))
			break;
	}
	const port = Number(/:(\d+)\//.exec(said)[1]);
	return { port, pid: child.pid, stop: () => new Promise((done) => child.on('exit', done) && child.kill('SIGTERM')) };
}
const conninfo = `host=${folder}/pg user=recircuit dbname=recircuit`;
const psql = (sql) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', conninfo, '-c', sql], { encoding: 'utf8' }).trim();

// ---- Processor time, which other work on the machine does not change much ----

const TICKS = 100; // a second, USER_HZ
function times(pid) {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ').map(Number);
	return { parent: fields[1], own: (fields[11] + fields[12]) / TICKS, reaped: (fields[13] + fields[14]) / TICKS };
}
/** Seconds used so far by PostgreSQL: the postmaster, those of its children that live and those that are over. */
function database_s() {
	const postmaster = Number(readFileSync(`${folder}/pg/postmaster.pid`, 'utf8').split('\n')[0]);
	const { own, reaped } = times(postmaster);
	let all = own + reaped;
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
		try {
			const t = times(pid);
			all += t.parent === postmaster ? t.own : 0;
		} catch { /* it has just ended */ }
	return all;
}

// ---- The two ----

let series = 0;
const day = new Date(Date.now() - 3 * 86400e3).toISOString().slice(0, 10);
const lineOf = (id) => JSON.stringify({ publicId: id, flow: 'pam', wasteCode: '20 01 35*', receptionDate: day, weightValue: 1.25,
	weightIsEstimate: false, point: 12, initialEmitterMunicipalitiesInseeCodes: ['18033'], transporter1CompanyOrgId: '35600000000048' });

/** One connection that asks, waits, asks again until `end`; counts what was created. */
function client(port, token, prefix, end, count) {
	return new Promise((done, fail) => {
		let n = 0, text = '';
		const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
		const ask = () => {
			const body = lineOf(`${prefix}-${n++}`);
			socket.write(`POST /api/volumes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
		};
		socket.on('connect', ask);
		socket.on('error', fail);
		socket.on('data', (bytes) => {
			text += bytes.toString('latin1');
			const head = text.indexOf('\r\n\r\n');
			const length = head < 0 ? 0 : Number(/content-length: (\d+)/i.exec(text)[1]);
			if (head < 0 || text.length < head + 4 + length)
				return;
			if (!text.startsWith('HTTP/1.1 201'))
				return fail(new Error(text));
			count.lines++;
			text = '';
			if (performance.now() < end)
				ask();
			else
				socket.end(), done();
		});
	});
}

async function ours({ port, pid }, token, connections) {
	const prefix = `h${series++}`, count = { lines: 0 };
	const before = database_s() + times(pid).own, began = performance.now();
	await Promise.all(Array.from({ length: connections }, (_, c) => client(port, token, `${prefix}-${c}`, began + 1000 * duration, count)));
	const rate = count.lines / ((performance.now() - began) / 1000);
	return { rate, cpu: (database_s() + times(pid).own - before) / count.lines };
}

function pgbench(connections) {
	const script = path.join(folder, 'insert.sql');
	writeFileSync(script, `\\set n random(1, 1000000000000)
INSERT INTO line (organisation, public_id, point, municipalities, communes, flow, low_code, day, weight_kg, is_estimate, carrier_siret, channel, entry, created_by)
VALUES (1, 'p${series++}-' || :client_id || '-' || :n, 12, '{18033}', '{01093,18033}', 'pam', '20 01 35', '${day}', 1250, false, '35600000000048', 'api', 1, 1);\n`);
	const cpu_s = () => database_s() + times('self').reaped, before = cpu_s();
	const r = run('pgbench', ['-n', '-M', 'prepared', '-c', connections, '-j', 2, '-T', duration, '-f', script, conninfo].map(String));
	assert.equal(r.status, 0, r.stderr);
	assert.match(r.stdout, /number of failed transactions: 0/);
	const lines = Number(/actually processed: (\d+)/.exec(r.stdout)[1]);
	return { rate: Number(/tps = ([\d.]+)/.exec(r.stdout)[1]), cpu: (cpu_s() - before) / lines };
}

async function batch(port, token) {
	const prefix = `f${series++}`;
	const lines = Array.from({ length: FILE_LINES }, (_, i) => `${prefix}-${i};pam;20 01 35*;${day};1,25;REEL;12;18033;35600000000048`);
	const body = ['Identifiant unique;Flux;Code déchet;Date de réception;Poids en tonnes;Type de poids;Point de collecte;Code(s) INSEE de(s) commune(s);Numéro d\'identification du transporteur n°1', ...lines].join('\r\n');
	const began = performance.now();
	const answer = await fetch(`http://127.0.0.1:${port}/api/volumes/batch`, { method: 'POST', body, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv' } });
	const said = await answer.json();
	assert.equal(said.created, FILE_LINES);
	return (performance.now() - began) / 1000;
}

// ---- The measure ----

const median = (values) => [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];
const spread = (values) => `${Math.round(Math.min(...values))}–${Math.round(Math.max(...values))}`;
let server;
try {
	recircuit('migrate');
	recircuit('load', 'reference');
	recircuit('organisation', 'add', 'Banc');
	recircuit('user', 'add', 'banc', '-o', '1', '-r', 'operator', '--password-stdin');
	const token = recircuit('token', 'create', 'banc', '-n', 'banc', '-s', 'volumes:write');
	server = await serve();
	psql('ALTER SYSTEM SET max_connections = 120'); // for pgbench: the service has a few
	psql('ALTER SYSTEM SET autovacuum = off'); // its processor time would fall on whoever is measured then
	await server.stop();
	server = await serve();
	const { port } = server;
	assert.equal(psql("SELECT current_setting('fsync') || current_setting('synchronous_commit')"), 'onon');
	await ours(server, token, 4); // entry 1, statements prepared, pages in memory
	const rows = [];
	for (const connections of CONNECTIONS) {
		const alone = [], posted = [];
		for (let round = 0; round < ROUNDS; round++) {
			alone.push(pgbench(connections));
			psql('ANALYZE'); // which autovacuum would have done
			psql('CHECKPOINT');
			posted.push(await ours(server, token, connections));
			psql('CHECKPOINT');
		}
		const rate = (list) => list.map((r) => r.rate), cpu = (list) => 1e6 * median(list.map((r) => r.cpu));
		const ratio = median(rate(posted)) / median(rate(alone));
		rows.push([connections, ...[alone, posted].map((l) => `${Math.round(median(rate(l)))} (${spread(rate(l))})`), ratio.toFixed(2),
			Math.round(cpu(alone)), Math.round(cpu(posted)), (cpu(alone) / cpu(posted)).toFixed(2)]);
		console.error(rows.at(-1).join(' | '));
	}
	const files = [];
	for (let round = 0; round < ROUNDS; round++)
		files.push(await batch(port, token));
	console.error(`a file of ${FILE_LINES} lines: ${files.map(seconds).join(', ')}`);
	const entries = Number(psql('SELECT max(seq) FROM audit')), lines = Number(psql('SELECT count(*) FROM line WHERE entry > 1'));
	await server.stop();
	const verify = run(program, ['audit', 'verify'], { env });
	const lines_said = /(\d+) lignes/.exec(verify.stdout)?.[1];
	page_section(page, 'Recording lines', [
		`${machine()} \`make bench-http TURN=${duration}\`.`,
		'',
		'Lines acknowledged a second, committed and synced. pgbench: `-M prepared`, one plain INSERT into the same table a transaction, straight',
		'into the server. Ours: `POST /api/volumes`, each connection waiting for its answer, with token, rights, rules, register and audit;',
		`the client, in JavaScript, shares the machine; processor time is that of PostgreSQL and pgbench, of PostgreSQL and the service. Autovacuum is off; tables are analysed after each turn of pgbench. Median of ${ROUNDS} turns of ${duration} s (least–most); goal: ratio ≥ 1 at 8 and 64.`,
		'',
		...table(['connections', 'pgbench, lines/s', 'recircuit, lines/s', 'ratio', 'pgbench, µs of processor a line', 'recircuit, the same', 'ratio'], rows),
		'',
		`A file of ${FILE_LINES.toLocaleString('en')} lines (French CSV, one verdict each): ${files.map(seconds).join(', ')}; goal: under 3 s. Lines of one organisation that`,
		`wait together are recorded together: ${lines.toLocaleString('en')} lines in ${entries.toLocaleString('en')} entries of the audit. \`recircuit audit verify\` of ${Number(lines_said).toLocaleString('en')} lines: ${seconds(verify.seconds)}.`,
	]);
	console.log(`${page} written`);
} finally {
	await server?.stop?.().catch(() => {});
	rmSync(folder, { recursive: true, force: true });
}
