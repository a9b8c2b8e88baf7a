// What the browser tests of the page share: a service, a browser, a visitor, what is read off the page. Without BASE_URL they run
// against the fixtures; with it, against a service that has at least one finished run. Tests that need the fixtures' odd
// scenarios say so and are then skipped.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';
import { browse } from './browser.mjs';
import { readPng } from './png.mjs';
import { serve } from './serve.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
export const DESK = { viewport: { width: 1280, height: 900 } };
export const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
export const FIXTURES = process.env.BASE_URL ? 'needs the fixtures' : false;

export let base = process.env.BASE_URL?.replace(/\/$/, '');
export let service = null;
let browser = null;
export let plan = null;
export let home = null;

export const get = async (path) => (await fetch(base + path)).json();

before(async () => {
  if (!base) {
    service = await serve();
    base = service.url;
  }
  browser = await browse();
  const done = (await get('/api/scenarios')).scenarios.find((s) => s.last_run?.state === 'done');
  assert.ok(done, 'a scenario with a finished run');
  plan = await get(`/api/runs/${done.last_run.id}/plan`);
  home = `/?scenario=${done.id}`;
});
after(async () => {
  await browser?.close();
  service?.close();
});

// ---- what a visitor does ----

// Opens a page that records what it asked for and what went wrong; `ready` waits for the map.
export async function visit(path, options = DESK, ready = true) {
  const context = await browser.newContext({ locale: 'fr-FR', acceptDownloads: true, ...options });
  const page = await context.newPage();
  const seen = { requests: [], errors: [] };
  page.on('request', (r) => seen.requests.push(r.url()));
  page.on('pageerror', (e) => seen.errors.push(String(e)));
  page.on('console', (m) => m.type() === 'error' && seen.errors.push(m.text()));
  page.on('dialog', (d) => (seen.errors.push(`dialog ${d.message()}`), d.dismiss()));
  await page.goto(base + path);
  if (ready) await settled(page);
  return { page, seen, close: () => context.close() };
}
export async function settled(page) {
  await page.waitForSelector('#map[data-year][aria-busy=false]', { timeout: 30e3 });
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(ok))));
}
export const text = (page, selector) => page.locator(selector).first().textContent();

// Reads a French number out of a cell, with the unit's scale: « 12,3 M€ » is 12.3e6.
export function figure(shown) {
  const found = /[+\u2212-]?\d[\d\s\u00a0\u202f]*(,\d+)?/.exec(shown);
  if (!found) return null;
  const value = Number(found[0].replace(/[\s\u00a0\u202f]/g, '').replace('\u2212', '-').replace(',', '.'));
  const scale = { 'Md€': 1e9, 'M€': 1e6, 'k€': 1e3, '%': 0.01 }[/(Md€|M€|k€|%)/.exec(shown)?.[0]] ?? 1;
  return value * scale;
}
const decimals = (shown) => /,(\d+)/.exec(shown)?.[1].length ?? 0;
// Equal but for the rounding that the text itself shows.
export function shows(shown, value, what) {
  if (value == null) return assert.equal(shown, '–', what);
  const scale = Math.abs(figure(shown.replace(/[+\u2212-]?\d[\d\s\u00a0\u202f]*(,\d+)?/, '1')) ?? 1);
  const half = 0.5 * 10 ** -decimals(shown) * scale * 1.0001;
  assert.ok(Math.abs(figure(shown) - value) <= half, `${what}: « ${shown} » for ${value}`);
}

// A table as rows of texts.
export const rows = (page, id) => page.$$eval(`#table-${id} tbody tr`, (all) => all.map((r) => [...r.children].map((c) => c.textContent)));
export const sum = (list) => list.reduce((a, b) => a + b, 0);
export const marked = () => plan.years.map((y, t) => ({ ...y, t })).filter((y) => y.mark);

export async function colour(page, name) {
  const value = await page.evaluate((n) => getComputedStyle(document.documentElement).getPropertyValue(n).trim(), name);
  return [1, 3, 5].map((i) => parseInt(value.slice(i, i + 2), 16));
}
export async function picture(page) {
  await page.locator('#map').scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  return readPng(await page.locator('#map').screenshot());
}
export const toggle = (page, layer, on) => page.locator(`#l-${layer}`).setChecked(on);

// Opens all there is to open, the study, the latest rounds and what is folded in them too.
export async function unfold(page) {
  const open = () => page.$$eval('details', (all) => all.forEach((d) => { d.open = true; }));
  await open();
  await page.waitForSelector('#study :is(.finding, .notice)');
  await page.waitForSelector('.round-form');
  await page.waitForSelector('#variant form');
  if (!process.env.BASE_URL) {
    await page.locator('.round-form + div select').selectOption({ index: 1 });
    await page.waitForSelector('.round-map[data-rounds]');
    await page.locator('#table-tournees button.locate').first().click();
  }
  await open();
}

export async function violations(page) {
  await page.addScriptTag({ path: AXE }).catch(async () => page.evaluate(await readFile(AXE, 'utf8')));
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact))
    .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary}`).join(' | ')}`);
}
