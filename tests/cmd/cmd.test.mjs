// Both programs from the outside, in good and bad circumstances: a clear French message on stderr, the
// exit status that include/err.h promises, nothing left behind and nothing lost.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
	appendFileSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync,
	rmSync, statSync, writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchDatabase } from '../lib/db.mjs';
import { runAll, sleep, startServer, test } from '../http/lib.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const program = path.join(process.env.RECIRCUIT_BUILD, 'recircuit');
const solver = path.join(process.env.RECIRCUIT_BUILD, 'recircuit-solve');
const work = mkdtempSync(path.join(tmpdir(), 'recircuit-cmd-'));
const database = scratchDatabase('cmd');
const ready = { RECIRCUIT_DB: database.conninfo };
process.on('exit', () => {
	rmSync(work, { recursive: true, force: true });
	try {
		database.drop();
	} catch { /* the server is stopped after us anyway */ }
});

const [OK, FAILED, INVALID, INFEASIBLE, NOT_FOUND, CONFLICT, TOO_LARGE, UNAVAILABLE, CANCELLED, USAGE] =
	[0, 1, 2, 3, 4, 5, 6, 7, 8, 64];

const file = (name, text) => {
	const where = path.join(work, name);
	if (text !== undefined)
		writeFileSync(where, text);
	return where;
};

function run(command, args, { env = {}, input = '', ...more } = {}) {
	const r = spawnSync(command, args, {
		encoding: 'utf8', input, timeout: 60000, cwd: work, env: { ...process.env, ...env }, maxBuffer: 1 << 28, ...more,
	});
	return { status: r.status ?? r.signal, out: r.stdout, err: r.stderr };
}
const recircuit = (args, env = ready, more = {}) => run(program, args, { env, ...more });
const solve = (args, more) => run(solver, args, more);

/** It ended as promised and said so: one line on stderr that names the program, in French, no more. */
function assertSays(r, status, said) {
	assert.equal(r.status, status, `exit ${r.status}: ${r.err}`);
	assert.match(r.err, said);
	const lines = r.err.trimEnd().split('\n').filter((l) => !/^\d{4}-\d\d-\d\dT/.test(l)); // the log apart
	assert.equal(lines.length, 1, r.err);
	assert.match(lines[0], /^recircuit(-solve)? : /);
	assert.doesNotMatch(r.err, /No such file|Permission denied|Address already|No space left|Is a directory|invalid/);
}

const reference = JSON.parse(readFileSync(path.join(here, 'network.json'), 'utf8'));
const network = file('network.json', JSON.stringify(reference));
/** The network with a change, as a file. */
function changed(name, change) {
	const copy = structuredClone(reference);
	change(copy);
	return file(name, JSON.stringify(copy));
}

// ---- Help and wrong use ----

test('both_programs_explain_themselves', () => {
	for (const [command, words] of [[program, /Usage : recircuit COMMANDE/], [solver, /Usage : recircuit-solve COMMANDE/]])
		for (const flag of ['--help', '-h']) {
			const r = run(command, [flag]);
			assert.equal(r.status, OK, r.err);
			assert.match(r.out, words);
			assert.equal(r.err, '');
		}
	assert.match(run(program, ['--version']).out, /^\d+\.\d+\.\d+\n$/);
});

