// A third resource type from the command line, on a running server and without a restart.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectFolder } from '../../src/config.ts';
import { type Server, startServer } from '../server.ts';
import { until } from '../until.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer({ arguments: ['--no-demo', '--only', 'workspace'] });
});
afterAll(() => server.remove());

const example = (file: string) => join(projectFolder, 'docs/examples/agent', file);

it('is defined, listed, and answers', async () => {
  await server.command('workspace', 'create', 'acme', '--name', 'Acme', '--plan', 'plus');
  const { token, baseUrl } = JSON.parse(await server.command('token', 'create', 'acme', '--json')) as {
    token: string;
    baseUrl: string;
  };
  const send = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${baseUrl.replace('workspace.localhost', '127.0.0.1')}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    // biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for.
    return { status: response.status, body: (await response.json()) as any };
  };
  expect((await send('GET', '/Agents')).status).toBe(404);
  await server.command('schema', 'add', 'acme', example('schema.json'));
  expect(await server.command('resource-type', 'add', 'acme', example('resource-type.json'))).toContain('/Agents');
  expect(await server.command('resource-type', 'list', 'acme')).toMatch(/Agent +\/Agents/);
  const { id } = JSON.parse(readFileSync(example('schema.json'), 'utf8')) as { id: string };
  expect(await server.command('schema', 'list', 'acme')).toContain(id);
  await until(async () => (await send('GET', '/Agents')).status === 200);
  const made = await send('POST', '/Agents', { agentUserName: 'triage' });
  expect([made.status, made.body.schemas]).toEqual([201, [id]]);
  await expect(server.command('resource-type', 'remove', 'acme', 'Agent')).rejects.toThrow('There are resources');
});
