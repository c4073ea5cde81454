// How a site stops: it goes on answering for a while, each answer the last of its connection; what is in flight is
// finished; a stream is not waited for.

import { once } from 'node:events';
import http from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { type Fetch, type Listening, listen } from '../../src/http/listen.ts';

const agents: http.Agent[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

const start = (fetch: Fetch) =>
  listen({ name: 'workspace', port: 0, host: '127.0.0.1', fetch, now: () => 0, log: () => {} });

function keepAlive(): http.Agent {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

async function ask({ port }: Listening, agent: http.Agent) {
  const request = http.get({ host: '127.0.0.1', port, agent });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const { localPort } = request.socket ?? {};
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode, connection: response.headers.connection, localPort };
}

it('while it stops it answers, and says that the answer is the last of its connection', async () => {
  const site = await start(() => new Response('here'));
  const agent = keepAlive();
  const [first, second] = [await ask(site, agent), await ask(site, agent)];
  expect(second).toMatchObject({ status: 200, connection: 'keep-alive', localPort: first.localPort });
  const stopped = site.stop(300);
  const third = await ask(site, agent);
  expect(third).toMatchObject({ status: 200, connection: 'close', localPort: first.localPort });
  const fourth = await ask(site, agent);
  expect(fourth).toMatchObject({ status: 200, connection: 'close' });
  expect(fourth.localPort).not.toBe(first.localPort);
  await stopped;
  await expect(ask(site, keepAlive())).rejects.toThrow('ECONNREFUSED');
});

it('what is in flight is finished, and its connection ends with it', async () => {
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const site = await start(async () => {
    arrived();
    await asked;
    return new Response('late');
  });
  const late = ask(site, keepAlive());
  await arrival;
  const stopped = site.stop(0);
  answer();
  expect(await late).toMatchObject({ status: 200, connection: 'close' });
  await stopped;
});

it('a stream of events is cut, not waited for', async () => {
  const stream = () =>
    new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(': here\n\n')) });
  const site = await start(() => new Response(stream(), { headers: { 'content-type': 'text/event-stream' } }));
  const request = http.get({ host: '127.0.0.1', port: site.port });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.on('error', () => {});
  response.resume();
  const cut = new Promise((resolve) => response.once('close', resolve));
  await Promise.all([cut, site.stop(0)]);
});
