// A site on a port: node:http below, `(Request) => Response` above, one log line a request, a stop that waits.
// Talks to: the network. The log never carries a query string, a header or a body.

import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { isIP } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import type { RequestFacts } from './api.ts';
import { pathnameOf } from './path.ts';

export type Fetch = (request: Request, bindings: unknown) => Response | Promise<Response>;

export interface RequestLine {
  site: string;
  id: string;
  method: string;
  /** Path without query. */
  path: string;
  status: number;
  durationMs: number;
  remoteAddress: string;
}

export interface ListenOptions {
  name: string;
  port: number;
  /** Interface; undefined listens on the loopback addresses, IPv4 and IPv6. */
  host: string | undefined;
  fetch: Fetch;
  now(): number;
  log(line: RequestLine): void;
}

export interface Listening {
  port: number;
  /**
   * Goes on answering for `drainMs`, each answer the last of its connection; then refuses new connections, waits for
   * requests in flight (at most 10 s) and ends the rest.
   */
  stop(drainMs: number): Promise<void>;
}

/** The port is taken. */
export class PortTaken extends Error {
  override name = 'PortTaken';
}

/** A one-time link's secret stands in its path: what is logged is the path without it. */
function loggedPath(url: string): string {
  return pathnameOf(url).replace(/\/link\/[^/]+/, '/link/:token');
}

/** A stream of events never ends by itself; a stop does not wait for it. */
function isEndless(response: Response | undefined): boolean {
  return response?.headers.get('content-type')?.startsWith('text/event-stream') === true;
}

const idOf = new WeakMap<Request, string>();

/** What a handler may know of the connection. X-Forwarded-For counts only from a trusted proxy (A14). */
export function createFactsOf(
  trustedProxies: readonly string[],
): (request: Request, bindings: unknown) => RequestFacts {
  return (request, bindings) => {
    const socket = (bindings as HttpBindings | undefined)?.incoming?.socket;
    const direct = (socket?.remoteAddress ?? '').replace(/^::ffff:/, '');
    const forwarded = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
    const remoteAddress = trustedProxies.includes(direct) && isIP(forwarded) !== 0 ? forwarded : direct;
    return {
      remoteAddress,
      get isLocal() {
        const { hostname } = new URL(request.url);
        const isLoopback = remoteAddress === '::1' || remoteAddress.startsWith('127.');
        const namesLocal =
          hostname === 'localhost' ||
          hostname.endsWith('.localhost') ||
          hostname === '127.0.0.1' ||
          hostname === '[::1]';
        return isLoopback && namesLocal;
      },
      id: idOf.get(request) ?? randomUUID(),
    };
  };
}

function bind(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as { port: number }).port);
    });
  });
}

/** Starts listening. @throws {PortTaken} with a sentence */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { name, fetch, now, log } = options;
  // An answer is in flight until its last byte is out: one that is made is not yet one that was given.
  const inFlight = new Set<{ response?: Response }>();
  let isDraining = false;
  let idle = () => {};
  const tellIdle = () => {
    if (![...inFlight].some(({ response }) => !isEndless(response))) idle();
  };
  const answer = async (request: Request, bindings: unknown): Promise<Response> => {
    const started = now();
    const id = randomUUID();
    idOf.set(request, id);
    const { incoming, outgoing } = bindings as HttpBindings;
    const flight: { response?: Response } = {};
    inFlight.add(flight);
    outgoing.once('close', () => {
      inFlight.delete(flight);
      if (isDraining) tellIdle();
    });
    const response = await fetch(request, bindings);
    flight.response = response;
    if (isDraining) {
      // Who keeps a connection to us must not send on it just when it is closed: the answer says that it was the last.
      response.headers.set('connection', 'close');
      tellIdle();
    }
    log({
      site: name,
      id,
      method: request.method,
      path: loggedPath(request.url),
      status: response.status,
      durationMs: Math.round(now() - started),
      remoteAddress: incoming.socket.remoteAddress ?? '',
    });
    return response;
  };
  const create = () => createAdaptorServer({ fetch: answer }) as Server;
  const servers = [create()];
  let port: number;
  try {
    port = await bind(servers[0] as Server, options.port, options.host ?? '127.0.0.1');
    if (options.host === undefined) {
      const second = create();
      // A machine without IPv6 has no ::1; that is fine.
      await bind(second, port, '::1').then(
        () => servers.push(second),
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EADDRINUSE') throw error;
        },
      );
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    for (const server of servers) server.close();
    throw new PortTaken(
      `Port ${options.port} is in use by another program. Stop it, or choose another port: ${name === 'workspace' ? 'PORT' : 'IDENTITY_PORT'}=${options.port + 10} npm start (the other end remembers the address).`,
    );
  }
  return {
    port,
    async stop(drainMs) {
      isDraining = true;
      if (drainMs > 0) await new Promise((resolve) => setTimeout(resolve, drainMs));
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const server of servers) server.closeIdleConnections();
      await Promise.race([
        new Promise<void>((resolve) => {
          idle = resolve;
          tellIdle();
        }),
        new Promise((resolve) => setTimeout(resolve, 10_000).unref()),
      ]);
      for (const server of servers) server.closeAllConnections();
      await Promise.all(closed);
    },
  };
}
