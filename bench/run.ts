// `npm run bench`: measures, prints, and writes docs/benchmarks.md with machine and versions.

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../src/config.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import { databaseFolders } from '../src/store/folders.ts';
import { buildWebWhenStale } from '../src/web-build.ts';
import { startServer } from '../test/server.ts';
import { median } from './load.ts';
import { measureProvisioning } from './provisioning.ts';
import { compareScim } from './scim.ts';

const users = Number(process.argv[2] ?? 10_000);
await buildWebWhenStale(() => {});

const server = await startServer({ arguments: ['--no-demo'], environment: { LOG_LEVEL: 'silent' } });
const emptyMs = server.firstAnswerMs;
const warm: number[] = [];
for (let round = 0; round < 5; round += 1) {
  await server.stop();
  await server.restart();
  warm.push(server.firstAnswerMs);
}
const database = await openEmbedded(databaseFolders(projectFolder, server.folder));
const scim = await compareScim(server, database.url, users);
await database.close();
await server.remove();
const provisioning = await measureProvisioning(1_000);

const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { version: string };
const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const report = `# Benchmarks

Made by \`npm run bench\` (${new Date().toISOString().slice(0, 10)}): ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node},
embedded PostgreSQL 18, Rollcall ${version}. Client, server and database share the cores. Read ratios rather than absolutes.

## Starting

| | milliseconds to the first answer |
|---|---|
| empty data folder (makes the database) | ${whole(emptyMs)} |
| existing data folder, median of 5 | ${whole(median(warm))} |

## SCIM beside the floor

The *floor* is \`bench/floor\`: the smallest Hono and pg server that does the same request in one prepared statement, with no validation, journal or tenancy.
32 connections, ${whole(users)} users, medians of 5 interleaved rounds, requests a second.

| Workload | Rollcall | floor | ratio |
|---|---|---|---|
${scim.rows.map(({ workload, rollcall, floor }) => `| ${workload} | ${whole(rollcall)} | ${whole(floor)} | ${(rollcall / floor).toFixed(2)} |`).join('\n')}

Memory of the process after it: ${scim.memoryMb} MB.

## Provisioning

${whole(provisioning.people)} people given an app in one bulk operation, from the click to the last *Provisioned*, both ends in one process: ${provisioning.seconds.toFixed(1)} s,
${whole(provisioning.people / provisioning.seconds)} people a second. Memory of the process at most ${provisioning.memoryMb} MB.
`;
writeFileSync(join(projectFolder, 'docs', 'benchmarks.md'), report);
console.log(report);
