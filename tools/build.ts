// Builds what the published package consists of besides bin/: the sources as JavaScript in dist/, because Node strips no
// types under node_modules, and the web app in web/dist/. `npm pack` runs it first.

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { projectFolder } from '../src/config.ts';

rmSync(join(projectFolder, 'dist'), { recursive: true, force: true });
const compiler = join(projectFolder, 'node_modules', '.bin', 'tsc');
const { status } = spawnSync(compiler, ['-p', 'tsconfig.build.json'], {
  cwd: projectFolder,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (status !== 0) process.exit(status ?? 1);
await build({ configFile: join(projectFolder, 'web', 'vite.config.ts'), logLevel: 'warn' });
