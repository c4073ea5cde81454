// What a request leaves behind, and how the screens read it: journal, sentences, life, provenance, statistics.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registeredTypes } from '../../../src/scim/schema/registered.ts';
import { managerKey, provenanceOf, toPerson } from '../../../src/service-provider/scim/person.ts';
import { plainText, sentenceOf } from '../../../src/service-provider/scim/sentence.ts';
import { createDirectory } from '../../../src/store/scim/directory.ts';
import { createRequestLog } from '../../../src/store/scim/request-log.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, publicUrl, type Workspace, type World } from './world.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const extension = 'urn:rollcall:params:scim:schemas:extension:workspace:2.0:User';
const oneLogin = { 'user-agent': 'OneLogin SCIM' };

let database: TestDatabase;
let world: World;
let acme: Workspace;
let ada: string;
let boss: string;
let team: string;

const ops = (...Operations: object[]) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
  acme = world.workspace('acme');
  await database.asOwner(
    `insert into workspace.scim_connection (tenant, id, state, client, enabled_at, enabled_by_name) values ($1, $2, 'enabled', 'onelogin', now(), 'Dana')`,
    [acme.tenant, acme.connection],
  );
  const send: Workspace['send'] = (method, path, body) => acme.send(method, path, body, oneLogin);
  await send('GET', '/Users?filter=userName%20eq%20%22ada@acme.example%22&');
  ada = (
    await send('POST', '/Users', {
      userName: 'ada@acme.example',
      displayName: 'Ada Byron',
      title: 'Engineer',
      userType: 'Employee',
      emails: [{ value: 'ada@acme.example', type: 'work', primary: true }],
      [enterprise]: { department: 'Field', manager: { value: 'm-1' } },
      [extension]: {
        startDate: '2026-03-01',
        location: 'Oslo',
        managerEmail: 'dana@acme.example',
        managerDisplayName: 'Dana R',
      },
    })
  ).body.id;
  await send('PATCH', `/Users/${ada}`, ops({ op: 'replace', path: 'title', value: 'CTO' }));
  await send('PATCH', `/Users/${ada}`, ops({ op: 'replace', path: 'title', value: 'CTO' }));
  team = (await send('POST', '/Groups', { displayName: 'Field Support' })).body.id;
  await send(
    'PATCH',
    `/Groups/${team}`,
    ops({ op: 'add', path: 'members', value: [{ value: ada }, { value: 'later' }] }),
  );
  boss = (
    await send('POST', '/Users', {
      userName: 'dana',
      displayName: 'Dana Ruiz',
      externalId: 'm-1',
      emails: [{ value: 'dana.ruiz@acme.example' }],
    })
  ).body.id;
  await send(
    'PATCH',
    `/Users/${ada}`,
    ops({ op: 'replace', value: { userType: 'Contractor', [enterprise]: { department: 'Core' } } }),
  );
  await send('PATCH', `/Users/${boss}`, ops({ op: 'replace', path: 'active', value: 'False' }));
  await send('PATCH', `/Users/${ada}`, ops({ op: 'replace', path: 'shoeSize', value: 42 }));
  await send('GET', `/Users/${ada}`);
  await world.site(new Request(`${publicUrl}/acme/scim/v2/Users`), { remoteAddress: '203.0.113.9' });
  await world.store.readJournal.flush();
});
afterAll(() => database.drop());

test('the requests read as sentences, newest first', async () => {
  const log = createRequestLog(world.database);
  const { requests, hasMore } = await log.list(acme.tenant, { search: '', limit: 50 });
  expect(hasMore).toBe(false);
  const told = (request: (typeof requests)[number]) =>
    plainText(
      sentenceOf(
        {
          client: request.client,
          remoteAddress: request.remoteAddress,
          facts: request.facts,
          ...(request.tokenHint ? { tokenHint: request.tokenHint } : {}),
        },
        registeredTypes,
      ),
    );
  expect(requests.map(told)).toEqual([
    'Someone at 203.0.113.9 sent no token',
    'OneLogin read Ada Byron',
    'OneLogin was refused: "shoeSize" is not an attribute of User.',
    'OneLogin deactivated Dana Ruiz',
    'OneLogin changed Ada Byron’s employee type to Contractor and department to Core',
    'OneLogin created Dana Ruiz',
    'OneLogin added Ada Byron to Field Support (1 not here yet)',
    'OneLogin created Field Support',
    'OneLogin sent Ada Byron again. Nothing differed',
    'OneLogin changed Ada Byron’s title to CTO',
    'OneLogin created Ada Byron',
    'OneLogin looked up ada@acme.example and found no people',
  ]);
});

test('the log is filtered, searched, paged and followed', async () => {
  const log = createRequestLog(world.database);
  const all = (await log.list(acme.tenant, { search: '', limit: 50 })).requests.map((each) => each.id);
  const page = await log.list(acme.tenant, { search: '', limit: 5, before: all[4]! });
  expect(page).toMatchObject({ hasMore: true });
  expect(page.requests.map((each) => each.id)).toEqual(all.slice(5, 10));
  expect((await log.list(acme.tenant, { search: '', limit: 50, after: all[3]! })).requests).toHaveLength(3);
  expect((await log.list(acme.tenant, { search: '', limit: 50, result: 'refused' })).requests).toHaveLength(2);
  expect((await log.list(acme.tenant, { search: '', limit: 50, result: 'changes' })).requests).toHaveLength(7);
  expect((await log.list(acme.tenant, { search: 'FIELD supp', limit: 50 })).requests).toHaveLength(2);
  const whole = await log.one(acme.tenant, all[9]!);
  expect(whole).toMatchObject({
    method: 'PATCH',
    status: 200,
    facts: { changes: [{ path: 'title', before: 'Engineer', after: 'CTO' }], outcomes: [{ outcome: 'applied' }] },
  });
  expect(JSON.parse(whole!.requestBody!)).toMatchObject({ Operations: [{ path: 'title', value: 'CTO' }] });
  expect(JSON.parse(whole!.responseBody!)).toMatchObject({ title: 'CTO' });
});

