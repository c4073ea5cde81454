// Logins, approvals, skips and retries, as the screens ask for them.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createTarget, scimError, type Target } from '../../provisioning/fake-target.ts';
import { addTarget, createIdentityWorld, type IdentityWorld, openSettings } from './world.ts';

let database: TestDatabase;
let world: IdentityWorld;
let target: Target;
let app: string;
let ada: string;
let ben: string;

const asking = { ...openSettings, approveCreate: true, approveUpdate: true, approveDelete: true };

beforeAll(async () => {
  database = await createTestDatabase();
  world = await createIdentityWorld(database.open('rollcall_identity'));
  ada = (await world.person('ada.byron@acme.example'))['id'];
  ben = (await world.person('ben.ortiz@acme.example'))['id'];
});
beforeEach(async () => {
  target = createTarget();
  app = await addTarget(world, target, asking);
});
afterAll(async () => {
  await world.work.stop();
  expect(world.failures).toEqual([]);
  await database.drop();
});

const assign = async (id: string, body: object = {}) => {
  const { assignment } = await world.call('assignApp', { parameters: { id, app }, body });
  await world.settle();
  return assignment;
};
const task = async (id: string) => world.call('task', { parameters: { id } });
const decide = async (name: 'approve' | 'skip' | 'retry', ...ids: string[]) => {
  const { count } = await world.call(name, { body: { ids } });
  await world.settle();
  return count;
};

it('an approval is for what was shown: a change in between asks again', async () => {
  const id = await assign(ada);
  expect(await task(id)).toMatchObject({ assignment: { status: 'pending-approval', intent: 'create' } });
  const { rows } = await database.asOwner('select approval_key from identity.subject where id = $1', [id]);
  await world.call('updateUser', { parameters: { id: ada }, body: { title: 'Countess' } });
  await world.settle();
  const { rows: later } = await database.asOwner('select approval_key from identity.subject where id = $1', [id]);
  expect(later[0]?.['approval_key']).not.toEqual(rows[0]?.['approval_key']);
  expect((await task(id)).changes).toContainEqual({ attribute: 'Job title', before: null, after: 'Countess' });
  expect(await decide('approve', id)).toBe(1);
  expect(await task(id)).toMatchObject({ assignment: { status: 'provisioned', login: 'ada.byron@acme.example' } });
  await world.call('updateUser', { parameters: { id: ada }, body: { title: 'Engineer' } });
  await world.settle();
  expect(await task(id)).toMatchObject({
    assignment: { status: 'pending-approval', intent: 'update' },
    changes: [{ attribute: 'Job title', before: 'Countess', after: 'Engineer' }],
  });
  expect([...target.users.values()][0]).toMatchObject({ title: 'Countess' });
});

it('skipped stays skipped until something else is to be done, or somebody tries again', async () => {
  const id = await assign(ada);
  expect(await decide('skip', id)).toBe(1);
  expect(await task(id)).toMatchObject({ assignment: { status: 'skipped' } });
  await world.call('setUserGroups', { parameters: { id: ada }, body: { groups: [] } });
  await world.settle();
  expect(await task(id)).toMatchObject({ assignment: { status: 'skipped' } });
  await expect(decide('skip', id)).rejects.toThrow(/^Skipped by Dana Ruiz 0 s ago\.$/);
  expect(await decide('retry', id)).toBe(1);
  expect(await task(id)).toMatchObject({ assignment: { status: 'pending-approval' } });
  expect(target.users.size).toBe(0);
});

it('many at once, of which some are decided already', async () => {
  const ids = [await assign(ada), await assign(ben)];
  expect(await decide('approve', ids[0] ?? '')).toBe(1);
  expect(await decide('approve', ...ids)).toBe(1);
  expect(target.users.size).toBe(2);
});

it.each([
  ['run', 0, 2],
  ['keep', 2, 0],
])('boxes unticked with tasks waiting: %s', async (waiting, pending, users) => {
  await assign(ada);
  await assign(ben);
  await world.call('saveProvisioning', { parameters: { id: app }, body: { ...openSettings, waiting } });
  await world.settle();
  expect((await world.call('tasks', { query: { app } })).counts.pending).toBe(pending);
  expect(target.users.size).toBe(users);
});

