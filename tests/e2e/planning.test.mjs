// What a planner does on the page: variants, studies, collection rounds. See page.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, FIXTURES, figure, get, home, PHONE, rows, service, settled, shows, text, unfold, visit } from './page.mjs';

// ---- variants of a scenario ----

test('a_variant_is_told_its_faults_line_by_line', async () => {
  const { page, close } = await visit(home, PHONE);
  await page.locator('#variant > summary').click();
  await page.waitForSelector('#variant form');
  const lines = page.locator('#variant [name=lines]');
  const make = () => page.getByRole('button', { name: 'Créer cette variante' }).click();
  const told = async (count) => {
    await page.waitForFunction((n) => document.querySelectorAll('#variant .faults li').length === n, count);
    return page.locator('#variant .faults li').allTextContents();
  };
  const { parameters } = await get('/api/parameters');
  const [first, second] = parameters;
  await page.locator('#variant-parameter').selectOption({ label: second.label });
  await page.getByRole('button', { name: 'Ajouter une ligne' }).click();
  assert.equal(await lines.inputValue(), `${second.label} ; ${String(second.value).replace('.', ',')}`);
  await lines.fill(`${first.label} ; 1\nn’importe quoi ; 3\n\n${second.id} ; vingt\n${first.id} ; 2\n${parameters[2].id}`);
  await make();
  assert.deepEqual(await told(4), ['Ligne 2 : « n’importe quoi » n’est pas un paramètre.', 'Ligne 4 : « vingt » n’est pas un nombre.',
    `Ligne 5 : « ${first.id} » est déjà à la ligne 1.`, `Ligne 6 : il manque la valeur de « ${parameters[2].id} », après un point-virgule.`]);
  // What the service refuses is told by line too.
  await lines.fill(`\n"${first.label}"\t-900 000 000 000\n${second.label};−9e11`);
  await make();
  const refused = await told(2);
  assert.ok(refused[0].startsWith(`Ligne 2 : Le paramètre « ${first.id} »`) && refused[1].startsWith(`Ligne 3 : Le paramètre « ${second.id} »`), refused.join('\n'));
  for (const box of await page.locator('#variant [name=region]').all()) await box.uncheck();
  await make();
  assert.deepEqual(await told(1), ['Il faut au moins une région.']);
  assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 360);
  await close();
});

test('a_variant_is_made_from_the_scenario_shown_and_computed', { skip: FIXTURES }, async () => {
  service.reset();
  const { page, seen, close } = await visit('/?scenario=1');
  await page.locator('#variant > summary').click();
  await page.locator('#variant [name=name]').fill('Sur volumes enregistrés');
  assert.equal(await page.getByText('a un mandat sur toutes ses régions').isVisible(), false);
  await page.locator('#variant [name=volumes]').selectOption('recorded_where_covered');
  assert.equal(await page.getByText('a un mandat sur toutes ses régions').isVisible(), true);
  await page.locator('#variant [name=max_platforms]').fill('2');
  await page.locator('#variant [name=lines]').fill('Paramètre;Valeur;Bas;Haut\nMarge des usines existantes;8 %;0;0,15\ndiscount_rate;0,03');
  const [sent] = await Promise.all([page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/api/scenarios')),
    page.getByRole('button', { name: 'Créer cette variante' }).click()]);
  assert.deepEqual(sent.postDataJSON().definition, { regions: ['24'], parameters: { 'existing.margin': 0.08, discount_rate: 0.03 }, candidates: 'default',
    volumes: 'recorded_where_covered', max_platforms: 2 });
  await page.waitForURL(/scenario=5\d/);
  await settled(page);
  assert.equal(await text(page, '#scenario option:checked'), 'Sur volumes enregistrés');
  assert.deepEqual(seen.errors, []);
  service.reset();
  await close();
});

// ---- the study of a run ----