test('a person’s life is every request that touched them', async () => {
  const life = await createRequestLog(world.database).life(acme.tenant, ada, 50);
  expect(life.map((each) => each.facts.operation)).toEqual(['patch', 'patch', 'patch', 'patch', 'patch', 'create']);
  expect(life.some((each) => each.facts.resourceId === team)).toBe(true);
});

test('a person has the ten attributes, each with where it came from', async () => {
  const directory = createDirectory(world.database, {
    person: 'User',
    team: 'Group',
    members: 'members',
    manager: managerKey,
  });
  const row = await directory.person(acme.tenant, ada);
  expect(toPerson(row!)).toEqual({
    id: ada,
    displayName: 'Ada Byron',
    userName: 'ada@acme.example',
    email: 'ada@acme.example',
    title: 'CTO',
    teams: [{ id: team, name: 'Field Support' }],
    manager: {
      person: { id: boss, name: 'Dana Ruiz' },
      waitingFor: null,
      name: 'Dana Ruiz',
      email: 'dana.ruiz@acme.example',
    },
    employeeType: 'Contractor',
    location: 'Oslo',
    department: 'Core',
    startDate: '2026-03-01',
    status: 'invited',
    source: { kind: 'scim', client: 'OneLogin' },
    role: 'member',
    lastSeenAt: null,
  });
  const provenance = provenanceOf(row!, 'Acme');
  expect(provenance.map((each) => each.attribute).sort()).toEqual(
    [
      'department',
      'displayName',
      'email',
      'employeeType',
      'location',
      'manager',
      'startDate',
      'teams',
      'title',
      'userName',
    ].sort(),
  );
  expect(provenance.find((each) => each.attribute === 'title')).toMatchObject({
    by: 'OneLogin',
    method: 'PATCH',
    was: 'Engineer',
  });
});

test('people are searched, filtered and counted; teams are listed with who waits', async () => {
  const directory = createDirectory(world.database, {
    person: 'User',
    team: 'Group',
    members: 'members',
    manager: managerKey,
  });
  const page = { page: 1, perPage: 50 };
  expect(await directory.people(acme.tenant, { ...page, search: '' })).toMatchObject({
    total: 2,
    people: [{ label: 'Ada Byron' }, { label: 'Dana Ruiz' }],
  });
  expect(await directory.people(acme.tenant, { ...page, search: 'RUIZ@acme' })).toMatchObject({
    total: 1,
    people: [{ id: boss }],
  });
  expect(await directory.people(acme.tenant, { ...page, search: '', status: 'deactivated' })).toMatchObject({
    total: 1,
    people: [{ id: boss }],
  });
  expect(await directory.people(acme.tenant, { ...page, search: '', status: 'active' })).toMatchObject({ total: 0 });
  expect(await directory.people(acme.tenant, { ...page, search: '', source: 'manual' })).toMatchObject({ total: 0 });
  expect(await directory.people(acme.tenant, { page: 2, perPage: 1, search: '' })).toMatchObject({
    total: 2,
    people: [{ id: boss }],
  });
  expect(await directory.teams(acme.tenant)).toEqual([
    { id: team, label: 'Field Support', connection: acme.connection, client: 'onelogin', members: 1, waiting: 1 },
  ]);
  expect(await directory.team(acme.tenant, team)).toMatchObject({
    team: { members: 1 },
    members: [{ id: ada }],
    waitingFor: ['later'],
  });
  expect(await directory.person(acme.tenant, team)).toBeUndefined();
});

test('a connection knows what it has seen', async () => {
  const statistics = await createRequestLog(world.database).statistics(acme.tenant, acme.connection, world.now());
  expect(statistics).toMatchObject({
    last: { client: 'OneLogin' },
    lastError: { detail: '"shoeSize" is not an attribute of User.' },
    managed: { User: 2, Group: 1 },
    unmanaged: { User: 0, Group: 0 },
    notLetIn: { count: 1, tokenHint: null },
  });
  expect(Object.fromEntries(statistics.operationsSeen.map(({ operation, at }) => [operation, at !== null]))).toEqual({
    list: true,
    create: true,
    update: true,
    deactivate: true,
    delete: false,
    members: true,
  });
  expect(statistics.byHour).toHaveLength(24);
  expect(statistics.byHour.at(-1)).toMatchObject({ accepted: 10, refused: 2 });
});

test('every change leaves one event, in order, in the same transaction', async () => {
  const { rows } = await database.asOwner(
    'select event, version from workspace.outbox where tenant = $1 and resource = $2 order by version',
    [acme.tenant, ada],
  );
  expect(rows).toEqual([
    { event: 'created', version: 1 },
    { event: 'updated', version: 2 },
    { event: 'updated', version: 3 },
  ]);
});
