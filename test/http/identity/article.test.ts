// The article's rows of this end against a real Rollcall workspace: two ends that know each other by SCIM alone.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Row } from '../../../src/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, publicUrl as host, type Workspace, type World } from '../scim/world.ts';
import { createIdentityWorld, type IdentityWorld, siteOutbound, workspaceMetadata } from './world.ts';

let database: TestDatabase;
let workspace: World;
let acme: Workspace;
let world: IdentityWorld;
let app: string;
let ada: Row;

beforeAll(async () => {
  database = await createTestDatabase();
  workspace = createWorld(database.open('rollcall_workspace'));
  acme = workspace.workspace('acme');
  world = await createIdentityWorld(database.open('rollcall_identity'));
  world.routes.set(host, siteOutbound(workspace.site));
  ada = await world.person('ada.byron@acme.example');
});
afterAll(async () => {
  await world.work.stop();
  expect(world.failures).toEqual([]);
  expect(workspace.errors).toEqual([]);
  await database.drop();
});

const people = async () => (await acme.send('GET', '/Users?count=100')).body['Resources'] as Row[];
const steps = async () => (await world.call('article')).steps.filter(({ done }) => done).map(({ row }) => row);
const settings = {
  ...{ enabled: true, approveCreate: true, approveUpdate: true, approveDelete: true },
  ...({ onDelete: 'suspend', onUnassign: 'suspend', onSuspend: 'suspend' } as const),
};

it('7: before SAML is set up there is no app; its metadata lists it, with host and OrgID', async () => {
  expect((await world.call('apps')).apps).toEqual([]);
  const metadata = { xml: workspaceMetadata(host, 'acme') };
  expect(await world.call('readAppMetadata', { body: metadata })).toMatchObject({
    name: 'Acme',
    orgId: 'acme',
    baseUrl: `${host}/acme/scim/v2`,
  });
  const added = await world.call('addApp', {
    body: { connector: 'rollcall', name: 'Acme', metadata, assignToMe: true },
  });
  app = added.id;
  await expect(world.call('addApp', { body: { connector: 'rollcall', name: 'Acme', metadata } })).rejects.toMatchObject(
    { kind: 'conflict' },
  );
  expect(await world.call('app', { parameters: { id: app } })).toMatchObject({
    app: { apiStatus: 'disabled', users: 1, provisioning: false },
    configuration: { orgId: 'acme', credentialHint: null },
    settings: { enabled: false, approveCreate: true, approveUpdate: true, approveDelete: true, onUnassign: 'suspend' },
    sso: { entityId: `${host}/acme/saml/metadata`, issuer: expect.stringContaining('/acme/saml/metadata') },
  });
});

it('whoever has the app before it is switched on waits, and the row says for what', async () => {
  const { assignments } = await world.call('appUsers', { parameters: { id: app } });
  expect(assignments).toMatchObject([{ status: 'queued', lastStep: 'Waits until the API of Acme is enabled.' }]);
});

it('9: a wrong key fails the credential’s check and changes nothing', async () => {
  const body = { orgId: 'https://acme.example.com/', credential: 'Authorization: rollcall_scim_wrong' };
  const answer = await world.call('enableApi', { parameters: { id: app }, body });
  expect(answer).toMatchObject({ apiStatus: 'disabled', credentialHint: null });
  expect(answer.checks.map(({ name, passed }) => [name, passed])).toEqual([
    ['address', true],
    ['configuration', null],
    ['schemas', null],
    ['credential', false],
    ['filter', null],
  ]);
  expect(JSON.stringify(answer)).not.toContain('rollcall_scim_wrong');
});