test('a_study_says_what_the_service_found', { skip: FIXTURES }, async () => {
  const { page, seen, close } = await visit('/?scenario=1');
  await unfold(page);
  const part = Object.fromEntries(await Promise.all(['tipping', 'tornado', 'draws', 'sharing'].map(async (p) => [p, await get(`/api/runs/1/${p}`)])));
  const shown = await text(page, '#study-body');
  for (const [name, { sentence }] of Object.entries(part)) assert.ok(shown.includes(sentence), name);
  assert.ok(shown.includes(part.sharing.invite_sentence));
  const flips = await rows(page, 'bascules');
  part.tipping.drivers.forEach((d, i) => {
    assert.equal(flips[i][0], d.label);
    assert.equal(flips[i][4], d.above.flips ? d.above.far.text : d.above.undecided ? 'non tranché' : 'jamais');
    assert.equal(flips[i][5], d.sentence);
  });
  const tornado = await rows(page, 'sensibilite');
  part.tornado.drivers.forEach((d, i) => {
    assert.equal(tornado[i][0], d.label);
    shows(tornado[i][2].split(' à ')[0], d.low.value_eur, d.driver);
    assert.equal(tornado[i][7], d.year ? `${d.source}, ${d.year}` : d.source);
  });
  const shares = await rows(page, 'partage-regions');
  part.sharing.regions.forEach((r, i) => {
    assert.equal(shares[i][0], r.name);
    part.sharing.rules.forEach((rule, n) => {
      const { share_eur: eur, share_eur_t: per } = part.sharing.shares.find((x) => x.region === r.region && x.rule === rule.rule);
      shows(shares[i][4 + 2 * n], eur, `${r.name}, ${rule.label}`);
      shows(shares[i][5 + 2 * n], per, `${r.name}, ${rule.label}, a tonne`);
    });
  });
  assert.deepEqual((await rows(page, 'regles')).map((r) => r[2]),
    part.sharing.rules.map((r) => ({ certain: '✓\u00a0stable, prouvé', no: '✕\u00a0instable', undecided: '?\u00a0non tranché' })[r.stable]));
  for (const chart of ['sensibilite', 'tirages', 'bascules']) assert.ok(await page.locator(`#${chart} .chart svg`).count(), `a picture of ${chart}`);
  assert.deepEqual(seen.errors, []);
  await close();
});

test('what_is_not_decided_is_not_said_to_be_never', { skip: FIXTURES }, async () => {
  const { page, seen, close } = await visit('/?scenario=1');
  const never = { flips: false, undecided: false };
  const open = { flips: false, undecided: true };
  await page.route('**/api/runs/1/tipping', async (route) => {
    const found = await get('/api/runs/1/tipping');
    Object.assign(found.frontiers[0].steps[5], { below: never, above: never });
    Object.assign(found.frontiers[0].steps[6], { answer: 'undecided', below: open, above: open });
    await route.fulfill({ json: found });
  });
  await unfold(page);
  assert.deepEqual((await rows(page, 'frontiere')).slice(5).map((r) => [r[1], r[3]]), [['viable', 'jamais'], ['indécidé', 'non tranché']]);
  assert.deepEqual(seen.errors, []);
  await close();
});

test('a_study_is_asked_for_followed_and_stopped_on_the_page', { skip: FIXTURES }, async () => {
  service.reset();
  const { page, seen, close } = await visit('/?scenario=4');
  await page.locator('#study > summary').click();
  await page.getByRole('button', { name: 'Lancer l’étude' }).click();
  await page.getByText('Étude en cours : tirages : 12 sur 500.').waitFor();
  await page.getByRole('button', { name: 'Arrêter l’étude' }).click();
  await page.getByRole('button', { name: 'Lancer l’étude' }).click();
  await page.waitForSelector('#study .finding', { timeout: 15e3 });
  assert.deepEqual(seen.errors, []);
  service.reset();
  await close();
});

// ---- collection rounds ----

const hour = (x) => `${Math.floor(Math.round(x * 60) / 60)} h ${String(Math.round(x * 60) % 60).padStart(2, '0')}`;

