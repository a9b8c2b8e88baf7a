// The entry page in Debian's Chromium, against the service itself: what is logged in a yard is in the database, once.
// The connection goes through a relay of ours that can be cut, or go deaf after the service has committed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browse } from './browser.mjs';

const { BASE_URL, SERVICE_DB, RECIRCUIT_BUILD } = process.env;
const SKIP = BASE_URL && SERVICE_DB ? false : 'needs the service and its database';
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, locale: 'fr-FR' };
const PASSWORD = 'un mot de passe assez long';

let browser, relay, organisation;

const psql = (sql) => execFileSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', SERVICE_DB, '-c', sql], { encoding: 'utf8' }).trim();
const recircuit = (args, input) => execFileSync(join(RECIRCUIT_BUILD, 'recircuit'), args, { input, encoding: 'utf8', env: { ...process.env, RECIRCUIT_DB: SERVICE_DB } });

// Passes bytes on. `cut()`: nobody answers. `deafen()`: the next POST of a line is passed on, and its answer thrown away with the connection.
function makeRelay(port) {
  const sockets = new Set();
  let isDeaf = false;
  const server = net.createServer((client) => {
    const service = net.connect(port, '127.0.0.1');
    let drops = false;
    for (const s of [client, service]) sockets.add(s.on('error', () => {}).on('close', () => (sockets.delete(s), client.destroy(), service.destroy())));
    client.on('data', (bytes) => {
      if (isDeaf && bytes.includes('POST /api/volumes ')) [drops, isDeaf] = [true, false];
      service.write(bytes);
    });
    service.on('data', (bytes) => (drops ? client.destroy() : client.write(bytes)));
  });
  let own = 0;
  return {
    async open() {
      if (!server.listening) await new Promise((ok) => server.listen(own, '127.0.0.1', ok));
      own = server.address().port;
      return `http://127.0.0.1:${own}`;
    },
    cut: () => new Promise((ok) => { server.close(ok); for (const s of sockets) s.destroy(); }), // also when it is cut already
    deafen: () => { isDeaf = true; },
    isDeaf: () => isDeaf,
  };
}

let base;
before(async () => {
  if (SKIP) return;
  organisation = /Organisation (\d+)/.exec(recircuit(['organisation', 'add', 'Collecte d’essai']))[1];
  for (const login of ['camille', 'dominique'])
    recircuit(['user', 'add', login, '--organisation', organisation, '--role', 'operator', '--password-stdin'], `${PASSWORD}\n`);
  relay = makeRelay(Number(new URL(BASE_URL).port));
  base = await relay.open();
  browser = await browse();
});
after(async () => {
  await browser?.close();
  if (relay) await relay.cut();
});

async function open(login = 'camille') {
  await relay.open(); // a test that failed may have left it cut
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  const seen = { requests: [], errors: [] };
  page.on('request', (r) => seen.requests.push(r.url()));
  page.on('pageerror', (e) => seen.errors.push(String(e)));
  page.on('dialog', (d) => d.accept());
  await page.goto(`${base}/saisie`);
  await page.fill('#login', login);
  await page.fill('#password', PASSWORD);
  await page.click('button.main');
  await page.waitForSelector('form.entry');
  await page.evaluate(() => navigator.serviceWorker.ready);
  return { page, context, seen };
}
async function log(page, kg, flow = 'gem_froid') {
  await page.getByLabel('Point de collecte').selectOption('other');
  await page.getByLabel('Code Insee').fill('45234');
  await page.check(`input[name=flow][value=${flow}]`);
  await page.fill('#weight', String(kg));
  const before = await page.locator('li.line').count();
  await page.click('form.entry button.main');
  await until(async () => (await page.locator('li.line').count()) > before, 'the line is not in the list');
}
const away = async (context) => { await relay.cut(); await context.setOffline(true); };
const back = async (context) => { await relay.open(); await context.setOffline(false); };
// The page's policy allows no code from texts, so that Playwright's own waiting for a condition is not to be had.
async function until(holds, what) {
  for (const late = Date.now() + 60e3; !(await holds());) {
    assert.ok(Date.now() < late, what);
    await new Promise((ok) => setTimeout(ok, 50));
  }
}
const counts = (page, text) => until(async () => (await page.locator('#counts').allTextContents())[0]?.includes(text), `the page never said « ${text} »`);
const rows = (kg) => psql(`SELECT count(*), count(DISTINCT public_id) FROM line WHERE organisation = ${organisation} AND weight_kg BETWEEN ${kg} AND ${kg + 99}`);

