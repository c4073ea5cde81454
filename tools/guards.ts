// Removes the guards of test/security/guards.ts one by one, each in a copy of the sources, and asks whether the test that
// is named by the property fails then; a guard nobody misses is a failure here. With ids as arguments only those.
// What was measured is written into docs/security-tests.md.

import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectFolder } from '../src/config.ts';
import { type Guard, guards } from '../test/security/guards.ts';
import { comesWith, type PropertyId, properties } from '../test/security/properties.ts';

interface Outcome {
  readonly passed: number;
  /** Names of the tests that failed. */
  readonly failed: readonly string[];
}

interface Report {
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

const tablePath = join(projectFolder, 'docs', 'security-tests.md');
const scratch = mkdtempSync(join(tmpdir(), 'rollcall-guards-'));

function copySources(): void {
  // The database of the tests may run as another user.
  chmodSync(scratch, 0o755);
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '.', ':!docs'], {
    cwd: projectFolder,
    encoding: 'utf8',
  });
  for (const file of listed.stdout.split('\n').filter((name) => name !== '')) {
    mkdirSync(dirname(join(scratch, file)), { recursive: true });
    cpSync(join(projectFolder, file), join(scratch, file));
  }
  symlinkSync(join(projectFolder, 'node_modules'), join(scratch, 'node_modules'));
  // Tests that read the project as a whole see it whole.
  symlinkSync(join(projectFolder, 'docs'), join(scratch, 'docs'));
}

/** The project that runs a test; the one of the pure tests starts without a database. */
function projectOf(file: string): string {
  return file.startsWith('test/scim/') ? 'frozen-prototypes' : 'embedded';
}

function run(file: string): Outcome {
  const report = join(scratch, 'report.json');
  rmSync(report, { force: true });
  const vitest = join(projectFolder, 'node_modules', 'vitest', 'vitest.mjs');
  const options = ['run', '--project', projectOf(file), file, '--reporter=json', `--outputFile=${report}`];
  spawnSync(process.execPath, [vitest, ...options], { cwd: scratch, stdio: 'ignore', timeout: 300_000 });
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const tests = testResults.flatMap((each) => each.assertionResults);
  const failed = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  return { passed: tests.filter(({ status }) => status === 'passed').length, failed };
}

function withoutGuard({ edits, test }: Guard): Outcome {
  const kept = new Map(edits.map(({ file }) => [file, readFileSync(join(scratch, file), 'utf8')]));
  try {
    for (const { file, guard, without } of edits) {
      const before = readFileSync(join(scratch, file), 'utf8');
      if (before.split(guard).length !== 2) throw new Error(`"${guard}" does not stand once in ${file}.`);
      writeFileSync(join(scratch, file), before.split(guard).join(without));
    }
    return run(test);
  } finally {
    for (const [file, text] of kept) writeFileSync(join(scratch, file), text);
  }
}

const isNamed = (name: string, id: PropertyId) => new RegExp(`(^|[ ,])${id}[:,]`).test(name);

/** A row of the table up to its result. */
function beginning(guard: Guard): string {
  const cells = [guard.id, properties[guard.id], guard.what, guard.test.replace(/^test\//, '')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The rows of what was measured now, and of the rest as it was measured before. */
function rowsWith(measured: ReadonlyMap<Guard, number>): string[] {
  const before = readFileSync(tablePath, 'utf8').split('\n');
  return guards.flatMap((guard) => {
    const count = measured.get(guard);
    if (count !== undefined) return [`${beginning(guard)} ${count} failed |`];
    return before.find((line) => line.startsWith(beginning(guard))) ?? [];
  });
}

function writeTable(rows: readonly string[]): void {
  const later = Object.entries(comesWith).map(
    ([id, what]) => `- ${id} comes with ${what}: ${properties[id as PropertyId]}.`,
  );
  const text = [
    '# Security properties and what holds them',
    '',
    'Each property has tests named by its id. For each guard below it was removed from the sources, once, and the tests of',
    'its id were run: the last column is how many of them failed. `npm run test:guards` removes them all again and writes',
    'this table; `test/security/properties.test.ts` holds that no id is without a test and no guard has moved.',
    '',
    '| id | property | guard removed | test | result |',
    '|---|---|---|---|---|',
    ...rows,
    ...(later.length > 0 ? ['', 'Not here yet:', '', ...later] : []),
    '',
  ].join('\n');
  writeFileSync(tablePath, text);
}

const ids = process.argv.slice(2);
const chosen = guards.filter(({ id }) => ids.length === 0 || ids.includes(id));
let unmissed = 0;
try {
  copySources();
  for (const file of new Set(chosen.map(({ test }) => test))) {
    const { passed, failed } = run(file);
    if (passed === 0 || failed.length > 0)
      throw new Error(`${file} must pass before a guard is removed: ${failed.join('; ')}`);
  }
  const measured = new Map<Guard, number>();
  for (const guard of chosen) {
    const count = withoutGuard(guard).failed.filter((name) => isNamed(name, guard.id)).length;
    console.log(`${count === 0 ? 'NOT MISSED' : `${count} failed`}  ${guard.id} ${guard.what} (${guard.test})`);
    if (count === 0) unmissed += 1;
    else measured.set(guard, count);
  }
  writeTable(rowsWith(measured));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${chosen.length - unmissed} guards missed when removed, ${unmissed} not`);
process.exit(unmissed === 0 ? 0 : 1);
