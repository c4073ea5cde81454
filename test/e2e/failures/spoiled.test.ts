// The workspace answers 500, 429, garbage, or commits and cuts the wire: whatever the answers were, both ends say the same
// in the end, and nobody is there twice.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Server, startServer } from '../../server.ts';
import { until } from '../../until.ts';
import { type ConnectedPair, connectedPair, peopleOf, standing, userId } from '../api.ts';
import { behind, openProxy, type Seen, type Spoiling, type SpoilingProxy } from './proxy.ts';

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
const isCreation = ({ method, path }: Seen) => method === 'POST' && path.endsWith('/Users');

/** Spoils the next request that fits, and no other. */
function spoilNext(fits: (request: Seen) => boolean, spoiling: Spoiling): void {
  let isSpent = false;
  proxy.spoil = (request) => {
    if (isSpent || !request.isScim || !fits(request)) return undefined;
    isSpent = true;
    return spoiling;
  };
}

const json = { 'content-type': 'application/scim+json' };
const rows: [person: string, what: string, spoiling: Spoiling, error: RegExp][] = [
  [
    'hana.kim',
    '500',
    { answer: { status: 500, headers: json, body: '{"status":"500","detail":"Out of paper."}' } },
    /^Acme workspace answered 500\. Out of paper\.$/,
  ],
  [
    'kai.brandt',
    '429 with Retry-After',
    { answer: { status: 429, headers: { ...json, 'retry-after': '2' } } },
    /^Acme workspace answered 429\./,
  ],
  [
    'noor.aziz',
    'garbage',
    { answer: { status: 502, body: '<html>Bad gateway' } },
    /^Acme workspace answered 502\. It answered 502\.$/,
  ],
  [
    'pia.lund',
    'the wire is cut before it hears',
    { cut: 'before' },
    /^workspace\.localhost:\d+ closed the connection before it had answered\.$/,
  ],
  [
    'rui.costa',
    'it commits and the wire is cut',
    { cut: 'after' },
    /^workspace\.localhost:\d+ closed the connection before it had answered\.$/,
  ],
];
it.each(rows)('%s: %s on creation; the row says so, and it comes right', async (person, _what, spoiling, error) => {
  const id = await userId(pair.identity, person);
  spoilNext(isCreation, spoiling);
  await assign(id);
  const failed = await until(
    () => standing(pair, id),
    (row) => row?.status === 'queued' && row.error !== null,
  );
  expect(failed).toMatchObject({ error: expect.stringMatching(error), nextAttemptAt: expect.any(String) });
  const done = await until(
    () => standing(pair, id),
    (row) => row?.status === 'provisioned',
  );
  expect(done?.error).toBeNull();
  expect((await peopleOf(pair)).get(`${person}@acme.example`)).toMatchObject({ id: done?.remoteId });
});

it('success that is garbage: the account is looked up, found and kept', async () => {
  const id = await userId(pair.identity, 'chen.wei');
  spoilNext(isCreation, { answer: { status: 201, body: 'Thank you!' } });
  await assign(id);
  const failed = await until(
    () => standing(pair, id),
    (row) => row?.error !== null,
  );
  expect(failed?.error).toBe('Acme workspace answered 201, but the account cannot be found there.');
  await until(
    () => standing(pair, id),
    (row) => row?.status === 'provisioned',
  );
  expect((await peopleOf(pair)).get('chen.wei@acme.example')).toMatchObject({ source: { kind: 'scim' } });
});

it('a storm over everybody: every third answer is spoiled, 41 people are there once, in their teams', async () => {
  const kinds = rows.map(([, , spoiling]) => spoiling);
  let count = 0;
  let spoiled = 0;
  proxy.spoil = ({ isScim }) => {
    count += isScim ? 1 : 0;
    // The storm ends, as storms do.
    if (!isScim || count % 3 !== 0 || spoiled === 40) return undefined;
    spoiled += 1;
    return kinds[spoiled % kinds.length];
  };
  await pair.identity('startBulk', { body: { who: { kind: 'everyone' }, operation: 'assign-app', app: pair.app } });
  const counts = () => pair.identity('app', { parameters: { id: pair.app } }).then(({ app }) => app.counts);
  const retryAll = async () => {
    const { tasks } = await pair.identity('tasks');
    const ids = tasks.map(({ assignment }) => assignment.id);
    if (ids.length > 0) await pair.identity('retry', { body: { ids } });
    return counts();
  };
  const settled = await until(retryAll, ({ provisioned }) => provisioned === 41);
  expect(settled).toMatchObject({ failed: 0, held: 0, moving: 0 });
  expect(spoiled).toBe(40);
  const people = await peopleOf(pair);
  expect(people.size).toBe(41);
  const { groups } = await pair.identity('groups');
  const { groups: at } = await pair.identity('appGroups', { parameters: { id: pair.app } });
  const { teams } = await pair.workspace('teams');
  const sizes = (list: { name: string; members: number }[]) => list.map(({ name, members }) => [name, members]).sort();
  expect(sizes(at)).toEqual(sizes(groups));
  expect(sizes(teams)).toEqual(sizes(groups));
});
