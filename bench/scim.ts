// SCIM requests beside the floor, interleaved in one run: create, read, look up, deactivate.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectFolder } from '../src/config.ts';
import { memoryOf, type Server } from '../test/server.ts';
import { type Call, type Load, median, run } from './load.ts';

export interface Comparison {
  workload: string;
  rollcall: number;
  floor: number;
}

const connections = 32;
const rounds = 5;

async function startFloor(databaseUrl: string): Promise<{ child: ChildProcess; base: string }> {
  const child = spawn(process.execPath, [join(projectFolder, 'bench/floor/server.ts')], {
    env: { ...process.env, FLOOR_DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { child, base: line.toString().trim() };
}

function user(n: number): string {
  return JSON.stringify({
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:User',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    ],
    userName: `user${n}@bench.example`,
    externalId: `external-${n}`,
    name: { givenName: 'User', familyName: String(n), formatted: `User ${n}` },
    displayName: `User ${n}`,
    title: 'Engineer',
    emails: [{ value: `user${n}@bench.example`, type: 'work', primary: true }],
    active: true,
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Engineering' },
  });
}

const patch = (active: boolean) =>
  JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value: active }],
  });

function idsOf(answers: { body: string }[]): string[] {
  return answers.map(({ body }) => (JSON.parse(body) as { id: string }).id);
}

/** @param databaseUrl a database of the same server, for the floor's own table @param users how many there are to read */
export async function compareScim(
  server: Server,
  databaseUrl: string,
  users: number,
): Promise<{ rows: Comparison[]; memoryMb: number }> {
  await server.command('workspace', 'create', 'bench', '--name', 'Bench', '--plan', 'plus');
  const { token, baseUrl } = JSON.parse(await server.command('token', 'create', 'bench', '--json')) as {
    token: string;
    baseUrl: string;
  };
  const floor = await startFloor(databaseUrl);
  const sides: { name: 'rollcall' | 'floor'; load: Omit<Load, 'call'> }[] = [
    {
      name: 'rollcall',
      load: {
        base: baseUrl.replace('workspace.localhost', '127.0.0.1'),
        connections,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      },
    },
    { name: 'floor', load: { base: floor.base, connections, headers: { 'content-type': 'application/json' } } },
  ];
  const ids: Record<'rollcall' | 'floor', string[]> = { rollcall: [], floor: [] };
  const rows: Comparison[] = [];
  async function compare(
    workload: string,
    total: number,
    call: (side: 'rollcall' | 'floor', n: number) => Call,
    keep = false,
  ) {
    const speeds: Record<'rollcall' | 'floor', number[]> = { rollcall: [], floor: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, load } of sides) {
        const { perSecond, answers } = await run({ ...load, call: (n) => call(name, n) }, total, round * total);
        speeds[name].push(perSecond);
        if (keep) ids[name].push(...idsOf(answers));
      }
    }
    rows.push({ workload, rollcall: median(speeds.rollcall), floor: median(speeds.floor) });
  }
  await compare(
    'POST /Users',
    Math.ceil(users / rounds),
    (_side, n) => ({ method: 'POST', path: '/Users', body: user(n) }),
    true,
  );
  const id = (side: 'rollcall' | 'floor', n: number) => ids[side][(n * 7_919) % ids[side].length] ?? '';
  await compare('GET /Users/{id}', 3_000, (side, n) => ({ method: 'GET', path: `/Users/${id(side, n)}` }));
  await compare('GET /Users?filter=userName eq', 3_000, (_side, n) => ({
    method: 'GET',
    path: `/Users?filter=${encodeURIComponent(`userName eq "user${(n * 7_919) % users}@bench.example"`)}`,
  }));
  await compare('PATCH active', 1_500, (side, n) => ({
    method: 'PATCH',
    path: `/Users/${ids[side][n % ids[side].length] ?? ''}`,
    body: patch(n % 2 === 1),
  }));
  floor.child.kill();
  return { rows, memoryMb: memoryOf(server.child) };
}
