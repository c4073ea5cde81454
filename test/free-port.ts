// A port for a server that is started later and for long. Below those that systems give to outgoing connections (Linux:
// 32768 on, others: 49152 on): one of those, free now, may be some connection's own when the server starts.
// Talks to: loopback.

import { once } from 'node:events';
import { createServer } from 'node:net';

const [lowest, highest] = [10_000, 32_000];

export async function freePort(): Promise<number> {
  const port = lowest + Math.floor(Math.random() * (highest - lowest));
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return freePort();
  }
  server.close();
  await once(server, 'close');
  return port;
}
