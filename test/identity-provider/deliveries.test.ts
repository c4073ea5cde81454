// The engine against an app that fails in every way it can: nothing lost, nothing twice, and the row says what happened.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TenantDatabase } from '../../src/store/database.ts';
import { touchTeams } from '../../src/store/identity/touch.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import {
  answer,
  createTarget,
  cutWire,
  enterprise,
  scimError,
  type Target,
  type TargetOptions,
  workspace,
} from '../provisioning/fake-target.ts';
import { createEngineWorld, type EngineWorld } from './world.ts';

let database: TestDatabase;
let identity: TenantDatabase;
let world: EngineWorld;
let target: Target;
let app: string;

beforeAll(async () => {
  database = await createTestDatabase();
  identity = database.open('rollcall_identity');
});
afterAll(() => database.drop());

async function open(options: TargetOptions = {}, settings: Record<string, unknown> = {}): Promise<void> {
  world = await createEngineWorld(identity);
  target = createTarget(options);
  app = await world.addApp(target, settings);
}
afterEach(async () => {
  await world.engine.stop();
  // The next test's engine has nothing to do for this one's organization.
  await database.asOwner('delete from control.organization');
  expect(world.failures).toEqual([]);
});

const writes = () => target.requests.filter(({ method }) => method !== 'GET');
const status = async (local: string) => (await world.subject(app, local))['status'];

describe('commits and cuts the wire (R02)', () => {
  it('200 users, every twentieth answer lost: no twin, nobody missing', async () => {
    await open();
    let count = 0;
    target.after = (request) => {
      if (request.method === 'GET') return undefined;
      count += 1;
      return count % 20 === 0 ? cutWire() : undefined;
    };
    const people: string[] = [];
    for (let n = 0; n < 200; n += 1) people.push(await world.addPerson({ userName: `user${n}@acme.example` }));
    await world.addGroup('All', people);
    await world.assign(app, ...people);
    for (let round = 0; round < 40; round += 1) {
      await world.settle();
      const standing = await Promise.all(people.map(status));
      if (standing.every((each) => each === 'provisioned')) break;
      world.clock.advance(40_000);
    }
    const names = [...target.users.values()].map((user) => user['userName']);
    expect(names.length).toBe(200);
    expect(new Set(names).size).toBe(200);
    expect(target.groups.size).toBe(1);
    expect([...target.groups.values()][0]?.['members']).toHaveLength(200);
    expect(await Promise.all(people.map(status))).toEqual(people.map(() => 'provisioned'));
  }, 120_000);
});

