// C13, C14, C26, C27: members and managers that are here, not here yet, or never will be.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, type Workspace, type World } from './world.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
let database: TestDatabase;
let world: World;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
});
afterAll(() => database.drop());

function fresh(): Workspace {
  count += 1;
  return world.workspace(`w${count}`);
}

async function addUser(workspace: Workspace, userName: string, more: object = {}): Promise<string> {
  const answer = await workspace.send('POST', '/Users', { userName, ...more });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
}

async function addGroup(workspace: Workspace, displayName: string, members: string[] = []): Promise<string> {
  const answer = await workspace.send('POST', '/Groups', { displayName, members: members.map((value) => ({ value })) });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
}

async function membersOf(workspace: Workspace, group: string): Promise<string[]> {
  const { body } = await workspace.send('GET', `/Groups/${group}`);
  return ((body.members ?? []) as { value: string }[]).map((each) => each.value).sort();
}

function patch(workspace: Workspace, path: string, ...operations: object[]) {
  return workspace.send('PATCH', path, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: operations,
  });
}

async function lastFacts(workspace: Workspace) {
  const { rows } = await database.asOwner(
    'select facts from workspace.request_journal where tenant = $1 order by at desc, id desc limit 1',
    [workspace.tenant],
  );
  return rows[0].facts;
}

test('C13: a member that is not here is parked, the others join, nobody is lost', async () => {
  const acme = fresh();
  const [ada, ben] = [await addUser(acme, 'ada'), await addUser(acme, 'ben')];
  const group = await addGroup(acme, 'Field', [ada]);
  const unknown = '0193a000-0000-7000-8000-000000000000';
  const answer = await patch(acme, `/Groups/${group}`, {
    op: 'replace',
    path: 'members',
    value: [{ value: ada }, { value: unknown }, { value: ben }],
  });
  expect(answer.status).toBe(204);
  expect(await membersOf(acme, group)).toEqual([unknown, ada, ben].sort());
  expect((await lastFacts(acme)).outcomes).toMatchObject([
    { outcome: 'pending', detail: expect.stringContaining(unknown) },
  ]);
});

test('C13: ids of another workspace are never looked up', async () => {
  const [acme, other] = [fresh(), fresh()];
  const theirs = await addUser(other, 'theirs', { externalId: 'shared' });
  const group = await addGroup(acme, 'Field', [theirs, 'shared', 'theirs']);
  const { body } = await acme.send('GET', `/Groups/${group}`);
  expect(body.members).toEqual([{ value: theirs }, { value: 'shared' }, { value: 'theirs' }]);
});

test.each([
  ['externalId', 'ext-7', { externalId: 'ext-7' }],
  ['userName without case', 'CY@Acme.example', {}],
])('a parked member joins by itself when it arrives, by %s', async (_, value, more) => {
  const acme = fresh();
  const group = await addGroup(acme, 'Field', [value]);
  const cy = await addUser(acme, 'cy@acme.example', more);
  expect(await membersOf(acme, group)).toEqual([cy]);
  const { body } = await acme.send('GET', `/Users/${cy}`);
  expect(body.groups).toEqual([expect.objectContaining({ value: group, display: 'Field' })]);
});

test('externalIds of another case or another kind of name do not join', async () => {
  const acme = fresh();
  const group = await addGroup(acme, 'Field', ['EXT-8']);
  await addUser(acme, 'cy', { externalId: 'ext-8' });
  expect(await membersOf(acme, group)).toEqual(['EXT-8']);
});

