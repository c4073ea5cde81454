// What docs/conformance.md says is so: every test it names is a test of that file, every requirement says whether it is met
// and what shows it, every test of a profile is named, and the numbers of the strangers are those that their run is
// compared with. Talks to: the project's files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectFolder } from '../../src/config.ts';

const read = (file: string) => readFileSync(join(projectFolder, file), 'utf8');
const page = read('docs/conformance.md');

/** Titles as they stand in the source: `test('...'`, `it("...")`, `test.each(...)('...'`, or what a recording is given. */
function titlesOf(file: string): string[] {
  const text = read(file);
  if (file.endsWith('.json')) return [JSON.parse(text).given];
  const found = text.matchAll(/(?:\b(?:test|it|describe)|\))\(\s*(['"`])((?:(?!\1).)+)\1/g);
  return [...found].map(([, , title = '']) => title);
}

interface Row {
  readonly profile: string;
  readonly section: string;
  readonly requirement: string;
  readonly word: string;
  readonly status: string;
  readonly file: string | undefined;
  readonly title: string;
}

/** The rows of the two tables of requirements. */
const rows: Row[] = page.split(/^## /m).flatMap((part) => {
  const profile = /^(The interop profile|IPSIE)/.exec(part)?.[1];
  if (profile === undefined) return [];
  return [...part.matchAll(/^\| ([\d., ]+) \| (.+?) \| (.+?) \| (.+?) \| (none|`(test\/[^`]+)`: (.+?)) \|$/gm)].map(
    ([, section = '', requirement = '', word = '', status = '', , file, title = '']) => {
      return { profile, section, requirement, word, status, file, title };
    },
  );
});

test('every line of the tables is a requirement with its section, its word, its state and its test', () => {
  const lines = page.split(/^## The interop profile/m)[1]?.match(/^\| (?!Section|-)[^\n]+$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(80);
  expect(lines).toHaveLength(rows.length);
});

describe('each requirement', () => {
  test.each(rows)('$profile $section: $requirement', ({ status, word, file, title }) => {
    expect(word).toMatch(/^(—|prohibited|(MUST|SHALL|SHOULD|MAY|NOT RECOMMENDED|RECOMMENDED|OPTIONAL)\b.*)$/);
    expect(status).toMatch(/^(met|partly|not met|taken|refused|offered|left out|not ignored|the proxy’s)\b/);
    if (file === undefined) expect(status).toMatch(/^(not met\b|left out$|the proxy’s)/);
    else expect(titlesOf(file)).toContain(title);
  });
});

test.each(['interop', 'ipsie'])('every test of %s is the proof of a row', (profile) => {
  const file = `test/conformance/${profile}.test.ts`;
  const own = titlesOf(file).filter((title) => /^[\d., ]+: /.test(title));
  expect(own.length).toBeGreaterThan(20);
  const named = new Set(rows.filter((row) => row.file === file).map(({ title }) => title));
  expect([...named].sort()).toEqual([...new Set(own)].sort());
});

test('the numbers of the strangers are those of expected.json', () => {
  const expected: Record<string, { passed: number; deviations: { times: number }[]; skipped: unknown[] }> = JSON.parse(
    read('test/strangers/expected.json'),
  );
  const told = [...page.matchAll(/^\| (\S+) \| (unpinned|interop) \| (\d+) \| (\d+) \| (\d+) \|$/gm)];
  expect(told.map(([, stranger, pin, ...numbers]) => [`${stranger}, ${pin}`, ...numbers.map(Number)])).toEqual(
    Object.entries(expected).map(([name, { passed, deviations, skipped }]) => [
      ...[name, passed, deviations.reduce((sum, { times }) => sum + times, 0), skipped.length],
    ]),
  );
});
