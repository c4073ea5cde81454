// Every statement the SCIM store sends during a whole conversation keeps the rules of test/store/statements.ts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { managerKey } from '../../src/service-provider/scim/person.ts';
import { createDirectory } from '../../src/store/scim/directory.ts';
import { createRequestLog } from '../../src/store/scim/request-log.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld } from '../http/scim/world.ts';
import { listening, type Sent, walkStatements } from './statements.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
let database: TestDatabase;
const sent: Sent = new Map();

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('every statement names its tenant as $1, and nobody else’s', async () => {
  const world = createWorld(listening(database.open('rollcall_workspace'), sent));
  const acme = world.workspace('acme');
  const ops = (...Operations: object[]) => ({ Operations });
  const user = {
    userName: 'ada',
    externalId: 'x',
    emails: [{ value: 'a@x' }],
    [enterprise]: { manager: { value: 'm' } },
  };
  const { body: team } = await acme.send('POST', '/Groups', {
    displayName: 'T',
    members: [{ value: 'ada' }, { value: 'z' }],
  });
  const { body: ada } = await acme.send('POST', '/Users', user);
  await acme.send('POST', '/Users', user);
  await acme.send('PUT', `/Users/${ada.id}`, {
    ...user,
    userName: 'ada2',
    externalId: 'y',
    emails: [{ value: 'b@x' }],
    title: 't',
  });
  await acme.send('PATCH', `/Users/${ada.id}`, ops({ op: 'replace', path: 'active', value: false }));
  await acme.send(
    'PATCH',
    `/Groups/${team.id}`,
    ops(
      { op: 'remove', path: 'members[type eq "User"]' },
      { op: 'add', path: 'members', value: [{ value: ada.id }] },
      { op: 'replace', path: 'members', value: [{ value: 'ada2' }] },
    ),
  );
  for (const filter of [
    'userName eq "ada2"',
    'externalId eq "y"',
    'id eq "x"',
    `id eq "${ada.id}"`,
    'emails.value eq "b@x"',
    'emails[type pr or value co "b"]',
    'groups.value pr',
    `not (${enterprise}:manager.displayName sw "x")`,
    'meta.created gt "2020-01-01" and title pr',
  ]) {
    expect((await acme.send('GET', `/Users?filter=${encodeURIComponent(filter)}&count=1`)).status, filter).toBe(200);
  }
  await acme.send('GET', `/Users?filter=${encodeURIComponent(`schemas eq "${enterprise}"`)}`);
  const crowd = await Promise.all(
    ['b', 'c', 'd'].map((name) =>
      acme.send('POST', '/Users', { ...user, [enterprise]: {}, userName: name, externalId: name }),
    ),
  );
  const renaming = ops({ op: 'replace', path: 'displayName', value: 'one of many' });
  await Promise.all(crowd.map(({ body }) => acme.send('PATCH', `/Users/${body.id}`, renaming)));
  await acme.send('GET', '/Groups?count=1');
  await acme.send('DELETE', `/Users/${ada.id}`);
  await acme.send('POST', '/Users', { ...user, externalId: 'y' });
  await world.store.readJournal.flush();
  const directory = createDirectory(world.database, {
    person: 'User',
    team: 'Group',
    members: 'members',
    manager: managerKey,
  });
  await directory.people(acme.tenant, { search: 'a', status: 'invited', source: 'scim', page: 1, perPage: 10 });
  await directory.person(acme.tenant, ada.id);
  await directory.team(acme.tenant, team.id);
  const log = createRequestLog(world.database);
  await log.list(acme.tenant, { search: 'x', result: 'changes', before: ada.id, after: team.id, limit: 5 });
  await log.life(acme.tenant, ada.id, 5);
  await log.one(acme.tenant, ada.id);
  await log.statistics(acme.tenant, acme.connection, world.now());
  expect(world.errors).toEqual([]);
  expect(sent.size).toBeGreaterThan(45);
  expect([...sent.keys()].some((text) => /^insert into workspace.resource [^;]*unnest/.test(text))).toBe(true);
  walkStatements(sent, acme.tenant);
});
