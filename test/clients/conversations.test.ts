// Every recorded conversation of every client over the entrance, against the real store.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientProfiles } from '../../src/profiles/clients/index.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld, type World } from '../http/scim/world.ts';
import { type Exchange, recordings, replay, slugOf } from './conversation.ts';

let database: TestDatabase;
let world: World;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
});
afterAll(() => database.drop());

describe.each(recordings)('$file', (recording) => {
  const { client, conversation } = recording;
  test(conversation.given, async () => {
    const workspace = world.workspace(slugOf(recording));
    if (conversation.known) workspace.owner = { ...workspace.owner, client, pinned: conversation.known === 'pinned' };
    await replay(recording, {
      send: workspace.send,
      client: async () => workspace.owner.client,
      faults: () => world.errors,
    });
  });
});

const sends = ({ request }: Exchange, methods: string, place: RegExp) =>
  methods.split(' ').includes(request.method) && place.test(request.path);
const answers = (exchange: Exchange, active: boolean) =>
  sends(exchange, 'PUT PATCH', /^\/Users\//) && (exchange.expect.body as { active?: boolean })?.active === active;
const isDone = ({ expect: { status } }: Exchange) => status < 300;

const life: readonly (readonly [string, (exchange: Exchange) => boolean])[] = [
  ['looks somebody up or lists', (each) => sends(each, 'GET', /^\/Users(?:\?|$)/) && isDone(each)],
  ['creates', (each) => sends(each, 'POST', /^\/Users/) && isDone(each)],
  [
    'renames',
    (each) => sends(each, 'PUT PATCH', /^\/Users\//) && JSON.stringify(each.expect.body ?? '').includes('"userName"'),
  ],
  ['deactivates', (each) => answers(each, false)],
  ['reactivates', (each) => answers(each, true)],
  ['deletes', (each) => sends(each, 'DELETE', /./) && isDone(each)],
  ['makes a group', (each) => sends(each, 'POST', /^\/Groups/) && isDone(each)],
  ['changes members', (each) => sends(each, 'PUT PATCH', /^\/Groups\//) && isDone(each)],
  ['is refused', ({ expect: { status } }) => status >= 400],
];

/** What a client does not do. */
const never: Readonly<Record<string, readonly string[]>> = { google: ['makes a group', 'changes members'] };

test.each(clientProfiles)('the conversations of $id are those of a whole life', ({ id }) => {
  const exchanges = recordings
    .filter(({ client }) => client === id)
    .flatMap(({ conversation }) => conversation.exchanges);
  const missing = life.filter(([, shows]) => !exchanges.some(shows)).map(([what]) => what);
  expect(missing).toEqual(never[id] ?? []);
});

test('every client has conversations, and every folder is a client', () => {
  const folders = new Set(recordings.map(({ client }) => client));
  expect([...folders].sort()).toEqual(clientProfiles.map(({ id }) => id).sort());
});