test('every_subcommand_has_help_that_needs_no_database', () => {
	const listed = [...run(program, ['--help']).out.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map((m) => m[1]);
	for (const name of ['serve', 'work', 'migrate', 'load', 'export', 'demo'])
		assert.ok(listed.includes(name), `${name} is not in --help`);
	const nowhere = { RECIRCUIT_DB: 'host=/no/such/folder', RECIRCUIT_VAR: '/no/such/folder' };
	for (const words of [...listed.map((name) => [name]), ['load', 'reference'], ['load', 'points']]) {
		const r = recircuit([...words, '--help'], nowhere);
		assert.equal(r.status, OK, `${words}: ${r.err}`);
		assert.match(r.out, new RegExp(`Usage : recircuit ${words.join(' ')}`));
	}
});

test('wrong_use_is_said_with_what_to_do', () => {
	assertSays(recircuit([]), USAGE, /il manque une commande ; voir recircuit --help/);
	assertSays(recircuit(['dance']), USAGE, /commande inconnue « dance » ; voir recircuit --help/);
	assertSays(solve([]), USAGE, /il manque une commande ; voir recircuit-solve --help/);
	assertSays(solve(['dance']), USAGE, /commande inconnue « dance »/);
	assertSays(solve(['plan']), USAGE, /usage : recircuit-solve plan \[options\] RÉSEAU/);
	assertSays(solve(['check', network]), USAGE, /usage : recircuit-solve check/);
	for (const name of ['serve', 'work', 'migrate', 'export', 'demo'])
		assertSays(recircuit([name, '--nope']), USAGE, /option inconnue ou mal écrite : --nope/);
	assertSays(recircuit(['serve', 'twice']), USAGE, /usage : recircuit serve/);
	assertSays(recircuit(['serve', '--port']), USAGE, /--port attend une valeur/);
	assertSays(recircuit(['serve', '--port', 'eight']), USAGE, /--port attend un nombre entier, pas « eight »/);
	assertSays(recircuit(['serve', '--port', '70000']), USAGE, /le port doit être entre 0 et 65535/);
	assertSays(recircuit(['work', '--gap', 'much']), USAGE, /--gap attend un nombre/);
	assertSays(solve(['plan', '--gap', '2', network]), USAGE, /--gap/);
	assertSays(solve(['plan', '--threads', '0', network]), USAGE, /--threads/);
	assertSays(solve(['plan', '--seed', '-3', network]), USAGE, /--seed est un entier positif ou nul/);
	assertSays(solve(['plan', '--format', 'excel', network]), USAGE, /format inconnu « excel »/);
});

test('limits_that_make_no_sense_are_refused_before_a_run_is_taken', () => {
	for (const wrong of [['--time-limit', '-1'], ['--gap', '-0.5'], ['--gap', '1'], ['--threads', '0'],
		['--threads', '1000']])
		assertSays(recircuit(['work', ...wrong], ready, { timeout: 30000 }), USAGE, new RegExp(wrong[0]));
	assertSays(recircuit(['demo', '--gap', '2'], ready, { timeout: 30000 }), USAGE, /--gap/);
});

// ---- The solver: networks and plans ----

test('a_plan_is_found_checked_and_the_same_again', () => {
	const plan = file('plan.json');
	const r = solve(['plan', '-q', '-o', plan, network]);
	assert.deepEqual([r.status, r.out, r.err], [OK, '', '']);
	const answer = JSON.parse(readFileSync(plan, 'utf8'));
	assert.equal(answer.status, 'optimal');
	assert.equal(answer.viability.answer, 'viable');
	const check = solve(['check', network, plan]);
	assert.equal(check.status, OK, check.err);
	assert.deepEqual(Object.keys(JSON.parse(check.out)).sort(), ['cost', 'feasible', 'sha256']);
	const timeless = (text) => text.replace(/"(cpu_)?seconds":[\d.]+/g, '');
	const again = solve(['plan', '-q', '-'], { input: readFileSync(network) });
	assert.equal(timeless(again.out), timeless(readFileSync(plan, 'utf8')));
	assert.ok(!existsSync(`${plan}.new`));
});

test('a_network_that_is_wrong_is_refused_with_its_place', () => {
	const text = JSON.stringify(reference);
	for (const [name, bytes, said] of [
		['empty.json', '', /empty\.json : JSON illisible, ligne/],
		['half.json', text.slice(0, text.length / 2), /half\.json : JSON illisible, ligne 1 colonne/],
		['binary.json', Buffer.from([0, 255, 1, 2, 3]), /binary\.json : JSON illisible/],
		['latin.json', Buffer.from(text.replace('Usine', 'Usin\xe9'), 'latin1'), /latin\.json : JSON illisible/],
		['twice.json', text.replace('"years":2', '"years":2,"years":2'), /JSON illisible.*duplicate|JSON illisible/],
	])
		assertSays(solve(['plan', '-q', file(name, bytes)]), INVALID, said);
	for (const [change, said] of [
		[(n) => { n.points[1].lat = 95; }, /: points\[1\]\.lat : 95 est hors/],
		[(n) => { n.sites[0].lines[0].capacty_t = 3; }, /sites\[0\]\.lines\[0\] : champ inconnu « capacty_t »/],
		[(n) => { n.flows[0].payload_t = 0; }, /flows\[0\]\.payload_t/],
		[(n) => { delete n.points; }, /points : valeur manquante/],
		[(n) => { n.points = []; }, /points : 0 élément/],
		[(n) => { n.sites[0].lines = n.sites[0].lines.slice(0, 1); n.sites[1].lines.pop(); },
			/flux « gem » : le point « p1 » n’est relié à aucun site/],
	])
		assertSays(solve(['plan', '-q', changed('wrong.json', change)]), INVALID, said);
	assertSays(solve(['plan', '-q', file('nowhere.json')]), NOT_FOUND, /nowhere\.json : /);
	assertSays(solve(['plan', '-q', work]), FAILED, /recircuit-cmd-/);
	assertSays(solve(['plan', '-q', '--format', 'orlib', file('short.txt', '2 3 1 1 1')]), INVALID, /short\.txt : .*tronqué/);
});

test('an_instance_that_is_wrong_is_refused_with_its_line', () => {
	const refused = (format, text, said) =>
		assertSays(solve(['plan', '-q', '--format', format, '-'], { input: text }), INVALID, said);
	refused('orlib', '2 2\n9 1\n9 1\n2 3 4\n2 4\n', /ligne 6 : le fichier s’arrête trop tôt/);
	refused('holmberg', '2 2\n9 1\n9 -1\n2 2\n3 4\n4 3\n', /ligne 3 : le coût fixe d’un site vaut -1, moins de 0/);
	refused('delmaire', '2 2\n3 4\n4 nan\n2 2\n1 1\n9 9\n', /ligne 3 : « nan » n’est pas un nombre/);
	refused('tbed', '1000000000 1000000000\n1\n', /il faudrait environ \d+ Gio de mémoire/);
	refused('pmed', '1000000000 1000000000 5\n1 2 3\n', /il faudrait environ \d+ Gio de mémoire/);
	refused('uflp', '2 2 0\n1 5 3 4\n2 5 4\0 3\n', /ligne 3 : ce n’est plus du texte/);
});

test('an_export_replaces_the_whole_file_or_nothing', () => {
	const mps = file('model.mps', 'the old model');
	const instance = '2 2\n9 1\n9 1\n2 3 4\n2 4 3\n';
	const args = ['export', '--from', 'orlib', '--format', 'mps'];
	assert.equal(solve([...args, '-o', mps, '-'], { input: instance }).status, OK);
	const written = readFileSync(mps, 'utf8');
	assert.match(written, /^\* Problem: +recircuit\n[^]*\nENDATA\n$/);
	assert.equal(solve([...args, '-'], { input: instance }).out, written);
	assertSays(solve([...args, '-o', '/dev/full', '-'], { input: instance }), FAILED, /\/dev\/full : /);
	const free = solve(['export', '--from', 'uflp', '--format', 'mps', '-'], { input: 'FILE: free\n2 2 0\n1 10 3 4\n2 12 5 1\n' });
	assert.equal(free.status, OK, free.stderr);
	assert.doesNotMatch(free.out, /inf/i, 'sites without limit have room for all, not infinite room');
	assertSays(solve([...args, '-o', mps, '-'], { input: '2 2\n' }), INVALID, /tronqué|trop tôt/);
	assert.equal(readFileSync(mps, 'utf8'), written);
});

test('an_infeasible_network_is_said_with_its_constraint', () => {
	const tight = (n) => {
		for (const line of n.sites[0].lines)
			line.capacity_t = 100;
	};
	for (const [change, said, platforms = null] of [
		[(n) => { n.points[0].tonnes[0] = 50000; }, /flux « pam », année 2030, il y a 51.000 t à traiter.*n’en prennent que 12.400 t : il manque 38.600 t/],
		[(n) => { tight(n); n.max_platforms = 0; }, /flux « pam », année 2030.*0 plateforme.*au moins 1 plateforme\(s\) au lieu de 0/, 1],
		[(n) => { tight(n); n.points[0].tonnes = [0, 0]; n.points[2].tonnes = [0, 5200]; n.points[1].tonnes = [0, 0]; },
			/flux « gem », année 2030, il y a 5.200 t/],
		[(n) => { // one flow, one year, one level: another engine answers
			n.years = 1; n.flows.pop(); n.flows[0].growth = [1]; n.line_types[0].levels.pop();
			for (const p of n.points) p.tonnes = [9000];
			for (const s of n.sites) s.lines = s.lines.filter((l) => l.flow === 'pam');
		}, /flux « pam », année 2030, il y a 27.000 t à traiter/],
	]) {
		const plan = file('no-plan.json');
		assertSays(solve(['plan', '-q', '-o', plan, changed('infeasible.json', change)]), INFEASIBLE, said);
		const answer = JSON.parse(readFileSync(plan, 'utf8'));
		assert.deepEqual([answer.status, answer.cost, answer.gap, answer.certified_bound], ['infeasible', null, null, null]);
		// The same limits as figures: what is short is what there is less what fits.
		assert.ok(answer.why.lacks.length > 0);
		for (const lack of answer.why.lacks) {
			assert.ok(lack.missing_t > 0 && lack.worst_missing_t >= lack.missing_t && lack.worst_year >= lack.year);
			assert.ok(Math.abs(lack.tonnes - lack.capacity_t - lack.missing_t) < 1e-6);
		}
		assert.equal(answer.why.platforms_needed, platforms);
	}
});

test('limits_are_kept_shown_and_proved', () => {
	const plan = file('within.json');
	for (const [change, names, least] of [
		[(n) => { n.budget_eur = 150000; n.budget_eur_year = [120000, 150000]; }, ['budget_eur', 'budget_eur_year'], 1e6],
		[(n) => { n.sites[1].max_t = 700; n.sites[2].max_t = 700; n.max_co2_t = 600; }, ['max_co2_t', 'max_t', 'max_t'], 1e6],
		[(n) => { n.sites[2].min_t = 1200; n.sites[2].forced = 'open'; n.max_co2_t_year = 1000; },
			['max_co2_t_year', 'min_t', 'forced'], 119184],
		[(n) => { n.sites[1].forced = n.sites[2].forced = 'closed'; n.budget_eur = 1; }, ['budget_eur'], 4e6],
	]) {
		const within = changed('limits.json', change);
		const found = solve(['plan', '-q', '-o', plan, within]);
		assert.equal(found.status, OK, found.err);
		const answer = JSON.parse(readFileSync(plan, 'utf8'));
		assert.deepEqual(answer.limits.map((l) => l.limit), names);
		assert.ok(answer.cost >= least, `${names} : ${answer.cost}`);
		for (const { limit, value, used } of answer.limits)
			[value].flat().forEach((v, t) => {
				const u = [used].flat()[t];
				assert.ok(['min_t', 'forced'].includes(limit) ? u >= v * (1 - 1e-6) || u === 0 : u <= v * (1 + 1e-6), `${limit} : ${u}`);
			});
		assert.equal(solve(['check', '--bound', within, plan]).status, OK);
		for (const [tamper, status, said] of [
			[(p) => { const l = p.limits[0]; l.used = Array.isArray(l.used) ? l.used.map((u) => u + 9) : l.used + 9; }, INVALID, /limits\[0\]\.used.* : le fichier dit/],
			[(p) => { p.limits[0].limit = 'max_truc'; }, INVALID, /limits\[0\] : ce n’est pas la limite/],
			[(p) => { p.limits.pop(); }, INVALID, /limits : /],
			[(p) => { delete p.limits; }, INVALID, /limits : valeur manquante/],
			[(p) => { p.certificate.limits[0] = -1; }, INVALID, /certificate\.limits\[0\]/],
			[(p) => { p.certificate.limits.pop(); }, INVALID, /certificate\.limits : /],
			[(p) => { p.certificate.limits = p.certificate.limits.map((v) => 2 * v + 1000); }, INFEASIBLE, /borne/],
		]) {
			const copy = structuredClone(answer);
			tamper(copy);
			assertSays(solve(['check', '--bound', within, file('tampered.json', JSON.stringify(copy))]), status, said);
		}
	}
	// A plan within one budget is none within a smaller one.
	const within = changed('budget.json', (n) => { n.budget_eur = 950000; });
	assert.equal(solve(['plan', '-q', '-o', plan, within]).status, OK);
	const smaller = changed('budget.json', (n) => { n.budget_eur = 850000; });
	const copy = JSON.parse(readFileSync(plan, 'utf8'));
	assert.equal(copy.limits[0].used, 900000);
	const again = file('again.json');
	assert.equal(solve(['plan', '-q', '-o', again, smaller]).status, OK);
	copy.sha256 = JSON.parse(readFileSync(again, 'utf8')).sha256;
	assertSays(solve(['check', smaller, file('tampered.json', JSON.stringify(copy))]), INFEASIBLE,
		/budget d’investissement de toutes les années : 900000\.00 € dépensés, 850000\.00 au plus/);
});

test('limits_that_leave_no_plan_are_named_with_what_they_lack', () => {
	for (const [change, said, limits] of [
		[(n) => { n.max_co2_t_year = 20; }, /dans les limites données : le plafond d’émissions est trop bas de 29 t de CO2/, ['co2']],
		[(n) => { n.sites[1].forced = n.sites[2].forced = 'open'; n.budget_eur = 100000; },
			/il manque 100.000 € de budget d’investissement ; ou bien des sites imposés/, ['budget', 'forced']],
		[(n) => { n.sites[1].forced = 'open'; n.sites[1].min_t = 9000; }, /le tonnage minimal des sites ouverts est trop haut de/, ['min_t', 'forced']],
		[(n) => { n.sites[0].lines[0].capacity_t = 100; n.sites[1].max_t = n.sites[2].max_t = 500; },
			/ce que les sites peuvent prendre, tous flux ensemble, est trop bas de/, ['max_t']],
	]) {
		const plan = file('no-plan.json');
		assertSays(solve(['plan', '-q', '-o', plan, changed('infeasible.json', change)]), INFEASIBLE, said);
		const answer = JSON.parse(readFileSync(plan, 'utf8'));
		assert.deepEqual([answer.status, answer.why.lacks, answer.why.limits.map((l) => l.limit)], ['infeasible', [], limits]);
		assert.ok(answer.why.limits.every((l) => l.missing > 0 && l.is_enough));
	}
});

test('a_search_without_plan_nor_proof_says_so', () => {
	// One platform may open, each flow needs its own: no engine looks at both together in a network so large.
	const split = changed('split.json', (n) => {
		n.years = 1;
		n.max_platforms = 1;
		n.flows = ['pam', 'gem'].map((id) => ({ id, payload_t: 3 }));
		n.points = Array.from({ length: 400 }, (_, i) => ({ id: `q-${i}`, region: '24', lat: 47 + i / 400, lon: 2, tonnes: [1, 1] }));
		n.sites = Array.from({ length: 12 }, (_, i) => ({ id: `t-${i}`, region: '24', lat: 47 + i / 10, lon: 2,
			kind: 'candidate', site_eur: 1000, lines: [{ flow: i % 2 ? 'pam' : 'gem', type: 'small' }] }));
	});
	const plan = file('no-plan.json');
	assertSays(solve(['plan', '-q', '-t', '20', '-o', plan, split]), CANCELLED, /aucun plan trouvé, ni la preuve/);
	const answer = JSON.parse(readFileSync(plan, 'utf8'));
	assert.deepEqual([answer.status, answer.cost, answer.gap], ['unknown', null, null]);
	assert.ok(Number.isFinite(answer.bound));
});

test('a_plan_that_was_tampered_with_is_refused', () => {
	const plan = file('good.json');
	assert.equal(solve(['plan', '-q', '-o', plan, network]).status, OK);
	const good = JSON.parse(readFileSync(plan, 'utf8'));
	const other = changed('other.json', (n) => { n.carbon_eur_t = 101; });
	assertSays(solve(['check', other, plan]), INFEASIBLE, /good\.json : ce plan répond à une autre instance/);
	for (const [change, status, said] of [
		[(p) => { p.cost *= 0.99; }, INFEASIBLE, /coût : le fichier dit/],
		[(p) => { p.bound = p.cost * 1.01; }, INFEASIBLE, /la borne .* dépasse le coût du plan/],
		[(p) => { p.gap += 0.1; }, INFEASIBLE, /écart : le fichier dit/],
		[(p) => { p.status_quo.total_eur += 1e4; }, INVALID, /status_quo\.total_eur : le fichier dit/],
		[(p) => { p.viability.value_eur += 1e4; }, INFEASIBLE, /valeur : le fichier dit/],
		[(p) => { p.viability.answer = 'not_viable'; }, INFEASIBLE, /verdict : le fichier dit not_viable/],
		[(p) => { p.plan.levels = []; }, INFEASIBLE, /t reçues pour une capacité de 0\.000 t/],
		[(p) => { p.plan.routes.pop(); }, INFEASIBLE, /flux « gem », année 2031, point « p1 » : 0\.000000 t envoyées/],
		[(p) => { p.plan.routes.push(p.plan.routes[0]); }, INVALID, /plan\.routes : 5 éléments/],
		[(p) => { p.plan.levels[0].level[0] = 9; }, INFEASIBLE, /le niveau 9 n’existe pas/],
		[(p) => { p.plan.levels[0].site = 99; }, INVALID, /plan\.levels\[0\]\.site : 99 est hors/],
		[(p) => { delete p.sha256; }, INVALID, /sha256 : valeur manquante/],
		[(p) => { delete p.plan; }, INVALID, /plan : valeur manquante/],
	]) {
		const copy = structuredClone(good);
		change(copy);
		assertSays(solve(['check', network, file('tampered.json', JSON.stringify(copy))]), status, said);
	}
	assertSays(solve(['check', network, file('torn.json', '{"cost":')]), INVALID, /torn\.json : JSON illisible/);
});

/** A game file whose coalitions cost what `cost` says of their members' places. */
function game(name, players, cost, more = {}) {
	const table = {};
	for (let set = 1; set < 2 ** players.length; set++) {
		const members = players.map((_, i) => i).filter((i) => set >> i & 1);
		table[members.map((i) => players[i]).join('+')] = cost(members);
	}
	return file(name, JSON.stringify({ players, cost: table, ...more }));
}
const runway = (lengths) => (members) => Math.max(...members.map((i) => lengths[i]));

const asking = (study) => ({ ...reference, study });

test('a_study_answers_what_is_asked_and_nothing_else', () => {
	const asked = file('asked.json', JSON.stringify(asking({ tipping: ['capex'], draws: { count: 20, seed: 3 },
		sharing: { players: ['24', '11'] } })));
	const once = JSON.parse(solve(['study', '--quiet', asked]).out);
	assert.deepEqual(once.tipping.map((t) => t.driver), ['capex']);
	assert.deepEqual([once.tornado, once.frontiers], [[], []]);
	assert.equal(once.draws.values_eur.length, 20);
	assert.ok(once.draws.viable_low <= once.draws.viable && once.draws.viable <= once.draws.viable_high);
	assert.deepEqual(once.coalitions.map((c) => c.regions), [['24'], ['11'], ['24', '11']]);
	assert.equal(once.coalitions[2].cost_eur, once.here.cost_eur);
	assert.ok(Math.abs(once.sharing.nucleolus['24'] + once.sharing.nucleolus['11'] - once.sharing.total) < 1e-6);
	const twice = JSON.parse(solve(['study', '-q', '-j', '1', asked]).out);
	for (const answer of [once, twice])
		for (const part of [answer, ...answer.coalitions])
			delete part.seconds;
	assert.deepEqual(twice, once, 'the same on one thread');
	assert.equal(solve(['plan', '--quiet', asked]).status, 0, 'a plan passes over the study');
});

test('a_wrong_study_is_refused_with_its_path', () => {
	const refused = (study, said) => assertSays(solve(['study', file('wrong.json', JSON.stringify(asking(study)))]), INVALID, said);
	refused(undefined, /wrong\.json : study : valeur manquante/);
	refused({ tipping: ['weather'] }, /study\.tipping\[0\] : levier inconnu « weather »/);
	refused({ draws: { count: 0 } }, /study\.draws\.count : 0 est hors/);
	refused({ sharing: { players: ['24', '75'] } }, /study\.sharing\.players\[1\] : région inconnue « 75 »/);
	assertSays(solve(['study']), USAGE, /usage : recircuit-solve study/);
});

test('a_common_cost_is_shared', () => {
	const out = file('shares.json');
	const r = solve(['share', game('airport.json', ['a', 'b', 'c'], runway([1, 2, 3])), '-o', out]);
	assert.deepEqual([r.status, r.out, r.err], [OK, '', '']);
	const shares = JSON.parse(readFileSync(out, 'utf8'));
	assert.deepEqual(Object.keys(shares).filter((k) => !['total', 'notes'].includes(k)),
		['shapley', 'nucleolus', 'proportional', 'equal_profit', 'equal_profit_within', 'core']);
	for (const [rule, expected] of [['shapley', [1 / 3, 5 / 6, 11 / 6]], ['nucleolus', [0.5, 0.75, 1.75]],
		['proportional', [0.5, 1, 1.5]], ['equal_profit', [0.5, 1, 1.5]]])
		['a', 'b', 'c'].forEach((name, i) => assert.ok(Math.abs(shares[rule][name] - expected[i]) < 1e-9, rule));
	assert.equal(shares.core.empty, false);
	assert.ok(Math.abs(shares.core.least_core_epsilon + 0.5) < 1e-9);
	const text = readFileSync(file('airport.json'));
	assert.deepEqual(JSON.parse(solve(['share', '-'], { input: text }).out), shares);
	assert.match(solve(['share', '--help']).out, /Usage : recircuit-solve share/);
});

test('fifteen_players_share_and_sixteen_are_too_many', () => {
	const players = Array.from({ length: 16 }, (_, i) => `région ${i + 1}`);
	const lengths = players.map((_, i) => 100 + i * i);
	const r = solve(['share', game('fifteen.json', players.slice(0, 15), runway(lengths))]);
	assert.equal(r.status, OK, r.err);
	const { nucleolus, core } = JSON.parse(r.out);
	assert.ok(Math.abs(Object.values(nucleolus).reduce((a, b) => a + b) - lengths[14]) < 1e-6);
	assert.equal(core.objections.filter((o) => o.rule === 'nucleolus').length, 0);
	assertSays(solve(['share', game('sixteen.json', players, runway(lengths))]), INVALID,
		/sixteen\.json : players : 16 éléments : il en faut de 1 à 15/);
});

test('rounds are planned, judged and proved; a changed answer and a truncated file are refused', () => {
	const vrp = `TYPE : CVRP
DIMENSION : 6
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
${[[0, 0], [0, 10], [10, 10], [10, 0], [-10, 0], [-10, 10]].map((p, i) => `${i + 1} ${p.join(' ')}`).join('\n')}
DEMAND_SECTION
1 0
2 4
3 4
4 5
5 5
6 4
DEPOT_SECTION
1
-1
EOF
`;
	const from = file('small.vrp', vrp);
	const to = file('small.json');
	assert.equal(solve(['rounds', '--format', 'vrplib', '-q', '-t', '4', '-o', to, from]).status, OK);
	const answer = JSON.parse(readFileSync(to, 'utf8'));
	assert.equal(answer.status, 'optimal');
	assert.equal(answer.bound, answer.cost);
	assert.equal(answer.cost, answer.rounds.reduce((sum, r) => sum + r.cost, 0));
	assert.deepEqual(answer.rounds.flatMap((r) => r.visits).sort(), ['2', '3', '4', '5', '6']);
	const ruled = solve(['check', '--format', 'vrplib', from, to]);
	assert.equal(ruled.status, OK, ruled.err);
	assert.equal(JSON.parse(ruled.out).cost, answer.cost);

	answer.rounds.find((r) => r.visits.length > 1).visits.reverse().pop();
	const changed = file('changed.json', JSON.stringify(answer));
	assertSays(solve(['check', '--format', 'vrplib', from, changed]), INFEASIBLE, /changed.json : /);
	assertSays(solve(['rounds', file('cut.vrp', vrp.slice(0, 120))]), INVALID, /cut.vrp : ligne \d+ : /);
	assertSays(solve(['rounds', '-F', 'geojson', from]), USAGE, /sont pour une question de Recircuit, ce que .*small.vrp n’est pas/);
	assertSays(solve(['rounds', '--answer', to, from]), USAGE, /sont pour une question de Recircuit/);
	assertSays(solve(['rounds', file('large.vrp', vrp.replace('DIMENSION : 6', 'DIMENSION : 2000000000'))]), INVALID,
		/DIMENSION/);
	const heavy = solve(['rounds', '-q', '-t', '1', file('heavy.vrp', vrp.replace('2 4', '2 40'))]);
	assertSays(heavy, INFEASIBLE, /1 arrêt reste sans tournée ; l’arrêt 2 : .*un de 40 au moins/);
	assert.equal(JSON.parse(heavy.out).unserved[0].reason, 'capacity');
});

test('location_routing_answers_are_checked_anew', () => {
	const lrp = '5\n2\n\n6 7\n19 44\n\n20 35\n8 31\n29 43\n18 39\n19 47\n\n40\n\n70\n70\n\n17\n18\n13\n19\n12\n\n10841\n11961\n\n1000\n\n0\n';
	const from = file('five.dat', lrp);
	const to = file('five.json');
	assert.equal(solve(['rounds', '--format', 'lrp', '-q', '-t', '1', '-o', to, from]).status, OK);
	const answer = JSON.parse(readFileSync(to, 'utf8'));
	assert.equal(answer.sites.reduce((sum, s) => sum + s.fixed_cost, 0), answer.site_cost);
	assert.equal(answer.cost, answer.rounds.reduce((sum, r) => sum + r.cost, answer.site_cost));
	assert.equal(solve(['check', '--format', 'lrp', from, to]).status, OK);
	answer.sites.pop();
	const changed = file('fewer.json', JSON.stringify(answer));
	assertSays(solve(['check', '--format', 'lrp', from, changed]), INFEASIBLE, /fewer.json : /);
	assertSays(solve(['rounds', '--format', 'lrp', file('cut.dat', lrp.slice(0, 40))]), INVALID, /cut.dat : ligne \d+ : /);
	const small = solve(['rounds', '--format', 'lrp', '-q', '-t', '1', file('small.dat', lrp.replace('70\n70', '30\n30'))]);
	assertSays(small, INFEASIBLE, /reste(nt)? sans tournée ; .*aucun site n’a plus la place/);
	assertSays(solve(['rounds', '--format', 'prodhon', from]), USAGE, /rounds, vrplib ou lrp/);
});

test('rounds end on a signal with a valid answer', async () => {
	const points = Array.from({ length: 300 }, (_, i) => [i + 1, (i * 7919) % 1000, (i * 104729) % 1000]);
	const from = file('many.vrp', `TYPE : CVRP\nDIMENSION : 300\nCAPACITY : 50\nNODE_COORD_SECTION\n${
		points.map((p) => p.join(' ')).join('\n')}\nDEMAND_SECTION\n${
		points.map(([i]) => `${i} ${i === 1 ? 0 : 1 + (i % 9)}`).join('\n')}\nDEPOT_SECTION\n1\n-1\nEOF\n`);
	const to = file('many.json');
	const child = spawn(solver, ['rounds', '-q', '-t', '300', '-o', to, from], { cwd: work });
	await sleep(1500);
	child.kill('SIGTERM');
	const status = await new Promise((resolve) => child.on('exit', resolve));
	assert.equal(status, OK);
	assert.equal(solve(['check', '--format', 'vrplib', from, to]).status, OK);
});

test('a question about rounds is planned, judged and written in every shape', () => {
	const from = path.join(root, 'docs/exemples/tournee.json');
	const to = file('tournee-plan.json');
	assert.equal(solve(['rounds', '-q', '-t', '2', '--turns', '2', '-o', to, from]).status, OK);
	const text = readFileSync(to, 'utf8');
	const answer = JSON.parse(text);
	assert.equal(answer.format, 'recircuit-rounds-plan-1');
	assert.equal(answer.cost, 607.5);
	assert.deepEqual(answer.rounds[0].stops.map((s) => s.place), ['depot', 'A', 'B', 'C', 'depot']);
	const [round] = answer.rounds;
	assert.equal(round.cost_eur, round.fixed_eur + round.km_eur + round.hours_eur + round.overtime_eur);
	assert.deepEqual(answer.unserved.map((u) => [u.pickup, u.reason]), [['D-pam', 'price']]);
	assert.equal(JSON.parse(solve(['check', '--format', 'rounds', from, to]).out).cost, 607.5);
	const changed = file('tournee-changed.json', text.replace('"km":290.0', '"km":280.0'));
	assertSays(solve(['check', '--format', 'rounds', from, changed]), INFEASIBLE,
		/rounds\[0\]\.km|totals\.km : vaut 280, le calcul donne 290/);
	const shape = (name) => solve(['rounds', '--answer', to, '--output-format', name, from]);
	assert.match(shape('csv').out, /^round,day,hub,/);
	assert.equal(shape('csv').out.trimEnd().split('\r\n').length, 6);
	assert.deepEqual(JSON.parse(shape('geojson').out).features, []); // a matrix, and nowhere on a map
	assert.match(shape('sheet').out, /Tournée 1 — mardi[^]*Pause de 12 h 45 à 13 h 30/);
	assertSays(shape('pdf'), USAGE, /json, geojson, csv ou sheet/);
	assertSays(solve(['rounds', '--answer', changed, '-F', 'csv', from]), INFEASIBLE, /le calcul donne/);
});

test('a visit that must be made and cannot be is said, and the rest is planned', () => {
	const question = JSON.parse(readFileSync(path.join(root, 'docs/exemples/tournee.json'), 'utf8'));
	question.pickups[1].skills = ['grue'];
	const r = solve(['rounds', '-q', '-t', '2', '--turns', '2', file('grue.json', JSON.stringify(question))]);
	assertSays(r, INFEASIBLE, /1 passage reste sans tournée, à commencer par la collecte « B-pam »/);
	const answer = JSON.parse(r.out);
	assert.equal(answer.status, 'incomplete');
	assert.equal(answer.unserved.find((u) => u.pickup === 'B-pam').reason, 'skill');
	assert.ok(answer.rounds.length > 0);
	question.pickups[1].id = 'A-pam';
	assertSays(solve(['rounds', file('double.json', JSON.stringify(question))]), INVALID,
		/collecte « A-pam », pickups\[1\] : l’identifiant « A-pam » figure deux fois/);
});

test('a synthetic week is planned whole, and a signal leaves a plan that holds', async () => {
	const from = file('week.json');
	const to = file('week-plan.json');
	assert.equal(solve(['generate', 'week', '--points', '60', '-o', from]).status, OK);
	const child = spawn(solver, ['rounds', '-q', '-t', '300', '-o', to, from], { cwd: work });
	await sleep(2500);
	child.kill('SIGTERM');
	assert.equal(await new Promise((resolve) => child.on('exit', resolve)), OK);
	const answer = JSON.parse(readFileSync(to, 'utf8'));
	assert.equal(answer.status, 'feasible');
	assert.equal(solve(['check', '--format', 'rounds', from, to]).status, OK);
	assert.ok(new Set(answer.rounds.map((r) => r.hub)).size === 3);
});

test('a_game_that_is_wrong_is_refused_with_its_place', () => {
	const players = ['a', 'b'];
	const cost = { a: 1, b: 2, 'a+b': 2.5 };
	for (const [what, said] of [
		[{ players, cost: { a: 1, b: 2 } }, /wrong\.json : cost : il manque la coalition « a\+b »/],
		[{ players, cost: { ...cost, c: 1 } }, /cost\.c : joueur inconnu « c »/],
		[{ players, cost: { a: 1, b: 2, 'b+a': 3 } }, /cost\.b\+a : .*s’écrit « a\+b »/],
		[{ players, cost: { a: 1, b: 'NaN', 'a+b': 3 } }, /cost\.b : un nombre est attendu/],
		[{ players, cost, bound: { a: 1, b: 3, 'a+b': 2 } }, /bound : la borne de « b », 3, dépasse son coût, 2/],
		[{ players, cost, bound: { a: 1, b: 2 } }, /bound : il manque la coalition/],
		[{ players, cost, weight: { a: 0, b: 0 } }, /weight : tous les poids sont nuls/],
	])
		assertSays(solve(['share', file('wrong.json', JSON.stringify(what))]), INVALID, said);
	const twice = solve(['share', file('twice.json', '{"players":["a"],"cost":{"a":1,"a":2}}')]);
	assertSays(twice, INVALID, /twice\.json : JSON illisible, ligne 1/);
	const nan = solve(['share', file('nan.json', '{"players":["a"],"cost":{"a":NaN}}')]);
	assert.equal(nan.status, INVALID);
	assert.match(nan.err, /nan\.json : JSON illisible, ligne 1/);
	assertSays(solve(['share', file('nowhere.json')]), NOT_FOUND, /nowhere\.json : /);
	assertSays(solve(['share']), USAGE, /usage : recircuit-solve share/);
});

test('stability_is_certain_only_within_the_bounds', () => {
	const cost = { a: 10, b: 10, 'a+b': 16 };
	const stable = (bound) => JSON.parse(solve(['share', '-'], {
		input: JSON.stringify({ players: ['a', 'b'], cost, bound }) }).out).core.stable;
	assert.equal(stable(cost).nucleolus, 'certain');
	assert.equal(stable({ a: 7, b: 10, 'a+b': 16 }).nucleolus, 'undecided');
});

test('what_cannot_be_written_is_said_and_the_old_file_stays', () => {
	const folder = file('is-a-folder');
	mkdirSync(folder, { recursive: true });
	assertSays(solve(['plan', '-q', '-o', path.join(work, 'no/such/plan.json'), network]), FAILED, /no\/such\/plan\.json : /);
	assertSays(solve(['plan', '-q', '-o', folder, network]), FAILED, /is-a-folder : /);
	assertSays(solve(['plan', '-q', '-o', '/dev/full', network]), FAILED, /\/dev\/full : /);
	assert.ok(statSync('/dev/full').isCharacterDevice());
	const full = run('sh', ['-c', `exec '${solver}' plan -q '${network}' >/dev/full`]);
	assertSays(full, FAILED, /sortie standard : /);

	// A disk that fills up half-way: a limit on the size of files stands for it.
	const old = file('old.json', 'the old plan');
	const big = changed('big.json', (n) => {
		for (let i = 0; i < 300; i++)
			n.points.push({ ...n.points[1], id: `more-${i}`, tonnes: [0.01, 0] });
	});
	const filled = run('sh', ['-c', `trap '' XFSZ; ulimit -f 1; exec '${solver}' plan -q -t 5 -o '${old}' '${big}'`]);
	assertSays(filled, FAILED, /old\.json : /);
	assert.equal(readFileSync(old, 'utf8'), 'the old plan');
	assert.deepEqual(readdirSync(work).filter((n) => n.endsWith('.new')), []);
});

test('a_device_stays_a_device', () => {
	assert.equal(solve(['plan', '-q', '-o', '/dev/null', network]).status, OK);
	assert.ok(statSync('/dev/null').isCharacterDevice());
});

test('a_solver_that_nobody_listens_to_stops', async () => {
	// Many small platforms, full: the proof would go on for the whole minute. Its listener goes at once.
	const place = (i) => ({ region: '24', lat: 45 + (i * 7919 % 4001) / 1000, lon: (i * 15013 % 3701) / 1000 });
	const hard = changed('hard.json', (n) => {
		n.years = 1;
		n.flows = [{ id: 'pam', payload_t: 3 }];
		n.line_types[0].levels = [{ capacity_t: 130, capex_eur: 100000, upkeep_eur: 3000, jobs: 0.5 }];
		n.points = Array.from({ length: 400 }, (_, i) => ({ id: `q-${i}`, ...place(i), tonnes: [1 + i * 31 % 17] }));
		n.sites = Array.from({ length: 120 }, (_, i) => ({ id: `t-${i}`, ...place(3 * i + 1), kind: 'candidate',
			site_eur: 5000 + i * 613 % 900, lines: [{ flow: 'pam', type: 'small' }] }));
	});
	const child = spawn(solver, ['plan', '-q', '-t', '60', '-g', '0', '-o', file('unread.json'), hard],
		{ stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
	const ended = new Promise((done) => child.on('exit', () => done(Date.now())));
	const began = Date.now();
	child.stdio[3].destroy();
	const late = sleep(30000).then(() => Infinity);
	const seconds = (await Promise.race([ended, late]) - began) / 1000;
	child.kill('SIGKILL');
	assert.ok(seconds < 30, 'it was still running after 30 s');
});

// ---- The service: database, schema, files, port ----

test('a_database_that_is_not_there_is_said', () => {
	for (const [conninfo, status, said] of [
		['host=/no/such/folder', UNAVAILABLE, /base de données injoignable : /],
		['host=127.0.0.1 port=1 connect_timeout=2', UNAVAILABLE, /base de données injoignable : /],
		['this is no conninfo', UNAVAILABLE, /base de données injoignable : /],
		[`${database.conninfo} dbname=no_such_database`, UNAVAILABLE, /base de données injoignable : .*no_such_database/],
	])
		for (const words of [['migrate'], ['serve', '--port', '0'], ['work'], ['export', 'network'], ['load', 'reference']]) {
			const r = recircuit(words, { RECIRCUIT_DB: conninfo }, { timeout: 30000 });
			assert.equal(r.status, status, `${words}: ${r.status} ${r.err}`);
			assert.match(r.err, said);
		}
	assert.deepEqual(readdirSync(work).filter((n) => n === 'var'), [], 'a private cluster was made');
});

test('a_private_cluster_that_cannot_be_made_is_said', () => {
	const blocked = file('blocked', 'a plain file');
	assertSays(recircuit(['migrate'], { RECIRCUIT_DB: '', RECIRCUIT_VAR: path.join(blocked, 'var') }), FAILED, /blocked/);
});

test('a_schema_that_is_missing_or_behind_is_said', () => {
	const name = `cmd_empty_${process.pid}`;
	const admin = (text) => execFileSync('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', '-d', process.env.RECIRCUIT_DB, '-c', text]);
	admin(`CREATE DATABASE ${name} TEMPLATE template0`);
	try {
		const empty = { RECIRCUIT_DB: `${process.env.RECIRCUIT_DB} dbname=${name}` };
		for (const words of [['serve', '--port', '0'], ['work'], ['export', 'network'], ['load', 'reference']])
			assertSays(recircuit(words, empty, { timeout: 30000 }), UNAVAILABLE, /lancez « recircuit migrate »/);
		assert.match(recircuit(['migrate'], empty).out, /^\d+ migrations appliquées\.\n$/);
		assert.match(recircuit(['migrate'], empty).out, /^0 migration appliquée\.\n$/);
	} finally {
		admin(`DROP DATABASE ${name} WITH (FORCE)`);
	}
});

/** A copy of sql/ and web/ to spoil. */
function ownShare(name) {
	const folder = file(name);
	rmSync(folder, { recursive: true, force: true });
	for (const part of ['sql', 'web'])
		cpSync(path.join(root, part), path.join(folder, part),
			{ recursive: true, filter: (from) => !from.includes('node_modules') });
	return folder;
}

test('a_changed_or_missing_migration_is_named', () => {
	const share = ownShare('share-migrations');
	const env = { ...ready, RECIRCUIT_SHARE: share };
	const migrations = path.join(share, 'sql/migrations');
	const [first, second] = readdirSync(migrations).sort();
	appendFileSync(path.join(migrations, second), '\n-- one more word\n');
	assertSays(recircuit(['migrate'], env), CONFLICT, new RegExp(`${second} a changé depuis`));
	for (const words of [['serve', '--port', '0'], ['work'], ['load', 'reference']])
		assertSays(recircuit(words, env, { timeout: 30000 }), UNAVAILABLE, new RegExp(second));
	renameSync(path.join(migrations, first), path.join(work, first));
	assertSays(recircuit(['migrate'], env), CONFLICT, new RegExp(`${first}.*manque`));
});

test('a_missing_share_folder_is_said', () => {
	assertSays(recircuit(['migrate'], { ...ready, RECIRCUIT_SHARE: '/no/such/folder' }), FAILED,
		/RECIRCUIT_SHARE=\/no\/such\/folder : ce dossier n’existe pas/);
	const share = ownShare('share-incomplete');
	rmSync(path.join(share, 'sql/queries'), { recursive: true });
	assertSays(recircuit(['migrate'], { ...ready, RECIRCUIT_SHARE: share }), FAILED, /sql\/queries est introuvable/);
	const alone = file('alone');
	mkdirSync(alone, { recursive: true });
	copyFileSync(program, path.join(alone, 'recircuit'));
	assertSays(run(path.join(alone, 'recircuit'), ['migrate'], { env: ready }), FAILED, /RECIRCUIT_SHARE/);
});

test('a_missing_solver_is_said', () => {
	const alone = file('without-solver');
	mkdirSync(alone, { recursive: true });
	copyFileSync(program, path.join(alone, 'recircuit'));
	const r = run(path.join(alone, 'recircuit'), ['work'], { env: { ...ready, RECIRCUIT_SHARE: root }, timeout: 30000 });
	assertSays(r, FAILED, /without-solver\/recircuit-solve : /);
});

test('a_broken_statement_is_named', () => {
	const share = ownShare('share-queries');
	writeFileSync(path.join(share, 'sql/queries/extra.sql'), '-- name: run_get\nSELECT 1;\n');
	assertSays(recircuit(['migrate'], { ...ready, RECIRCUIT_SHARE: share }), FAILED, /définie deux fois : run_get/);
});

test('a_broken_reference_file_changes_nothing', () => {
	const share = ownShare('share-reference');
	const env = { ...ready, RECIRCUIT_SHARE: share };
	const what = () => execFileSync('psql', ['-XqAt', '-d', database.conninfo, '-c', `SELECT count(*), sum(value) FROM parameter
		UNION ALL SELECT count(*), sum(population) FROM commune UNION ALL SELECT count(*), max(xmin::text::bigint)
		FROM reference_load UNION ALL SELECT count(*), count(*) FROM site`], { encoding: 'utf8' });
	const before = what();
	const parameters = path.join(share, 'sql/reference/parameters.csv');
	const good = readFileSync(parameters, 'utf8');
	for (const [bytes, said] of [
		[good.replace(/\n[^\n]*$/, '\nnot,a,parameter\n'), /parameters\.csv : /],
		[good.replace('id,value', 'id,valeur'), /parameters\.csv : /],
		[good.slice(0, good.length / 2), /parameters\.csv/],
		[good.split('\n').slice(0, 1).join('\n') + '\n', /./],
	]) {
		writeFileSync(parameters, bytes);
		const r = recircuit(['load', 'reference'], env);
		assert.notEqual(r.status, OK);
		assert.match(r.err, said);
		assert.equal(what(), before);
	}
	writeFileSync(parameters, good);
	assert.match(recircuit(['load', 'reference'], env).out, /déjà à jour/);
	assert.equal(what(), before);
});

test('a_port_in_use_is_said', async () => {
	const taken = net.createServer().listen(0, '127.0.0.1');
	await new Promise((done) => taken.once('listening', done));
	try {
		const { port } = taken.address();
		const r = await new Promise((done) => {
			// Not spawnSync: the listener above lives in this process.
			const child = spawn(program, ['serve', '--port', String(port)], { env: { ...process.env, ...ready } });
			let err = '';
			child.stderr.on('data', (bytes) => (err += bytes));
			child.on('close', (status) => done({ status, err }));
			setTimeout(() => child.kill('SIGKILL'), 30000).unref();
		});
		assertSays(r, UNAVAILABLE, new RegExp(`le port ${port} est déjà pris`));
	} finally {
		taken.close();
	}
});

test('an_address_that_is_not_ours_is_said', () => {
	assertSays(recircuit(['serve', '--port', '0', '--address', '192.0.2.1'], ready, { timeout: 30000 }), UNAVAILABLE, /192\.0\.2\.1/);
	assertSays(recircuit(['serve', '--port', '0', '--address', 'no such host'], ready, { timeout: 30000 }), USAGE, /adresse « no such host » inconnue/);
});

test('an_unknown_scenario_is_said', () => {
	const out = file('unknown.json');
	assertSays(recircuit(['export', 'network', '--scenario', 'nope', '-o', out]), NOT_FOUND, /scénario inconnu : nope/);
	assert.ok(!existsSync(out));
	assertSays(recircuit(['export', 'network', '-o', '/dev/full']), FAILED, /\/dev\/full : /);
});

test('the_service_stops_when_told_and_answers_until_then', async () => {
	for (const signal of ['SIGTERM', 'SIGINT']) {
		const server = await startServer(program, ['serve', '--port', '0'],
			{ match: /écoute sur http:\/\/[^:]+:(\d+)\//, env: ready });
		assert.equal((await fetch(`${server.url}/api/health`)).status, 200);
		const began = Date.now();
		assert.equal(await server.stop(signal), 0);
		assert.ok(Date.now() - began < 15000, `${signal} took too long`);
	}
});

await runAll('cmd');
process.exit();
