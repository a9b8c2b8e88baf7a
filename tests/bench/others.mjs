// The solvers that ours is held against, on a model in free MPS form.
//
//	others.cbc('model.mps', 60)	{cost, bound, seconds}; cost and bound are null where it has none
//
// glpsol and HiGHS (its WebAssembly build) run on one core, cbc on two. Each gets the limit and some
// time to end by itself; who has not ended after twice the limit is stopped and has said nothing.
import { fileURLToPath } from 'node:url';
import { run } from './process.mjs';

const last = (text, pattern) => {
	const found = [...text.matchAll(pattern)].at(-1);
	return found ? Number(found[1]) : null;
};

export const others = {
	glpsol: (mps, limit) => {
		const log = run('glpsol', ['--freemps', mps, '--tmlim', String(limit), '--cuts', '--pcost'],
			{ timeout: 1000 * (2 * limit + 5) });
		const best = [...log.stdout.matchAll(/^\+\s*\d+:.*?(?:>>>>>|mip =)\s+(not found yet|\S+) >=\s+(\S+)/gm)].at(-1);
		const is_done = /INTEGER OPTIMAL SOLUTION FOUND/.test(log.stdout);
		const cost = best && !Number.isNaN(Number(best[1])) ? Number(best[1]) : null;
		return { seconds: log.seconds, cost, bound: is_done ? cost : best ? Number(best[2]) : null };
	},
	cbc: (mps, limit) => {
		const log = run('cbc', [mps, 'sec', String(limit), 'timeMode', 'elapsed', 'threads', '2',
			'ratioGap', '1e-6', 'solve', 'quit'], { timeout: 1000 * (2 * limit + 5) });
		const cost = last(log.stdout, /^Objective value:\s+(\S+)/gm);
		const is_done = /Result - Optimal solution found/.test(log.stdout);
		return { seconds: log.seconds, cost, bound: is_done ? cost : last(log.stdout, /^Lower bound:\s+(\S+)/gm) };
	},
	HiGHS: (mps, limit) => {
		const log = run('node', [fileURLToPath(new URL('highs.mjs', import.meta.url)), mps, String(limit)],
			{ timeout: 1000 * (2 * limit + 5) });
		const { cost, bound } = log.status === 0 ? JSON.parse(log.stdout) : { cost: null, bound: null };
		return { seconds: log.seconds, cost, bound };
	},
};
