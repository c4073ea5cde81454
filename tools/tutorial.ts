// Makes docs/tutorial.md and its pictures: the walk, recorded.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from '../src/config.ts';

const { status } = spawnSync(process.execPath, [join(projectFolder, 'tools', 'test.ts'), 'test/e2e/walk.test.ts'], {
  cwd: projectFolder,
  env: { ...process.env, TUTORIAL: '1' },
  stdio: 'inherit',
});
process.exit(status ?? 1);
