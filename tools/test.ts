// Runs every test, or those whose path contains an argument, and ends with the line `N passed, N failed`.
// With --pooled: through PgBouncer in transaction mode, with the control database on a second server; where those cannot
// be had, it says so. The browser tests open the built web app, so it is built first when it is older than its sources.

import { startVitest } from 'vitest/node';
import { buildWebWhenStale } from '../src/web-build.ts';
import { pooledProblem } from '../test/pooled.ts';

if (process.argv.includes('--pooled')) {
  const problem = pooledProblem();
  if (problem !== undefined) {
    console.error(problem);
    process.exit(2);
  }
  process.env['POOLED'] = '1';
}

const filters = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
await buildWebWhenStale((sentence) => console.log(sentence));
const vitest = await startVitest('test', filters, { watch: false, run: true });
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const module of vitest.state.getTestModules()) {
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed' || state === 'failed' || state === 'skipped') counts[state] += 1;
  }
  // A file that could not be loaded has no tests to count, and is a failure all the same.
  if (module.state() === 'failed' && ![...module.children.allTests('failed')].length) counts.failed += 1;
}
const unhandled = vitest.state.getUnhandledErrors().length;
await vitest.close();
counts.failed += unhandled;
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