test('rounds_are_asked_for_and_shown_one_by_one', async () => {
  const { page, seen, close } = await visit(home);
  assert.ok(!seen.requests.some((u) => /rounds/.test(u)), 'nothing before it is opened');
  await page.locator('#rounds > summary').click();
  await page.getByLabel('Depuis le pôle').selectOption({ label: 'Orléans' });
  await page.getByLabel('Semaine', { exact: true }).fill('12');
  await page.getByRole('button', { name: 'Planifier les tournées' }).click();
  await page.locator('.round-result').getByText(/^Tournées en cours de calcul|attendent leur tour/).waitFor();
  await page.waitForSelector('.round-map[data-rounds]', { timeout: 90e3 });
  const { rounds: all } = await get('/api/rounds');
  const done = await get(`/api/rounds/${all[0].id}`);
  const found = await get(`/api/rounds/${all[0].id}/plan`);
  assert.deepEqual([done.state, done.asked.week, done.asked.hubs.length], ['done', 12, 1]);
  assert.ok((await text(page, '.round-result')).includes(found.sentence));

  // A day at a time, on the map and in the table; then the whole week.
  const days = [...new Set(found.rounds.map((r) => r.day))];
  const first = found.rounds.filter((r) => r.day === days[0]);
  assert.equal(Number(await page.locator('.round-map').getAttribute('data-rounds')), first.length);
  const shown = await rows(page, 'tournees');
  first.forEach((r, i) => {
    assert.deepEqual([shown[i][0], shown[i][1], shown[i][3], shown[i][4]], [String(r.id), r.kind, hour(r.leave_h), hour(r.back_h)]);
    shows(shown[i][2], r.pickups, 'pick-ups');
    shows(shown[i][5], r.km, 'km');
    shows(shown[i][6], r.tonnes, 'tonnes');
    shows(shown[i][7], r.eur, 'cost');
  });
  await page.getByRole('button', { name: 'toute la semaine' }).click();
  assert.equal((await rows(page, 'tournees')).length, found.rounds.length);
  assert.equal(Number(await page.locator('.round-map').getAttribute('data-rounds')), found.rounds.length);

  // One of them: its stops, and a cost that adds up.
  const last = found.rounds.at(-1);
  await page.getByRole('button', { name: `Voir la tournée ${last.id}`, exact: true }).click();
  const stops = await rows(page, 'arrets');
  last.stops.forEach((s, i) => {
    assert.ok(s.name.endsWith(stops[i][0]), stops[i][0]);
    for (const { units } of s.loads ?? []) assert.ok(stops[i][1].includes(String(units)), stops[i][1]);
    shows(stops[i][4], s.km, 'km since the stop before');
    const rests = last.breaks.filter((b) => b.leg === i).map((b) => `${hour(b.begin_h)} à ${hour(b.end_h)}`);
    assert.equal(stops[i][6], last.breaks.length ? rests.join(', ') || '–' : undefined);
  });
  const cost = await rows(page, 'cout');
  [last.fixed_eur, last.km_eur, last.hours_eur, last.overtime_eur, last.eur].forEach((x, i) => shows(cost[i][1], x, cost[i][0]));

  // What is left and why; what it costs beside the estimate; the files.
  const left = await rows(page, 'sans-tournee');
  assert.equal(left.length, found.unserved.length);
  found.unserved.forEach((u, i) => assert.equal(left[i][2], u.text));
  const costs = await rows(page, 'transport');
  found.haulage.forEach((b, i) => {
    shows(costs[i][4], b.rounds_eur_t, 'by rounds');
    shows(costs[i][5], b.estimate_eur_t, 'estimate');
  });
  assert.deepEqual(await page.$$eval('.round-files a', (links) => links.map((a) => a.getAttribute('href').split('/').at(-1))),
    ['sheet', 'plan.csv', 'plan.geojson', 'question.json', 'answer.json']);
  if (!service) {
    const sheet = await page.context().newPage();
    const wrong = [];
    sheet.on('console', (m) => m.type() === 'error' && wrong.push(m.text()));
    await sheet.goto(`${base}/api/rounds/${all[0].id}/sheet`);
    assert.ok((await sheet.locator('body').textContent()).includes(found.rounds[0].hub_name));
    assert.notEqual(await sheet.evaluate(() => getComputedStyle(document.body).fontFamily), 'Times New Roman', 'its own style is let in');
    assert.deepEqual(wrong, []);
  }
  assert.deepEqual(seen.errors, []);
  await close();
});

