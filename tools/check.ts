// Everything CI asks of a commit: format and lint, types (the import walls among them), unused code, build, tests.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from '../src/config.ts';

const steps: [name: string, command: string, ...args: string[]][] = [
  ['format and lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['types and walls', 'tsc', '-b'],
  ['unused code', 'knip'],
  ['build', 'node', 'tools/build.ts'],
  ['tests', 'node', 'tools/test.ts'],
];

for (const [name, command, ...args] of steps) {
  console.log(`\n— ${name}`);
  const program = command === 'node' ? process.execPath : join(projectFolder, 'node_modules', '.bin', command);
  const { status } = spawnSync(program, args, {
    cwd: projectFolder,
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error(`${name}: failed`);
    process.exit(status ?? 1);
  }
}
