// One MPS file through HiGHS: highs.mjs FILE SECONDS prints {status, cost, bound} as JSON.
import { readFileSync } from 'node:fs';
import load from 'highs';

const [file, seconds] = process.argv.slice(2);
const highs = await load();
const model = highs.createModel({ format: 'mps', data: readFileSync(file) });
model.options.set({ time_limit: Number(seconds), output_flag: false, mip_rel_gap: 1e-6 });
model.run();
const cost = model.getObjectiveValue();
const bound = model.info.get('mip_dual_bound');
console.log(JSON.stringify({
	status: String(model.getModelStatus()),
	cost: Math.abs(cost) < 1e100 ? cost : null,
	bound: Math.abs(bound) < 1e100 ? bound : null,
}));
