// Somebody is assigned; outbox, queue, lane and client bring them to the app, and the row says Provisioned.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQueue, type Queue } from '../../src/store/queue.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createTarget } from '../provisioning/fake-target.ts';
import { createEngineWorld } from './world.ts';

let database: TestDatabase;
let queue: Queue;
beforeAll(async () => {
  database = await createTestDatabase();
  queue = await openQueue(database.controlUrl, () => {});
});
afterAll(async () => {
  await queue.stop();
  await database.drop();
});

test('an assigned user is delivered through the queue', async () => {
  const world = await createEngineWorld(database.open('rollcall_identity'), queue);
  const target = createTarget();
  const app = await world.addApp(target);
  const boss = await world.addPerson({ userName: 'ivo.novak@acme.example' });
  const ada = await world.addPerson({ userName: 'ada.byron@acme.example', manager: boss });
  await world.addGroup('Platform', [ada]);
  await world.assign(app, ada);
  world.engine.nudge(world.tenant);
  await expect.poll(async () => (await world.subject(app, ada))['status'], { timeout: 15_000 }).toBe('provisioned');
  await world.engine.stop();
  expect(world.failures).toEqual([]);
  const [user] = [...target.users.values()];
  expect(user).toMatchObject({
    userName: 'ada.byron@acme.example',
    externalId: ada,
    active: true,
    name: { givenName: 'ada', familyName: 'byron' },
    emails: [{ value: 'ada.byron@acme.example', type: 'work', primary: true }],
    userType: 'Permanent',
    'urn:rollcall:params:scim:schemas:extension:workspace:2.0:User': {
      startDate: '2020-02-01',
      location: 'London',
      managerEmail: 'ivo.novak@acme.example',
      managerDisplayName: 'ivo novak',
    },
  });
  expect([...target.groups.values()]).toMatchObject([{ displayName: 'Platform', members: [{ value: user?.['id'] }] }]);
  expect((await world.subject(app, ada))['steps'].map((step: { name: string }) => step.name)).toEqual([
    'read',
    'scope',
    'match',
    'action',
    'memberships',
    'verify',
  ]);
});