describe('an app that does not answer as expected', () => {
  it.each([
    ['500', () => answer(500, 'oops'), 5_000],
    ['garbage', () => answer(200, '<html>'), 5_000],
    ['429 with seconds', () => scimError(429, 'Slowly.', { 'retry-after': '120' }), 120_000],
    ['503 with a date', () => scimError(503, 'Later.', { 'retry-after': 'Wed, 25 Nov 2026 10:00:00 GMT' }), 3_600_000],
    ['a page that is no SCIM', () => answer(404, 'nginx'), 5_000],
    ['a cut wire', () => cutWire(), 5_000],
  ])('%s: is tried again when it is time, not before', async (_name, fault, waitMs) => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    target.before = fault;
    await world.assign(app, ada);
    await world.settle();
    const row = await world.subject(app, ada);
    expect(row).toMatchObject({ status: 'queued', attempts: 1 });
    expect(row['error']).toEqual(expect.any(String));
    expect(row['next_attempt_at'].getTime() - world.clock.at.getTime()).toBe(waitMs);
    target.before = undefined;
    const before = target.requests.length;
    world.clock.advance(waitMs - 1);
    await world.settle();
    expect(target.requests.length).toBe(before);
    world.clock.advance(1);
    await world.settle();
    expect(await status(ada)).toBe('provisioned');
    expect(target.users.size).toBe(1);
  });

  it('400: failed at once, with the words of the app, and Retry is up to a person', async () => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    target.before = (request) => (request.method === 'POST' ? scimError(400, 'We take no Adas.') : undefined);
    await world.assign(app, ada);
    await world.settle();
    expect(await world.subject(app, ada)).toMatchObject({
      status: 'failed',
      error: 'We take no Adas.',
      next_attempt_at: null,
    });
    world.clock.advance(86_400_000);
    const before = target.requests.length;
    await world.settle();
    expect(target.requests.length).toBe(before);
  });

  it.each([
    ['an assignment for 4 days', 'create', 4],
    ['a suspension for 28 days', 'suspend', 28],
  ])('tries %s (R07), then keeps it as failed', async (_name, intent, days) => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.assign(app, ada);
    if (intent === 'suspend') {
      await world.settle();
      await database.asOwner('delete from identity.direct_assignment where app = $1', [app]);
      await world.touch(ada);
    }
    target.before = () => answer(500);
    await world.settle();
    world.clock.advance(days * 86_400_000);
    await world.settle();
    expect(await status(ada)).toBe('queued');
    world.clock.advance(3_700_000);
    await world.settle();
    expect(await status(ada)).toBe('failed');
  });

  it('401 half way: everything is held, nothing more is sent', async () => {
    await open();
    const people: string[] = [];
    for (let n = 0; n < 20; n += 1) people.push(await world.addPerson({ userName: `user${n}@acme.example` }));
    let posts = 0;
    target.before = (request) => {
      if (request.method === 'POST') posts += 1;
      return request.method === 'POST' && posts > 5 ? scimError(401, 'This token was revoked.') : undefined;
    };
    await world.assign(app, ...people);
    await world.settle();
    const standing = await Promise.all(people.map(status));
    expect(standing.filter((each) => each === 'provisioned')).toHaveLength(5);
    expect(standing.filter((each) => each === 'held')).toHaveLength(15);
    const { rows } = await database.asOwner('select held, api_status from identity.app where id = $1', [app]);
    expect(rows[0]).toMatchObject({ api_status: 'failing', held: expect.stringContaining('This token was revoked.') });
    const sent = target.requests.length;
    world.clock.advance(86_400_000);
    await world.touch(...people);
    await world.settle();
    expect(target.requests.length).toBe(sent);
    expect(await status(people[19] ?? '')).toBe('held');
  });

  it('403 about one account is that account’s; 403 about everything holds the app', async () => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    target.before = (request) =>
      request.method === 'POST' ? scimError(403, 'Owners are not made by SCIM.') : undefined;
    await world.assign(app, ada);
    await world.settle();
    expect(await world.subject(app, ada)).toMatchObject({ status: 'failed', error: 'Owners are not made by SCIM.' });
    target.before = () => scimError(403, 'No.');
    await world.touch(ada);
    await world.settle();
    expect(await status(ada)).toBe('held');
  });

  it('an app that hangs delays no other (R12), and is probed after 30 s once it broke five times', async () => {
    await open();
    const dead = target;
    const deadApp = app;
    let release = () => {};
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    dead.before = async () => {
      await hanging;
      return cutWire();
    };
    const other = createTarget();
    const otherApp = await world.addApp(other);
    const people: string[] = [];
    for (let n = 0; n < 30; n += 1) people.push(await world.addPerson({ userName: `user${n}@acme.example` }));
    await world.assign(deadApp, ...people);
    await world.engine.sweep();
    await world.assign(otherApp, ...people);
    await world.engine.sweep();
    await expect
      .poll(async () => (await world.subject(otherApp, people[29] ?? ''))['status'], { timeout: 20_000 })
      .toBe('provisioned');
    expect(dead.requests.length).toBe(6);
    release();
    await world.engine.idle();
    // Six were under way, four more began before the fifth failure was known; then the breaker let none go.
    const sent = dead.requests.length;
    expect(sent).toBeLessThanOrEqual(10);
    world.clock.advance(29_000);
    await world.settle();
    expect(dead.requests.length).toBe(sent);
    world.clock.advance(1_000);
    await world.engine.sweep();
    await world.engine.idle();
    expect(dead.requests.length).toBe(sent + 1);
    // Back: the next probe lets everything go that waited, whenever it was to be tried again.
    dead.before = undefined;
    world.clock.advance(60_000);
    await world.settle();
    expect(dead.users.size).toBe(30);
  });
});

