// Users of the organization, as the screens ask for them: made, changed, invited, suspended, deleted; groups of theirs.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/accounts/account.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createTarget, type Target } from '../../provisioning/fake-target.ts';
import { addTarget, createIdentityWorld, type IdentityWorld, publicUrl } from './world.ts';

let database: TestDatabase;
let world: IdentityWorld;
let target: Target;
let app: string;

beforeAll(async () => {
  database = await createTestDatabase();
  world = await createIdentityWorld(database.open('rollcall_identity'));
  target = createTarget();
  app = await addTarget(world, target, { onDelete: 'delete' });
});
afterAll(async () => {
  await world.work.stop();
  expect(world.failures).toEqual([]);
  await database.drop();
});

const newUser = (userName: string) => ({
  userName,
  displayName: userName,
  givenName: 'New',
  familyName: 'User',
  email: userName,
});
const create = async (userName: string) => (await world.call('createUser', { body: newUser(userName) })).id;
const status = async (id: string) => (await world.call('user', { parameters: { id } })).user.status;
const remote = (id: string) => [...target.users.values()].find((user) => user['externalId'] === id);

it('lists 41, searches, filters', async () => {
  expect(await world.call('users')).toMatchObject({ total: 41 });
  expect((await world.call('users', { query: { search: 'ADA.BYR' } })).users).toMatchObject([
    { displayName: 'Ada Byron', manager: { name: 'Ivo Novak' }, managerEmail: 'ivo.novak@acme.example' },
  ]);
  expect(await world.call('users', { query: { status: 'active' } })).toMatchObject({ total: 1 });
});

it('a user name is one person’s, an e-mail may be two people’s', async () => {
  await create('twin@acme.example');
  await expect(create('TWIN@acme.example')).rejects.toMatchObject({
    kind: 'conflict',
    facts: { errors: [{ pointer: '/userName' }] },
  });
  const { id } = await world.call('createUser', { body: { ...newUser('other'), email: 'twin@acme.example' } });
  expect(await status(id)).toBe('not-activated');
});

describe('the life of one', () => {
  it('invited by a mail with a link that works once, suspended everywhere, back, deleted everywhere', async () => {
    const id = await create('one@acme.example');
    await world.call('assignApp', { parameters: { id, app }, body: {} });
    await world.call('activateUser', { parameters: { id }, body: { invite: true } });
    await world.call('inviteUser', { parameters: { id } });
    expect(await status(id)).toBe('invited');
    const { rows } = await database.asOwner("select body from identity.mail where recipient = 'one@acme.example'");
    expect(rows).toHaveLength(2);
    expect(rows[0]?.['body']).toContain(`${publicUrl}/link/`);
    const { rows: links } = await database.asOwner('select kind from identity.one_time_link where person = $1', [id]);
    expect(links).toEqual([{ kind: 'invitation' }]);
    await world.settle();
    expect(remote(id)).toMatchObject({ active: true });
    await world.call('suspendUser', { parameters: { id } });
    await world.settle();
    expect(await status(id)).toBe('suspended');
    expect(remote(id)).toMatchObject({ active: false });
    await expect(world.call('inviteUser', { parameters: { id } })).rejects.toMatchObject({ kind: 'precondition' });
    await world.call('unsuspendUser', { parameters: { id } });
    await world.settle();
    expect(remote(id)).toMatchObject({ active: true });
    await world.call('deleteUser', { parameters: { id } });
    await world.settle();
    expect(remote(id)).toBeUndefined();
    await expect(world.call('user', { parameters: { id } })).rejects.toMatchObject({ kind: 'not-found' });
    // The name is free again, and whoever has it now is somebody else.
    const next = await create('one@acme.example');
    await world.call('assignApp', { parameters: { id: next, app }, body: {} });
    await world.settle();
    expect(remote(next)).toMatchObject({ userName: 'one@acme.example' });
  });

  it('activated without a mail', async () => {
    const id = await create('quiet@acme.example');
    await world.call('activateUser', { parameters: { id }, body: { invite: false } });
    expect(await status(id)).toBe('active');
    await expect(world.call('activateUser', { parameters: { id }, body: { invite: true } })).rejects.toMatchObject({
      kind: 'precondition',
    });
  });

  it('what happened is told', async () => {
    const ada = await world.person('ada.byron@acme.example');
    await world.call('assignApp', { parameters: { id: ada['id'], app }, body: {} });
    await world.settle();
    expect((await world.call('user', { parameters: { id: ada['id'] } })).activity).toMatchObject([
      { sentence: 'Created at Bolt as ada.byron@acme.example' },
    ]);
  });
});