test('twenty lines logged without a signal, the page reloaded, are in the database once each', { skip: SKIP }, async () => {
  const { page, context, seen } = await open();
  await away(context);
  for (let n = 0; n < 10; n++) await log(page, 1000 + n, n % 2 ? 'pam' : 'gem_froid');
  await page.reload();
  await page.waitForSelector('form.entry');
  for (let n = 10; n < 20; n++) await log(page, 1000 + n, 'lampes');
  assert.match(await page.textContent('#link'), /Hors ligne.*20 lignes attendent/);
  assert.equal(rows(1000), '0|0');
  await page.reload();
  await counts(page, 'En attente : 20');
  await back(context);
  await counts(page, 'En attente : 0 · envoyées : 20');
  assert.equal(rows(1000), '20|20');
  await page.reload();
  await counts(page, 'En attente : 0 · envoyées : 20');
  assert.equal(rows(1000), '20|20');
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.requests.filter((u) => !u.startsWith(base)), [], 'nobody else is asked');
  await context.close();
});

test('a connection that drops between commit and answer records the line once', { skip: SKIP }, async () => {
  const { page, context } = await open();
  for (let n = 0; n < 3; n++) {
    relay.deafen();
    await log(page, 2000 + n);
    await counts(page, `En attente : 0 · envoyées : ${n + 1}`);
    assert.equal(relay.isDeaf(), false, 'the answer was thrown away once');
  }
  assert.equal(rows(2000), '3|3');
  await context.close();
});

test('a line is corrected before it leaves, after it was recorded, and cancelled; nothing is forgotten', { skip: SKIP }, async () => {
  const { page, context } = await open();
  const line = page.locator('li.line');
  await away(context);
  await log(page, 3000);
  await line.getByText('Corriger').first().click();
  await page.fill('#weight', '3001');
  await page.click('form.entry button.main');
  await until(async () => (await line.locator('strong').first().textContent()).includes('001'), 'the line has not changed');
  assert.equal(await line.count(), 1, 'what has not left is changed, not added to');
  await back(context);
  await counts(page, 'En attente : 0 · envoyées : 1');
  await line.getByText('Corriger').first().click();
  await page.fill('#weight', '3,002');
  await page.check('input[name=unit][value=t]');
  await page.click('form.entry button.main');
  await counts(page, 'En attente : 0 · envoyées : 2');
  await line.getByText('Annuler').first().click();
  await counts(page, 'En attente : 0 · envoyées : 3');
  assert.equal(psql(`SELECT string_agg(version || ' ' || state || ' ' || weight_kg, ', ' ORDER BY version) FROM line_history
    WHERE organisation = ${organisation} AND weight_kg BETWEEN 3000 AND 3099`), '1 recorded 3001, 2 recorded 3002, 3 cancelled 3002');
  await context.close();
});

test('a refused line says why, and passes once put right', { skip: SKIP }, async () => {
  const { page, context } = await open();
  await page.getByLabel('Point de collecte').selectOption('other');
  await page.getByLabel('Code Insee').fill('99999');
  await page.check('input[name=flow][value=lampes]');
  await page.fill('#weight', '41');
  await page.check('input[name=unit][value=t]');
  await page.click('form.entry button.main');
  assert.match(await page.textContent('.fault'), /40 tonnes/, 'seen before anything is kept');
  await page.fill('#weight', '4,001');
  await page.click('form.entry button.main');
  await counts(page, 'refusées : 1');
  assert.match(await page.textContent('li.refused .reason'), /99999/);
  await page.locator('li.refused').getByText('Corriger').click();
  await page.getByLabel('Code Insee').fill('45234');
  await page.click('form.entry button.main');
  await counts(page, 'envoyées : 1 · refusées : 0');
  assert.equal(rows(4000), '1|1');
  await context.close();
});

test('lines wait for the person who made them', { skip: SKIP }, async () => {
  const { page, context } = await open('camille');
  await away(context);
  await log(page, 5000);
  await context.clearCookies();
  await back(context);
  await page.waitForSelector('#login');
  await page.fill('#login', 'dominique');
  await page.fill('#password', PASSWORD);
  await page.click('button.main');
  await page.waitForSelector('form.entry');
  await log(page, 5050);
  await counts(page, 'envoyées : 1');
  assert.equal(psql(`SELECT string_agg(weight_kg::text, ',') FROM line WHERE organisation = ${organisation} AND weight_kg BETWEEN 5000 AND 5099`), '5050');
  await page.getByText('Se déconnecter').click();
  await page.waitForSelector('#login');
  await page.fill('#login', 'camille');
  await page.fill('#password', PASSWORD);
  await page.click('button.main');
  await counts(page, 'En attente : 0 · envoyées : 1');
  assert.equal(rows(5000), '2|2');
  await context.close();
});

test('the entry page fits a telephone and is accessible', { skip: SKIP }, async () => {
  const { page, context } = await open();
  await log(page, 6000);
  await counts(page, 'envoyées : 1');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  const small = await page.evaluate(() => [...document.querySelectorAll('main button, main select, main input:not([type=radio]), main .choice span')]
    .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 44).map((e) => e.outerHTML));
  assert.deepEqual(small, [], 'targets of 44 px and more');
  await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map((v) => [v.id, v.nodes.map((n) => n.html)]), []);
  await context.close();
});
