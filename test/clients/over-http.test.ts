// Every recorded conversation of every client over HTTP, against a running `rollcall serve` on the database of the project.
// Requests are written byte by byte as they were recorded: a lonely "?" at the end is one of the things that matter.
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScim } from '../../src/service-provider/scim-setup.ts';
import type { WorkspaceStore } from '../../src/service-provider/workspace.ts';
import { createWorkspaceStore } from '../../src/store/workspace/index.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import type { Answer } from '../http/scim/world.ts';
import { type Server, startServer } from '../server.ts';
import { type Recording, recordings, replay, type Site, slugOf } from './conversation.ts';

let database: TestDatabase;
let server: Server;
let store: WorkspaceStore;

beforeAll(async () => {
  database = await createTestDatabase();
  store = createWorkspaceStore(database.open('rollcall_workspace'));
  server = await startServer({ environment: database.environment });
});
afterAll(async () => {
  await server?.remove();
  await database.drop();
});

async function openSite(recording: Recording): Promise<Site> {
  const slug = slugOf(recording).slice(0, 40);
  const actor = { person: null, name: 'test', at: new Date() };
  const tenant = await store.createWorkspace({ slug, name: slug, plan: 'plus' }, actor.at);
  const { token } = await openScim(store, tenant, server.workspace, actor);
  const { known } = recording.conversation;
  if (known === 'pinned') await store.pinClient(tenant, recording.client);
  if (known === 'before')
    await database.asOwner('update workspace.scim_connection set client = $2 where tenant = $1', [
      tenant,
      recording.client,
    ]);
  return {
    send: (method, path, body, headers) => send(`/${slug}/scim/v2${path}`, { method, body, headers, token }),
    client: async () => (await store.scimConnection(tenant))?.client ?? null,
    faults: () => [],
  };
}

interface Sending {
  method: string;
  body: unknown;
  headers: Record<string, string>;
  token: string;
}

async function send(path: string, { method, body, headers, token }: Sending): Promise<Answer> {
  const { host, port } = new URL(server.workspace);
  const content = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const request = httpRequest({
    ...{ host: '127.0.0.1', port, path, method },
    headers: {
      ...{ host, authorization: `Bearer ${token}` },
      ...(content === undefined ? {} : { 'content-length': Buffer.byteLength(content) }),
      ...headers,
    },
  });
  request.end(content);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const answered = await text(response);
  return {
    status: response.statusCode ?? 0,
    headers: new Headers(Object.entries(response.headersDistinct).map(([name, values]) => [name, String(values)])),
    body: answered === '' ? undefined : JSON.parse(answered),
  };
}

describe.each(recordings)('$file', (recording) => {
  test(recording.conversation.given, async () => replay(recording, await openSite(recording)));
});

test('a connection is pinned from the command line and recognised again', async () => {
  const recording = recordings.find(({ client }) => client === 'okta')!;
  const site = await openSite({ ...recording, file: 'pinned-by-command' });
  const pin = (client: string) =>
    server.command('connection', 'pin', '--workspace', 'pinned-by-command', '--client', client);
  expect(await pin('interop')).toBe(
    'pinned-by-command is spoken to as Interop profile client, whatever its requests look like.\n',
  );
  const config = async () =>
    (await site.send('GET', '/ServiceProviderConfig', undefined, { 'user-agent': 'Okta SCIM Client 1.0.0' })).body;
  // What another process changed is known within a second.
  await expect.poll(async () => (await config()).interopProfileConformant).toBe(true);
  expect(await site.client()).toBe('interop');
  expect(await pin('auto')).toBe('The client of pinned-by-command is recognised from its requests.\n');
  await expect.poll(async () => (await config()).interopProfileConformant).toBeUndefined();
  expect(await site.client()).toBe('okta');
  await expect(pin('nobody')).rejects.toThrow(/There is no client "nobody"/);
});
