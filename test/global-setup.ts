// Before all tests of a project: its cluster (or two, with poolers), and a template database with every migration. After
// them: what was started is stopped.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { projectFolder } from '../src/config.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import { databaseFolders } from '../src/store/folders.ts';
import { migrate } from '../src/store/migrate.ts';
import { oldestServerBinaries, startOldestServer } from './oldest-server.ts';
import { startPooledServer } from './pooled.ts';
import { databaseAddress, onServer, type TestServers } from './servers.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    database: { servers: TestServers; template: string };
  }
}

interface Started {
  servers: TestServers;
  stop(): Promise<void> | void;
}

async function startEmbedded(): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  const embedded = await openEmbedded(databaseFolders(projectFolder, folder));
  return {
    servers: { tenants: { url: embedded.url } },
    async stop() {
      await embedded.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function start(project: string): Promise<Started> {
  if (project === 'postgresql-15' && oldestServerBinaries !== undefined) {
    const { url, stop } = await startOldestServer(oldestServerBinaries);
    return { servers: { tenants: { url } }, stop };
  }
  if (project !== 'pooled') return startEmbedded();
  const [tenants, control] = [await startPooledServer(), await startPooledServer()];
  const address = ({ url, poolUrl }: typeof tenants) => ({ url, poolUrl });
  return {
    servers: { tenants: address(tenants), control: address(control) },
    async stop() {
      await Promise.all([tenants.stop(), control.stop()]);
    },
  };
}

async function migrateTemplate({ tenants, control }: TestServers, template: string): Promise<void> {
  for (const server of control ? [tenants, control] : [tenants]) {
    await onServer(server.url, `create database ${template}`);
    const part = !control ? 'everything' : server === control ? 'control' : 'tenants';
    await migrate(databaseAddress(server.url, template), () => new Date(), part);
    // Behind a pooler the role is the login.
    if (!server.poolUrl) continue;
    for (const role of ['rollcall_workspace', 'rollcall_identity'])
      await onServer(server.url, `alter role ${role} login`);
  }
}

/** A cluster as the tests of a project need it, with the template of their databases. */
export async function startCluster(project: string) {
  const { servers, stop } = await start(project);
  const template = `template_${process.pid}`;
  await migrateTemplate(servers, template);
  return {
    database: { servers, template },
    async stop() {
      for (const { url } of Object.values(servers)) await onServer(url, `drop database ${template} with (force)`);
      await stop();
    },
  };
}

/** ROLLCALL_TEST_CLUSTER: one that somebody else has started, and will stop. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['ROLLCALL_TEST_CLUSTER'];
  if (given !== undefined) {
    project.provide('database', JSON.parse(given));
    return async () => {};
  }
  const { database, stop } = await startCluster(project.name);
  project.provide('database', database);
  return stop;
}