it('10, 11: Enable tests what is in the form and keeps it; Save then finds nothing to change', async () => {
  const body = { orgId: 'acme.example.com', credential: `Authorization: ${acme.token}` };
  const enabled = await world.call('enableApi', { parameters: { id: app }, body });
  expect(enabled.checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(enabled).toMatchObject({ apiStatus: 'enabled', orgId: 'acme', baseUrl: `${host}/acme/scim/v2` });
  expect(JSON.stringify(enabled)).not.toContain(acme.token);
  const saved = await world.call('saveConfiguration', { parameters: { id: app }, body });
  expect(saved).toEqual(enabled);
  const { rows } = await database.asOwner('select credential from identity.app');
  expect(rows[0]?.['credential']).not.toContain(acme.token);
});

it('12, 13, 15, 16: approval, then green, with the ten attributes', async () => {
  await world.call('saveProvisioning', { parameters: { id: app }, body: settings });
  await world.call('assignApp', { parameters: { id: ada['id'], app }, body: {} });
  await world.settle();
  const { tasks } = await world.call('tasks', { query: { status: 'pending-approval' } });
  expect(tasks.map(({ assignment }) => assignment.user.name).sort()).toEqual(['Ada Byron', 'Dana Ruiz']);
  const task = tasks.find(({ assignment }) => assignment.user.name === 'Ada Byron');
  expect(task?.changes).toContainEqual({ attribute: 'Job title', before: null, after: 'Head of engineering' });
  const ids = [task?.assignment.id ?? ''];
  expect(await world.call('approve', { body: { ids } })).toEqual({ count: 1 });
  world.clock.advance(4_000);
  await expect(world.call('approve', { body: { ids } })).rejects.toThrow('Approved by Dana Ruiz 4 s ago.');
  await world.settle();
  expect(await world.call('task', { parameters: { id: ids[0] ?? '' } })).toMatchObject({
    assignment: { status: 'provisioned' },
  });
  expect(await people()).toMatchObject([
    {
      userName: 'ada.byron@acme.example',
      displayName: 'Ada Byron',
      title: 'Head of engineering',
      userType: 'Permanent',
      emails: [{ value: 'ada.byron@acme.example' }],
      groups: [{ display: 'Leads' }, { display: 'Platform' }],
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Engineering' },
      'urn:rollcall:params:scim:schemas:extension:workspace:2.0:User': {
        ...{
          location: 'London',
          startDate: '2018-09-03',
          managerEmail: 'ivo.novak@acme.example',
          managerDisplayName: 'Ivo Novak',
        },
      },
    },
  ]);
  const open = { ...settings, approveCreate: false, approveUpdate: false, approveDelete: false };
  await world.call('saveProvisioning', { parameters: { id: app }, body: { ...open, waiting: 'run' } });
  await world.settle();
  expect((await people()).map(({ userName }) => userName).sort()).toEqual([
    'ada.byron@acme.example',
    'dana.ruiz@acme.example',
  ]);
});

it('a change of an attribute arrives, and so does the manager once they have the app', async () => {
  const ivo = await world.person('ivo.novak@acme.example');
  await world.call('updateUser', { parameters: { id: ada['id'] }, body: { title: 'Countess', location: null } });
  await world.call('assignApp', { parameters: { id: ivo['id'], app }, body: {} });
  await world.settle();
  const all = await people();
  const boss = all.find(({ userName }) => userName === 'ivo.novak@acme.example');
  const person = all.find(({ userName }) => userName === 'ada.byron@acme.example');
  expect(person).toMatchObject({
    title: 'Countess',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager: { value: boss?.['id'] } },
  });
  expect(person?.['urn:rollcall:params:scim:schemas:extension:workspace:2.0:User']).not.toHaveProperty('location');
});

it('unassigned is suspended, reassigned is the same person', async () => {
  const before = (await people()).find(({ userName }) => userName === 'ada.byron@acme.example');
  await world.call('unassignApp', { parameters: { id: ada['id'], app } });
  await world.settle();
  expect((await people()).find(({ id }) => id === before?.['id'])).toMatchObject({ active: false });
  await world.call('assignApp', { parameters: { id: ada['id'], app }, body: {} });
  await world.settle();
  const after = (await people()).find(({ id }) => id === before?.['id']);
  expect(after).toMatchObject({ active: true, groups: [{ display: 'Leads' }, { display: 'Platform' }] });
  expect(await people()).toHaveLength(3);
});

it('17: Default to everybody, Activate and send invite: 40 mails, 41 people, one each', async () => {
  const { roles } = await world.call('roles');
  const role = roles.find(({ isDefault }) => isDefault);
  await world.call('setAppRoles', { parameters: { id: app }, body: { roles: [role?.id] } });
  const body = { who: { kind: 'everyone' }, role: role?.id, operation: 'activate-invite' };
  const preview = await world.call('bulkPreview', { body });
  expect(preview).toMatchObject({
    sentence: 'Give 41 people the role Default, activate 40 people and send 40 invitations.',
    mails: 40,
    skipped: [{ name: 'Dana Ruiz', reason: 'is active already; gets the role only' }],
    effects: ['38 people will get an account at Acme.'],
  });
  const { id } = await world.call('startBulk', { body });
  await world.settle();
  const { job, items } = await world.call('bulkJob', { parameters: { id } });
  expect(job).toMatchObject({ state: 'finished', total: 41, done: 41, failed: 0, mails: { waiting: 40 } });
  expect(items.filter(({ mail }) => mail === 'queued')).toHaveLength(40);
  const { rows } = await database.asOwner(
    "select count(distinct reason)::int as n from identity.mail where reason like 'bulk %'",
  );
  expect(rows[0]).toEqual({ n: 40 });
  expect(await people()).toHaveLength(41);
  expect((await world.call('appUsers', { parameters: { id: app }, query: { status: 'provisioned' } })).total).toBe(41);
  expect((await world.call('dashboard')).moving).toBe(0);
});

it('SCIM disabled and enabled again: held, then the same people', async () => {
  acme.owner = { ...acme.owner, enabled: false };
  await world.call('updateUser', { parameters: { id: ada['id'] }, body: { title: 'Analyst' } });
  await world.settle();
  const held = await world.call('app', { parameters: { id: app } });
  expect(held).toMatchObject({
    app: { apiStatus: 'failing', counts: { held: 1 } },
    configuration: { held: expect.stringContaining('SCIM is disabled') },
  });
  acme.owner = { ...acme.owner, enabled: true };
  await world.call('enableApi', { parameters: { id: app }, body: {} });
  await world.settle();
  const all = await people();
  expect(all).toHaveLength(41);
  expect(all.find(({ userName }) => userName === 'ada.byron@acme.example')).toMatchObject({ title: 'Analyst' });
  expect(await world.call('app', { parameters: { id: app } })).toMatchObject({
    app: { apiStatus: 'enabled', counts: { held: 0, provisioned: 41 } },
    configuration: { held: null },
  });
});

it('ticks its own rows from what is so', async () => {
  expect(await steps()).toEqual([7, 8, 9, 10, 11, 12, 13, 15, 16, 17]);
});