it('a failure says why, is listed, and is tried again by a person', async () => {
  await world.call('saveProvisioning', { parameters: { id: app }, body: openSettings });
  target.before = (request) => (request.method === 'POST' ? scimError(400, 'No seats are left.') : undefined);
  const id = await assign(ada);
  expect((await world.call('tasks', { query: { app, status: 'failed' } })).tasks).toMatchObject([
    { assignment: { id, status: 'failed', error: 'No seats are left.' } },
  ]);
  expect((await world.call('dashboard')).failed).toContainEqual({ app: { id: app, name: 'Bolt' }, count: 1 });
  target.before = undefined;
  expect(await decide('retry', id)).toBe(1);
  expect(await task(id)).toMatchObject({ assignment: { status: 'provisioned', error: null } });
});

it('the form says where each value comes from; what is typed is sent to this app alone', async () => {
  await world.call('saveProvisioning', { parameters: { id: app }, body: openSettings });
  const form = await world.call('loginForm', { parameters: { id: ada, app } });
  expect(form.fields.find(({ attribute }) => attribute === 'userName')).toEqual({
    ...{ attribute: 'userName', label: 'User name', value: 'ada.byron@acme.example', from: "User's user name" },
    ...{ overridden: false, editable: true },
  });
  expect(JSON.parse(form.preview)).toMatchObject({ userName: 'ada.byron@acme.example', active: true });
  await assign(ada, { overrides: { userName: 'countess', title: 'not typed here', displayName: ' ' } });
  expect([...target.users.values()]).toMatchObject([{ userName: 'countess', displayName: 'Ada Byron' }]);
  const { fields } = await world.call('loginForm', { parameters: { id: ada, app } });
  expect(fields.find(({ attribute }) => attribute === 'userName')).toMatchObject({
    value: 'countess',
    from: 'Typed for this app',
    overridden: true,
  });
  await expect(assign(ben, { overrides: { userName: 'COUNTESS' } })).rejects.toMatchObject({
    kind: 'conflict',
    facts: { errors: [{ pointer: '/overrides/userName' }] },
  });
  await expect(assign(ben, { overrides: { email: 'nowhere' } })).rejects.toMatchObject({ kind: 'invalid-request' });
});

it('what a role gives is not taken away by hand', async () => {
  await world.call('saveProvisioning', { parameters: { id: app }, body: openSettings });
  const { id: role } = await world.call('createRole', { body: { name: `Pilots ${app}` } });
  await world.call('updateRole', { parameters: { id: role }, body: { members: [ada] } });
  expect(await world.call('appRolesPreview', { parameters: { id: app }, body: { roles: [role] } })).toEqual({
    ...{ sentence: '1 login will be given.', gained: 1, lost: 0 },
  });
  await world.call('setAppRoles', { parameters: { id: app }, body: { roles: [role] } });
  await world.settle();
  expect(target.users.size).toBe(1);
  await expect(world.call('unassignApp', { parameters: { id: ada, app } })).rejects.toThrow('through a role');
  await world.call('deleteRole', { parameters: { id: role } });
  await world.settle();
  expect([...target.users.values()]).toMatchObject([{ active: false }]);
});

it('my apps: mine, and whether I can go there', async () => {
  await world.call('saveProvisioning', { parameters: { id: app }, body: openSettings });
  await assign(world.admin.person);
  const { apps, profile } = await world.call('myApps');
  expect(apps.find(({ id }) => id === app)).toMatchObject({
    name: 'Bolt',
    signInUrl: null,
    ready: false,
    status: 'provisioned',
  });
  expect(profile.displayName).toBe('Dana Ruiz');
});

it('an id that is none is nobody’s, and no error of ours', async () => {
  for (const name of ['app', 'user', 'group', 'role', 'task', 'bulkJob'] as const) {
    await expect(world.call(name, { parameters: { id: "'; drop" } })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(
      world.call(name, { parameters: { id: '00000000-0000-7000-8000-000000000000' } }),
    ).rejects.toMatchObject({ kind: 'not-found' });
  }
});
