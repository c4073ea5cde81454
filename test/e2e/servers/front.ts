// A reverse proxy as one stands before several processes: it sends to whoever says at /readyz that it is ready, keeps its
// connections, and tries another only where the first refused the connection, because then nothing was sent.
// Talks to: loopback.

import { once } from 'node:events';
import http from 'node:http';

export interface Front {
  port: number;
  /** Resolves when the target answers that it is ready. */
  isReady(port: number): boolean;
  close(): Promise<void>;
}

const lookEveryMs = 50;
/** A server that says it is not ready, or refuses, is believed at once; one that is only slow must be so three times. */
const slowToFall = 3;

interface Target {
  port: number;
  isReady: boolean;
  /** Looks in a row without an answer in time. */
  slow: number;
  agent: http.Agent;
}

/** Asks on a connection of its own: it must not be the last request of one that is kept. */
function looks(target: Target): Promise<void> {
  return new Promise((resolve) => {
    let isSlow = false;
    const settle = (isReady: boolean) => {
      target.slow = isSlow ? target.slow + 1 : 0;
      target.isReady = isSlow ? target.isReady && target.slow < slowToFall : isReady;
      resolve();
    };
    const asked = http.get({ host: '127.0.0.1', port: target.port, path: '/readyz', agent: false, timeout: 2_000 });
    asked.on('response', (response) => {
      response.resume();
      settle(response.statusCode === 200);
    });
    asked.on('timeout', () => {
      isSlow = true;
      asked.destroy();
    });
    asked.on('error', () => settle(false));
  });
}

export async function openFront(ports: readonly number[]): Promise<Front> {
  const targets: Target[] = ports.map((port) => ({
    port,
    isReady: false,
    slow: 0,
    agent: new http.Agent({ keepAlive: true }),
  }));
  const look = () => Promise.all(targets.map(looks));
  await look();
  const timer = setInterval(look, lookEveryMs);
  let turn = 0;

  function pass(incoming: http.IncomingMessage, outgoing: http.ServerResponse, body: Buffer, left: Target[]): void {
    turn += 1;
    const target = left[turn % left.length];
    if (!target) {
      outgoing.writeHead(502).end('nobody is ready');
      return;
    }
    const { method, url: path, headers } = incoming;
    const { connection: _hop, ...kept } = headers;
    const onward = http.request({
      host: '127.0.0.1',
      port: target.port,
      method,
      path,
      headers: kept,
      agent: target.agent,
    });
    onward.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') {
        target.isReady = false;
        pass(
          incoming,
          outgoing,
          body,
          left.filter((each) => each !== target),
        );
        return;
      }
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end(`${target.port}: ${error.message}`);
    });
    onward.on('response', (response) => {
      const { connection: _end, 'keep-alive': _times, ...answered } = response.headers;
      outgoing.writeHead(response.statusCode ?? 502, answered);
      response.on('error', () => outgoing.destroy());
      response.pipe(outgoing);
    });
    onward.end(body);
  }

  const server = http.createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    pass(
      incoming,
      outgoing,
      Buffer.concat(chunks),
      targets.filter(({ isReady }) => isReady),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    isReady: (port) => targets.some((target) => target.port === port && target.isReady),
    async close() {
      clearInterval(timer);
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      for (const { agent } of targets) agent.destroy();
    },
  };
}
