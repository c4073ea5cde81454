// A load of its own process's making: requests over kept-alive connections, counted for a while. Talks to: loopback.

import http from 'node:http';

export interface Call {
  method: string;
  path: string;
  body?: string;
}

export interface Load {
  base: string;
  headers: Record<string, string>;
  connections: number;
  /** The n-th request. */
  call(n: number): Call;
}

export interface Answer {
  status: number;
  body: string;
}

/** One request over the agent. */
export function request(agent: http.Agent, load: Pick<Load, 'base' | 'headers'>, call: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request(`${load.base}${call.path}`, {
      agent,
      method: call.method,
      headers: {
        ...load.headers,
        ...(call.body === undefined ? {} : { 'content-length': Buffer.byteLength(call.body) }),
      },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    outgoing.end(call.body);
  });
}

/** Sends `total` requests, `connections` at a time. @returns requests a second. @throws when one is not 2xx */
export async function run(load: Load, total: number, from = 0): Promise<{ perSecond: number; answers: Answer[] }> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: load.connections });
  const answers: Answer[] = [];
  let next = from;
  const started = performance.now();
  const lane = async () => {
    while (next < from + total) {
      const call = load.call(next);
      next += 1;
      const answer = await request(agent, load, call);
      if (answer.status >= 300)
        throw new Error(`${call.method} ${call.path} answered ${answer.status}: ${answer.body}`);
      answers.push(answer);
    }
  };
  await Promise.all(Array.from({ length: load.connections }, lane));
  const seconds = (performance.now() - started) / 1_000;
  agent.destroy();
  return { perSecond: total / seconds, answers };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
