// What docs/conformance.md says is so: every test it names exists, every requirement says whether it is met and by which
// test, and the numbers of the strangers are those that their run is compared with. Talks to: the project's files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../../src/config.ts';

const page = readFileSync(join(projectFolder, 'docs/conformance.md'), 'utf8');
const named = [...page.matchAll(/\| `(test\/[^`]+)`(?:: (.+?))? \|$/gm)].map(([, file = '', name = '']) => [
  file,
  name,
]);

test('tests are named', () => expect(named.length).toBeGreaterThan(15));

test.each(named)('%s: %s', (file, name) => {
  const text = readFileSync(join(projectFolder, file ?? ''), 'utf8');
  expect(text).toContain(name);
});

test('the numbers of the strangers are those of expected.json', () => {
  const expected: Record<string, { passed: number; deviations: { times: number }[]; skipped: unknown[] }> = JSON.parse(
    readFileSync(join(projectFolder, 'test/strangers/expected.json'), 'utf8'),
  );
  const rows = [...page.matchAll(/^\| (\S+) \| (unpinned|interop) \| (\d+) \| (\d+) \| (\d+) \|$/gm)];
  const told = rows.map(([, stranger, pin, ...numbers]) => [`${stranger}, ${pin}`, ...numbers.map(Number)]);
  const compared = Object.entries(expected).map(([name, { passed, deviations, skipped }]) => [
    ...[name, passed, deviations.reduce((sum, { times }) => sum + times, 0), skipped.length],
  ]);
  expect(told).toEqual(compared);
});
