// A service with a private cluster of its own, that can be killed and started again, and clients that never give up.
import { execFileSync, execSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sleep, startServer } from '../http/lib.mjs';

const program = path.join(process.env.RECIRCUIT_BUILD, 'recircuit');

/** A folder with a cluster that has the reference data, one organisation and a token that may write its lines. */
export function makeHouse(folder = mkdtempSync(path.join(tmpdir(), 'recircuit-durability-'))) {
	const env = { ...process.env, RECIRCUIT_VAR: folder, RECIRCUIT_DB: '' }; // not the suite's
	const house = { folder, env };
	house.run = (args, options) => execFileSync(program, args, { env, encoding: 'utf8', ...options });
	house.serve = async (...more) => {
		house.server = await startServer(program, ['serve', '--port', '0', ...more], { match: /écoute sur http:\/\/[^:]+:(\d+)\//, env });
		return house.server;
	};
	// The data's folder, wherever the cluster had to put it; its socket is there too.
	const home = () => {
		const said = existsSync(path.join(folder, 'pg')) ? folder
			: execSync(`ls -d ${tmpdir()}/recircuit-*/pg | tail -1`, { encoding: 'utf8' }).trim().replace(/\/pg$/, '');
		return path.join(said, 'pg');
	};
	house.psql = (sql, database = 'recircuit') => execFileSync('psql',
		['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', `host=${home()} port=5432 user=recircuit dbname=${database}`, '-c', sql], { encoding: 'utf8' }).trim();
	house.postmaster = () => Number(readFileSync(path.join(home(), 'postmaster.pid'), 'utf8').split('\n')[0]);
	// Every process of the cluster at once, as when the power goes: no one is left to write what was in memory.
	house.killCluster = async () => {
		const parent = house.postmaster();
		const family = [parent, ...execSync(`ps -o pid= --ppid ${parent}; true`, { encoding: 'utf8' }).split(/\s+/).filter(Boolean).map(Number)];
		for (const pid of family) try { process.kill(pid, 'SIGKILL'); } catch { /* gone by itself */ }
		while (family.some((pid) => { try { process.kill(pid, 0); return true; } catch { return false; } })) await sleep(10);
	};
	house.startCluster = () => house.run(['user', 'list']); // whoever uses it first starts it
	house.fill = () => {
		house.run(['migrate']);
		house.run(['load', 'reference']);
		const organisation = /Organisation (\d+)/.exec(house.run(['organisation', 'add', 'Collecte d’essai']))[1];
		house.run(['user', 'add', 'essai', '--organisation', organisation, '--role', 'operator', '--password-stdin'], { input: 'un mot de passe assez long\n' });
		house.token = /(rc_\S+)/.exec(house.run(['token', 'create', 'essai', '--name', 'durabilité', '--scope', 'volumes:write,volumes:read']))[1];
	};
	house.end = async () => {
		if (house.server) await house.server.stop();
		rmSync(folder, { recursive: true, force: true });
	};
	return house;
}

export const line = (more) => ({ publicId: randomUUID(), wasteCode: '20 01 36', flow: 'gem_hors_froid', receptionDate: new Date(Date.now() - 864e5).toISOString().slice(0, 10),
	weightValue: 1.25, weightIsEstimate: false, initialEmitterMunicipalitiesInseeCodes: ['45234'], ...more });

export const post = (house, body, key) => fetch(`${house.server.url}/api/volumes`, { method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(20e3),
	headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${house.token}`, ...(key && { 'Idempotency-Key': key }) } });

/**
 * A client that logs line after line. A request without a good answer is sent again, with its key, until it has one or the client is told
 * to stop; `acknowledged` has the lines that were answered for, `sent` all.
 */
export function startClient(house) {
	const client = { acknowledged: [], sent: [], refused: [], isStopped: false };
	client.over = (async () => {
		while (!client.isStopped) {
			const body = line();
			const key = randomUUID();
			client.sent.push(body.publicId);
			for (;;) {
				try {
					const answer = await post(house, body, key);
					const text = await answer.text();
					if (answer.ok) client.acknowledged.push(body.publicId);
					else if (answer.status < 500 && answer.status !== 429) client.refused.push(`${answer.status} ${text}`);
					if (answer.status < 500 && answer.status !== 429) break;
				} catch { /* cut off: again */ }
				if (client.isStopped) break;
				await sleep(30);
			}
		}
	})();
	return client;
}
