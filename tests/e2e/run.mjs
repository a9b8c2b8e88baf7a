// Runs the browser tests and ends with `N passed, N failed`. BASE_URL=... runs them against a real service.
import { fileURLToPath } from 'node:url';
import { run } from 'node:test';

const counts = { passed: 0, failed: 0, skipped: 0 };
const only = process.argv[2];
const stream = run({ files: [fileURLToPath(new URL('page.test.mjs', import.meta.url))], timeout: 300e3, ...(only && { testNamePatterns: [only] }) });

stream.on('test:pass', ({ name, nesting, details, skip }) => {
  if (nesting !== 0 || details.type === 'suite') return;
  if (skip !== undefined) return void (counts.skipped++, console.log(`skip  ${name}: ${skip}`));
  counts.passed++;
  console.log(`ok    ${name} (${Math.round(details.duration_ms)} ms)`);
});
stream.on('test:fail', ({ name, details }) => {
  counts.failed++;
  console.log(`FAIL  ${name}\n${details.error.cause?.stack ?? details.error.stack ?? details.error}`);
});
stream.on('test:stderr', ({ message }) => process.stderr.write(message));
stream.on('end', () => {
  if (counts.skipped) console.log(`${counts.skipped} skipped`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed || !counts.passed ? 1 : 0;
});
stream.resume();