describe('apps that differ', () => {
  it.each([
    [
      'takes PUT only',
      { patch: false },
      { capabilities: JSON.stringify({ patch: false, schemas: [enterprise, workspace] }) },
    ],
    ['says PATCH and refuses it', { patch: false }, {}],
  ])('%s: an update keeps what is the app’s own', async (_name, options, settings) => {
    await open(options, settings);
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.assign(app, ada);
    await world.settle();
    const [id, user] = [...target.users.entries()][0] ?? ['', {}];
    target.users.set(id, { ...user, nickName: 'Countess', [enterprise]: { ...user[enterprise], costCenter: '7' } });
    await database.asOwner("update identity.person set title = null, department = 'Sea' where id = $1", [ada]);
    await world.touch(ada);
    await world.settle();
    const kept = target.users.get(id);
    expect(kept).toMatchObject({ nickName: 'Countess', [enterprise]: { costCenter: '7', department: 'Sea' } });
    expect(kept).not.toHaveProperty('title');
  });

  it.each([
    ['a page of 50 and no filters', { ignoresFilters: true, pageSize: 50 }],
    ['no filter on externalId', { refusedFilters: ['externalId'] }],
    ['empty answers to a creation', { emptyCreateAnswers: true }],
    ['no /Groups', { hasGroups: false }],
  ])('%s: found and linked, no twin', async (_name, options) => {
    await open(options);
    for (let n = 0; n < 120; n += 1) target.add({ userName: `stranger${n}@acme.example` });
    const before = target.add({ userName: 'ADA.byron@acme.example', title: 'Countess' });
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    const ben = await world.addPerson({ userName: 'ben.ortiz@acme.example' });
    await world.addGroup('Leads', [ada, ben]);
    await world.assign(app, ada, ben);
    await world.settle();
    expect(await status(ada)).toBe('provisioned');
    expect(await status(ben)).toBe('provisioned');
    expect(target.users.size).toBe(122);
    expect(target.users.get(before)).toMatchObject({ externalId: ada, title: 'Engineer' });
  });

  it('a 409 is looked up again, by e-mail too, and adopted', async () => {
    await open();
    const before = target.add({ userName: 'someone.else', emails: [{ value: 'ada.byron@acme.example' }] });
    target.before = (request) => (request.method === 'POST' ? scimError(409, 'The e-mail is taken.') : undefined);
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.assign(app, ada);
    await world.settle();
    expect(await status(ada)).toBe('provisioned');
    expect(target.users.get(before)).toMatchObject({ userName: 'ada.byron@acme.example', externalId: ada });
  });

  it('404 on an update: created anew only after an empty answer', async () => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.assign(app, ada);
    await world.settle();
    const [old] = target.users.keys();
    target.users.clear();
    await database.asOwner("update identity.person set title = 'Countess' where id = $1", [ada]);
    await world.touch(ada);
    await world.settle();
    expect(target.users.size).toBe(1);
    expect([...target.users.keys()][0]).not.toBe(old);
    expect(await status(ada)).toBe('provisioned');
  });

  it('an account that stays active after success was answered is a failure', async () => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.assign(app, ada);
    await world.settle();
    target.before = (request) => (request.method === 'PATCH' ? answer(204) : undefined);
    await database.asOwner("update identity.person set status = 'suspended' where id = $1", [ada]);
    await world.touch(ada);
    await world.settle();
    expect(await world.subject(app, ada)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('not inactive'),
    });
  });
});

