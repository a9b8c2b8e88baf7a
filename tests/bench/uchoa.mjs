// Small CVRP instances by the rules of the X set (Uchoa, Pecin, Pessoa, Poggi, Vidal, Subramanian, European Journal of Operational Research 257
// (2017)): where the depot is, where customers are, what they ask, how many a route takes. For sizes that can be proved.
//
//	uchoa({ n: 40, depot: 'C', place: 'RC', demand: '1-100', route: 6, seed: 7 })	the text of a VRPLIB file
//	spread_of_uchoa(20)							so many questions, n = 20..60, of all kinds
//
//	node tests/bench/uchoa.mjs FOLDER [COUNT]				writes them
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SIDE = 1000, DECAY = 40;

// splitmix32: whole numbers below 2^32, the same everywhere.
function source(seed) {
	let s = seed >>> 0;
	const next = () => {
		s = (s + 0x9e3779b9) >>> 0;
		let z = s;
		z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
		z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
		return (z ^ (z >>> 16)) >>> 0;
	};
	const real = () => next() / 2 ** 32;
	const between = (low, high) => low + Math.floor(real() * (high - low + 1));
	return { real, between, point: () => [between(0, SIDE), between(0, SIDE)] };
}

const depots = { C: () => [SIDE / 2, SIDE / 2], E: () => [0, 0], R: (random) => random.point() };

function add_clustered(random, points, n) {
	const seeds = Array.from({ length: random.between(3, 8) }, () => random.point());
	points.push(...seeds.slice(0, n - points.length));
	while (points.length < n) {
		const [x, y] = random.point();
		const chance = seeds.reduce((sum, [a, b]) => sum + Math.exp(-Math.hypot(x - a, y - b) / DECAY), 0);
		if (random.real() <= chance)
			points.push([x, y]);
	}
}

const places = {
	R: (random, n) => Array.from({ length: n }, () => random.point()),
	C: (random, n) => {
		const points = [];
		add_clustered(random, points, n);
		return points;
	},
	RC: (random, n) => {
		const points = places.R(random, Math.floor(n / 2));
		add_clustered(random, points, n);
		return points;
	},
};

const within = (low, high) => (random) => random.between(low, high);
const demands = {
	1: () => 1,
	'1-10': within(1, 10),
	'5-10': within(5, 10),
	'1-100': within(1, 100),
	'50-100': within(50, 100),
	Q: (random, [x, y]) => (x < SIDE / 2) === (y < SIDE / 2) ? random.between(51, 100) : random.between(1, 50),
	SL: (random, place, share) => random.real() < share ? random.between(1, 10) : random.between(50, 100),
};

export function uchoa({ n, depot, place, demand, route, seed }) {
	const random = source(seed);
	const start = depots[depot](random), share = 0.7 + 0.25 * random.real();
	const points = places[place](random, n);
	const loads = points.map((p) => demands[demand](random, p, share));
	const total = loads.reduce((a, b) => a + b, 0);
	const capacity = Math.max(Math.ceil(route * total / n), ...loads);
	const rows = (of) => of.map((line, i) => `${i + 1} ${line}`).join('\n');
	return `NAME : ${depot}-${place}-${demand}-n${n}-r${route}
TYPE : CVRP
DIMENSION : ${n + 1}
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : ${capacity}
NODE_COORD_SECTION
${rows([start, ...points].map((p) => p.join(' ')))}
DEMAND_SECTION
${rows([0, ...loads])}
DEPOT_SECTION
1
-1
EOF
`;
}

// Every kind comes up; routes are of 3 to 20 stops.
export function spread_of_uchoa(count) {
	const kinds = [Object.keys(depots), Object.keys(places), Object.keys(demands)];
	const routes = [3, 12, 5, 8, 4, 16, 6, 10, 20];
	return Array.from({ length: count }, (_, i) => {
		const n = 20 + Math.round(40 * i / Math.max(1, count - 1));
		const question = { n, depot: kinds[0][i % 3], place: kinds[1][Math.floor(i / 3) % 3], demand: kinds[2][i * 3 % 7],
			route: routes[i * 5 % routes.length], seed: 1000 + i };
		return { ...question, name: `${question.depot}-${question.place}-${question.demand}-n${n}-r${question.route}`, text: uchoa(question) };
	});
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const [folder, count = '20'] = process.argv.slice(2);
	mkdirSync(folder, { recursive: true });
	for (const { name, text } of spread_of_uchoa(Number(count)))
		writeFileSync(path.join(folder, `${name}.vrp`), text);
}
