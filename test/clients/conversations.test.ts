// Every recorded conversation of every client over the entrance, against the real store.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientProfiles } from '../../src/profiles/clients/index.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld, type World } from '../http/scim/world.ts';
import { recordings, replay, slugOf } from './conversation.ts';

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

test('every client has conversations, and every folder is a client', () => {
  const folders = new Set(recordings.map(({ client }) => client));
  expect([...folders].sort()).toEqual(clientProfiles.map(({ id }) => id).sort());
});
