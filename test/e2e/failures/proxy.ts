// What stands between the ends and misbehaves on request: passes everything on, and spoils the answers it is told to.
// Talks to: loopback.

import { once } from 'node:events';
import http from 'node:http';

export interface Seen {
  method: string;
  /** Path and query. */
  path: string;
  /** Whether it is SCIM, as opposed to pages and the admin API. */
  isScim: boolean;
}

/** `answer`: instead of the workspace. `cut`: the wire, before the workspace hears of it or after it has committed. */
export type Spoiling =
  | { answer: { status: number; headers?: Record<string, string>; body?: string } }
  | { cut: 'before' | 'after'; onCut?: () => Promise<void> };

export interface SpoilingProxy {
  readonly origin: string;
  /** The port behind it. */
  target: number;
  /** Asked for every request; undefined passes it on. */
  spoil: (request: Seen) => Spoiling | undefined | Promise<Spoiling | undefined>;
  /** SCIM requests so far. */
  readonly seen: Seen[];
  close(): Promise<void>;
}

export async function openProxy(): Promise<SpoilingProxy> {
  const seen: Seen[] = [];
  const server = http.createServer(async (incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming;
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request = { method, path, isScim: path.includes('/scim/v2') };
    if (request.isScim) seen.push(request);
    const spoiling = await proxy.spoil(request);
    if (spoiling && 'answer' in spoiling) {
      const { status, headers: spoiled = {}, body = '' } = spoiling.answer;
      outgoing.writeHead(status, spoiled).end(body);
      return;
    }
    const cut = async () => {
      await spoiling?.onCut?.();
      incoming.socket.destroy();
    };
    if (spoiling?.cut === 'before') return cut();
    const onward = http.request({ host: '127.0.0.1', port: proxy.target, method, path, headers, agent: false });
    onward.on('error', () => incoming.socket.destroy());
    onward.on('response', (response) => {
      response.on('error', () => incoming.socket.destroy());
      if (spoiling) {
        // Its answer is there, so it has committed.
        response.resume().on('end', cut);
        return;
      }
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    onward.end(Buffer.concat(chunks));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const proxy: SpoilingProxy = {
    origin: `http://workspace.localhost:${port}`,
    target: 0,
    spoil: () => undefined,
    seen,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return proxy;
}

/** Settings of a server whose workspace is reached through the proxy. */
export function behind(proxy: SpoilingProxy): { workspaceOrigin: (port: number) => string } {
  return {
    workspaceOrigin(port) {
      proxy.target = port;
      return proxy.origin;
    },
  };
}
