// Mutation testing of the one seam through which tenants' tables are reached. The cluster is started once: each mutant's
// tests make their own databases on it. Arguments go to Stryker. Talks to: processes.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from '../../../src/config.ts';
import { startCluster } from '../../global-setup.ts';

const { database, stop } = await startCluster('embedded');
const stryker = join(projectFolder, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const { status } = spawnSync(
  process.execPath,
  [stryker, 'run', 'stryker.tenancy.config.json', ...process.argv.slice(2)],
  {
    cwd: projectFolder,
    env: { ...process.env, ROLLCALL_TEST_CLUSTER: JSON.stringify(database) },
    stdio: 'inherit',
  },
);
await stop();
process.exit(status ?? 1);
