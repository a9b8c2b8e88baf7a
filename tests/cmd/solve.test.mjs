// recircuit-solve in good and bad circumstances: networks, plans, instances, limits, files, listeners. A clear French message on
// stderr, the exit status that include/err.h promises, nothing left behind and nothing lost.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { runAll, sleep, test } from '../http/lib.mjs';
import {
	CANCELLED, FAILED, INFEASIBLE, INVALID, NOT_FOUND, OK, assertSays, changed, file, network, reference, run,
	solve, solver, work,
} from './programs.mjs';

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

await runAll('solve');
