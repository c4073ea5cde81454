// Every test that docs/conformance.md names exists. Talks to: the project's files.
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
