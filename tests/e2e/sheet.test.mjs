// The sheets that recircuit-solve writes for drivers: on a telephone, and on paper.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browse } from './browser.mjs';

const { RECIRCUIT_BUILD: build } = process.env;
const skip = build ? false : 'needs recircuit-solve';
const SEARCH_S = 2;
const folder = mkdtempSync(join(tmpdir(), 'sheet-'));
const solve = (...given) => execFileSync(join(build, 'recircuit-solve'), given);
const file = (name) => join(folder, name);
let browser = null;

before(async () => {
  if (skip) return;
  browser = await browse();
  solve('generate', 'week', '--output', file('week.json'));
  solve('rounds', '--quiet', '--time-limit', SEARCH_S, '--output-format', 'sheet', '--output', file('week.html'), file('week.json'));
  solve('rounds', '--quiet', '--time-limit', SEARCH_S, '--output-format', 'sheet', '--output', file('one.html'), new URL('../../docs/exemples/tournee.json', import.meta.url).pathname);
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function visit(name, options) {
  const page = await browser.newPage(options);
  await page.goto(`file://${file(name)}`);
  return page;
}

test('a_telephone_shows_a_sheet_without_pushing_it_sideways', { skip }, async () => {
  for (const name of ['week.html', 'one.html']) {
    const page = await visit(name, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 360, name);
    const small = await page.$$eval('td', (all) => all.filter((e) => e.textContent && parseFloat(getComputedStyle(e).fontSize) < 16).length);
    assert.equal(small, 0, 'nothing is set small');
    const out = await page.$$eval('section *', (all) => all.filter((e) => e.getBoundingClientRect().right > 360.5).map((e) => e.outerHTML.slice(0, 80)));
    assert.deepEqual(out, []);
    const said = await page.$eval('tbody tr:not(.hub):not(.rest)', (row) => [...row.children].map((c) => getComputedStyle(c, '::before').content.replaceAll('"', '')));
    assert.deepEqual(said.filter((s) => s !== 'none'), ['Trajet : ', 'Arrivée', 'Début', 'Départ', 'À bord en partant : '], 'each figure is named');
    await page.close();
  }
});

test('a_driver_finds_the_way_to_one_s_own_round', { skip }, async () => {
  const page = await visit('week.html', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
  await page.locator('summary').click();
  const last = page.locator('details a').last();
  const id = (await last.getAttribute('href')).slice(1);
  await last.click();
  await page.waitForFunction((t) => Math.abs(document.getElementById(t).getBoundingClientRect().top) < innerHeight, id);
  await page.close();
});

test('on_paper_each_round_has_one_A4_page', { skip }, async () => {
  for (const name of ['week.html', 'one.html']) {
    const page = await visit(name, { viewport: { width: 1280, height: 900 } });
    const rounds = await page.locator('section').count();
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, rounds, name);
    const [, , wide, high] = /\/MediaBox\s*\[([^\]]+)\]/.exec(pdf)[1].trim().split(/\s+/).map(Number);
    assert.deepEqual([Math.round(wide), Math.round(high)], [842, 595], 'A4, landscape');
    await page.close();
  }
});