describe('people and their relations', () => {
  it('two users with one e-mail are two accounts', async () => {
    await open();
    const one = await world.addPerson({ userName: 'ada.one@acme.example', email: 'ada@acme.example' });
    const two = await world.addPerson({ userName: 'ada.two@acme.example', email: 'ada@acme.example' });
    await world.assign(app, one, two);
    await world.settle();
    expect([...target.users.values()].map((user) => user['externalId']).sort()).toEqual([one, two].sort());
  });

  it('managers join when they are there, in any order, and a circle of managers ends (R15)', async () => {
    await open();
    const boss = await world.addPerson({ userName: 'ivo.novak@acme.example' });
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example', manager: boss });
    await database.asOwner('update identity.person set manager = $2 where id = $1', [boss, ada]);
    await world.assign(app, ada);
    await world.settle();
    const find = (local: string) => [...target.users.values()].find((user) => user['externalId'] === local);
    expect(find(ada)?.[enterprise]).not.toHaveProperty('manager');
    expect(find(ada)?.[workspace]).toMatchObject({ managerEmail: 'ivo.novak@acme.example' });
    await world.assign(app, boss);
    await world.settle();
    expect(find(ada)?.[enterprise]['manager']).toEqual({ value: find(boss)?.['id'] });
    expect(find(boss)?.[enterprise]['manager']).toEqual({ value: find(ada)?.['id'] });
    const sent = target.requests.length;
    await world.settle();
    expect(target.requests.length).toBe(sent);
  });

  it('unassign and reassign is one account, with its teams', async () => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    const leads = await world.addGroup('Leads', [ada]);
    await world.assign(app, ada);
    await world.settle();
    const [id] = target.users.keys();
    await database.asOwner('delete from identity.direct_assignment where app = $1', [app]);
    await world.touch(ada);
    await world.settle();
    expect(target.users.get(id ?? '')).toMatchObject({ active: false });
    expect(await status(ada)).toBe('deprovisioned');
    await world.assign(app, ada);
    await world.settle();
    expect([...target.users.entries()]).toMatchObject([[id, { active: true }]]);
    expect([...target.groups.values()]).toMatchObject([{ displayName: 'Leads', members: [{ value: id }] }]);
    expect(await status(ada)).toBe('provisioned');
    expect(await status(leads)).toBe('provisioned');
  });

  it.each([
    ['delete', 0, undefined],
    ['suspend', 1, false],
    ['nothing', 1, true],
  ])('on unassign %s', async (rule, count, active) => {
    await open({}, { on_unassign: rule });
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.assign(app, ada);
    await world.settle();
    await database.asOwner('delete from identity.direct_assignment where app = $1', [app]);
    await world.touch(ada);
    await world.settle();
    expect(target.users.size).toBe(count);
    expect([...target.users.values()][0]?.['active']).toBe(active);
    expect(await status(ada)).toBe('deprovisioned');
  });

  it('unassigned while the answer to the creation was lost: the account nobody heard of is suspended', async () => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    target.after = (request) => (request.method === 'POST' ? cutWire() : undefined);
    await world.assign(app, ada);
    await world.settle();
    expect(target.users.size).toBe(1);
    await database.asOwner('delete from identity.direct_assignment where app = $1', [app]);
    await world.touch(ada);
    world.clock.advance(60_000);
    await world.settle();
    expect([...target.users.values()][0]).toMatchObject({ active: false });
  });

  it('a rename is one PATCH of what changed, and a touch that changes nothing sends nothing', async () => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.assign(app, ada);
    await world.settle();
    await database.asOwner(
      "update identity.person set user_name = 'ada.lovelace@acme.example', display_name = 'Ada Lovelace' where id = $1",
      [ada],
    );
    target.requests.length = 0;
    await world.touch(ada);
    await world.settle();
    expect(writes()).toMatchObject([
      {
        method: 'PATCH',
        body: {
          Operations: [
            { op: 'replace', path: 'userName', value: 'ada.lovelace@acme.example' },
            { op: 'replace', path: 'displayName', value: 'Ada Lovelace' },
          ],
        },
      },
    ]);
    target.requests.length = 0;
    await world.touch(ada);
    await world.settle();
    expect(target.requests).toEqual([]);
  });

  it('lost access overtakes what is queued (R06)', async () => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.assign(app, ada);
    await world.settle();
    const people: string[] = [];
    for (let n = 0; n < 40; n += 1) people.push(await world.addPerson({ userName: `user${n}@acme.example` }));
    await world.assign(app, ...people);
    world.clock.advance(1_000);
    await database.asOwner("update identity.person set status = 'suspended' where id = $1", [ada]);
    await world.touch(ada);
    target.requests.length = 0;
    await world.settle();
    // Six are under way at once, and hers is one of the first six.
    const first = writes().slice(0, 6);
    expect(first).toContainEqual(
      expect.objectContaining({
        method: 'PATCH',
        body: expect.objectContaining({ Operations: [{ op: 'replace', path: 'active', value: false }] }),
      }),
    );
  });
});

describe('whose account it is', () => {
  it('an account that is somebody else’s of ours is not taken', async () => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    const ben = await world.addPerson({ userName: 'ben.ortiz@acme.example' });
    await world.assign(app, ada);
    await world.settle();
    await world.assign(app, ben);
    await database.asOwner(
      `update identity.direct_assignment set overrides = '{"userName":"ada.byron@acme.example"}' where person = $1`,
      [ben],
    );
    await world.settle();
    expect(await world.subject(app, ben)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('belongs to ada byron here'),
    });
    expect([...target.users.values()]).toMatchObject([{ externalId: ada }]);
  });

  it('that of somebody deleted goes to whoever has the user name now', async () => {
    await open();
    const old = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.assign(app, old);
    await world.settle();
    await database.asOwner('update identity.person set deleted_at = now() where id = $1', [old]);
    await database.asOwner("update identity.account set sign_in_name = 'gone' where person = $1", [old]);
    await world.touch(old);
    await world.settle();
    const next = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.assign(app, next);
    await world.settle();
    expect([...target.users.values()]).toMatchObject([{ externalId: next, active: true }]);
    expect(await world.subject(app, old)).toMatchObject({ remote_id: null });
    // And the one who is gone does not switch it off again.
    await world.touch(old);
    await world.settle();
    expect([...target.users.values()]).toMatchObject([{ externalId: next, active: true }]);
  });

  it('of several with one user name none is picked', async () => {
    await open();
    target.add({ userName: 'ada.byron@acme.example' });
    target.add({ userName: 'ADA.BYRON@acme.example' });
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.assign(app, ada);
    await world.settle();
    expect(await world.subject(app, ada)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('2 accounts'),
    });
  });
});

