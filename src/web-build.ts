// Builds the web app when it is older than its sources. Talks to: the file system, Vite.
// The published package brings it built, and neither its sources nor Vite.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isClone, projectFolder } from './config.ts';

const sources = ['web', 'src/contract', 'package-lock.json'];
const built = join(projectFolder, 'web', 'dist', 'workspace', 'index.html');

function newest(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path)
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .reduce((latest, name) => Math.max(latest, newest(join(path, name))), mtimeMs);
}

/** True when a source is newer than the built page, or nothing was built yet. */
export function isWebStale(): boolean {
  if (!isClone) return false;
  if (!existsSync(built)) return true;
  return sources.some((source) => newest(join(projectFolder, source)) > statSync(built).mtimeMs);
}

/** @param say told in a sentence when a build is made */
export async function buildWebWhenStale(say: (sentence: string) => void): Promise<void> {
  if (!isWebStale()) return;
  say('Building the web app, because it is older than its sources. This takes a few seconds.');
  const { build } = await import('vite');
  await build({ configFile: join(projectFolder, 'web', 'vite.config.ts'), logLevel: 'warn' });
}
