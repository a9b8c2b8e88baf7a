// Everyone can use the page: keyboard, screen reader, telephone, paper, slow line; with an account and without. See page.mjs.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { base, DESK, FIXTURES, home, PHONE, service, settled, text, unfold, violations, visit } from './page.mjs';

// ---- everyone can use it ----

test('no_request_leaves_the_origin_and_nothing_goes_wrong', async () => {
  const { page, seen, close } = await visit(home);
  await page.mouse.wheel(0, 4000);
  await page.waitForTimeout(300);
  assert.ok(seen.requests.length > 10);
  assert.deepEqual(seen.requests.filter((u) => !u.startsWith(`${base}/`) && !u.startsWith('data:') && !u.startsWith(`blob:${base}/`)), []);
  assert.deepEqual(seen.errors, []);
  await close();
});

for (const [name, options] of [['desk', DESK], ['phone', PHONE], ['dark', { ...DESK, colorScheme: 'dark' }]]) {
  test(`axe_finds_nothing_serious_on_a_${name}`, async () => {
    const { page, close } = await visit(home, { ...options, bypassCSP: true });
    await unfold(page);
    assert.deepEqual(await violations(page), []);
    await close();
  });
}

test('a_telephone_never_scrolls_sideways', async () => {
  const { page, close } = await visit(home, PHONE);
  await unfold(page);
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
  assert.equal(width, 360);
  await close();
});

test('the_keyboard_reaches_everything', async () => {
  const { page, close } = await visit(home);
  await page.locator('body').press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Aller à la réponse');
  const met = new Set();
  for (let i = 0; i < 140; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement === document.body)) break; // round the page
    const what = await page.evaluate(() => {
      const e = document.activeElement;
      const style = getComputedStyle(e);
      const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
      return { key: e.id || e.className || e.tagName, shown };
    });
    assert.ok(what.shown, `focus is visible on ${what.key}`);
    met.add(String(what.key));
  }
  for (const wanted of ['scenario', 'rerun', 'year', 'map', 'quiet', 'scroll', 'locate', 'l-platform', 'term']) {
    assert.ok([...met].some((m) => m.split(' ').includes(wanted)), `${wanted} is reached`);
  }
  assert.ok([...met].some((m) => m.includes('handle')), 'a site of the map is reached');
  const handle = page.locator('.handle').first();
  await handle.focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.leaflet-popup');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.leaflet-popup', { state: 'detached' });
  await close();
});

test('a_term_explains_itself', async () => {
  const { page, close } = await visit(home);
  await page.locator('#f-gap a.term').first().focus();
  assert.equal(await page.locator('#tip').isVisible(), true);
  const definition = await text(page, '#g-ecart + dd');
  assert.ok((await text(page, '#tip')).includes(definition));
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#tip').isVisible(), false);
  const dead = await page.$$eval('a.term', (all) => all.map((a) => a.hash.slice(1)).filter((id) => !document.getElementById(id)));
  assert.deepEqual(dead, [], 'every term is in the glossary');
  await close();
});

test('without_javascript_the_page_says_what_it_is', async () => {
  const { page, close } = await visit('/', { ...DESK, javaScriptEnabled: false }, false);
  const shown = await page.locator('body').innerText();
  assert.match(shown, /besoin de JavaScript/);
  assert.match(shown, /déchets d’équipements électriques/i);
  await close();
});

test('on_paper_tables_are_whole_and_buttons_are_gone', async () => {
  const { page, close } = await visit(home);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('#rerun').isVisible(), false);
  const cut = await page.$$eval('.scroll', (all) => all.filter((s) => s.scrollHeight > s.clientHeight + 1 && getComputedStyle(s).overflowY !== 'visible').length);
  assert.equal(cut, 0);
  await close();
});

// What the answer and the map take; what comes below them, once they are there; and what opens on demand.
const AFTER_THE_MAP = { 'js/report.js': 13e3, 'js/reasons.js': 2.5e3, 'js/charts.js': 8e3, 'js/table.js': 3e3, 'js/csv.js': 1e3 };
const ON_DEMAND = { 'js/study.js': 18e3, 'js/login.js': 4e3, 'css/login.css': 1.5e3, 'js/run.js': 5e3,
  'js/variant.js': 8e3, 'css/asking.css': 1.8e3, 'js/rounds.js': 12e3, 'js/roundform.js': 5.2e3, 'js/roundmap.js': 3.5e3, 'js/haulage.js': 2e3, 'css/rounds.css': 2.1e3, 'js/volumes.js': 8e3, 'css/volumes.css': 2.2e3,
  'css/saisie.css': 4.5e3 };

test('our_own_code_stays_light', async () => {
  const web = new URL('../../web/', import.meta.url);
  let [plain, packed] = [0, 0];
  for (const folder of ['js/', 'css/']) {
    for (const { name } of (await readdir(new URL(folder, web), { withFileTypes: true })).filter((f) => f.isFile())) { // js/saisie/ is another page's
      const body = await readFile(fileURLToPath(new URL(folder + name, web)));
      const most = { ...AFTER_THE_MAP, ...ON_DEMAND }[folder + name];
      if (most) {
        assert.ok(body.length < most, `${name}: ${body.length} bytes`);
        continue;
      }
      plain += body.length;
      packed += gzipSync(body, { level: 9 }).length;
    }
  }
  assert.ok(plain < 60e3 && packed < 24e3, `${plain} bytes, ${packed} packed`);
});