describe('groups', () => {
  it('members come and go by PATCH, and a rename is told', async () => {
    await open();
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    const ben = await world.addPerson({ userName: 'ben.ortiz@acme.example' });
    const leads = await world.addGroup('Leads', [ada]);
    await world.assign(app, ada, ben);
    await world.settle();
    const foreign = target.add({ userName: 'made.by.hand' });
    const group = [...target.groups.values()][0] ?? {};
    group['members'].push({ value: foreign });
    await database.asOwner("update identity.team set name = 'Heads' where id = $1", [leads]);
    await database.asOwner('update identity.team_member set person = $2 where team = $1', [leads, ben]);
    await identity.withTenant(world.tenant, (transaction) =>
      touchTeams(transaction, [leads], { by: 'Dana', at: world.clock.at }),
    );
    target.requests.length = 0;
    await world.settle();
    const benId = [...target.users.values()].find((user) => user['externalId'] === ben)?.['id'];
    expect(group).toMatchObject({ displayName: 'Heads', members: [{ value: foreign }, { value: benId }] });
    expect(writes().every(({ method }) => method === 'PATCH')).toBe(true);
  });

  it('a group that is there already is joined, not made again', async () => {
    await open();
    target.groups.set('g1', { id: 'g1', displayName: 'LEADS', members: [] });
    const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
    await world.addGroup('Leads', [ada]);
    await world.assign(app, ada);
    await world.settle();
    expect([...target.groups.keys()]).toEqual(['g1']);
    expect(target.groups.get('g1')?.['members']).toHaveLength(1);
  });
});

it('a worker that died in the middle is followed by another once its lease is over', async () => {
  await open();
  const ada = await world.addPerson({ userName: 'ada.byron@acme.example' });
  await world.assign(app, ada);
  const until = new Date(world.clock.at.getTime() + 15_000);
  await database.asOwner(
    "update identity.subject set lease = gen_random_uuid(), lease_until = $2, status = 'provisioning', tries = 1 where app = $1",
    [app, until],
  );
  await world.settle();
  expect(target.requests).toEqual([]);
  world.clock.advance(15_001);
  await world.settle();
  expect(await status(ada)).toBe('provisioned');
});

it('two processes share the work: never two at one object, the newest state wins (R04)', async () => {
  await open();
  const other = world.openEngine();
  const underWay = new Set<string>();
  const clashes: string[] = [];
  const people: string[] = [];
  for (let n = 0; n < 40; n += 1) people.push(await world.addPerson({ userName: `user${n}@acme.example` }));
  const objectOf = (body: Record<string, unknown> | undefined, path: string) =>
    String(body?.['externalId'] ?? /externalId%20eq%20%22([^%]*)/.exec(path)?.[1] ?? path);
  target.before = async (request, path) => {
    const object = objectOf(request.body === undefined ? undefined : JSON.parse(request.body), path);
    if (object.startsWith('/Groups') || object.startsWith('/Users?')) return undefined;
    if (underWay.has(object)) clashes.push(object);
    underWay.add(object);
    await new Promise((resolve) => setImmediate(resolve));
    underWay.delete(object);
    return undefined;
  };
  for (let round = 0; round < 5; round += 1) {
    await database.asOwner('update identity.person set title = $2 where tenant = $1', [world.tenant, `Title ${round}`]);
    await world.assign(app, ...people);
    await Promise.all([world.engine.sweep(), other.sweep()]);
  }
  await Promise.all([world.settle(), other.sweep().then(() => other.idle())]);
  await world.settle();
  await other.stop();
  expect(clashes).toEqual([]);
  expect(target.users.size).toBe(40);
  expect([...target.users.values()].every((user) => user['title'] === 'Title 4')).toBe(true);
});
