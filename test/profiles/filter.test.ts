// Filter text as clients write it becomes what the grammar has; what the grammar has stays; what nobody understands is
// left for the strict parser to refuse.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rewriteElementFilter, rewriteFilter } from '../../src/profiles/rewrites/filter.ts';
import type { Rewriting } from '../../src/profiles/rewrites/rewriting.ts';
import { ScimError } from '../../src/scim/errors.ts';
import { bindFilter } from '../../src/scim/filter/bind.ts';
import { filterLimits, parseFilter } from '../../src/scim/filter/parse.ts';
import { attribute } from '../../src/scim/schema/attribute.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';

const user = registeredTypes.byName('User')!;
const manager = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager';

function newRewriting(): Rewriting {
  return { type: user, habits: { keepAbsent: 'none', absentValuePath: 'create' }, notes: new Set() };
}

function rewrite(text: string): string {
  return rewriteFilter(newRewriting(), text);
}

test.each([
  // Values without quotes.
  ['externalId eq jyoung', 'externalId eq "jyoung"'],
  ['userName eq ada.quill@x.example and active eq True', 'userName eq "ada.quill@x.example" and active eq true'],
  ['(externalId eq a) or userName eq b', '(externalId eq "a") or userName eq "b"'],
  ["userName eq 'ada'", 'userName eq "ada"'],
  ['externalId eq 4711', 'externalId eq "4711"'],
  ['userName eq true', 'userName eq "true"'],
  ['userName eq a\\b', 'userName eq "a\\\\b"'],
  // Booleans in quotes.
  ['active eq "True"', 'active eq true'],
  ['roles[primary eq "True"]', 'roles[primary eq true]'],
  ['emails.primary eq "false"', 'emails.primary eq false'],
  // A comparison behind the brackets.
  ['emails[type eq "work"].value eq "x"', 'emails[type eq "work" and value eq "x"]'],
  [
    'emails[type eq "work"].value eq x and active eq true',
    'emails[type eq "work" and value eq "x"] and active eq true',
  ],
  [
    'emails[type eq "work" or type eq "home"].value co "x"',
    'emails[(type eq "work" or type eq "home") and value co "x"]',
  ],
  ['emails[type eq "work"].value pr', 'emails[type eq "work" and value pr]'],
  // Names.
  ['email Co "x"', 'emails.value co "x"'],
  ['id eq "a" and manager eq "b"', `id eq "a" and ${manager} eq "b"`],
  ['manager.value eq "b"', `${manager}.value eq "b"`],
  ['urn:scim:schemas:core:2.0:userName eq "x"', 'userName eq "x"'],
  ['urn:scim:schemas:extension:enterprise:2.0:manager eq b', `${manager} eq "b"`],
  ['not (email eq x)', 'not (emails.value eq "x")'],
])('%s', (text, expected) => {
  expect(rewrite(text)).toBe(expected);
  expect(() => bindFilter(user, parseFilter(rewrite(text)))).not.toThrow();
});

test.each([
  'userName eq "ada"',
  'USERNAME EQ "a b"  and  active eq true',
  'userName eq null',
  'meta.lastModified gt "2026-01-01T00:00:00Z"',
  'emails[type eq "work" and value co "@x"]',
  'not (title pr) and (userName sw "a" or userName ew "b")',
  'userName eq "say \\"hi\\""',
])('left alone: %s', (text) => {
  expect(rewrite(text)).toBe(text);
});

test.each([
  '',
  'userName',
  'userName eq',
  'userName eq "open',
  'userName like x',
  'nothing eq x',
  '((userName eq x)',
  'userName eq x y',
  'emails[type eq work',
  'emails[type eq work]value eq x',
  'userName[value eq x].type eq y',
  '] eq [',
  'active eq "perhaps"',
  'a'.repeat(filterLimits.bytes + 1),
  `${'('.repeat(4000)}userName eq x${')'.repeat(4000)}`,
])('refused by the parser, not made up: %.60s', (text) => {
  expect(() => bindFilter(user, parseFilter(rewrite(text)))).toThrow(ScimError);
});

test('notes name attributes and never values', () => {
  const rewriting = newRewriting();
  rewriteFilter(rewriting, 'email eq secret@x.example and active eq "TRUE"');
  expect([...rewriting.notes]).toEqual([
    'read "email" in a path as "emails.value"',
    'put in quotes the value compared with "emails.value" in the filter',
    'read as true or false the value compared with "active" in the filter',
  ]);
});

test('a name that two extensions have stands for neither', () => {
  const extension = (name: string) => ({
    schema: { id: `urn:example:${name}`, name, description: name, attributes: [attribute('desk', 'Where.')] },
    required: false,
  });
  const typeOf = (...names: string[]) => ({ ...user, extensions: names.map(extension) });
  const read = (...names: string[]) => rewriteFilter({ ...newRewriting(), type: typeOf(...names) }, 'desk eq "4"');
  expect(read('One')).toBe('urn:example:One:desk eq "4"');
  expect(read('One', 'Two')).toBe('desk eq "4"');
});

test('the filter of a value path is read by the attribute it selects from', () => {
  const roles = user.schema.attributes.find(({ name }) => name === 'roles')!;
  expect(rewriteElementFilter(newRewriting(), 'primary eq "True" and value eq agent', roles)).toBe(
    'primary eq true and value eq "agent"',
  );
});

describe('whatever comes', () => {
  const words = fc.constantFrom(
    ...['userName', 'email', 'emails', 'active', 'manager', 'eq', 'Co', 'pr', 'and', 'OR', 'not', '(', ')', '[', ']'],
    ...['.value', '"x"', '"True"', 'true', 'x', "'", '"', '\\', 'null', '7', 'urn:scim:schemas:core:2.0:title'],
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 20 }).map((parts) => parts.join(' ')),
  );

  test('it is rewritten or left alone, once and for all, and nothing valid is lost', () => {
    fc.assert(
      fc.property(text, (given) => {
        const once = rewrite(given);
        expect(rewrite(once)).toBe(once);
        if (accepted(given)) expect(accepted(once)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  function accepted(filter: string): boolean {
    try {
      bindFilter(user, parseFilter(filter));
      return true;
    } catch (error) {
      if (error instanceof ScimError) return false;
      throw error;
    }
  }
});