describe('nobody locks themselves out', () => {
  it.each(['suspendUser', 'deleteUser'] as const)('%s oneself', async (name) => {
    await expect(world.call(name, { parameters: { id: world.admin.person } })).rejects.toMatchObject({
      kind: 'precondition',
    });
  });

  it('an admin does nothing to an owner, and nobody changes their own role', async () => {
    const ben = await world.person('ben.ortiz@acme.example');
    const asBen: Account = { ...world.admin, person: ben['id'], name: 'Ben Ortiz', role: 'admin' };
    await expect(
      world.call('suspendUser', { parameters: { id: world.admin.person }, as: asBen }),
    ).rejects.toMatchObject({ kind: 'not-allowed' });
    await expect(
      world.call('setAdminRole', { parameters: { id: world.admin.person }, body: { role: 'member' } }),
    ).rejects.toMatchObject({ kind: 'precondition' });
  });

  it('nobody is their own manager', async () => {
    const ada = await world.person('ada.byron@acme.example');
    await expect(
      world.call('updateUser', { parameters: { id: ada['id'] }, body: { manager: ada['id'] } }),
    ).rejects.toMatchObject({ facts: { errors: [{ pointer: '/manager' }] } });
  });
});

it('a group is made, filled, renamed and deleted, and the app hears of it', async () => {
  const ada = await world.person('ada.byron@acme.example');
  const { id } = await world.call('createGroup', { body: { name: 'Pilots' } });
  await expect(world.call('createGroup', { body: { name: 'PILOTS' } })).rejects.toMatchObject({ kind: 'conflict' });
  await world.call('updateGroup', { parameters: { id }, body: { members: [ada['id']] } });
  await world.settle();
  const pilots = () => [...target.groups.values()].find(({ externalId }) => externalId === id);
  expect(pilots()).toMatchObject({ displayName: 'Pilots', members: [{ value: remote(ada['id'])?.['id'] }] });
  await world.call('updateGroup', { parameters: { id }, body: { name: 'Captains' } });
  await world.settle();
  expect(pilots()).toMatchObject({ displayName: 'Captains' });
  expect((await world.call('appGroups', { parameters: { id: app } })).groups).toContainEqual(
    expect.objectContaining({ name: 'Captains', status: 'provisioned', members: 1 }),
  );
  await world.call('deleteGroup', { parameters: { id } });
  await world.settle();
  expect(pilots()).toBeUndefined();
});

it('who is deleted is put into no group, role or app', async () => {
  const id = await create('gone@acme.example');
  await world.call('deleteUser', { parameters: { id } });
  const group = await world.call('createGroup', { body: { name: 'Gone' } });
  const role = await world.call('createRole', { body: { name: 'Gone' } });
  const unknown = { kind: 'not-found', message: 'There is no such user.' };
  const members = { members: [id] };
  await expect(world.call('updateGroup', { parameters: group, body: members })).rejects.toMatchObject(unknown);
  await expect(world.call('updateRole', { parameters: role, body: members })).rejects.toMatchObject(unknown);
  await expect(world.call('setUserRoles', { parameters: { id }, body: { roles: [role.id] } })).rejects.toMatchObject(
    unknown,
  );
  await expect(world.call('setUserGroups', { parameters: { id }, body: { groups: [group.id] } })).rejects.toMatchObject(
    unknown,
  );
  await expect(world.call('assignApp', { parameters: { id, app }, body: {} })).rejects.toMatchObject(unknown);
  const { rows } = await database.asOwner(
    'select person from identity.team_member where person = $1 union all select person from identity.role_member where person = $1',
    [id],
  );
  expect(rows).toEqual([]);
  await world.call('deleteGroup', { parameters: { id: group.id } });
  await world.call('deleteRole', { parameters: { id: role.id } });
});

it('roles give apps, with a preview of who gains', async () => {
  const ben = await world.person('ben.ortiz@acme.example');
  const { id } = await world.call('createRole', { body: { name: 'Crew' } });
  const wanted = { members: [ben['id']], apps: [app] };
  expect(await world.call('rolePreview', { parameters: { id }, body: wanted })).toEqual({
    sentence: '1 login will be given.',
    gained: 1,
    lost: 0,
  });
  await world.call('updateRole', { parameters: { id }, body: wanted });
  await world.settle();
  expect(remote(ben['id'])).toMatchObject({ active: true });
  await world.call('setUserRoles', { parameters: { id: ben['id'] }, body: { roles: [] } });
  await world.settle();
  expect(remote(ben['id'])).toMatchObject({ active: false });
});
