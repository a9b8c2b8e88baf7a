// Runs the browser tests and ends with `N passed, N failed`. They run against the fixtures; then, when make check
// gives a build and a database, against the service itself with its reference run. BASE_URL=... tests that address alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scratchDatabase } from '../lib/db.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const PAGE = ['answer', 'use', 'planning'].map((name) => here(`${name}.test.mjs`));
const SHEET = here('sheet.test.mjs');
const ENTRY = here('saisie.test.mjs'); // needs the service and its database
const START_MS = 240e3; // an instrumented build loads and computes slowly
const SOLVE_S = 15;
const counts = { passed: 0, failed: 0, skipped: 0 };

function report(where, files, only) {
  const stream = run({ files, concurrency: false, timeout: 600e3, ...(only && { testNamePatterns: [only] }) });
  stream.on('test:pass', ({ name, nesting, details, skip }) => {
    if (nesting !== 0 || details.type === 'suite') return;
    if (skip !== undefined) return void counts.skipped++;
    counts.passed++;
    console.log(`${where}: ok ${name} (${Math.round(details.duration_ms)} ms)`);
  });
  stream.on('test:fail', ({ name, details }) => {
    counts.failed++;
    console.log(`${where}: FAIL ${name}\n${details.error.cause?.stack ?? details.error.stack ?? details.error}`);
  });
  stream.on('test:stderr', ({ message }) => process.stderr.write(message));
  stream.resume();
  return once(stream, 'end');
}

// The service with the real data and the answer of its reference run, as `make run` gives it.
async function realService() {
  const { RECIRCUIT_BUILD: build } = process.env;
  const database = scratchDatabase('e2e');
  const child = spawn(join(build, 'recircuit'), ['demo', '--port', '0', '--time-limit', String(SOLVE_S)],
    { env: { ...process.env, RECIRCUIT_DB: database.conninfo }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const url = await new Promise((ok, no) => {
    const timer = setTimeout(() => no(new Error(`no service after ${START_MS / 1000} s\n${said}`)), START_MS);
    const listen = (bytes) => {
      said += bytes;
      const found = /La carte : (http:\/\/[^\s/]+)/.exec(said);
      if (found) ok(found[1]), clearTimeout(timer);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => no(new Error(`recircuit demo: exit ${code}\n${said}`)));
  }).catch((e) => ({ error: e }));
  const close = async () => {
    if (child.exitCode === null) {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
    database.drop();
  };
  return { url, close, database: database.conninfo };
}

const only = process.argv[2];
if (process.env.BASE_URL) {
  await report('service', PAGE, only);
} else {
  await report('fixtures', [...PAGE, SHEET], only);
  if (process.env.RECIRCUIT_BUILD && process.env.RECIRCUIT_DB) {
    const service = await realService();
    if (service.url.error) {
      counts.failed++;
      console.log(`service: FAIL starts\n${service.url.error.message}`);
    } else {
      process.env.BASE_URL = service.url;
      process.env.SERVICE_DB = service.database;
      await report('service', [...PAGE, ENTRY], only);
    }
    await service.close();
  }
}
if (counts.skipped) console.log(`${counts.skipped} skipped`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed || !counts.passed ? 1 : 0;
