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

declare module 'vitest' {
  export interface ProvidedContext {
    database: { serverUrl: string; template: string };
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  const embedded = process.env['TEST_DATABASE_URL']
    ? undefined
    : await openEmbedded(databaseFolders(projectFolder, folder));
  const serverUrl = embedded?.url ?? process.env['TEST_DATABASE_URL'] ?? '';
  const template = `template_${process.pid}`;
  await onServer(serverUrl, `create database ${template}`);
  await migrate(databaseAddress(serverUrl, template), () => new Date());
  project.provide('database', { serverUrl, template });
  return async () => {
    await onServer(serverUrl, `drop database ${template} with (force)`);
    await embedded?.close();
    rmSync(folder, { recursive: true, force: true });
  };
}
