// A disk that can be filled: a small tmpfs. Mounting takes root; an ordinary user has one in a namespace of his own, which the programs
// that use it would have to share, so without root there is none and the test says so.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const canMount = process.getuid() === 0;

export function smallDisk(megabytes) {
	const folder = mkdtempSync(path.join(tmpdir(), 'recircuit-disk-'));
	execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder]);
	const ballast = path.join(folder, 'ballast');
	return {
		folder,
		fill() {
			const fd = openSync(ballast, 'w');
			const block = Buffer.alloc(1 << 16);
			try { for (;;) writeSync(fd, block); } catch (e) { if (e.code !== 'ENOSPC') throw e; }
			closeSync(fd);
		},
		free: () => rmSync(ballast),
		end() {
			execFileSync('umount', ['-l', folder]);
			rmdirSync(folder);
		},
	};
}
