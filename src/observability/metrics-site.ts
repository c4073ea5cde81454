// `/metrics` on a port of its own, never on a public one: what it says is about everybody's work. Talks to: the network.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Metrics } from './metrics.ts';

export interface MetricsSite {
  port: number;
  stop(): Promise<void>;
}

/** @throws an error with a sentence when the port cannot be had */
export async function listenForMetrics(
  metrics: Metrics,
  { port, host }: { port: number; host: string },
): Promise<MetricsSite> {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end('Metrics are at /metrics.\n');
      return;
    }
    try {
      const text = await metrics.text();
      response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
    } catch {
      response.writeHead(500).end();
    }
  });
  server.listen(port, host);
  await once(server, 'listening').catch((error: Error) => {
    throw new Error(
      `Metrics cannot be offered at ${host}:${port}: ${error.message}. Choose another METRICS_PORT or METRICS_HOST.`,
      { cause: error },
    );
  });
  return {
    port: (server.address() as { port: number }).port,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
