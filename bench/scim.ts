// SCIM requests beside the floor at one size, interleaved in one run: look-ups, creation, a change, pages. Talks to: a real
// server over loopback.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { projectFolder } from '../src/config.ts';
import type { Server } from '../test/server.ts';
import { type Call, type Load, median, run } from './load.ts';
import { bulkUsers, emailOf, user } from './users.ts';

export interface Comparison {
  workload: string;
  rollcall: number;
  floor: number;
}

export const connections = 32;
const rounds = 5;

export interface Floor {
  child: ChildProcess;
  base: string;
}

export async function startFloor(databaseUrl: string): Promise<Floor> {
  const child = spawn(process.execPath, [join(projectFolder, 'bench/floor/server.ts')], {
    env: { ...process.env, FLOOR_DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { child, base: line.toString().trim() };
}

export type Target = Omit<Load, 'call'>;

/** A workspace of its own with a token. */
export async function createTarget(server: Server, slug: string): Promise<Target> {
  await server.command('workspace', 'create', slug, '--name', slug, '--plan', 'plus');
  const { token, baseUrl } = JSON.parse(await server.command('token', 'create', slug, '--json')) as {
    token: string;
    baseUrl: string;
  };
  return {
    base: baseUrl.replace('workspace.localhost', '127.0.0.1'),
    connections,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
  };
}

/** Fills a workspace through /Bulk. @returns the ids, in the order of their numbers */
export async function fill(target: Target, count: number): Promise<string[]> {
  const size = 500;
  const { answers } = await run(
    {
      ...target,
      connections: 4,
      call: (n) => ({ method: 'POST', path: '/Bulk', body: bulkUsers(n * size, Math.min(size, count - n * size)) }),
    },
    Math.ceil(count / size),
  );
  const ids: string[] = [];
  for (const { body } of answers) {
    for (const each of (JSON.parse(body) as { Operations: { location?: string; bulkId: string }[] }).Operations) {
      if (!each.location) throw new Error(`An operation failed: ${JSON.stringify(each)}`);
      ids[Number(each.bulkId)] = each.location.slice(-36);
    }
  }
  return ids;
}

async function fillFloor(databaseUrl: string, count: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('truncate floor_user');
  const ids: string[] = [];
  for (let from = 0; from < count; from += 1_000) {
    const numbers = Array.from({ length: Math.min(1_000, count - from) }, (_, at) => from + at);
    const { rows } = await client.query<{ id: string; user_name: string }>(
      `insert into floor_user select gen_random_uuid(), u ->> 'userName', u ->> 'externalId', u -> 'emails' -> 0 ->> 'value', true,
         u - 'userName' - 'externalId' - 'active' from jsonb_array_elements($1::jsonb) as u returning id, user_name`,
      [JSON.stringify(numbers.map((n) => user(n)))],
    );
    for (const row of rows) ids[Number(/^user(\d+)@/.exec(row.user_name)?.[1])] = row.id;
  }
  await client.query('vacuum analyze floor_user');
  await client.end();
  return ids;
}

const patch = (active: boolean) =>
  JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value: active }],
  });

/** A workspace with its people, in the order of their numbers. */
export interface Filled {
  target: Target;
  ids: readonly string[];
}

/** @param databaseUrl a database of the same server, for the floor's own table */
export async function compareScim(
  { rollcall, floor }: { rollcall: Filled; floor: Target },
  databaseUrl: string,
): Promise<Comparison[]> {
  const users = rollcall.ids.length;
  const sides = { rollcall: rollcall.target, floor };
  const ids = { rollcall: rollcall.ids, floor: await fillFloor(databaseUrl, users) };
  const rows: Comparison[] = [];
  async function compare(
    workload: string,
    total: number,
    call: (side: keyof typeof sides, n: number) => Call,
  ): Promise<void> {
    const speeds: Record<keyof typeof sides, number[]> = { rollcall: [], floor: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['rollcall', 'floor'] as const) {
        const { perSecond } = await run({ ...sides[side], call: (n) => call(side, n) }, total, round * total);
        speeds[side].push(perSecond);
      }
    }
    rows.push({ workload, rollcall: median(speeds.rollcall), floor: median(speeds.floor) });
  }
  const some = (n: number) => (n * 7_919) % users;
  const find = (attribute: string, value: (n: number) => string) =>
    compare(`GET /Users?filter=${attribute} eq`, 3_000, (_side, n) => ({
      method: 'GET',
      path: `/Users?filter=${encodeURIComponent(`${attribute} eq "${value(some(n))}"`)}`,
    }));
  await compare('GET /Users/{id}', 3_000, (side, n) => ({ method: 'GET', path: `/Users/${ids[side][some(n)] ?? ''}` }));
  await find('userName', emailOf);
  await find('externalId', (n) => `external-${n}`);
  await find('emails.value', emailOf);
  const deep = Math.floor(users * 0.9) + 1;
  for (const [name, startIndex] of [
    ['first', 1],
    [`startIndex=${deep}`, deep],
  ] as const)
    await compare(`100 users a page, ${name}`, 100, () => ({
      method: 'GET',
      path: `/Users?startIndex=${startIndex}&count=100`,
    }));
  await compare('PATCH active', 1_000, (side, n) => ({
    method: 'PATCH',
    path: `/Users/${ids[side][n % users] ?? ''}`,
    body: patch(n % 2 === 1),
  }));
  await compare('POST /Users', 1_000, (_side, n) => ({
    method: 'POST',
    path: '/Users',
    body: JSON.stringify(user(users + n)),
  }));
  return rows;
}
