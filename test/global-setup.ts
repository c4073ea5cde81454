// Before all tests: one cluster, and a template database with every migration. After them: the cluster is stopped.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { projectFolder } from '../src/config.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import { databaseFolders } from '../src/store/folders.ts';
import { migrate } from '../src/store/migrate.ts';
import { databaseAddress, onServer } from './database.ts';
import { oldestServerBinaries, startOldestServer } from './oldest-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    database: { serverUrl: string; template: string };
  }
}

async function startServer(project: TestProject): Promise<{ url: string; stop(): Promise<void> | void }> {
  if (project.name === 'postgresql-15' && oldestServerBinaries !== undefined)
    return startOldestServer(oldestServerBinaries);
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  const embedded = await openEmbedded(databaseFolders(projectFolder, folder));
  return {
    url: embedded.url,
    async stop() {
      await embedded.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url: serverUrl, stop } = await startServer(project);
  const template = `template_${process.pid}`;
  await onServer(serverUrl, `create database ${template}`);
  await migrate(databaseAddress(serverUrl, template), () => new Date());
  project.provide('database', { serverUrl, template });
  return async () => {
    await onServer(serverUrl, `drop database ${template} with (force)`);
    await stop();
  };
}
