// Changes that share a transaction: each gets its own answer, nobody another's error, and whoever needs a transaction of
// their own has one. Who shared is told by xmin, the transaction that wrote a row.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../src/scim/json.ts';
import type { TenantDatabase } from '../../src/store/database.ts';
import { lockReferences } from '../../src/store/scim/references.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld, type Workspace, type World } from '../http/scim/world.ts';
import { until } from '../until.ts';

let database: TestDatabase;
let opened: TenantDatabase;
let world: World;
let acme: Workspace;

beforeAll(async () => {
  database = await createTestDatabase();
  opened = database.open('rollcall_workspace');
});
afterAll(() => database.drop());
beforeEach(() => {
  world = createWorld(opened);
  acme = world.workspace('acme');
});

function patched(value: JsonObject): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', value }],
  };
}

function person(name: string, more: JsonObject = {}): JsonObject {
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
  return { schemas, userName: name, externalId: `ext-${name}`, emails: [{ value: `${name}@acme.example` }], ...more };
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

async function people(count: number): Promise<string[]> {
  const made = await Promise.all(names(count).map((name) => acme.send('POST', '/Users', person(name))));
  return made.map(({ body }) => body.id);
}

async function rows(text: string): Promise<Record<string, unknown>[]> {
  return opened.withTenant(acme.tenant, (transaction) => transaction.query(text, [acme.tenant]));
}

/** How many transactions wrote these rows. */
async function transactionsOf(table: string): Promise<number> {
  const [row] = await rows(
    `select count(distinct t.xmin::text)::integer as many from workspace.${table} t where t.tenant = $1`,
  );
  return row!['many'] as number;
}

/** Somebody parks, and goes on doing so until the function that comes back is called. */
async function holdParking(): Promise<() => Promise<void>> {
  const parking = Promise.withResolvers<void>();
  const parked = Promise.withResolvers<void>();
  const other = opened.withTenant(acme.tenant, async (transaction) => {
    await lockReferences(transaction, 'update');
    parked.resolve();
    await parking.promise;
  });
  await parked.promise;
  return async () => {
    parking.resolve();
    await other;
  };
}

async function statuses(answers: Promise<{ status: number }>[]): Promise<number[]> {
  return (await Promise.all(answers)).map(({ status }) => status);
}

test('forty at once are in a few transactions, each answered with its own resource, counted and journalled', async () => {
  const made = await Promise.all(names(40).map((name) => acme.send('POST', '/Users', person(name))));
  expect(made.map(({ status, body }) => [status, body.userName])).toEqual(names(40).map((name) => [201, name]));
  expect(new Set(made.map(({ body }) => body.id)).size).toBe(40);
  expect(await transactionsOf('resource')).toBeLessThan(10);
  const { body } = await acme.send('GET', '/Users?count=0');
  expect(body.totalResults).toBe(40);
  for (const { body } of made) {
    expect((await acme.send('GET', `/Users?filter=externalId eq "${body.externalId}"`)).body.Resources[0].id).toBe(
      body.id,
    );
    expect((await acme.send('GET', `/Users?filter=emails.value eq "${body.emails[0].value}"`)).body.totalResults).toBe(
      1,
    );
  }
  const [left] = await rows(
    `select (select count(*) from workspace.outbox o where o.tenant = $1 and o.event = 'created') as events,
      (select count(distinct j.resource) from workspace.request_journal j where j.tenant = $1 and j.operation = 'create' and j.changed) as records`,
  );
  expect(left).toEqual({ events: 40, records: 40 });
});

test('C29: one moment, one name: the first has it, the others are told so, and nobody else suffers', async () => {
  const answers = await statuses([
    ...names(6).map((name) => acme.send('POST', '/Users', person(name))),
    ...['N3', 'n3'].map((name) => acme.send('POST', '/Users', person(name, { externalId: 'another' }))),
    acme.send('POST', '/Users', person('other', { externalId: 'ext-n5' })),
    acme.send('POST', '/Users', { ...person('wrong'), active: 'perhaps' }),
  ]);
  expect(answers).toEqual([201, 201, 201, 201, 201, 201, 409, 409, 409, 400]);
  expect(await statuses(names(6).map((name) => acme.send('POST', '/Users', person(name))))).toEqual(Array(6).fill(409));
  expect(world.errors).toEqual([]);
});

test('a name that is given away meanwhile fails nobody but its own', async () => {
  const taking = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  const other = opened.withTenant(acme.tenant, async (transaction) => {
    const id = '0198c0de-0000-7000-8000-000000000001';
    await transaction.query(
      `insert into workspace.resource (tenant, id, resource_type, connection, attributes, search, label, label_search, active, version, created, last_modified)
        values ($1, $2, 'User', $3, '{"userName":"n2"}', '{"userName":"n2"}', 'n2', 'n2', true, 1, $4, $4) returning id`,
      [acme.tenant, id, acme.connection, world.now()],
    );
    await transaction.query(
      `insert into workspace.resource_key (tenant, resource_type, attribute, within, value, resource)
        values ($1, 'User', 'userName', '00000000-0000-0000-0000-000000000000', 'n2', $2) returning resource`,
      [acme.tenant, id],
    );
    taken.resolve();
    await taking.promise;
  });
  await taken.promise;
  const answers = Promise.all(names(5).map((name) => acme.send('POST', '/Users', person(name))));
  await database.somebodyWaits();
  taking.resolve();
  await other;
  expect((await answers).map(({ status }) => status)).toEqual([201, 201, 409, 201, 201]);
  expect(world.errors).toEqual([]);
});

test('who is waited for, or was here before, comes into their own among others', async () => {
  const [gone] = await people(1);
  await acme.send('DELETE', `/Users/${gone}`);
  const team = await acme.send('POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'team',
    members: [{ value: 'ext-n4' }, { value: 'N2' }],
  });
  expect(team.status).toBe(201);
  const made = await Promise.all(names(8).map((name) => acme.send('POST', '/Users', person(name))));
  expect(made.map(({ status }) => status)).toEqual(Array(8).fill(201));
  const { body } = await acme.send('GET', `/Groups/${team.body.id}`);
  expect(body.members.map(({ value }: { value: string }) => value).sort()).toEqual(
    [made[2]!.body.id, made[4]!.body.id].sort(),
  );
  const [heir] = await rows(
    `select r.id, r.predecessor from workspace.resource r where r.tenant = $1 and r.predecessor is not null`,
  );
  expect(heir).toEqual({ id: made[0]!.body.id, predecessor: gone });
});