test('rounds_from_several_hubs_are_told_apart', async () => {
  const { page, seen, close } = await visit(home, PHONE);
  await page.locator('#rounds > summary').click();
  const hub = page.getByLabel('Depuis le pôle');
  const more = page.getByRole('button', { name: 'Ajouter un autre pôle' });
  for (const name of ['Orléans', 'Blois']) {
    await hub.selectOption({ label: name });
    await more.click();
  }
  await page.getByRole('button', { name: 'Retirer Blois' }).click();
  assert.equal(await more.isVisible(), false, 'nothing to add');
  await hub.selectOption({ label: 'Tours' });
  await page.getByLabel('Région des points').selectOption({ label: 'Centre-Val de Loire' });
  await page.getByRole('button', { name: 'Planifier les tournées' }).click();
  await page.waitForSelector('.round-map[data-rounds]', { timeout: 90e3 });
  const [{ id, asked }] = (await get('/api/rounds')).rounds;
  const found = await get(`/api/rounds/${id}/plan`);
  const named = found.hubs.map((x) => x.name);
  assert.deepEqual([...named].sort(), ['Orléans', 'Tours']);
  assert.deepEqual(asked.regions, ['24']);

  const shown = await rows(page, 'poles');
  found.hubs.forEach((x, i) => {
    assert.equal(shown[i][0], x.name);
    [x.rounds, x.pickups, x.km, x.hours, x.tonnes, x.eur, x.eur_t].forEach((v, n) => shows(shown[i][n + 1], v, `${x.name}, column ${n + 1}`));
  });
  await page.getByRole('button', { name: 'toute la semaine' }).click();
  await page.getByRole('button', { name: 'Tours', exact: true }).click();
  const own = found.rounds.filter((r) => r.hub_name === 'Tours');
  assert.deepEqual((await rows(page, 'tournees')).map((r) => r[0]), own.map((r) => String(r.id)));
  assert.equal(Number(await page.locator('.round-map').getAttribute('data-rounds')), own.length);
  assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 360);
  assert.deepEqual(seen.errors, []);
  await close();
});

test('rounds_are_stopped_on_the_page', { skip: FIXTURES }, async () => {
  service.reset();
  const { page, seen, close } = await visit('/?scenario=1');
  await page.locator('#rounds > summary').click();
  await page.getByRole('button', { name: 'Planifier les tournées' }).click();
  await page.locator('.round-result').getByRole('button', { name: 'Arrêter' }).click();
  await page.locator('.round-result').getByText('Calcul annulé.').waitFor();
  assert.deepEqual(seen.errors, []);
  service.reset();
  await close();
});

test('one_click_asks_for_sites_at_the_cost_of_rounds', { skip: FIXTURES }, async () => {
  service.reset();
  const { page, close } = await visit('/?scenario=1');
  await page.locator('#rounds > summary').click();
  await page.locator('.round-form + div select').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Refaire le choix des sites' }).click();
  await page.waitForURL(/scenario=5\d/);
  await page.waitForSelector('#table-couts-tournees', { timeout: 20e3 });
  assert.match(await text(page, '#scenario option:checked'), /au coût des tournées n° 300$/);
  assert.match(await text(page, '#table-couts-tournees h4'), /d’après les tournées n° 300$/);
  assert.ok((await rows(page, 'couts')).some(([label]) => label === 'Transport, calculé d’après les tournées n° 300'));
  const [, , tonnes, byRounds, estimate, counted] = (await rows(page, 'couts-tournees'))[0];
  assert.deepEqual([tonnes, byRounds, estimate, counted].map(figure), [19, 36.3, 12.6, 20.1]);
  service.reset();
  await close();
});
