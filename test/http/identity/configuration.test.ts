// Configuring an app: spellings, checks, where a credential goes and where it never goes, holding and going on.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { answer, createTarget, scimError, type Target, type TargetOptions } from '../../provisioning/fake-target.ts';
import { addTarget, createIdentityWorld, type IdentityWorld } from './world.ts';

let database: TestDatabase;
let world: IdentityWorld;
let target: Target;
let id: string;

beforeAll(async () => {
  database = await createTestDatabase();
  world = await createIdentityWorld(database.open('rollcall_identity'));
});
beforeEach(async () => {
  target = createTarget();
  id = await addTarget(world, target);
});
afterAll(async () => {
  await world.work.stop();
  expect(world.failures).toEqual([]);
  await database.drop();
});

const configuration = async () => (await world.call('app', { parameters: { id } })).configuration;
const save = (body: object) => world.call('saveConfiguration', { parameters: { id }, body });
const enable = (body: object = {}) => world.call('enableApi', { parameters: { id }, body });

it('shows the last four of a credential and never more', async () => {
  expect(await configuration()).toMatchObject({ apiStatus: 'enabled', credentialHint: 'oken' });
  expect(JSON.stringify(await configuration())).not.toContain(target.token);
});

describe('a credential stays with its host (O12)', () => {
  it('another host clears it, switches the API off, and is sent nothing', async () => {
    const other = createTarget();
    world.routes.set('https://elsewhere.example', (request) => other.exchange(request));
    expect(await save({ baseUrl: 'https://elsewhere.example/scim/v2' })).toMatchObject({
      credentialHint: null,
      apiStatus: 'disabled',
    });
    await expect(enable()).rejects.toMatchObject({ facts: { errors: [{ pointer: '/credential' }] } });
    expect(other.requests).toEqual([]);
  });

  it('nor does Enable with another host in the form send it there', async () => {
    const other = createTarget();
    world.routes.set('https://elsewhere.example', (request) => other.exchange(request));
    await expect(enable({ baseUrl: 'https://elsewhere.example/scim/v2' })).rejects.toMatchObject({
      kind: 'invalid-request',
    });
    expect(other.requests).toEqual([]);
    expect(await configuration()).toMatchObject({ apiStatus: 'enabled', credentialHint: 'oken' });
  });

  it('another path on the host keeps it', async () => {
    const { baseUrl } = await configuration();
    expect(await save({ baseUrl: `${baseUrl}/` })).toMatchObject({ credentialHint: 'oken', apiStatus: 'enabled' });
  });

  it('is sealed for its app: moved to another row, it does not open', async () => {
    const second = await addTarget(world, createTarget());
    await database.asOwner(
      'update identity.app set credential = (select credential from identity.app where id = $1), base_url = (select base_url from identity.app where id = $1) where id = $2',
      [id, second],
    );
    await expect(world.call('enableApi', { parameters: { id: second }, body: {} })).rejects.toMatchObject({
      kind: 'invalid-request',
    });
  });
});

describe('the five checks', () => {
  it.each<[string, TargetOptions, ((target: Target) => void) | undefined, (boolean | null)[]]>([
    ['all well', {}, undefined, [true, true, true, true, true]],
    [
      'no discovery',
      { schemas: null },
      (each) => {
        each.before = (_request, path) => (path === '/ServiceProviderConfig' ? scimError(404, 'No.') : undefined);
      },
      [true, true, true, true, true],
    ],
    [
      'a web page',
      {},
      (each) => {
        each.before = () => answer(200, '<html>');
      },
      [true, false, false, true, false],
    ],
    [
      'a filter refused',
      {},
      (each) => {
        each.before = (_request, path) => (path.startsWith('/Users') ? scimError(400, 'No such filter.') : undefined);
      },
      [true, true, true, true, false],
    ],
    [
      '404 for nobody',
      {},
      (each) => {
        each.before = (_request, path) => (path.startsWith('/Users') ? scimError(404, 'Nobody.') : undefined);
      },
      [true, true, true, true, true],
    ],
    [
      '403',
      {},
      (each) => {
        each.before = (_request, path) => (path.startsWith('/Users') ? scimError(403, 'No.') : undefined);
      },
      [true, true, true, false, null],
    ],
    [
      '500',
      {},
      (each) => {
        each.before = (_request, path) => (path.startsWith('/Users') ? answer(500) : undefined);
      },
      [true, true, true, false, null],
    ],
  ])('%s', async (_name, options, arrange, passed) => {
    const other = createTarget(options);
    const second = await addTarget(world, other);
    arrange?.(other);
    const { checks } = await world.call('enableApi', { parameters: { id: second }, body: {} });
    expect(checks.map((check) => check.passed)).toEqual(passed);
    expect(checks.every(({ sentence }) => sentence.length > 5)).toBe(true);
  });
});

it('ten tests a minute, then a minute of patience (O13)', async () => {
  for (let n = 0; n < 9; n += 1) await enable();
  const sent = target.requests.length;
  await expect(enable()).rejects.toMatchObject({ kind: 'precondition' });
  expect(target.requests.length).toBe(sent);
  world.clock.advance(60_000);
  expect(await enable()).toMatchObject({ apiStatus: 'enabled' });
});

it('a stored credential that cannot be opened any more holds the app, in words', async () => {
  const ada = await world.person('ada.byron@acme.example');
  await database.asOwner("update identity.app set credential = 'v1.00000000.AAAA.BBBB' where id = $1", [id]);
  await world.call('assignApp', { parameters: { id: ada['id'], app: id }, body: {} });
  await world.settle();
  expect(await configuration()).toMatchObject({
    apiStatus: 'failing',
    held: expect.stringContaining('another SECRET_KEY'),
  });
});

describe('Replace', () => {
  it('a revoked key holds; a wrong new one keeps holding, and says so; the right one goes on', async () => {
    const ada = await world.person('ada.byron@acme.example');
    target.token = 'new-secret-token';
    await world.call('assignApp', { parameters: { id: ada['id'], app: id }, body: {} });
    await world.settle();
    const standing = async () =>
      (await world.call('appUsers', { parameters: { id } })).assignments.map(({ status }) => status);
    expect(await standing()).toEqual(['held']);
    expect(await save({ credential: 'wrong' })).toMatchObject({
      apiStatus: 'failing',
      held: expect.stringContaining('does not accept'),
    });
    await world.settle();
    expect(await standing()).toEqual(['held']);
    expect(await save({ credential: 'Authorization: Bearer new-secret-token' })).toMatchObject({
      apiStatus: 'enabled',
      held: null,
    });
    await world.settle();
    expect(await standing()).toEqual(['provisioned']);
  });

  it('an API that is off delivers nothing, and on again goes on', async () => {
    const ben = await world.person('ben.ortiz@acme.example');
    await world.call('disableApi', { parameters: { id } });
    await world.call('assignApp', { parameters: { id: ben['id'], app: id }, body: {} });
    await world.settle();
    expect(target.users.size).toBe(0);
    await enable();
    await world.settle();
    expect(target.users.size).toBe(1);
  });
});

it.each([
  ['/baseUrl', { baseUrl: 'not an address' }],
  ['/credential', { credential: 'two words' }],
])('what cannot be read is refused at %s', async (pointer, body) => {
  await expect(save(body)).rejects.toMatchObject({ kind: 'invalid-request', facts: { errors: [{ pointer }] } });
});
