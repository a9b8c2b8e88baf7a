// Takes pictures of the page for people to look at: `node shoot.mjs FOLDER [BASE_URL]`.
import { mkdir } from 'node:fs/promises';
import { browse } from './browser.mjs';
import { serve } from './serve.mjs';

const folder = process.argv[2] ?? 'shots';
const service = process.argv[3] ? null : await serve();
const base = process.argv[3] ?? service.url;
const browser = await browse();
await mkdir(folder, { recursive: true });
const VIEWS = [
  ['1280', { viewport: { width: 1280, height: 900 } }], ['1440', { viewport: { width: 1440, height: 900 } }],
  ['360', { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true }],
  ['dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
];
for (const [name, options] of VIEWS) {
  const page = await browser.newPage(options);
  page.on('console', (m) => m.type() === 'error' && console.log(name, m.text()));
  page.on('pageerror', (e) => console.log(name, e.stack));
  await page.goto(base + (process.env.QUERY ?? '/'));
  await page.waitForSelector('#map[data-year][aria-busy=false]', { timeout: 20000 }).catch((e) => console.log(name, e.message));
  await page.waitForTimeout(800);
  await page.screenshot({ path: `${folder}/${name}.png` });
  await page.screenshot({ path: `${folder}/${name}-full.png`, fullPage: true });
  await page.close();
}
await browser.close();
service?.close();
