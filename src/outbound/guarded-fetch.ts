// The one door to the network. Talks to: the network.
// The address that is checked is the address that is connected to: the check sits in the resolver of the connection, so
// nothing is resolved twice. Redirects are answers, never followed. A proxy from the environment is not used.

import { type LookupAddress, type LookupOptions, lookup as resolve } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type Socket } from 'node:net';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type AddressRules, isAllowedAddress } from './address-rules.ts';
import { loopbackName, OutboundError, parseTarget } from './target.ts';

export interface OutboundRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** Bytes of the (decompressed) answer; default 1 MiB. */
  maxBytes?: number;
  /** Whole request; default 30 s. Connecting has 5 s, headers 15 s of it. */
  timeoutMs?: number;
}

export interface OutboundResponse {
  status: number;
  /** Lower-case names; a repeated header is joined by ", ". */
  headers: Record<string, string>;
  body: string;
}

/** @throws {OutboundError} */
export type Outbound = (request: OutboundRequest) => Promise<OutboundResponse>;

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

const refusedSentence = 'This address cannot be reached from here.';

function guardedLookup(rules: AddressRules) {
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    const give = (addresses: LookupAddress[]) => {
      // One forbidden address among several is enough: a name that points inside is not ours to call.
      if (addresses.length === 0 || addresses.some(({ address }) => !isAllowedAddress(address, rules))) {
        callback(new OutboundError('refused', refusedSentence), []);
      } else if (options.all) {
        callback(null, addresses);
      } else {
        callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
      }
    };
    if (loopbackName(hostname)) {
      give([{ address: '127.0.0.1', family: 4 }]);
      return;
    }
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) callback(new OutboundError('unreachable', `The name ${hostname} cannot be found.`), []);
      else give(addresses);
    });
  };
}

/** Literals never pass through the resolver, so they are judged before. */
function refuseLiteral(url: URL, rules: AddressRules): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowedAddress(host, rules)) throw new OutboundError('refused', refusedSentence);
}

function checkHeaders(headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[A-Za-z0-9-]+$/.test(name) || /[\r\n\0]/.test(value)) {
      throw new OutboundError(
        'refused',
        `The header ${JSON.stringify(name)} contains a character that headers cannot carry.`,
      );
    }
  }
}

function decoded(response: http.IncomingMessage): NodeJS.ReadableStream {
  switch (response.headers['content-encoding']) {
    case 'gzip':
      return response.pipe(createGunzip());
    case 'deflate':
      return response.pipe(createInflate());
    case 'br':
      return response.pipe(createBrotliDecompress());
    default:
      return response;
  }
}

async function readBody(response: http.IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of decoded(response)) {
    size += chunk.length;
    if (size > maxBytes) {
      response.destroy();
      throw new OutboundError('too-large', `The answer is larger than ${maxBytes} bytes.`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function asOutboundError(error: unknown, url: URL): OutboundError {
  if (error instanceof OutboundError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return new OutboundError('unreachable', `Nothing answers at ${url.host}.`);
  if (code === 'ECONNRESET' || code === 'EPIPE' || message === 'aborted') {
    return new OutboundError('unreachable', `${url.host} closed the connection before it had answered.`);
  }
  if (code?.startsWith('ERR_TLS') || code?.includes('CERT') || code?.includes('SIGNATURE') || code === 'EPROTO') {
    return new OutboundError('unreachable', `The certificate of ${url.host} is not accepted: ${message}.`);
  }
  return new OutboundError('unreachable', `${url.host} cannot be reached: ${message}.`);
}

function checkConnected(socket: Socket, rules: AddressRules): void {
  const check = () => {
    if (!socket.remoteAddress || !isAllowedAddress(socket.remoteAddress, rules)) {
      socket.destroy(new OutboundError('refused', refusedSentence));
    }
  };
  if (socket.connecting) socket.once('connect', check);
  else check();
}

function exchange(
  url: URL,
  request: OutboundRequest,
  rules: AddressRules,
  agents: { http: http.Agent; https: https.Agent },
): Promise<OutboundResponse> {
  const secure = url.protocol === 'https:';
  const signal = AbortSignal.timeout(request.timeoutMs ?? 30_000);
  return new Promise((settle, fail) => {
    const outgoing = (secure ? https : http).request(url, {
      method: request.method,
      agent: secure ? agents.https : agents.http,
      lookup: guardedLookup(rules) as never,
      signal,
      maxHeaderSize: 16_384,
      headers: {
        'user-agent': 'Rollcall/1 (+https://rollcall.example)',
        'accept-encoding': 'gzip, deflate, br',
        ...request.headers,
        ...(request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }),
      },
    });
    outgoing.setTimeout(15_000, () =>
      outgoing.destroy(new OutboundError('timeout', `${url.host} did not answer within 15 seconds.`)),
    );
    outgoing.on('socket', (socket) => checkConnected(socket, rules));
    outgoing.on('error', (error) => {
      fail(
        signal.aborted
          ? new OutboundError('timeout', `${url.host} did not finish its answer in time.`)
          : asOutboundError(error, url),
      );
    });
    outgoing.on('response', (response) => {
      const headers = Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      );
      readBody(response, request.maxBytes ?? 1_048_576).then(
        (body) => settle({ status: response.statusCode ?? 0, headers, body }),
        (error) =>
          fail(
            signal.aborted
              ? new OutboundError('timeout', `${url.host} did not finish its answer in time.`)
              : asOutboundError(error, url),
          ),
      );
    });
    outgoing.end(request.body);
  });
}

/** Opens the door. `close` ends its idle connections. */
export function createOutbound(rules: AddressRules): { fetch: Outbound; close(): void } {
  const agents = {
    http: new http.Agent({ keepAlive: true, maxSockets: 16 }),
    https: new https.Agent({ keepAlive: true, maxSockets: 16 }),
  };
  return {
    async fetch(request) {
      const url = parseTarget(request.url, rules);
      refuseLiteral(url, rules);
      checkHeaders(request.headers ?? {});
      return exchange(url, request, rules, agents);
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