test('a member known under two spellings is one member', async () => {
  const acme = fresh();
  const group = await addGroup(acme, 'Field', ['ext-1', 'ada']);
  const ada = await addUser(acme, 'ada', { externalId: 'ext-1' });
  expect(await membersOf(acme, group)).toEqual([ada]);
  await patch(acme, `/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: ada }, { value: 'ext-1' }] });
  expect(await membersOf(acme, group)).toEqual([ada]);
  await patch(acme, `/Groups/${group}`, { op: 'remove', path: 'members', value: [{ value: 'ada' }] });
  expect(await membersOf(acme, group)).toEqual([]);
});

test('a group can be a member of a group', async () => {
  const acme = fresh();
  const inner = await addGroup(acme, 'Inner');
  const outer = await addGroup(acme, 'Outer', [inner]);
  const { body } = await acme.send('GET', `/Groups/${outer}`);
  expect(body.members).toEqual([expect.objectContaining({ value: inner, type: 'Group', display: 'Inner' })]);
});

test('C14: a manager of somebody else’s numbering is kept as sent and shown as such', async () => {
  const acme = fresh();
  const ada = await addUser(acme, 'ada', { [enterprise]: { manager: { value: '4711' } } });
  const { body } = await acme.send('GET', `/Users/${ada}`);
  expect(body[enterprise].manager).toEqual({ value: '4711' });
});

test('C14: a ring of managers is kept as sent and ends every walk', async () => {
  const acme = fresh();
  const ids = await Promise.all(['a', 'b', 'c'].map((name) => addUser(acme, name)));
  for (const [index, id] of ids.entries()) {
    await patch(acme, `/Users/${id}`, {
      op: 'replace',
      path: `${enterprise}:manager`,
      value: { value: ids[(index + 1) % 3] },
    });
  }
  await patch(acme, `/Users/${ids[0]}`, { op: 'replace', path: `${enterprise}:manager.value`, value: ids[0] });
  const { body } = await acme.send('GET', '/Users');
  expect(
    body.Resources.map(
      (each: Record<string, { manager: { value: string } }>) => each[enterprise]?.manager.value,
    ).sort(),
  ).toEqual([ids[0], ids[2], ids[0]].sort());
});

test('a manager that arrives later is joined, and leaving takes nobody with them', async () => {
  const acme = fresh();
  const ada = await addUser(acme, 'ada', { [enterprise]: { manager: { value: 'mgr-1' } } });
  const boss = await addUser(acme, 'boss', { externalId: 'mgr-1', displayName: 'Dana Ruiz' });
  expect((await acme.send('GET', `/Users/${ada}`)).body[enterprise].manager).toMatchObject({
    value: boss,
    displayName: 'Dana Ruiz',
  });
  const found = await acme.send('GET', `/Users?filter=${encodeURIComponent(`${enterprise}:manager eq "${boss}"`)}`);
  expect(found.body.totalResults).toBe(1);
  expect((await acme.send('DELETE', `/Users/${boss}`)).status).toBe(204);
  expect((await acme.send('GET', `/Users/${ada}`)).body[enterprise]).toBeUndefined();
});

test('C26: remove with values or a filter removes exactly those, without either it removes all', async () => {
  const acme = fresh();
  const ids = await Promise.all(['a', 'b', 'c', 'd'].map((name) => addUser(acme, name)));
  const [a, b, c, d] = ids as [string, string, string, string];
  const group = await addGroup(acme, 'Field', ids);
  await patch(acme, `/Groups/${group}`, { op: 'remove', path: 'members', value: [{ value: a }] });
  expect(await membersOf(acme, group)).toEqual([b, c, d].sort());
  await patch(acme, `/Groups/${group}`, { op: 'remove', path: `members[value eq "${b}" or display eq "C"]` });
  expect(await membersOf(acme, group)).toEqual([d]);
  await patch(acme, `/Groups/${group}`, { op: 'remove', path: 'members', value: [{ value: a }] });
  expect(await membersOf(acme, group)).toEqual([d]);
  await patch(acme, `/Groups/${group}`, { op: 'remove', path: 'members' });
  expect(await membersOf(acme, group)).toEqual([]);
});

test('C27: adding twice changes nothing and leaves the version', async () => {
  const acme = fresh();
  const ada = await addUser(acme, 'ada');
  const group = await addGroup(acme, 'Field', [ada]);
  const version = () =>
    database.asOwner('select version, last_modified from workspace.resource where id = $1', [group]);
  const before = (await version()).rows;
  await patch(acme, `/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: ada }] });
  expect((await version()).rows).toEqual(before);
  expect((await lastFacts(acme)).outcomes).toMatchObject([{ outcome: 'unchanged' }]);
});

test('parallel adds lose nobody', async () => {
  const acme = fresh();
  const ids = await Promise.all(Array.from({ length: 40 }, (_, index) => addUser(acme, `user${index}`)));
  const group = await addGroup(acme, 'Everyone');
  const answers = await Promise.all(
    ids.map((id) => patch(acme, `/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: id }] })),
  );
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([204]));
  expect(await membersOf(acme, group)).toEqual([...ids].sort());
});

test('a member and its group may arrive at the same moment', async () => {
  const acme = fresh();
  const pairs = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const [group, user] = await Promise.all([
        addGroup(acme, `team${index}`, [`ext-${index}`]),
        addUser(acme, `user${index}`, {
          externalId: `ext-${index}`,
          [enterprise]: { manager: { value: `ext-${index + 1}` } },
        }),
      ]);
      return { group, user };
    }),
  );
  for (const { group, user } of pairs) expect(await membersOf(acme, group)).toEqual([user]);
  const { rows } = await database.asOwner(
    'select count(*)::int as waiting from workspace.resource_reference where tenant = $1 and target is null',
    [acme.tenant],
  );
  expect(rows[0].waiting).toBe(1);
  expect(world.errors).toEqual([]);
});

test('whoever is deleted while being added is a member of nothing', async () => {
  const acme = fresh();
  for (let round = 0; round < 10; round += 1) {
    const ada = await addUser(acme, `ada${round}`, { externalId: `a${round}` });
    const group = await addGroup(acme, `Field${round}`);
    const [removed, added] = await Promise.all([
      acme.send('DELETE', `/Users/${ada}`),
      patch(acme, `/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: ada }] }),
    ]);
    expect([removed.status, added.status]).toEqual([204, 204]);
  }
  const { rows } = await database.asOwner(
    `select count(*)::int as dangling from workspace.resource_reference f
       join workspace.resource r on r.tenant = f.tenant and r.id in (f.target, f.resource) and r.deleted_at is not null`,
  );
  expect(rows[0].dangling).toBe(0);
  expect(world.errors).toEqual([]);
});
