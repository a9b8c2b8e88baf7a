// Both programs from the outside: how they are run, in a folder of the file that runs them, and what they promise to say.
//
//	import { OK, assertSays, network, solve } from './programs.mjs';
//	assert.equal(solve(['plan', '-q', network]).status, OK);
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '../..');
export const program = path.join(process.env.RECIRCUIT_BUILD, 'recircuit');
export const solver = path.join(process.env.RECIRCUIT_BUILD, 'recircuit-solve');
export const work = mkdtempSync(path.join(tmpdir(), 'recircuit-cmd-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

/** What err.h promises as exit statuses. */
export const [OK, FAILED, INVALID, INFEASIBLE, NOT_FOUND, CONFLICT, TOO_LARGE, UNAVAILABLE, CANCELLED, USAGE] =
	[0, 1, 2, 3, 4, 5, 6, 7, 8, 64];

export const file = (name, text) => {
	const where = path.join(work, name);
	if (text !== undefined)
		writeFileSync(where, text);
	return where;
};

export function run(command, args, { env = {}, input = '', ...more } = {}) {
	const r = spawnSync(command, args, {
		encoding: 'utf8', input, timeout: 60000, cwd: work, env: { ...process.env, ...env }, maxBuffer: 1 << 28, ...more,
	});
	return { status: r.status ?? r.signal, out: r.stdout, err: r.stderr };
}
export const solve = (args, more) => run(solver, args, more);

/** It ended as promised and said so: one line on stderr that names the program, in French, no more. */
export function assertSays(r, status, said) {
	assert.equal(r.status, status, `exit ${r.status}: ${r.err}`);
	assert.match(r.err, said);
	const lines = r.err.trimEnd().split('\n').filter((l) => !/^\d{4}-\d\d-\d\dT/.test(l)); // the log apart
	assert.equal(lines.length, 1, r.err);
	assert.match(lines[0], /^recircuit(-solve)? : /);
	assert.doesNotMatch(r.err, /No such file|Permission denied|Address already|No space left|Is a directory|invalid/);
}

export const reference = JSON.parse(readFileSync(path.join(here, 'network.json'), 'utf8'));
export const network = file('network.json', JSON.stringify(reference));
/** The network with a change, as a file. */
export function changed(name, change) {
	const copy = structuredClone(reference);
	change(copy);
	return file(name, JSON.stringify(copy));
}
