// The client of the admin APIs: what it sends, and that every failure is a Problem with a kind.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineRoutes } from '../../../src/contract/route.ts';
import { callRoute, type Problem } from '../../../web/ui/api.ts';

const routes = defineRoutes({
  person: {
    method: 'GET',
    path: '/api/people/:id',
    access: 'member',
    query: z.object({ search: z.string().optional(), page: z.number().optional() }),
    answer: z.object({ name: z.string() }),
  },
  rename: { method: 'PATCH', path: '/api/settings', access: 'admin', body: z.object({ name: z.string() }) },
});

function answer(status: number, body: string) {
  const sent: [string, RequestInit][] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    sent.push([path, init]);
    return new Response(status === 204 ? null : body, { status });
  });
  return sent;
}

async function problemOf(call: Promise<unknown>): Promise<Problem> {
  return call.then(
    () => expect.unreachable('The call was answered.'),
    (error) => error,
  );
}

afterEach(() => vi.unstubAllGlobals());

describe('a call', () => {
  it('fills the path, leaves empty queries out, parses the answer', async () => {
    const sent = answer(200, '{"name":"Ada","more":1}');
    const call = { params: { id: 'a/b' }, query: { search: '', page: 2 } };
    expect(await callRoute(routes.person, call)).toEqual({ name: 'Ada' });
    expect(sent[0]?.[0]).toBe('/api/people/a%2Fb?page=2');
    expect(sent[0]?.[1]).toMatchObject({ method: 'GET', credentials: 'same-origin', redirect: 'error' });
  });

  it('sends JSON, and a route without an answer gives none', async () => {
    const sent = answer(204, '');
    expect(await callRoute(routes.rename, { body: { name: 'Acme' } })).toBeUndefined();
    expect(sent[0]?.[1]).toMatchObject({
      method: 'PATCH',
      body: '{"name":"Acme"}',
      headers: { 'content-type': 'application/json' },
    });
  });
});

describe('a failure', () => {
  it.each([
    [
      409,
      '{"type":"/problems/conflict","title":"Conflict","status":409,"detail":"Omar was first.","instance":"r1"}',
      { kind: 'conflict', status: 409, detail: 'Omar was first.', requestId: 'r1' },
    ],
    [
      403,
      '{"type":"/problems/not-allowed","title":"t","status":403,"detail":"d","whoCan":["Dana"]}',
      { kind: 'not-allowed', whoCan: ['Dana'] },
    ],
    [502, '<html>Bad gateway</html>', { kind: 'internal', status: 502, detail: '' }],
    [200, '{"nome":"Ada"}', { kind: 'unexpected-answer', status: 200 }],
    [200, 'Ada', { kind: 'unexpected-answer', status: 200 }],
  ])('%i %s', async (status, body, expected) => {
    answer(status, body);
    expect(await problemOf(callRoute(routes.person, { params: { id: '1' } }))).toMatchObject(expected);
  });

  it('is one too when the server cannot be reached', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch');
    });
    expect(await problemOf(callRoute(routes.person))).toMatchObject({ kind: 'unreachable', status: 0 });
  });

  it('is not one when the page itself gave up', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new DOMException('gone', 'AbortError');
    });
    expect(await problemOf(callRoute(routes.person))).toBeInstanceOf(DOMException);
  });
});
