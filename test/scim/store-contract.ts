// What the request handler counts on in any ResourceStore; run against the one in memory and the one on PostgreSQL.
import { beforeAll, describe, expect, test } from 'vitest';
import { ScimError } from '../../src/scim/errors.ts';
import { bindFilter } from '../../src/scim/filter/bind.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import type { ReferenceDelta } from '../../src/scim/references.ts';
import type { PageEnd, ResourcePage, ResourceStore, StoreScope } from '../../src/scim/resource-store.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import { derivedAttributes, referenceAttributes } from '../../src/scim/schema/resource-type.ts';
import { bindSort, type SortOrder } from '../../src/scim/sort.ts';
import { uniqueKeys } from '../../src/scim/unique-keys.ts';

const user = registeredTypes.byName('User')!;
const group = registeredTypes.byName('Group')!;
const [members] = referenceAttributes(group) as [ReturnType<typeof referenceAttributes>[number]];
const [groups] = derivedAttributes(user) as [ReturnType<typeof derivedAttributes>[number]];

export interface StoreWorld {
  readonly store: ResourceStore;
  newId(): string;
}

export function describeResourceStore(open: () => Promise<StoreWorld>): void {
  let store: ResourceStore;
  let newId: () => string;
  let scope: StoreScope;
  const by = () => ({ record: newId(), at: '2026-11-25T09:00:00.000Z' });
  const values = (change: 'add' | 'remove' | 'replace', ...names: string[]): ReferenceDelta => ({
    operation: 0,
    attribute: members,
    change,
    values: names.map((value) => ({ value })),
  });

  beforeAll(async () => ({ store, newId } = await open()));

  function freshScope(): void {
    scope = { tenant: newId(), connection: newId() };
  }

  async function insert(type: typeof user, attributes: JsonObject, ...deltas: ReferenceDelta[]): Promise<string> {
    const id = newId();
    await store.transact(scope, (transaction) => transaction.insert({ type, id, attributes, deltas, want: [] }, by()));
    return id;
  }

  async function memberValues(id: string): Promise<string[]> {
    const read = await store.read(scope, group, id, [members]);
    return read!.references
      .get(members.key)!
      .map((each) => each.target?.id ?? each.value)
      .sort();
  }

  async function change(id: string, ...deltas: ReferenceDelta[]) {
    return store.transact(scope, async (transaction) => {
      const current = (await transaction.lock(group, id, []))!;
      return transaction.update({ current, attributes: current.attributes, deltas, want: [] }, by());
    });
  }

  describe('resources', () => {
    test('what was inserted is read, by its type only', async () => {
      freshScope();
      const attributes = { userName: 'Ada', externalId: 'x1', emails: [{ value: 'a@x' }], active: true };
      const id = await insert(user, attributes);
      expect(await store.read(scope, user, id, [])).toMatchObject({
        id,
        attributes,
        managedBy: scope.connection,
        version: 1,
        created: '2026-11-25T09:00:00.000Z',
        lastModified: '2026-11-25T09:00:00.000Z',
      });
      expect(await store.read(scope, group, id, [])).toBeUndefined();
      expect(await store.read(scope, user, 'no id of ours', [])).toBeUndefined();
      expect(await store.read({ ...scope, tenant: newId() }, user, id, [])).toBeUndefined();
    });

    test('holders are found by every unique key, in the form it is compared in', async () => {
      freshScope();
      const id = await insert(user, { userName: 'Ada', externalId: 'x1' });
      // A store may take keys to be free until its index contradicts: then the work is run again, and sees the holders.
      const held = async (attributes: JsonObject) => {
        const found: string[] = [];
        const trying = store.transact(scope, async (transaction) => {
          const holders = await transaction.holders(user, uniqueKeys(user, attributes));
          found.splice(0, Infinity, ...holders.map((each) => each.id));
          if (holders.length === 0)
            await transaction.insert({ type: user, id: newId(), attributes, deltas: [], want: [] }, by());
          throw new ScimError('conflict', 'undone');
        });
        await expect(trying).rejects.toThrow('undone');
        return found;
      };
      expect(await held({ userName: ' ADA' })).toEqual([id]);
      expect(await held({ userName: 'other', externalId: 'x1' })).toEqual([id]);
      expect(await held({ userName: 'other', externalId: 'X1' })).toEqual([]);
      expect(await held({})).toEqual([]);
    });

    test('an update that changes nothing writes nothing', async () => {
      freshScope();
      const id = await insert(user, { userName: 'ada', title: 'a' });
      const update = (title: string) =>
        store.transact(scope, async (transaction) => {
          const current = (await transaction.lock(user, id, []))!;
          return transaction.update(
            { current, attributes: { ...current.attributes, title }, deltas: [], want: [] },
            by(),
          );
        });
      expect((await update('a')).changed).toBe(false);
      expect((await store.read(scope, user, id, []))!.version).toBe(1);
      expect((await update('b')).changed).toBe(true);
      expect(await store.read(scope, user, id, [])).toMatchObject({ version: 2, attributes: { title: 'b' } });
    });

    test('a failed transaction leaves nothing', async () => {
      freshScope();
      const id = newId();
      const failing = store.transact(scope, async (transaction) => {
        await transaction.insert({ type: user, id, attributes: { userName: 'ada' }, deltas: [], want: [] }, by());
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await store.read(scope, user, id, [])).toBeUndefined();
      await insert(user, { userName: 'ada' });
    });

    test('what was removed is gone from everywhere, and its keys are free', async () => {
      freshScope();
      const ada = await insert(user, { userName: 'ada' });
      const team = await insert(group, { displayName: 'Field' }, values('replace', ada));
      await store.transact(scope, async (transaction) =>
        transaction.remove((await transaction.lock(user, ada, []))!, by()),
      );
      expect(await store.read(scope, user, ada, [])).toBeUndefined();
      expect(await memberValues(team)).toEqual([]);
      expect(
        await store.list(scope, { parts: [{ type: user, want: [] }], count: 10, from: { startIndex: 1 } }),
      ).toEqual({
        total: 0,
        resources: [],
      });
      await insert(user, { userName: 'ada' });
    });

    test('lists are in the order of ids, filtered, paged, with the exact total', async () => {
      freshScope();
      const ids: string[] = [];
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        ids.push(await insert(user, { userName: name, title: name < 'd' ? 'x' : 'y' }));
      ids.sort();
      const page = async (text: string | undefined, startIndex: number, count: number) => {
        const filter = text === undefined ? {} : { filter: bindFilter(user, parseFilter(text)) };
        const { total, resources } = await store.list(scope, {
          parts: [{ type: user, ...filter, want: [] }],
          count,
          from: { startIndex },
        });
        return [total, ...resources.map((each) => ids.indexOf(each.id))];
      };
      expect(await page(undefined, 1, 10)).toEqual([5, 0, 1, 2, 3, 4]);
      expect(await page(undefined, 2, 2)).toEqual([5, 1, 2]);
      expect(await page(undefined, 9, 2)).toEqual([5]);
      expect(await page(undefined, 1, 0)).toEqual([5]);
      expect((await page('title eq "X"', 1, 10)).length).toBe(4);
      expect((await page('title eq "X"', 2, 1))[0]).toBe(3);
      expect(await page('userName eq "nobody"', 1, 10)).toEqual([0]);
    });
  });

  describe('order and ends of pages', () => {
    const people: JsonObject[] = [
      { userName: 'a', title: 'Zoo', emails: [{ value: 'x@x' }, { value: 'B@x', primary: true }], active: false },
      { userName: 'b', title: 'apple', emails: [{ value: 'a@x' }], active: true },
      { userName: 'c', title: 'Äpfel', active: true },
      { userName: 'd' },
      { userName: 'e', title: 'apple', emails: [{ value: 'c@x' }] },
    ];
    const named = (sortBy: string | undefined, order: SortOrder, count: number, after?: PageEnd) => {
      const sort = sortBy ? { sort: bindSort(user, sortBy)! } : {};
      return store.list(scope, {
        parts: [{ type: user, ...sort, want: [] }],
        ...(sortBy ? { order } : {}),
        count,
        from: { after },
      });
    };
    const names = (page: ResourcePage) => page.resources.map((each) => each.attributes['userName']).join('');

    beforeAll(async () => {
      freshScope();
      for (const person of people) await insert(user, person);
    });

    test.each<[string | undefined, SortOrder, string]>([
      [undefined, 'ascending', 'abcde'],
      ['userName', 'descending', 'edcba'],
      ['title', 'ascending', 'beacd'],
      ['title', 'descending', 'dcabe'],
      ['emails', 'ascending', 'baecd'],
      ['emails.value', 'descending', 'cdeab'],
      ['active', 'ascending', 'abcde'],
      ['active', 'descending', 'debca'],
      ['id', 'descending', 'edcba'],
      ['meta.created', 'ascending', 'abcde'],
      ['externalId', 'ascending', 'abcde'],
    ])('by %s %s, whole and one page after the other', async (sortBy, order, expected) => {
      expect(names(await named(sortBy, order, 10))).toBe(expected);
      for (const count of [1, 2, 5]) {
        let seen = '';
        let after: PageEnd | undefined;
        do {
          const page = await named(sortBy, order, count, after);
          expect(page.total).toBe(5);
          seen += names(page);
          after = page.end;
        } while (after);
        expect(seen, `pages of ${count}`).toBe(expected);
      }
    });

    test('whoever arrives while pages are read comes last, whoever leaves is left out, nobody comes twice', async () => {
      const first = await named(undefined, 'ascending', 2);
      await insert(user, { userName: 'f' });
      const gone = first.resources[0]!.id;
      await store.transact(scope, async (transaction) =>
        transaction.remove((await transaction.lock(user, gone, []))!, by()),
      );
      const second = await named(undefined, 'ascending', 10, first.end);
      expect([names(first), names(second)]).toEqual(['ab', 'cdef']);
    });

    test('several types in one list, sorted by what both have', async () => {
      await insert(group, { displayName: 'Bees' });
      const page = await store.list(scope, {
        parts: [
          { type: user, sort: bindSort(user, 'title')!, want: [] },
          { type: group, want: [members] },
        ],
        order: 'ascending',
        count: 10,
        from: { startIndex: 1 },
      });
      expect(page.total).toBe(6);
      expect(page.resources.map((each) => each.type.name)).toEqual(['User', 'User', 'User', 'User', 'User', 'Group']);
    });
  });

  describe('parts of a transaction', () => {
    test('what a part throws leaves nothing of it, and the rest goes on', async () => {
      freshScope();
      const kept = newId();
      await store.transact(scope, async (transaction) => {
        await transaction.attempt(() =>
          transaction.insert({ type: user, id: kept, attributes: { userName: 'kept' }, deltas: [], want: [] }, by()),
        );
        const failing = transaction.attempt(async () => {
          await transaction.insert(
            { type: user, id: newId(), attributes: { userName: 'gone' }, deltas: [], want: [] },
            by(),
          );
          await transaction.attempt(async () => {
            const current = (await transaction.lock(user, kept, []))!;
            await transaction.update({ current, attributes: { userName: 'inner' }, deltas: [], want: [] }, by());
          });
          throw new ScimError('invalidValue', 'no');
        });
        await expect(failing).rejects.toThrow('no');
        const late = { type: user, id: newId(), attributes: { userName: 'gone' }, deltas: [], want: [] };
        await transaction.insert(late, by());
      });
      const all = await store.list(scope, { parts: [{ type: user, want: [] }], count: 9, from: { startIndex: 1 } });
      expect(all.resources.map((each) => each.attributes['userName'])).toEqual(['kept', 'gone']);
    });
  });

  describe('references', () => {
    test('are read from both sides, resolved or as sent', async () => {
      freshScope();
      const ada = await insert(user, { userName: 'ada', displayName: 'Ada Byron' });
      const team = await insert(group, { displayName: 'Field' }, values('replace', ada, 'later'));
      const read = await store.read(scope, group, team, [members]);
      expect(read!.references.get(members.key)).toEqual(
        expect.arrayContaining([
          { value: ada, target: { id: ada, type: 'User', label: 'Ada Byron' } },
          { value: 'later' },
        ]),
      );
      const from = await store.read(scope, user, ada, [groups]);
      expect(from!.references.get(groups.key)).toMatchObject([{ target: { id: team, type: 'Group', label: 'Field' } }]);
    });

    test('deltas say what they changed', async () => {
      freshScope();
      const ada = await insert(user, { userName: 'ada' });
      const ben = await insert(user, { userName: 'ben' });
      const team = await insert(group, { displayName: 'Field' }, values('replace', ada));
      expect(await change(team, values('add', ada))).toMatchObject({
        changed: false,
        reports: [{ changed: false, added: [], removed: [], pending: [] }],
      });
      expect(await change(team, values('add', ben, 'later'))).toMatchObject({
        changed: true,
        reports: [{ changed: true, added: ['ben'], removed: [], pending: ['later'] }],
      });
      expect(await change(team, values('remove', 'ADA', 'nobody'))).toMatchObject({
        changed: true,
        reports: [{ changed: true, added: [], removed: ['ada'], pending: [] }],
      });
      expect(await memberValues(team)).toEqual([ben, 'later'].sort());
      const two = await change(team, values('add', ada), values('replace', ben));
      expect(two.reports.map((report) => [report.added, [...report.removed].sort()])).toEqual([
        [['ada'], []],
        [[], ['ada', 'later']],
      ]);
      expect(await memberValues(team)).toEqual([ben]);
      await change(team, values('replace'));
      expect(await memberValues(team)).toEqual([]);
    });

    test.each([
      ['userName', 'ADA', { userName: 'ada' }],
      ['externalId', 'x-1', { userName: 'other', externalId: 'x-1' }],
    ])('a parked value joins on arrival by %s', async (_, value, attributes) => {
      freshScope();
      const team = await insert(group, { displayName: 'Field' }, values('replace', value));
      const id = await insert(user, attributes);
      expect(await memberValues(team)).toEqual([id]);
      expect((await change(team, values('add', id))).changed).toBe(false);
    });

    test('a rename lets parked values join as well', async () => {
      freshScope();
      const team = await insert(group, { displayName: 'Field' }, values('replace', 'new-name'));
      const id = await insert(user, { userName: 'old-name' });
      await store.transact(scope, async (transaction) => {
        const current = (await transaction.lock(user, id, []))!;
        return transaction.update({ current, attributes: { userName: 'new-name' }, deltas: [], want: [] }, by());
      });
      expect(await memberValues(team)).toEqual([id]);
    });
  });
}
