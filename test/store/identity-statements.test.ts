// Every statement of the sending end keeps the rules of test/store/statements.ts: each route of its admin API is called,
// deliveries succeed and fail, people sign in, apps are signed in to and mails are sent.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccounts } from '../../src/accounts/sign-in.ts';
import { identityRoutes } from '../../src/contract/identity.ts';
import { signInRoutes } from '../../src/contract/sign-in.ts';
import { readSignOn } from '../../src/identity-provider/sign-on.ts';
import { createAccountStore } from '../../src/store/accounts.ts';
import { createMailQueue } from '../../src/store/mail-queue.ts';
import { newestMails } from '../../src/store/mailbox.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { addTarget, type CallInput, createIdentityWorld, type IdentityWorld } from '../http/identity/world.ts';
import { createInstantQueue } from '../identity-provider/world.ts';
import { answer, createTarget, type Target } from '../provisioning/fake-target.ts';
import { listening, type Sent, walkStatements } from './statements.ts';

const sent: Sent = new Map();
const called = new Set<string>();
let database: TestDatabase;
let world: IdentityWorld;
let target: Target;
let app: string;
let ada: string;

type Name = keyof typeof identityRoutes;
const call = (name: Name, input: CallInput = {}) => {
  called.add(name);
  return world.call(name, input) as Promise<unknown> as Promise<{ id: string }>;
};
/** Whether it is allowed does not matter: its statements do. */
const tryTo = (name: Name, input: CallInput = {}) => call(name, input).catch(() => undefined);
const at = (id: string, more: Record<string, string> = {}) => ({ parameters: { id, ...more } });

beforeAll(async () => {
  database = await createTestDatabase();
  world = await createIdentityWorld(listening(database.open('rollcall_identity'), sent));
  target = createTarget();
  app = await addTarget(world, target);
  ada = (await world.person('ada.byron@acme.example'))['id'];
});
afterAll(async () => {
  await world.work.stop();
  expect(world.failures).toEqual([]);
  await database.drop();
});

test('users, groups, roles', async () => {
  const names = { displayName: 'New', givenName: 'New', familyName: 'User' };
  const body = { ...names, userName: 'new', email: 'new@acme.example', manager: ada };
  const { id } = await call('createUser', { body });
  const { id: group } = await call('createGroup', { body: { name: 'Group' } });
  const { id: role } = await call('createRole', { body: { name: 'Role' } });
  await call('users', { query: { search: 'new', status: 'active', role, group, app } });
  await call('updateUser', { ...at(id), body: { userName: 'newer', displayName: 'Newer', email: 'n@acme.example' } });
  await call('assignApp', { ...at(ada, { app }), body: { overrides: { userName: 'ada' } } });
  await call('loginForm', at(ada, { app }));
  await call('updateGroup', { ...at(group), body: { name: 'Group 2', members: [id, ada] } });
  await call('rolePreview', { ...at(role), body: { members: [id], apps: [app] } });
  await call('updateRole', { ...at(role), body: { name: 'Role 2', members: [id], apps: [app] } });
  await call('appRolesPreview', { ...at(app), body: { roles: [role] } });
  await call('setAppRoles', { ...at(app), body: { roles: [role] } });
  await call('setUserRoles', { ...at(id), body: { roles: [role] } });
  await call('setUserGroups', { ...at(id), body: { groups: [group] } });
  await call('setAdminRole', { ...at(id), body: { role: 'admin' } });
  await call('activateUser', { ...at(id), body: { invite: true } });
  await call('inviteUser', at(id));
  await world.settle();
  await call('suspendUser', at(id));
  await call('unsuspendUser', at(id));
  for (const [name, which] of [
    ['user', id],
    ['group', group],
    ['role', role],
  ] as const)
    await call(name, at(which));
  await call('groups');
  await call('roles');
  await world.settle();
  await call('deleteGroup', at(group));
  await call('deleteRole', at(role));
  await call('deleteUser', at(id));
  await world.settle();
});

