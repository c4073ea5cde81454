// Many clients on few people, through two processes' worth of stores: whatever they do at the same moment, what is left is
// what some order of their requests would have left.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldCase } from '../../src/scim/comparable.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import type { TenantDatabase } from '../../src/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { type Answer, createWorld, type Workspace } from '../http/scim/world.ts';
import { runs } from '../runs.ts';

let database: TestDatabase;
let opened: TenantDatabase[];

beforeAll(async () => {
  database = await createTestDatabase();
  // Deadlocks between changes of many and of one are expected, and not waited for.
  await database.asOwner(
    "do $$ begin execute format('alter database %I set deadlock_timeout = ''20ms''', current_database()); end $$",
  );
  opened = [database.open('rollcall_workspace'), database.open('rollcall_workspace')];
});
afterAll(() => database.drop());

const people = 8;
const clients = 16;
const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const kinds = [
  ...[
    'create',
    'create',
    'create',
    'create',
    'phone',
    'phone',
    'phone',
    'phone',
    'replace',
    'replace',
    'delete',
    'rename',
  ],
  ...['deactivate', 'activate', 'park', 'join', 'team', 'bulk', 'bulk', 'match', 'manager'],
] as const;

interface Step {
  readonly kind: (typeof kinds)[number];
  /** Whom it is about, and another. */
  readonly who: number;
  readonly other: number;
  /** How many of the same kind leave at once. */
  readonly burst: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...kinds),
  who: fc.nat(people - 1),
  other: fc.nat(people - 1),
  burst: fc.integer({ min: 1, max: 3 }),
});
const script = fc.array(fc.array(step, { minLength: 5, maxLength: 5 }), { minLength: clients, maxLength: clients });

const patched = (...Operations: JsonObject[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});

function person(who: number, more: JsonObject = {}): JsonObject {
  return { schemas: [userUrn], userName: `U${who}`, externalId: `E${who}`, ...more };
}

/** One request: when it left and when its answer came, by a counter. */
interface Sent {
  readonly kind: string;
  readonly path: string;
  readonly body: unknown;
  readonly from: number;
  readonly to: number;
  readonly answer: Answer;
}

let rounds = 0;

