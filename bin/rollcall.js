#!/usr/bin/env node
// Starts the command line on a Node that can run it. Plain JavaScript for old Nodes: it finds the pinned one beside us,
// and says in a sentence when there is none.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inClone = existsSync(join(root, 'src', 'cli.ts'));
const entry = inClone ? join(root, 'src', 'cli.ts') : join(root, 'dist', 'cli.js');
const major = Number(process.versions.node.split('.')[0]);

if (major >= 24) {
  await import(entry);
} else {
  const pinned = [join(root, 'node_modules', '.bin', 'node'), join(root, '..', '.bin', 'node')].find((path) =>
    existsSync(path),
  );
  if (!pinned) {
    console.error(
      `Rollcall needs Node 24 or later and this is ${process.version}. Run npm ci in its folder: it brings Node 26 with it.`,
    );
    process.exit(1);
  }
  const child = spawn(pinned, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