test('apps, their tasks and deliveries that fail', async () => {
  const approve = { approveCreate: true, approveUpdate: true, approveDelete: true, enabled: true };
  const rest = { onDelete: 'suspend', onUnassign: 'suspend', onSuspend: 'suspend' };
  const save = (changes: object = {}) =>
    call('saveProvisioning', { ...at(app), body: { ...approve, ...rest, ...changes } });
  await save();
  const [ben, ivo] = [await world.person('ben.ortiz@acme.example'), await world.person('ivo.novak@acme.example')];
  for (const { id } of [ben, ivo]) await call('assignApp', { ...at(id, { app }), body: {} });
  await world.settle();
  const { tasks } = await world.call('tasks', { query: { app, status: 'pending-approval' } });
  const [one = '', other = ''] = tasks.map(({ assignment }) => assignment.id);
  await call('tasks');
  await call('task', at(one));
  await call('approve', { body: { ids: [one] } });
  await tryTo('approve', { body: { ids: [one] } });
  await call('skip', { body: { ids: [other] } });
  target.before = () => answer(500, 'no');
  await world.settle();
  await call('retry', { body: { ids: [one, other] } });
  await world.settle();
  target.before = () => answer(401, 'no');
  world.clock.advance(3_600_000);
  await call('retry', { body: { ids: [one, other] } });
  await world.settle();
  target.before = undefined;
  await call('enableApi', { ...at(app), body: {} });
  await save({ enabled: false });
  await save({ approveCreate: false, approveUpdate: false, approveDelete: false, waiting: 'run' });
  await world.settle();
  await call('unassignApp', at(ada, { app }));
  await world.settle();
  await call('appUsers', { ...at(app), query: { search: 'a', status: 'provisioned' } });
  for (const name of ['app', 'appGroups'] as const) await call(name, at(app));
  for (const name of ['apps', 'dashboard', 'myApps', 'article'] as const) await call(name);
  await call('updateApp', { ...at(app), body: { name: 'App', description: 'One.' } });
  await call('saveConfiguration', { ...at(app), body: { updateMethod: 'PUT' } });
});

test('bulk operations, and the mails of them', async () => {
  const people = { kind: 'status', status: 'not-activated' };
  for (const operation of ['assign-app', 'remove-app'])
    await call('bulkPreview', { body: { who: people, operation, app } });
  const { roles } = await world.call('roles');
  const role = roles[0]?.id;
  const group = (await world.call('groups')).groups[0]?.id ?? '';
  for (const who of [
    { kind: 'role', role },
    { kind: 'group', group },
    { kind: 'emails', emails: 'x@y' },
  ])
    await call('bulkPreview', { body: { who, operation: 'activate' } });
  const body = { who: people, role, operation: 'activate-invite' };
  const { id } = await call('startBulk', { body });
  await world.settle();
  await tryTo('cancelBulk', at(id));
  await call('retryBulk', at(id));
  await call('bulkJobs');
  await call('bulkJob', at(id));
  await tryTo('resendBulkMail', at(id, { user: ada }));
  for (const operation of ['assign-app', 'remove-app', 'suspend'])
    await call('startBulk', { body: { who: { kind: 'everyone' }, operation, app } }).then(() => world.settle());
});

test('signing in, links, sign-on, mails', async () => {
  const identity = listening(database.open('rollcall_identity'), sent);
  const store = createAccountStore('identity', identity);
  const accounts = createAccounts({ store, now: () => world.clock.at });
  const cookie = await accounts.open(world.admin, 'password');
  await accounts.session(cookie);
  await accounts.close(cookie);
  const name = world.admin.signInName;
  await accounts.signIn({ name, password: 'wrong' }).catch(() => undefined);
  const mail = () => ({ reason: 'link', recipient: 'a@acme.example', subject: 'Link', body: 'Link' });
  const token = await accounts.createLink(world.admin, 'set-password', mail);
  await accounts.link(token);
  await accounts.useLink(token, 'the goat ate my hat');
  await accounts.setPassword(world.admin, 'the goat ate my hats');
  const { signOn } = world.work;
  await readSignOn(signOn, world.tenant, { binding: 'post', samlRequest: '', relayState: undefined });
  await signOn.store.appByEntityId(world.tenant, 'nobody');
  await signOn.store.login(world.tenant, app, ada);
  const entry = { id: app, at: world.clock.at, person: ada, app, outcome: 'refused', detail: null } as const;
  await signOn.store.recordSignOn(world.tenant, entry);
  await world.work.stores.overview.marks(world.tenant);
  await world.work.stores.overview.holders(world.tenant, 'owner');
  let refusals = 1;
  const door = {
    send: async () => {
      refusals -= 1;
      if (refusals >= 0) throw new Error('busy');
    },
    ...{ verify: async () => {}, close: () => {}, leaves: true },
  };
  const queue = createMailQueue({
    ...{ end: 'identity', database: identity, queue: createInstantQueue(), door, random: () => 0.5 },
    ...{ now: () => world.clock.at, onFailure: (error: unknown) => void world.failures.push(error) },
  });
  await queue.start();
  await queue.sweep();
  await queue.stop();
  expect((await newestMails('identity', identity)).some(({ state }) => state === 'accepted')).toBe(true);
});

test('an app goes', async () => {
  const body = { connector: 'scim2', name: 'Twin', metadata: { xml: '<x/>' } };
  await tryTo('addApp', { body });
  await tryTo('readAppMetadata', { body: { xml: '<x/>' } });
  await call('disableApi', at(app));
  await call('deleteApp', at(app));
});

test('every route was called, and every statement names its tenant as $1, and nobody else’s', () => {
  const own = Object.keys(identityRoutes).filter((name) => !Object.hasOwn(signInRoutes, name));
  expect(own.filter((name) => !called.has(name))).toEqual([]);
  expect(sent.size).toBeGreaterThan(120);
  walkStatements(sent, world.tenant);
});
