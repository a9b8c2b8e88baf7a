// A command as a whole process: what it said and how long it took, by the wall clock.
import { spawnSync } from 'node:child_process';

export function run(command, args, options = {}) {
	const began = performance.now();
	const { stdout, stderr, status, error } =
		spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
	if (error && error.code !== 'ETIMEDOUT')
		throw error;
	return { stdout: stdout ?? '', stderr: stderr ?? '', status, seconds: (performance.now() - began) / 1000 };
}
