// What `doctor` says of a public address, by what comes back from it.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { adviceFor, judge, reach } from '../../src/cli/reach.ts';

const people = new URL('https://people.example');

it.each<[URL, string, boolean, RegExp]>([
  [new URL('http://localhost:8080'), 'ECONNREFUSED', true, /is not running/],
  [people, 'ECONNREFUSED', false, /refuses connections on port 443: start the reverse proxy/],
  [new URL('https://people.example:8443'), 'ECONNREFUSED', false, /on port 8443/],
  [people, 'ENOTFOUND', false, /leads nowhere: add it to your DNS, or correct PUBLIC_URL/],
  [people, 'DEPTH_ZERO_SELF_SIGNED_CERT', false, /certificate of people\.example is not trusted/],
  [people, 'ERR_TLS_CERT_ALTNAME_INVALID', false, /certificate/],
  [people, 'TimeoutError', false, /does not answer on port 443 \(TimeoutError\)/],
])('%s: %s', (url, code, ok, sentence) => {
  const advice = adviceFor(url, code, 'PUBLIC_URL');
  expect(advice.ok).toBe(ok);
  expect(advice.sentence).toMatch(sentence);
});

it.each<[number, string, boolean, RegExp]>([
  [200, '{"status":"alive"}', true, /^Answers at https:\/\/people\.example\.$/],
  [200, '<html>It works!</html>', false, /not as Rollcall does/],
  [301, '', false, /leads elsewhere/],
  [404, '', false, /answers \/healthz with 404/],
  [502, '', false, /it does not reach Rollcall/],
])('an answer of %i %s', (status, body, ok, sentence) => {
  const found = judge(people, status, body, 'PUBLIC_URL');
  expect(found.ok).toBe(ok);
  expect(found.sentence).toMatch(sentence);
});

it('asks over the network', async () => {
  const server = createServer((_request, response) => response.end('{"status":"alive"}')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  expect(await reach(origin, 'PUBLIC_URL')).toEqual({ ok: true, sentence: `Answers at ${origin}.` });
  server.close();
  await once(server, 'close');
  expect(await reach(origin, 'PUBLIC_URL')).toMatchObject({ ok: false });
});
