// The rules a statement must keep so that tenants can be spread over servers: one tenant, bound as $1 at the outermost
// level; rows inserted by column names with a bare $1; nothing the server decides by its own clock, chance or setting;
// nothing that outlives its transaction. A database that listens notes every statement of a conversation, to be walked.

import { expect } from 'vitest';
import type { Statement, TenantDatabase } from '../../src/store/database.ts';

export type Sent = Map<string, readonly unknown[]>;

/** The same database; what is sent to a tenant's tables is noted in `sent` by its text. */
export function listening(inner: TenantDatabase, sent: Sent): TenantDatabase {
  const note = (statement: string | Statement, values: readonly unknown[] = []) =>
    typeof statement === 'string' ? sent.set(statement, values) : sent.set(statement.text, statement.values ?? []);
  const noting =
    (batch: TenantDatabase['batch']): TenantDatabase['batch'] =>
    (tenant, statements) => {
      for (const statement of statements) note(statement);
      return batch(tenant, statements);
    };
  return {
    ...inner,
    batch: noting(inner.batch),
    replica: { batch: noting(inner.replica.batch) },
    control: {
      query(statement, values) {
        walkControl(typeof statement === 'string' ? statement : statement.text);
        return inner.control.query(statement, values);
      },
    },
    withTenant: (tenant, work) =>
      inner.withTenant(tenant, (transaction) =>
        work({
          tenant,
          lane: transaction.lane,
          query(statement, values) {
            note(statement, values);
            return transaction.query(statement, values);
          },
        }),
      ),
  };
}

/** Fails with the text of the first statement that breaks a rule. */
export function walkStatements(sent: Sent, tenant: string): void {
  for (const [text, values] of sent) walk(text, values, tenant);
}

/** Control tables are on another server, perhaps: what asks them names nothing of a tenant's. */
export function walkControl(text: string): void {
  expect(text.replaceAll(/\bcontrol\.\w+/g, ''), text).not.toMatch(/\b(?:workspace|identity)\.\w+/);
}

/** Marks inside the one transaction, by which a bulk's operation is undone alone; and its limit, which no router minds. */
const isMark =
  /^(?:(?:savepoint|release savepoint|release|rollback to savepoint|rollback to) \w+|set local statement_timeout = \d+)$/i;

export function walk(text: string, values: readonly unknown[], tenant: string): void {
  if (isMark.test(text.trim())) return;
  const plain = text
    .replace(/'[^']*'/g, "''")
    .replace(/\s+/g, ' ')
    .trim();
  expect(values[0], text).toBe(tenant);
  expect(plain, text).not.toMatch(forbidden);
  expect(plain, text).not.toMatch(/\(values |\bcontrol\.\w/i);
  // A row's tenant never changes.
  expect(withoutParentheses(plain), text).not.toMatch(/\bset (?:(?:(?! where | from ).)*, )?tenant = /i);
  if (/^insert/.test(plain)) walkInsert(plain, text);
  else walkOuter(plain, text);
  // Each table in a FROM or JOIN of any depth is bound to the tenant, directly or by the row it is joined to.
  for (const [, table = '', alias] of plain.matchAll(fromTable)) {
    const name = alias ?? '';
    const of = name === '' ? '' : `\\b${name}\\.`;
    expect(plain, `${table} ${name}: ${text}`).toMatch(
      new RegExp(
        `(?:where|and|on) \\(?${of}tenant = \\$1|${of}tenant = \\w+\\.tenant|\\w+\\.tenant = ${name || table}\\.tenant`,
      ),
    );
  }
}

const fromTable =
  /(?:from|join) (?:workspace|identity)\.(\w+)(?: (?!where\b|on\b|join\b|left\b|group\b|order\b|returning\b|union\b)(\w+))?/g;

/** The server's clock and chance differ from server to server; the rest outlives the transaction or knows no tenant. */
const forbidden = new RegExp(
  [
    /\bnow\(|current_timestamp|localtimestamp|current_date|clock_timestamp|(?:statement|transaction)_timestamp/,
    /\bgen_random_uuid\(|\brandom\(|\bnextval\(|\bcurrval\(/,
    /current_setting|set_config|^(?:set|reset|begin|commit|rollback|discard|prepare|execute|declare|listen|notify)\b|;/,
    /\bmerge into\b|pg_advisory|pg_notify|\btemp(?:orary)? table\b|\bwith hold\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

function walkInsert(plain: string, text: string): void {
  expect(plain, text).toMatch(
    /^insert into (?:workspace|identity)\.\w+ \(\s*tenant, [^)]+\) (?:values \(\$1,|select \$1,)/,
  );
  expect(plain, text).toMatch(/returning|on conflict do nothing$/);
  expect(plain, text).not.toMatch(/values \([^)]*\(select/);
  // Many rows come from unnest: a list of VALUES goes to the wrong server without a word.
  expect(withoutParentheses(plain), text).not.toMatch(/\bvalues\s*,/);
}

/** Every branch of the outermost level, a union's each, is of one tenant. */
function walkOuter(plain: string, text: string): void {
  for (const branch of withoutParentheses(plain).split(/ (?:union|except|intersect)(?: all)? /)) {
    expect(branch, text).toMatch(/ where (?:\w+\.)?tenant = \$1/);
    expect(branch, text).not.toMatch(/tenant = \$1 or | or (?:\w+\.)?tenant = \$1|tenant = any/);
  }
}

function withoutParentheses(text: string): string {
  let depth = 0;
  let outer = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    if (depth === 0) outer += character;
    if (character === ')') depth -= 1;
  }
  return outer;
}
