// Every property has a test named by its id and a guard whose removal makes that test fail (tools/guards.ts removes
// them one by one); a list that has fallen behind the code fails here.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../../src/config.ts';
import { guards } from './guards.ts';
import { comesWith, type PropertyId, properties } from './properties.ts';

const ids = Object.keys(properties) as PropertyId[];
const read = (path: string) => readFileSync(join(projectFolder, path), 'utf8');
const testFiles = readdirSync(join(projectFolder, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name.replaceAll('\\', '/')}`);

/** Ids at the start of a test's or a block's name: `C07, N05: ...`. */
function idsNamedIn(text: string): string[] {
  return [...text.matchAll(/['"`]((?:[A-Z]\d\d, )*[CTN]\d\d(?:, [A-Z]\d\d)*): /g)].flatMap(([, list = '']) =>
    list.split(', '),
  );
}

const named = new Map(testFiles.map((file) => [file, new Set(idsNamedIn(read(file)))]));
const everywhere = new Set([...named.values()].flatMap((each) => [...each]));

test.each(ids.filter((id) => !(id in comesWith)))('%s has a test of its name, and a guard', (id) => {
  expect(everywhere.has(id)).toBe(true);
  expect(guards.some((guard) => guard.id === id)).toBe(true);
});

test('what is not built yet has no test, and leaves that list once it has', () => {
  expect(Object.keys(comesWith).filter((id) => everywhere.has(id))).toEqual([]);
});

test('no test is named by an id that is no property', () => {
  expect([...everywhere].filter((id) => /^[CTN]/.test(id) && !(id in properties))).toEqual([]);
});

test.each(guards)(
  'the guard "$what" ($id) is where the list says, and so is its test',
  ({ id, edits, test: where }) => {
    for (const { file, guard } of edits) expect(read(file).split(guard), guard).toHaveLength(2);
    expect(named.get(where)?.has(id)).toBe(true);
  },
);

test('the table in docs/security-tests.md has every guard', () => {
  const table = read('docs/security-tests.md');
  const missing = guards.filter(({ id, what }) => !table.includes(`| ${id} |`) || !table.includes(what));
  expect(missing).toEqual([]);
});
