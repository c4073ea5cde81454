// People who make provisioning hard, both ends real: somebody who was there before, two with one e-mail, and a circle of
// managers.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Server, startServer } from '../../server.ts';
import { until } from '../../until.ts';
import { type ConnectedPair, connectedPair, peopleOf, standing, userId } from '../api.ts';
import { behind, openProxy, type SpoilingProxy } from './proxy.ts';

let proxy: SpoilingProxy;
let server: Server;
let pair: ConnectedPair;
beforeAll(async () => {
  proxy = await openProxy();
  server = await startServer(behind(proxy));
  pair = await connectedPair({ workspace: server, identity: server });
});
afterAll(async () => {
  await server.remove();
  await proxy.close();
});

const assign = (id: string) => pair.identity('assignApp', { parameters: { id, app: pair.app }, body: {} });
const provisioned = (id: string) =>
  until(
    () => standing(pair, id),
    (row) => row?.status === 'provisioned',
  );
const person = async (userName: string) => (await peopleOf(pair)).get(userName);

it('somebody who was in the workspace before is linked: no twin, and the e-mail stays as it was', async () => {
  const before = await person('ben.ortiz@acme.example');
  expect(before).toMatchObject({ source: { kind: 'manual' }, email: 'ben.ortiz@acme.example' });
  const ben = await userId(pair.identity, 'ben.ortiz');
  await pair.identity('updateUser', { parameters: { id: ben }, body: { email: 'ben@elsewhere.example' } });
  await assign(ben);
  const done = await provisioned(ben);
  expect(done?.remoteId).toBe(before?.id);
  const { activity } = await pair.identity('user', { parameters: { id: ben } });
  expect(activity.map(({ sentence }) => sentence)).toContain('Linked at Acme workspace as ben.ortiz@acme.example');
  expect(await person('ben.ortiz@acme.example')).toMatchObject({
    ...{ id: before?.id, email: 'ben.ortiz@acme.example', title: 'Recruiter', location: 'Madrid' },
    source: { kind: 'scim' },
  });
  const { requests } = await pair.workspace('requests', { query: { result: 'changes', search: 'Ben Ortiz' } });
  expect(requests.length).toBeGreaterThan(0);
});

it('two users with one e-mail are two people', async () => {
  const shared = { email: 'desk@acme.example', familyName: 'Desk' };
  const made = await Promise.all(
    ['front', 'back'].map((name) =>
      pair.identity('createUser', {
        body: { ...shared, givenName: name, displayName: `${name} desk`, userName: `${name}.desk@acme.example` },
      }),
    ),
  );
  for (const { id } of made) await assign(id);
  for (const { id } of made) await provisioned(id);
  const [front, back] = [await person('front.desk@acme.example'), await person('back.desk@acme.example')];
  expect([front?.email, back?.email]).toEqual(['desk@acme.example', 'desk@acme.example']);
  expect(front?.id).not.toBe(back?.id);
});

it('a circle of managers: both are provisioned, both managers are right, and then it is quiet', async () => {
  const [leo, joy] = [await userId(pair.identity, 'leo.vogel'), await userId(pair.identity, 'joy.adeyemi')];
  await pair.identity('updateUser', { parameters: { id: leo }, body: { manager: joy } });
  await pair.identity('updateUser', { parameters: { id: joy }, body: { manager: leo } });
  await assign(leo);
  await assign(joy);
  const managers = async () => {
    const people = await peopleOf(pair);
    return ['leo.vogel', 'joy.adeyemi'].map((name) => people.get(`${name}@acme.example`)?.manager.person?.name);
  };
  await until(managers, (names) => names[0] === 'Joy Adeyemi' && names[1] === 'Leo Vogel');
  await provisioned(leo);
  await provisioned(joy);
  await until(
    async () => (await pair.identity('app', { parameters: { id: pair.app } })).app.counts,
    ({ moving, provisioned: count }) => moving === 0 && count === 6,
  );
  // A change of somebody else makes the engine look at everything that is due: the two are not among it.
  const before = proxy.seen.length;
  const admin = await userId(pair.identity, 'dana.ruiz');
  await pair.identity('updateUser', { parameters: { id: admin }, body: { title: 'Head of everything' } });
  await until(async () => (await person('dana.ruiz@acme.example'))?.title === 'Head of everything');
  await provisioned(admin);
  const since = proxy.seen.slice(before);
  const dana = (await person('dana.ruiz@acme.example'))?.id ?? '';
  expect(since.filter(({ path }) => !path.includes(dana))).toEqual([]);
  const { activity } = await pair.identity('user', { parameters: { id: leo } });
  expect(activity.length).toBeLessThanOrEqual(3);
});
