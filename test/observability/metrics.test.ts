// What a scrape says after some requests: names, labels, and that no tenant, person or address is among them.

import { expect, it } from 'vitest';
import { createMetrics, outcomeOf } from '../../src/observability/metrics.ts';
import { listenForMetrics } from '../../src/observability/metrics-site.ts';
import type { RequestRecord } from '../../src/scim/request-record.ts';

function record(client: string, resourceType: string | undefined, token?: string): RequestRecord {
  return {
    ...{ id: '1', at: '2026-11-25T09:00:00.000Z', client, remoteAddress: '192.0.2.1', method: 'GET', path: '/acme/x' },
    ...{ pathTemplate: '/Users', status: 200, durationMs: 3, ...(token ? { token } : {}) },
    facts: {
      ...{ operation: 'list', changes: [], references: [], outcomes: [], rewrites: [], ignored: [] },
      ...(resourceType ? { resourceType } : {}),
    },
  };
}

it.each([
  [200, 'accepted'],
  [304, 'accepted'],
  [400, 'refused'],
  [401, 'unauthenticated'],
  [429, 'limited'],
  [500, 'failed'],
  [503, 'unavailable'],
])('%i is %s', (status, outcome) => {
  expect(outcomeOf(status)).toBe(outcome);
});

it('counts SCIM by resource, operation, outcome and client, and says when a client was last here', async () => {
  const metrics = createMetrics();
  metrics.scim(200, 12, record('OneLogin', 'User', 'token'));
  metrics.scim(200, 8, record('OneLogin', 'User', 'token'));
  metrics.scim(401, 1, undefined);
  metrics.ssoLogin('workspace', 'signed-in');
  metrics.http({ site: 'workspace', method: 'BREW', status: 200, durationMs: 4 });
  metrics.watchTasks(async () => new Map([['provisioned', 3]]));
  metrics.watchQueues(async () => {
    throw new Error('away');
  });
  const text = await metrics.text();
  for (const line of [
    'scim_requests_total{resource="User",operation="list",outcome="accepted",idp="OneLogin"} 2',
    'scim_requests_total{resource="none",operation="unknown",outcome="unauthenticated",idp="Unknown"} 1',
    'scim_request_duration_seconds_sum{resource="User",operation="list"} 0.02',
    'scim_connection_last_request_timestamp_seconds{idp="OneLogin"} 1764061200',
    'sso_logins_total{site="workspace",outcome="signed-in"} 1',
    'http_server_request_duration_seconds_count{site="workspace",http_request_method="_OTHER",http_response_status_code="200"} 1',
    'provisioning_tasks{state="provisioned"} 3',
  ])
    expect(text).toContain(line.replace('1764061200', String(Date.parse('2026-11-25T09:00:00Z') / 1_000)));
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect(text).not.toMatch(/acme|192\.0\.2\.1|^jobs_queue_depth\{/m);
});

it('resource types that tenants define do not grow the series without end', async () => {
  const metrics = createMetrics();
  for (let n = 0; n < 100; n += 1) metrics.scim(200, 1, record('Generic', `Type${n}`));
  const series = (await metrics.text()).match(/^scim_requests_total\{/gm);
  expect(series).toHaveLength(21);
});

it('answers at /metrics alone', async () => {
  const site = await listenForMetrics(createMetrics(), { port: 0, host: '127.0.0.1' });
  try {
    const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${site.port}${path}`, { method });
    const answer = await ask('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/metrics', 'POST')).status).toBe(404);
  } finally {
    await site.stop();
  }
});
