// `npm run bench [sizes]`: measures, prints, and writes docs/benchmarks.md with machine and versions. Sizes are numbers of
// users with commas, 1000,10000,100000 unless given; with others than these the page is only printed.

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../src/config.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import { databaseFolders } from '../src/store/folders.ts';
import { buildWebWhenStale } from '../src/web-build.ts';
import { memoryOf, startServer } from '../test/server.ts';
import { median } from './load.ts';
import { measureMemberships } from './members.ts';
import { measureProvisioning } from './provisioning.ts';
import { type Comparison, compareScim, connections, createTarget, type Filled, fill, startFloor } from './scim.ts';

const usual = '1000,10000,100000';
const sizes = (process.argv[2] ?? usual).split(',').map(Number);
const largest = Math.max(...sizes);
await buildWebWhenStale(() => {});

const server = await startServer({ arguments: ['--no-demo'], environment: { LOG_LEVEL: 'silent', SCIM_RATE: 'off' } });
const emptyMs = server.firstAnswerMs;
const warm: number[] = [];
for (let round = 0; round < 5; round += 1) {
  await server.stop();
  await server.restart();
  warm.push(server.firstAnswerMs);
}
const database = await openEmbedded(databaseFolders(projectFolder, server.folder));
let memoryMb = 0;
const sampler = setInterval(() => {
  memoryMb = Math.max(memoryMb, memoryOf(server.child));
}, 100);

// Other workspaces lie beside: no table is one tenant's.
const fillBeside = async (lane: number) => {
  for (let n = lane; n < 50; n += 2) await fill(await createTarget(server, `beside-${n}`), 100);
};
await Promise.all([0, 1].map(fillBeside));

const floor = await startFloor(database.url);
const floorTarget = { base: floor.base, connections, headers: { 'content-type': 'application/json' } };
const compared = new Map<number, Comparison[]>();
const filled = new Map<number, Filled>();
for (const size of sizes) {
  console.log(`${size} users ...`);
  const target = await createTarget(server, `bench-${size}`);
  const ids = await fill(target, size);
  filled.set(size, { target, ids });
  compared.set(size, await compareScim({ rollcall: { target, ids }, floor: floorTarget }, database.url));
}
floor.child.kill();
console.log('memberships ...');
const { target, ids } = filled.get(largest)!;
const members = await measureMemberships(target, ids);
clearInterval(sampler);
await database.close();
const peak = memoryMb;
await server.stop();
await server.restart();
const fullMs = server.firstAnswerMs;
await server.remove();
console.log('provisioning ...');
const provisioning = await measureProvisioning(1_000);

const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { version: string };
const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const ratio = (size: number, workload: string) => {
  const row = compared.get(size)?.find((each) => each.workload.startsWith(workload));
  return row ? row.rollcall / row.floor : Number.NaN;
};
const speed = (size: number, workload: string) =>
  compared.get(size)?.find((each) => each.workload.startsWith(workload))?.rollcall ?? Number.NaN;
const verdict = (isMet: boolean) => (isMet ? 'met' : '**missed**');
const lookUps = [
  'GET /Users/{id}',
  'GET /Users?filter=userName',
  'GET /Users?filter=externalId',
  'GET /Users?filter=emails.value',
];
const lowest = (workloads: readonly string[]) => Math.min(...workloads.map((each) => ratio(largest, each)));
const pages = {
  first: speed(largest, '100 users a page, first'),
  deep: speed(largest, '100 users a page, startIndex'),
};
const smaller = sizes.filter((each) => each < largest).at(-1) ?? largest;
const growth = speed(smaller, '100 users a page, first') / pages.first;
const goals: [string, string, string, boolean][] = [
  ['`GET /Users/{id}` and the look-ups', '0.75 of the floor', lowest(lookUps).toFixed(2), lowest(lookUps) >= 0.75],
  ['`POST /Users`', '0.5 of the floor', ratio(largest, 'POST').toFixed(2), ratio(largest, 'POST') >= 0.5],
  ['`PATCH active`', '0.5 of the floor', ratio(largest, 'PATCH').toFixed(2), ratio(largest, 'PATCH') >= 0.5],
  [
    '100 users a page, the first',
    'at least the floor',
    ratio(largest, '100 users a page, first').toFixed(2),
    ratio(largest, '100 users a page, first') >= 1,
  ],
  [
    '100 users a page, the deep one',
    'at most twice the first',
    (pages.first / pages.deep).toFixed(2),
    pages.first / pages.deep <= 2,
  ],
  [
    `the first page at ${whole(largest)} against ${whole(smaller)}`,
    'at most 1.3 times',
    growth.toFixed(2),
    growth <= 1.3,
  ],
  [
    `one member added to a group of ${whole(largest)}`,
    'at most 1.5 times one of 1,000',
    `${(members.large / members.small).toFixed(2)} (${members.large.toFixed(1)} ms, ${members.small.toFixed(1)} ms)`,
    members.large / members.small <= 1.5,
  ],
  [
    '1,000 parallel adds by 4 processes',
    '1,000 stored, no error',
    `${whole(members.stored)} stored, ${members.refused} errors`,
    members.stored === members.sent && members.refused === 0,
  ],
  ['one PATCH with 10,000 members', 'accepted', `${members.tenThousand.toFixed(1)} s`, true],
  ['Bulk of 1,000', 'accepted', `${members.bulk.toFixed(1)} s`, true],
  ['memory of the server through all of it', 'under 300 MB', `${peak} MB`, peak < 300],
  [
    'existing database to the first answer',
    'under 3 s',
    `${whole(fullMs)} ms with all of it, ${whole(median(warm))} ms empty`,
    fullMs < 3_000,
  ],
];
const table = (size: number) => `### ${whole(size)} users

| Workload | Rollcall | floor | ratio |
|---|---|---|---|
${(compared.get(size) ?? []).map(({ workload, rollcall, floor: least }) => `| ${workload} | ${whole(rollcall)} | ${whole(least)} | ${(rollcall / least).toFixed(2)} |`).join('\n')}
`;
const report = `# Benchmarks

Made by \`npm run bench\` (${new Date().toISOString().slice(0, 10)}): ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node},
embedded PostgreSQL 18, Rollcall ${version}. Client, server and database share the cores. Read ratios rather than absolutes.

## The goals

| | goal | measured | |
|---|---|---|---|
${goals.map(([what, goal, measured, isMet]) => `| ${what} | ${goal} | ${measured} | ${verdict(isMet)} |`).join('\n')}

## SCIM beside the floor

The *floor* is \`bench/floor\`: the smallest Hono and pg server that does the same request in one prepared statement, with no validation, journal or tenancy; its lists count.
${connections} connections, medians of 5 interleaved rounds, requests a second. 50 other workspaces of 100 users lie beside. Rate limits are off.

${sizes.map(table).join('\n')}
## Starting

| | milliseconds to the first answer |
|---|---|
| empty data folder (makes the database) | ${whole(emptyMs)} |
| existing data folder, median of 5 | ${whole(median(warm))} |
| existing data folder with everything above in it | ${whole(fullMs)} |

## Provisioning

${whole(provisioning.people)} people given an app in one bulk operation, from the click to the last *Provisioned*, both ends in one process: ${provisioning.seconds.toFixed(1)} s,
${whole(provisioning.people / provisioning.seconds)} people a second. Memory of the process at most ${provisioning.memoryMb} MB.
`;
if (sizes.join() === usual) writeFileSync(join(projectFolder, 'docs', 'benchmarks.md'), report);
console.log(report);
