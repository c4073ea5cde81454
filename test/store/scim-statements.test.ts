// The rules a statement must keep so that tenants can be spread over servers: one tenant, bound as $1 at the outermost
// level; rows inserted by column names with a bare $1; nothing the server decides by its own clock or setting. Every
// statement the store sends during a whole conversation is walked.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { managerKey } from '../../src/service-provider/scim/person.ts';
import type { Statement, TenantDatabase } from '../../src/store/database.ts';
import { createDirectory } from '../../src/store/scim/directory.ts';
import { createRequestLog } from '../../src/store/scim/request-log.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld } from '../http/scim/world.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
let database: TestDatabase;
const sent = new Map<string, readonly unknown[]>();

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function listening(inner: TenantDatabase): TenantDatabase {
  const note = (statement: string | Statement, values: readonly unknown[] = []) =>
    typeof statement === 'string' ? sent.set(statement, values) : sent.set(statement.text, statement.values ?? []);
  return {
    ...inner,
    batch(tenant, statements) {
      for (const statement of statements) note(statement);
      return inner.batch(tenant, statements);
    },
    withTenant: (tenant, work) =>
      inner.withTenant(tenant, (transaction) =>
        work({
          tenant,
          query(statement, values) {
            note(statement, values);
            return transaction.query(statement, values);
          },
        }),
      ),
  };
}

test('every statement names its tenant as $1, and nobody else’s', async () => {
  const world = createWorld(listening(database.open('rollcall_workspace')));
  const acme = world.workspace('acme');
  const ops = (...Operations: object[]) => ({ Operations });
  const user = {
    userName: 'ada',
    externalId: 'x',
    emails: [{ value: 'a@x' }],
    [enterprise]: { manager: { value: 'm' } },
  };
  const { body: team } = await acme.send('POST', '/Groups', {
    displayName: 'T',
    members: [{ value: 'ada' }, { value: 'z' }],
  });
  const { body: ada } = await acme.send('POST', '/Users', user);
  await acme.send('POST', '/Users', user);
  await acme.send('PUT', `/Users/${ada.id}`, {
    ...user,
    userName: 'ada2',
    externalId: 'y',
    emails: [{ value: 'b@x' }],
    title: 't',
  });
  await acme.send('PATCH', `/Users/${ada.id}`, ops({ op: 'replace', path: 'active', value: false }));
  await acme.send(
    'PATCH',
    `/Groups/${team.id}`,
    ops(
      { op: 'remove', path: 'members[type eq "User"]' },
      { op: 'add', path: 'members', value: [{ value: ada.id }] },
      { op: 'replace', path: 'members', value: [{ value: 'ada2' }] },
    ),
  );
  for (const filter of [
    'userName eq "ada2"',
    'externalId eq "y"',
    'id eq "x"',
    `id eq "${ada.id}"`,
    'emails.value eq "b@x"',
    'emails[type pr or value co "b"]',
    'groups.value pr',
    `not (${enterprise}:manager.displayName sw "x")`,
    'meta.created gt "2020-01-01" and title pr',
  ]) {
    expect((await acme.send('GET', `/Users?filter=${encodeURIComponent(filter)}&count=1`)).status, filter).toBe(200);
  }
  await acme.send('GET', '/Groups?count=1');
  await acme.send('DELETE', `/Users/${ada.id}`);
  await acme.send('POST', '/Users', { ...user, externalId: 'y' });
  await world.store.readJournal.flush();
  const directory = createDirectory(world.database, {
    person: 'User',
    team: 'Group',
    members: 'members',
    manager: managerKey,
  });
  await directory.people(acme.tenant, { search: 'a', status: 'invited', source: 'scim', page: 1, perPage: 10 });
  await directory.person(acme.tenant, ada.id);
  await directory.team(acme.tenant, team.id);
  const log = createRequestLog(world.database);
  await log.list(acme.tenant, { search: 'x', result: 'changes', before: ada.id, after: team.id, limit: 5 });
  await log.life(acme.tenant, ada.id, 5);
  await log.one(acme.tenant, ada.id);
  await log.statistics(acme.tenant, acme.connection, world.now());
  expect(world.errors).toEqual([]);
  expect(sent.size).toBeGreaterThan(45);
  for (const [text, values] of sent) walk(text, values, acme.tenant);
});

function walk(text: string, values: readonly unknown[], tenant: string): void {
  const plain = text
    .replace(/'[^']*'/g, "''")
    .replace(/\s+/g, ' ')
    .trim();
  expect(values[0], text).toBe(tenant);
  expect(plain, text).not.toMatch(/\bnow\(|current_timestamp|current_setting|set_config|\bmerge into\b|pg_advisory|;/i);
  const insert = /^insert into workspace\.\w+ \(\s*tenant, [^)]+\) (?:values \(\$1,|select \$1,)/.test(plain);
  const outer = withoutParentheses(plain);
  if (/^insert/.test(plain)) {
    expect(insert, text).toBe(true);
    expect(plain, text).toMatch(/returning|on conflict do nothing$/);
    expect(plain, text).not.toMatch(/values \([^)]*\(select/);
  } else {
    expect(outer, text).toMatch(/ where (?:\w+\.)?tenant = \$1/);
    expect(outer, text).not.toMatch(/tenant = \$1 or |tenant = any/);
  }
  // Each table in a FROM or JOIN of any depth is bound to the tenant, directly or by the row it is joined to.
  for (const [, table, name] of plain.matchAll(/(?:from|join) workspace\.(\w+) (\w+)/g)) {
    expect(plain, `${table} ${name}: ${text}`).toMatch(
      new RegExp(`\\b${name}\\.tenant = (\\$1|\\w+\\.tenant)|\\w+\\.tenant = ${name}\\.tenant`),
    );
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