test('the_map_does_not_wait_for_what_stands_below_it', async () => {
  const { seen, close } = await visit(home);
  const paths = seen.requests.map((u) => new URL(u).pathname);
  const drawn = paths.findIndex((p) => /^\/api\/runs\/\d+\/plan\.geojson$/.test(p));
  for (const later of [...Object.keys(AFTER_THE_MAP).map((name) => `/${name}`), '/api/parameters', '/api/boundaries']) {
    assert.ok(paths.indexOf(later) > drawn, `${later} is asked for after the first year of the map`);
  }
  await close();
});

test('what_opens_on_demand_is_not_loaded_before', async () => {
  const { page, seen, close } = await visit(home);
  const loaded = (name) => seen.requests.some((u) => u.endsWith(name));
  for (const name of Object.keys(ON_DEMAND)) assert.equal(loaded(name), false, name);
  await page.locator('#study > summary').click();
  await page.waitForSelector('#study :is(.finding, .notice button)');
  assert.equal(loaded('js/study.js'), true);
  assert.equal(loaded('js/rounds.js'), false);
  await close();
});

// ---- who is connected ----

test('a_visitor_reads_and_is_told_how_to_plan', { skip: FIXTURES }, async () => {
  service.visitor('public');
  const { page, seen, close } = await visit(home);
  assert.equal(await page.locator('#rerun').isVisible(), false);
  assert.equal(await page.locator('#variant').isVisible(), false);
  assert.match(await text(page, '#why-not'), /demande un compte de planificateur/);
  await page.locator('#study > summary').click();
  await page.waitForSelector('#study .finding');
  assert.equal(await page.getByRole('button', { name: 'Refaire l’étude' }).count(), 0);
  await page.locator('#rounds > summary').click();
  await page.getByText('Calculer des tournées demande un compte').waitFor();
  assert.equal(await page.locator('#rounds form').count(), 0);
  assert.deepEqual(seen.errors, []);
  await close();
  service.reset();
});

test('connects_and_leaves_by_the_keyboard_and_says_what_is_wrong', { skip: FIXTURES }, async () => {
  service.visitor('public');
  const { page, seen, close } = await visit(home, { ...PHONE, bypassCSP: true });
  const open = page.getByRole('button', { name: 'Se connecter' });
  await open.focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'login');
  await page.keyboard.type('claire');
  await page.keyboard.press('Tab');
  await page.keyboard.type('un mauvais mot de passe');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('.refusal').textContent);
  assert.equal(await text(page, '.refusal'), 'Identifiant ou mot de passe incorrect.');
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  assert.equal(await open.evaluate((e) => e === document.activeElement), true, 'the keyboard is back where it was');
  await open.click();
  await page.locator('#login').fill('claire');
  await page.locator('#password').fill('le bon mot de passe');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#session').textContent.includes('Claire'));
  await settled(page);
  assert.match(await text(page, '#session'), /Claire, Syndicat/);
  assert.equal(await page.locator('#rerun').isVisible(), true);
  assert.equal(await page.locator('#why-not').isVisible(), false);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  await page.getByRole('button', { name: 'Mon compte' }).click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.getByRole('button', { name: 'Se connecter' }).waitFor();
  assert.deepEqual(seen.errors.filter((e) => !/401/.test(e)), []);
  await close();
  service.reset();
});

// ---- recorded volumes ----

test('the_public_reads_what_is_published_and_no_more', { skip: FIXTURES }, async () => {
  for (const [name, options] of [['desk', DESK], ['phone', PHONE], ['dark', { ...DESK, colorScheme: 'dark' }]]) {
    const { page, seen, close } = await visit('/volumes.html', { ...options, bypassCSP: true }, false);
    await page.waitForSelector('#table-statistiques');
    await page.waitForSelector('#table-couverture');
    assert.match(await text(page, '#table-couverture tbody tr:nth-child(2)'), /non diffusé \(secret statistique\).*non diffusé/);
    assert.match(await text(page, '#table-couverture tbody tr:nth-child(3)'), /aucune ligne/);
    assert.equal(await page.locator('.shades path[data-class=secret]').count(), 1);
    assert.equal(await page.locator('.shades path[data-class="4"]').count(), 1);
    assert.equal(await page.locator('#anomalies').isVisible(), false);
    assert.equal(await page.locator('td.number, td').filter({ hasText: /NaN|null|undefined/ }).count(), 0);
    assert.deepEqual(await violations(page), [], name);
    assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), options.viewport.width, name);
    assert.deepEqual(seen.errors, []);
    assert.ok(seen.requests.every((u) => u.startsWith(base)));
    await close();
  }
});

test('a_planner_sees_coverage_and_what_is_odd', { skip: FIXTURES }, async () => {
  const { page, seen, close } = await visit('/volumes.html', PHONE, false);
  await page.evaluate(() => fetch('/api/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login: 'claire', password: 'le bon mot de passe' }) }));
  await page.reload();
  await page.waitForSelector('#table-anomalies');
  assert.match(await text(page, '#coverage-facts'), /^Lignes du 1 décembre 2025 au 30 novembre 2026/);
  assert.match(await text(page, '#table-anomalies tbody tr'), /Pic.*Déchèterie de Blois.*5,6 fois/);
  await page.locator('#level').selectOption('epci');
  await page.waitForSelector('#table-couverture h4:text("intercommunalité")');
  assert.equal(await page.locator('.shades').count(), 0);
  assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 360);
  assert.deepEqual(seen.errors, []);
  await close();
  service.reset();
});
