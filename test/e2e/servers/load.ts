// A load of SCIM writes that remembers what was acknowledged: each of its writers makes one person after the other, puts
// them in the one group and gives them a title, and repeats what was not acknowledged, as a client does.
// Talks to: loopback.

import http from 'node:http';
import { until } from '../../until.ts';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each caller knows what it asked for.
  body: any;
  retryAfter: number;
}

/** A SCIM client of one workspace; `port` is asked for each request. */
export interface ScimClient {
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  close(): void;
}

export function createScimClient(port: () => number, token: string): ScimClient {
  const agent = new http.Agent({ keepAlive: true });
  return {
    close: () => agent.destroy(),
    send: (method, path, body) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers = {
          ...{ host: 'workspace.localhost', authorization: `Bearer ${token}` },
          ...(text ? { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(text) } : {}),
        };
        const at = { host: '127.0.0.1', port: port(), method, path: `/acme/scim/v2${path}`, headers, agent };
        const request = http.request({ ...at, timeout: 60_000 }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answered = Buffer.concat(chunks).toString();
            const { statusCode: status = 0, headers: said } = response;
            const isJson = /json/.test(said['content-type'] ?? '');
            const retryAfter = Number(said['retry-after'] ?? 0);
            resolve({ status, retryAfter, body: isJson ? JSON.parse(answered) : answered });
          });
        });
        request.on('timeout', () => request.destroy(new Error('no answer in a minute')));
        request.on('error', reject);
        request.end(text);
      }),
  };
}

interface Acknowledged {
  id: string;
  title: string;
}

export interface Load {
  group: string;
  /** By userName: everybody whose three writes were all acknowledged. */
  readonly acknowledged: Map<string, Acknowledged>;
  /** Requests that were answered with success. */
  successes: number;
  /** Every request that was not: no answer, or one that is no success. A 429 is neither; it is waited for. */
  readonly failures: string[];
  /** Resolves when `count` more people are acknowledged. */
  more(count: number): Promise<void>;
  /** Ends after the person each writer is at. */
  stop(): Promise<void>;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts `writers` writers. @param client several take turns */
export async function startLoad(clients: readonly ScimClient[], writers: number): Promise<Load> {
  let turn = 0;
  let isOver = false;
  const load: Load = {
    group: '',
    acknowledged: new Map(),
    successes: 0,
    failures: [],
    async more(count) {
      const before = load.acknowledged.size;
      await until(
        () => load.acknowledged.size - before,
        (made) => made >= count,
        6_000,
      );
    },
    async stop() {
      isOver = true;
      await Promise.all(running);
    },
  };

  /** Asks until it is answered with one of `wanted`. */
  async function insist(method: string, path: string, body: unknown, wanted: readonly number[]): Promise<Answer> {
    for (;;) {
      turn += 1;
      const client = clients[turn % clients.length] as ScimClient;
      const answer = await client.send(method, path, body).catch((error: Error) => error);
      if (!(answer instanceof Error) && wanted.includes(answer.status)) {
        load.successes += 1;
        return answer;
      }
      if (!(answer instanceof Error) && answer.status === 429) {
        await pause(answer.retryAfter * 1_000);
        continue;
      }
      const what = answer instanceof Error ? answer.message : `${answer.status} ${JSON.stringify(answer.body)}`;
      load.failures.push(`${method} ${path}: ${what}`);
      await pause(100);
    }
  }

  async function idOf(userName: string): Promise<string> {
    const { body } = await insist(
      'GET',
      `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`,
      undefined,
      [200],
    );
    if (body.totalResults !== 1) throw new Error(`${userName} was taken and is here ${body.totalResults} times.`);
    return body.Resources[0].id;
  }

  async function person(userName: string): Promise<void> {
    const made = await insist('POST', '/Users', { userName, externalId: `ext-${userName}`, active: true }, [201, 409]);
    // 409: it was made by the request whose answer never came.
    const id: string = made.status === 201 ? made.body.id : await idOf(userName);
    const add = { Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }] };
    await insist('PATCH', `/Groups/${load.group}`, add, [200, 204]);
    const title = `Title of ${userName}`;
    const change = { Operations: [{ op: 'replace', path: 'title', value: title }] };
    await insist('PATCH', `/Users/${id}`, change, [200, 204]);
    load.acknowledged.set(userName, { id, title });
  }

  load.group = (await insist('POST', '/Groups', { displayName: `Load ${process.pid}` }, [201])).body.id;
  const running = Array.from({ length: writers }, async (_, writer) => {
    for (let n = 0; !isOver; n += 1) await person(`load-${writer}-${n}`);
  });
  return load;
}

/** Everybody whom the load made, as the service shows them now, by userName; throws when two have one. */
export async function madeBy(client: ScimClient): Promise<Map<string, { id: string; title?: string }>> {
  const found = new Map<string, { id: string; title?: string }>();
  const filter = encodeURIComponent('userName sw "load-"');
  for (let startIndex = 1; ; ) {
    const { status, body, retryAfter } = await client.send(
      'GET',
      `/Users?filter=${filter}&startIndex=${startIndex}&count=100`,
    );
    if (status === 429) {
      await pause(retryAfter * 1_000);
      continue;
    }
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
    for (const { userName, id, title } of body.Resources ?? []) {
      if (found.has(userName)) throw new Error(`${userName} is here twice.`);
      found.set(userName, { id, title });
    }
    startIndex += body.Resources?.length ?? 0;
    if (startIndex > body.totalResults) return found;
  }
}

/** What was acknowledged and is not there, or not as it was acknowledged; and members that the group has twice or lacks. */
export async function lostOf(load: Load, client: ScimClient): Promise<string[]> {
  const made = await madeBy(client);
  const lost: string[] = [];
  for (const [userName, { id, title }] of load.acknowledged) {
    const found = made.get(userName);
    if (found?.id !== id || found.title !== title) lost.push(`${userName}: ${JSON.stringify(found)}`);
  }
  const { body } = await client.send('GET', `/Groups/${load.group}`);
  const members: string[] = (body.members ?? []).map(({ value }: { value: string }) => value);
  if (new Set(members).size !== members.length) lost.push('The group has a member twice.');
  const missing = [...load.acknowledged.values()].filter(({ id }) => !members.includes(id));
  if (missing.length > 0) lost.push(`The group lacks ${missing.length} members.`);
  return lost;
}
