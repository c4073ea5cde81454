import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/scim/json.ts';
import type { ReferenceDelta } from '../../src/scim/references.ts';
import { noFacts, type RequestRecord } from '../../src/scim/request-record.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import { referenceAttributes } from '../../src/scim/schema/resource-type.ts';
import { uniqueKeys } from '../../src/scim/unique-keys.ts';
import { createId } from '../../src/secrets/identifier.ts';
import { lockReferences } from '../../src/store/scim/references.ts';
import { createScimStore, type ScimStore } from '../../src/store/scim/resource-store.ts';
import { openTransaction, type ResourceRules } from '../../src/store/scim/resource-transaction.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { describeResourceStore } from '../scim/store-contract.ts';

let database: TestDatabase;
let at = Date.parse('2026-11-25T09:00:00Z');
function newId(): string {
  at += 1;
  return createId(new Date(at));
}

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const rules: ResourceRules = { protection: async () => undefined, onDeactivated: async () => {} };

function open(): ScimStore {
  return createScimStore({
    database: database.open('rollcall_workspace'),
    rules,
    newId,
    onJournalError: (error) => {
      throw error;
    },
  });
}

describe('in transactions of their own', () => {
  describeResourceStore(async () => ({ newId, store: open() }));
});

describe('in company', () => {
  describeResourceStore(async () => {
    const store = open();
    return { newId, store: { ...store, transact: (scope, work) => store.transact(scope, work, 'one resource') } };
  });
});

const user = registeredTypes.byName('User')!;
const group = registeredTypes.byName('Group')!;
const [members] = referenceAttributes(group) as [ReturnType<typeof referenceAttributes>[number]];
const by = () => ({ record: newId(), at: '2026-11-25T09:00:00.000Z' });
const adding = (...names: string[]): ReferenceDelta => ({
  operation: 0,
  attribute: members,
  change: 'add',
  values: names.map((value) => ({ value })),
});

test('many that create and then park at the same moment all come to an end', async () => {
  await database.asOwner(
    "do $$ begin execute format('alter database %I set deadlock_timeout = ''50ms''', current_database()); end $$",
  );
  const store = open();
  const scope = { tenant: newId(), connection: newId() };
  const all = Array.from({ length: 12 }, (_, n) =>
    store.transact(scope, async (transaction) => {
      const attributes = { userName: `u${n}` };
      await transaction.insert({ type: user, id: newId(), attributes, deltas: [], want: [] }, by());
      const team = { type: group, id: newId(), attributes: { displayName: `g${n}` }, want: [] };
      await transaction.insert({ ...team, deltas: [adding(`later${n}`)] }, by());
    }),
  );
  const failed = (await Promise.allSettled(all)).filter((each) => each.status === 'rejected');
  expect(failed).toEqual([]);
});

test('whoever waited for a lock sees what the one before changed, references too', async () => {
  const store = open();
  const scope = { tenant: newId(), connection: newId() };
  const [ada, team] = [newId(), newId()];
  const insert = (type: typeof user, id: string, attributes: JsonObject) =>
    store.transact(scope, (transaction) => transaction.insert({ type, id, attributes, deltas: [], want: [] }, by()));
  await insert(user, ada, { userName: 'ada' });
  await insert(group, team, { displayName: 'Field' });
  const { promise: isLocked, resolve: locked } = Promise.withResolvers<void>();
  const first = store.transact(scope, async (transaction) => {
    const current = (await transaction.lock(group, team, []))!;
    locked();
    await database.somebodyWaits();
    await transaction.update({ current, attributes: current.attributes, deltas: [adding(ada)], want: [] }, by());
  });
  await isLocked;
  const second = store.transact(scope, async (transaction) => {
    const { version, references } = (await transaction.lock(group, team, [members]))!;
    return { version, names: references.get(members.key)!.map(({ value }) => value) };
  });
  await first;
  expect(await second).toEqual({ version: 2, names: [ada] });
});

test('whoever gave up a key while its holder was waited for does not hold it', async () => {
  const store = open();
  const scope = { tenant: newId(), connection: newId() };
  const attributes = { userName: 'ada' };
  await store.transact(scope, (transaction) =>
    transaction.insert({ type: user, id: newId(), attributes, deltas: [], want: [] }, by()),
  );
  const looking = { scope, newId, rules, manages: scope.connection, holders: 'look' } as const;
  const holders = () =>
    database
      .open('rollcall_workspace')
      .withTenant(scope.tenant, (transaction) =>
        openTransaction(transaction, looking).holders(user, uniqueKeys(user, attributes)),
      );
  const [holder] = await holders();
  let asked: ReturnType<typeof holders> | undefined;
  await store.transact(scope, async (transaction) => {
    const current = (await transaction.lock(user, holder!.id, []))!;
    await transaction.update({ current, attributes: { userName: 'eve' }, deltas: [], want: [] }, by());
    asked = holders();
    await database.somebodyWaits();
  });
  expect((await asked)?.map(({ id }) => id)).toEqual([]);
});

test('who creates waits for those who park before their keys are written', async () => {
  const store = open();
  const scope = { tenant: newId(), connection: newId() };
  const insert = (userName: string) =>
    store.transact(scope, (transaction) =>
      transaction.insert({ type: user, id: newId(), attributes: { userName }, deltas: [], want: [] }, by()),
    );
  await insert('eve');
  const parking = Promise.withResolvers<void>();
  const parked = Promise.withResolvers<void>();
  const other = database.open('rollcall_workspace').withTenant(scope.tenant, async (transaction) => {
    await lockReferences(transaction, 'update');
    parked.resolve();
    await parking.promise;
  });
  await parked.promise;
  const made = insert('ada');
  await database.somebodyWaits();
  const { rows } = await database.asOwner(
    `select c.relname from pg_locks l join pg_class c on c.oid = l.relation join pg_stat_activity a on a.pid = l.pid
      where a.datname = current_database() and a.wait_event_type = 'Lock' and c.relname like 'resource_key%'`,
  );
  parking.resolve();
  await other;
  expect(rows).toEqual([]);
  expect((await made).changed).toBe(true);
});

test('without its record a change is not made', async () => {
  const store = open();
  const scope = { tenant: newId(), connection: newId() };
  const circle: JsonObject = {};
  circle['circle'] = circle;
  for (const [before, status, failure] of [
    [circle, 201, /circular/],
    [{}, 1e9, /out of range/],
  ] as const) {
    const id = newId();
    const work = store.transact(scope, async (transaction) => {
      await transaction.insert({ type: user, id, attributes: { userName: 'ada' }, deltas: [], want: [] }, by());
      const facts = { ...noFacts, operation: 'create', before } as const;
      const request = { method: 'POST', path: '/scim/v2/Users', status, durationMs: 1 };
      await transaction.record({ ...request, id: newId(), at: by().at, facts } as unknown as RequestRecord);
    });
    await expect(work).rejects.toThrow(failure);
    expect(await store.read(scope, user, id, [])).toBeUndefined();
  }
});