test('changes of one moment share a transaction; each with its version, its provenance and its event', async () => {
  const ids = await people(12);
  const answers = await Promise.all(
    ids.map((id, index) =>
      acme.send('PATCH', `/Users/${id}`, patched({ title: `t${index}`, displayName: `d${index}` })),
    ),
  );
  expect(answers.map(({ status, body }) => [status, body.id, body.title, body.meta.version])).toEqual(
    ids.map((id, index) => [200, id, `t${index}`, 'W/"2"']),
  );
  expect(await transactionsOf('resource')).toBeLessThan(5);
  for (const [index, id] of ids.entries()) {
    const { body } = await acme.send('GET', `/Users?filter=displayName eq "D${index}"`);
    expect(body.Resources.map((each: JsonObject) => [each['id'], each['externalId']])).toEqual([[id, `ext-n${index}`]]);
  }
  const kept = await rows(
    `select r.provenance -> 'title' ->> 'journal' as journal, o.version from workspace.resource r
      join workspace.outbox o on o.tenant = r.tenant and o.resource = r.id and o.event = 'updated' where r.tenant = $1`,
  );
  expect(kept.map(({ version }) => version)).toEqual(Array(12).fill(2));
  expect(new Set(kept.map(({ journal }) => journal)).size).toBe(12);
});

test('C31: several changes of one person come one after the other, and none is lost', async () => {
  const [id] = await people(1);
  const attributes = ['title', 'nickName', 'locale', 'userType', 'timezone'];
  const answers = await Promise.all(
    attributes.map((name) => acme.send('PATCH', `/Users/${id}`, patched({ [name]: name }))),
  );
  expect(answers.map(({ body }) => body.meta.version).sort()).toEqual([2, 3, 4, 5, 6].map((each) => `W/"${each}"`));
  const { body } = await acme.send('GET', `/Users/${id}`);
  expect(attributes.map((name) => body[name])).toEqual(attributes);
});

test('nobody waits because somebody else’s person is locked', async () => {
  const ids = await people(8);
  const holding = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const other = opened.withTenant(acme.tenant, async (transaction) => {
    await transaction.query('select 1 from workspace.resource r where r.tenant = $1 and r.id = $2 for update', [
      acme.tenant,
      ids[3],
    ]);
    held.resolve();
    await holding.promise;
  });
  await held.promise;
  const answers = ids.map((id) => acme.send('PATCH', `/Users/${id}`, patched({ title: 'x' })));
  const [waiting] = answers.splice(3, 1);
  expect(await statuses(answers)).toEqual(Array(7).fill(200));
  holding.resolve();
  await other;
  expect((await waiting!).status).toBe(200);
});

