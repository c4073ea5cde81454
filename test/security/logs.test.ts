// What a running server writes while it is spoken to (C34, T11): a real process at its most talkative log level.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createScimToken } from '../../src/secrets/scim-token.ts';
import { type Server, startServer } from '../server.ts';

const canary = 'canary-4f1d';
const token = createScimToken();
let server: Server;
beforeAll(async () => {
  server = await startServer({
    environment: { LOG_LEVEL: 'trace' },
    workspaceOrigin: (port) => `http://localhost:${port}`,
  });
  const filter = encodeURIComponent(`userName eq "${canary}@acme.example"`);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/scim+json',
    'x-canary': canary,
    referer: `http://localhost/?${canary}`,
    'user-agent': canary,
  };
  const body = JSON.stringify({ userName: canary, password: canary });
  for (const [method, path] of [
    ['GET', `/acme/scim/v2/Users?filter=${filter}`],
    ['GET', `/acme/scim/v2/Users?access_token=${token}`],
    ['POST', `/acme/scim/v2/Users?${canary}`],
    ['PATCH', `/acme/scim/v2/Users/x?${canary}=1`],
    ['POST', '/api/sign-in'],
    ['GET', `/api/people?search=${canary}`],
    ['GET', `/%E0%A4%A?${canary}`],
    ['POST', `/acme/saml/acs?SAMLResponse=${canary}`],
  ] as const) {
    const response = await fetch(`${server.workspace}${path}`, {
      method,
      headers,
      ...(method === 'GET' ? {} : { body }),
    });
    expect(response.status, path).toBeLessThan(500);
    const answer = `${await response.text()}${JSON.stringify([...response.headers])}`;
    expect(answer).not.toContain(token);
  }
  await server.stop();
});
afterAll(() => server.remove());

test('C34: the log has a line for every request, and neither filters nor names in it', () => {
  expect(server.output()).toContain('/acme/scim/v2/Users');
  expect(server.output()).not.toContain(canary);
  expect(server.output()).not.toContain('filter');
});

test('T11: no token stands in the log, whole or in part', () => {
  expect(server.output()).toContain('"method":"PATCH"');
  expect(server.output()).not.toContain(token.split('_')[2]);
  expect(server.output()).not.toMatch(/authorization|bearer/i);
});
