// Membership at size: one member added to a group of a thousand and of all, a PATCH of ten thousand members, parallel adds by
// several processes, a bulk request of a thousand. Talks to: a real server over loopback.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { projectFolder } from '../src/config.ts';
import { median, request, run } from './load.ts';
import type { Target } from './scim.ts';
import { bulkUsers } from './users.ts';

export interface Memberships {
  /** Milliseconds of one addition to a group of a thousand, and of everybody; medians. */
  small: number;
  large: number;
  /** Seconds for a PATCH that adds ten thousand members at once. */
  tenThousand: number;
  /** Parallel additions: how many were sent, stored, and answered with an error. */
  sent: number;
  stored: number;
  refused: number;
  /** Seconds for a bulk request of a thousand creations. */
  bulk: number;
}

const add = (members: readonly string[]) =>
  JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'add', path: 'members', value: members.map((value) => ({ value })) }],
  });

async function createGroup(target: Target, displayName: string, members: readonly string[]): Promise<string> {
  const agent = new http.Agent({ keepAlive: true });
  const answer = await request(agent, target, {
    method: 'POST',
    path: '/Groups',
    body: JSON.stringify({ displayName }),
  });
  const { id } = JSON.parse(answer.body) as { id: string };
  for (let from = 0; from < members.length; from += 10_000) {
    const body = add(members.slice(from, from + 10_000));
    const { status } = await request(agent, target, { method: 'PATCH', path: `/Groups/${id}`, body });
    if (status !== 204) throw new Error(`Adding members answered ${status}.`);
  }
  agent.destroy();
  return id;
}

/** Milliseconds of each of a hundred additions, one after the other. */
async function addOneByOne(target: Target, group: string, members: readonly string[]): Promise<number> {
  const times: number[] = [];
  const agent = new http.Agent({ keepAlive: true });
  for (const member of members) {
    const started = performance.now();
    const { status } = await request(agent, target, { method: 'PATCH', path: `/Groups/${group}`, body: add([member]) });
    times.push(performance.now() - started);
    if (status !== 204) throw new Error(`Adding a member answered ${status}.`);
  }
  agent.destroy();
  return median(times);
}

async function countMembers(target: Target, group: string): Promise<number> {
  const agent = new http.Agent();
  const filter = encodeURIComponent(`groups eq "${group}"`);
  const { body } = await request(agent, target, { method: 'GET', path: `/Users?count=0&filter=${filter}` });
  agent.destroy();
  return (JSON.parse(body) as { totalResults: number }).totalResults;
}

/** The additions of one process; answers how many were refused. */
async function addInProcess(target: Target, group: string, members: readonly string[]): Promise<number> {
  const child = fork(join(projectFolder, 'bench', 'members-process.ts'));
  child.send({ target, group, members });
  const [refused] = (await once(child, 'message')) as [number];
  child.disconnect();
  return refused;
}

export async function measureMemberships(target: Target, ids: readonly string[]): Promise<Memberships> {
  const inSmall = await createGroup(target, 'A thousand', ids.slice(0, 1_000));
  const started = performance.now();
  await createGroup(target, 'Ten thousand', ids.slice(0, 10_000));
  const tenThousand = (performance.now() - started) / 1_000;
  const inLarge = await createGroup(target, 'Everybody', ids.slice(0, -2_200));
  const newcomers = ids.slice(-2_200);
  const small = await addOneByOne(target, inSmall, newcomers.slice(0, 100));
  const large = await addOneByOne(target, inLarge, newcomers.slice(0, 100));
  const parallel = newcomers.slice(100, 1_100);
  const group = await createGroup(target, 'Parallel', []);
  const lanes = [0, 1, 2, 3].map((lane) => parallel.filter((_, at) => at % 4 === lane));
  const refused = (await Promise.all(lanes.map((members) => addInProcess(target, group, members)))).reduce(
    (a, b) => a + b,
    0,
  );
  const stored = await countMembers(target, group);
  const bulkStarted = performance.now();
  await run(
    { ...target, connections: 1, call: () => ({ method: 'POST', path: '/Bulk', body: bulkUsers(10_000_000, 1_000) }) },
    1,
  );
  const bulk = (performance.now() - bulkStarted) / 1_000;
  return { small, large, tenThousand, sent: parallel.length, stored, refused, bulk };
}

/** One PATCH for each member, 32 at a time; answers how many were not taken. */
export async function addAll(target: Target, group: string, members: readonly string[]): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  const answers = await Promise.all(
    members.map((member) => request(agent, target, { method: 'PATCH', path: `/Groups/${group}`, body: add([member]) })),
  );
  agent.destroy();
  return answers.filter(({ status }) => status !== 204).length;
}