test('C15, C28: who is refused, unknown, renamed or nobody’s yet does not hold the others back', async () => {
  const ids = await people(8);
  const team = await acme.send('POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'team',
  });
  world.protectedIds.add(ids[0]!);
  const answers = await Promise.all([
    acme.send('PATCH', `/Users/${ids[0]}`, patched({ active: false })),
    acme.send('PATCH', `/Users/${ids[1]}`, patched({ active: false })),
    acme.send('PATCH', `/Users/${ids[2]}`, patched({ userName: 'renamed' })),
    acme.send('PATCH', `/Users/${ids[3]}`, patched({ userName: 'n4' })),
    acme.send('PATCH', `/Users/${ids[4]}`, patched({ title: 'x' }), { 'if-match': 'W/"7"' }),
    acme.send('PATCH', `/Users/${ids[5]}`, patched({ manager: { value: ids[6]! } })),
    acme.send('PATCH', `/Users/${ids[6]}`, patched({ userName: 'n6' })),
    acme.send('PATCH', `/Users/${team.body.id}`, patched({ title: 'x' })),
    acme.send('PATCH', '/Users/nobody', patched({ title: 'x' })),
    acme.send('PATCH', `/Users/${ids[7]}`, patched({ externalId: 'moved' })),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([403, 200, 200, 409, 412, 200, 200, 404, 404, 200]);
  expect(world.deactivated).toEqual([ids[1]]);
  const read = await Promise.all(ids.map((id) => acme.send('GET', `/Users/${id}`)));
  expect(read.map(({ body }) => [body.active, body.userName, body.externalId])).toEqual([
    [true, 'n0', 'ext-n0'],
    [false, 'n1', 'ext-n1'],
    [true, 'renamed', 'ext-n2'],
    [true, 'n3', 'ext-n3'],
    [true, 'n4', 'ext-n4'],
    [true, 'n5', 'ext-n5'],
    [true, 'n6', 'ext-n6'],
    [true, 'n7', 'moved'],
  ]);
  expect(read[6]!.body.meta.version).toBe('W/"1"');
  expect(world.errors).toEqual([]);
});

test('a server that goes away is told to all, and nothing of theirs is there', async () => {
  const letGo = await holdParking();
  const late = () => statuses(names(30).map((name) => acme.send('POST', '/Users', person(name))));
  let told: number[] | undefined;
  void late().then((answers) => {
    told = answers;
  });
  await database.somebodyWaits();
  await until(async () => {
    await database.asOwner(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return told;
  });
  expect(told).toEqual(Array(30).fill(503));
  await letGo();
  expect((await acme.send('GET', '/Users?count=0')).body.totalResults).toBe(0);
  expect(await late()).toEqual(Array(30).fill(201));
});

const nickName = (id: string) =>
  opened.withTenant(acme.tenant, (transaction) =>
    transaction.query(
      `update workspace.resource r set attributes = r.attributes || '{"nickName": "kept"}', version = r.version + 1
        where r.tenant = $1 and r.id = $2`,
      [acme.tenant, id],
    ),
  );

test('who was read in a transaction that is run again is read again', async () => {
  const [id] = await people(1);
  let runs = 0;
  const spoiling: TenantDatabase = {
    ...opened,
    withTenant: (tenant, work) =>
      opened.withTenant(tenant, async (transaction) => {
        runs += 1;
        if (runs === 2) await nickName(id!);
        const result = await work(transaction);
        if (runs === 1) throw Object.assign(new Error('Another was faster.'), { code: '40001' });
        return result;
      }),
  };
  const there = createWorld(spoiling).workspace('acme');
  Object.assign(there, { tenant: acme.tenant, connection: acme.connection, owner: acme.owner });
  const changed = await there.send('PATCH', `/Users/${id}`, patched({ title: 'new' }));
  expect(runs).toBe(3);
  expect([changed.status, changed.body.nickName, changed.body.meta.version]).toEqual([200, 'kept', 'W/"3"']);
});

test('who changes somebody does not wait behind those who create, and wait for who parks', async () => {
  const [id] = await people(1);
  const letGo = await holdParking();
  const made: Promise<{ status: number }>[] = [];
  for (let waiting = 1; waiting <= 4; waiting += 1) {
    made.push(acme.send('POST', '/Users', person(`late${waiting}`)));
    await database.somebodyWaits(Math.min(waiting, 3));
  }
  const changed = await acme.send('PATCH', `/Users/${id}`, patched({ title: 'new' }));
  expect(changed.status).toBe(200);
  await letGo();
  expect(await statuses(made)).toEqual(Array(4).fill(201));
});