/** Plays a script; then looks at everything that is left. */
async function play(scripts: Step[][]): Promise<Map<string, number>> {
  rounds += 1;
  const worlds = opened.map((each) => createWorld(each, undefined, { rate: 1_000_000 }));
  const spaces = worlds.map((world) => world.workspace(`acme${rounds}`)) as [Workspace, Workspace];
  const { tenant, connection, owner } = spaces[0];
  Object.assign(spaces[1], { tenant, connection, owner });
  const sent: Sent[] = [];
  const ids: string[][] = Array.from({ length: people }, () => []);
  const teams: string[] = [];
  let clock = 0;
  let names = 0;
  const unique = () => {
    names += 1;
    return names;
  };

  async function send(
    by: number,
    kind: string,
    method: string,
    path: string,
    body?: unknown,
    headers = {},
  ): Promise<Answer> {
    clock += 1;
    const from = clock;
    const answer = await spaces[by % 2]!.send(method, path, body, headers);
    clock += 1;
    sent.push({ kind, path, body, from, to: clock, answer });
    return answer;
  }

  // Everybody is waited for, before they are there for the first time.
  const all = await send(0, 'group', 'POST', '/Groups', {
    schemas: [groupUrn],
    displayName: 'everybody',
    members: Array.from({ length: people }, (_, who) => ({ value: `E${who}` })),
  });

  for (let who = 0; who < people; who += 2) {
    const { body } = await send(0, 'create', 'POST', '/Users', person(who));
    ids[who]!.push(body.id);
  }

  function known(who: number): string {
    return ids[who]!.at(-1) ?? '0198c0de-0000-7000-8000-000000000001';
  }

  async function take(by: number, { kind, who, other }: Step): Promise<void> {
    const id = known(who);
    const change = (body: unknown) => send(by, kind, 'PATCH', `/Users/${id}`, body);
    switch (kind) {
      case 'create': {
        const { status, body } = await send(by, kind, 'POST', '/Users', person(who));
        if (status === 201) ids[who]!.push(body.id);
        return;
      }
      case 'phone':
        await change(patched({ op: 'add', path: 'phoneNumbers', value: [{ value: `p${unique()}` }] }));
        return;
      case 'match': {
        const read = await spaces[0].send('GET', `/Users/${id}`);
        if (read.status !== 200) return;
        const body = patched({ op: 'add', path: 'phoneNumbers', value: [{ value: `p${unique()}` }] });
        const headers = { 'if-match': read.headers.get('etag')! };
        const { status, body: after } = await send(by, kind, 'PATCH', `/Users/${id}`, body, headers);
        const numberOf = (version: string) => Number(/\d+/.exec(version));
        if (status === 200) expect(numberOf(after.meta.version)).toBe(numberOf(read.body.meta.version) + 1);
        return;
      }
      case 'replace':
        await send(by, kind, 'PUT', `/Users/${id}`, person(who, { phoneNumbers: [{ value: `p${unique()}` }] }));
        return;
      case 'delete':
        await send(by, kind, 'DELETE', `/Users/${id}`);
        return;
      case 'rename':
        await change(patched({ op: 'replace', value: { userName: other % 2 ? `U${other}` : `N${unique()}` } }));
        return;
      case 'manager':
        await change(patched({ op: 'replace', value: { manager: { value: `E${other}` } } }));
        return;
      case 'deactivate':
      case 'activate':
        await change(patched({ op: 'replace', value: { active: kind === 'activate' } }));
        return;
      case 'park':
        await send(
          by,
          'group',
          'PATCH',
          `/Groups/${all.body.id}`,
          patched({ op: 'add', path: 'members', value: [{ value: `later${unique()}` }] }),
        );
        return;
      case 'team': {
        const members = [{ value: `U${who}` }, { value: `E${other}` }];
        const body = { schemas: [groupUrn], displayName: `team${unique()}`, members };
        const { status, body: made } = await send(by, 'group', 'POST', '/Groups', body);
        if (status === 201) teams.push(made.id);
        return;
      }
      case 'join': {
        const team = teams.at(-1);
        if (!team) return;
        const value = [{ value: who % 2 ? id : `U${who}` }];
        await send(by, 'group', 'PATCH', `/Groups/${team}`, patched({ op: 'add', path: 'members', value }));
        return;
      }
      case 'bulk': {
        const { status, body } = await send(by, kind, 'POST', '/Bulk', {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
          Operations: [
            {
              ...{ method: 'POST', path: '/Groups', bulkId: 'g' },
              data: { schemas: [groupUrn], displayName: `bulk${unique()}`, members: [{ value: `later${unique()}` }] },
            },
            { method: 'POST', path: '/Users', bulkId: 'u', data: person(who) },
            {
              ...{ method: 'PATCH', path: `/Users/${known(other)}` },
              data: patched({ op: 'add', path: 'phoneNumbers', value: [{ value: `p${unique()}` }] }),
            },
          ],
        });
        expect(status).toBe(200);
        const [, made] = body.Operations;
        if (made.status === '201') ids[who]!.push(made.location.split('/').at(-1));
        return;
      }
    }
  }

  await Promise.all(
    scripts.map(async (steps, by) => {
      for (const each of steps) await Promise.all(Array.from({ length: each.burst }, () => take(by, each)));
    }),
  );
  expect(worlds.flatMap(({ errors }) => errors)).toEqual([]);
  expect(sent.filter(({ answer }) => answer.status >= 500)).toEqual([]);
  await check(spaces[0], sent, all.body.id);
  const told = new Map<string, number>();
  for (const { kind, answer } of sent) {
    const name = `${kind} ${answer.status}`;
    told.set(name, (told.get(name) ?? 0) + 1);
  }
  return told;
}

async function check({ tenant, connection, send }: Workspace, sent: readonly Sent[], everybody: string): Promise<void> {
  const rows = (text: string) => opened[0]!.withTenant(tenant, (transaction) => transaction.query(text, [tenant]));
  const resources = await rows(`select r.id, r.resource_type as type, r.attributes, r.version, r.deleted_at, r.active,
    r.external_ids ->> '${connection}' as external_id from workspace.resource r where r.tenant = $1`);
  const here = resources.filter((each) => each['deleted_at'] === null);

  const keys = await rows('select k.attribute, k.value, k.resource from workspace.resource_key k where k.tenant = $1');
  const expectedKeys = here.flatMap(({ id, type, attributes, external_id: externalId }) => [
    ...(type === 'User' ? [`userName ${foldCase(attributes.userName)} ${id}`] : []),
    ...(externalId === null ? [] : [`externalId ${externalId} ${id}`]),
  ]);
  const own = keys.filter(({ attribute }) => ['userName', 'externalId'].includes(attribute));
  expect(own.map(({ attribute, value, resource }) => `${attribute} ${value} ${resource}`).sort()).toEqual(
    expectedKeys.sort(),
  );

  const counts = await rows(
    'select c.resource_type as type, sum(c.resources)::integer as many from workspace.resource_count c where c.tenant = $1 group by 1',
  );
  for (const { type, many } of counts)
    expect([type, many]).toEqual([type, here.filter((r) => r['type'] === type).length]);

  const events = await rows(`select o.resource, o.version, o.event, o.payload ->> 'request' as request
    from workspace.outbox o where o.tenant = $1 order by o.resource, o.version`);
  const ofResource = Map.groupBy(events, ({ resource }) => resource as string);
  for (const { id, version, deleted_at: gone } of resources) {
    const own = ofResource.get(id) ?? [];
    expect(own.map((each) => each['version'])).toEqual(own.map((_, index) => index + 1));
    expect([id, own.length]).toEqual([id, version + (gone === null ? 0 : 1)]);
    expect(own[0]!['event']).toBe('created');
    expect(own.filter(({ event }) => event === 'deleted').length).toBe(gone === null ? 0 : 1);
  }

  const journal = await rows(
    'select j.id, j.status, j.changed, j.resource, j.request_body, j.operation from workspace.request_journal j where j.tenant = $1',
  );
  const records = Map.groupBy(journal, ({ id }) => id as string);
  const eventsOf = Map.groupBy(events, ({ request }) => request as string);
  for (const { kind, answer } of sent) {
    const request = answer.headers.get('x-request-id')!;
    expect([kind, records.get(request)?.map(({ status }) => status)]).toEqual([kind, [answer.status]]);
    if (answer.status >= 300) expect([kind, eventsOf.get(request)]).toEqual([kind, undefined]);
    else if (['create', 'delete', 'phone', 'replace', 'match'].includes(kind))
      expect(eventsOf.get(request)).toHaveLength(1);
  }
  // And none but of a request that was recorded as a change.
  for (const { request } of events) expect(records.get(request)?.map(({ changed }) => changed)).toEqual([true]);

  // Each change was made to what the one before had left.
  for (const { id, type, attributes } of here) {
    if (type !== 'User') continue;
    let phones: string[] = [];
    let active = true;
    for (const { request } of ofResource.get(id)!) {
      const { operation, request_body: body } = records.get(request)![0]!;
      if (operation === 'create') continue;
      const read = JSON.parse(body);
      if (operation === 'replace') {
        phones = read.phoneNumbers.map((each: { value: string }) => each.value);
      }
      for (const { path, value } of read.Operations ?? []) {
        if (path === 'phoneNumbers') phones.push(value[0].value);
        if (value.active !== undefined) active = value.active;
      }
    }
    const { body } = await send('GET', `/Users/${id}`);
    expect((body.phoneNumbers ?? []).map((each: { value: string }) => each.value)).toEqual(phones);
    expect([attributes.active, body.active]).toEqual([active, active]);
  }

  const misjoined = await rows(`select f.resource, f.value, k.resource as who from workspace.resource_reference f
    join workspace.resource_key k on k.tenant = f.tenant
      and ((k.attribute = 'userName' and k.value = f.name) or (k.attribute = 'externalId' and k.value = f.value))
    where f.tenant = $1 and f.target is null`);
  expect(misjoined).toEqual([]);
  const dangling = await rows(`select f.resource, f.value from workspace.resource_reference f
    join workspace.resource r on r.tenant = f.tenant and r.id = f.target where f.tenant = $1 and r.deleted_at is not null`);
  expect(dangling).toEqual([]);
  const members = await rows(
    `select f.target from workspace.resource_reference f where f.tenant = $1 and f.resource = '${everybody}' and f.target is not null`,
  );
  expect(members.map(({ target }) => target).sort()).toEqual(
    here.flatMap(({ id, type }) => (type === 'User' ? [id] : [])).sort(),
  );

  // Who is told that something is taken, or not there, could have been told so by some order.
  const givenAt = (name: 'userName' | 'externalId', value: string) =>
    sent.filter(({ kind, body, answer }) => {
      if (kind === 'bulk') return JSON.stringify(body).includes(`"${name}":"${value}"`);
      if (answer.status >= 300) return false;
      const { Operations, ...plain } = (body ?? {}) as { Operations?: { value: JsonObject }[] } & JsonObject;
      return plain[name] === value || Operations?.some((each) => each.value[name] === value) === true;
    });
  for (const { kind, from, to, path, body, answer } of sent) {
    if (answer.status === 404) {
      const gone = sent.some((d) => d.kind === 'delete' && d.path === path && d.answer.status === 204 && d.from < to);
      expect([kind, gone || path.includes('0198c0de-0000')]).toEqual([kind, true]);
    }
    if (kind !== 'create' || answer.status !== 409) continue;
    const { userName, externalId } = body as { userName: string; externalId: string };
    const holders = [...givenAt('userName', userName), ...givenAt('externalId', externalId)].filter((each) => {
      if (each.from >= to) return false;
      const id = each.answer.body?.id;
      const end = sent.find((d) => d.kind === 'delete' && d.path === `/Users/${id}` && d.answer.status === 204);
      return end === undefined || end.to > from;
    });
    expect(holders.length).toBeGreaterThan(0);
  }
}

test('sixteen clients on eight people leave what some order of their requests would have left', async () => {
  const told = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const [scripts] = fc.sample(script, { seed, numRuns: 1 });
      for (const [name, many] of await play(scripts!)) told.set(name, (told.get(name) ?? 0) + many);
    }),
    { numRuns: runs(5), endOnFailure: true },
  );
  // Nothing is proven by requests that are all refused.
  for (const name of ['create 201', 'create 409', 'phone 200', 'replace 200', 'delete 204', 'rename 200', 'bulk 200'])
    expect([name, told.get(name) ?? 0]).toEqual([name, expect.toSatisfy((many: number) => many > 0)]);
}, 600_000);
