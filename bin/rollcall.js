#!/usr/bin/env node
// The command `rollcall`: the sources in a clone, the built files in the published package.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOnPinnedNode } from './pinned-node.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'src', 'cli.ts');
await runOnPinnedNode(root, existsSync(source) ? source : join(root, 'dist', 'cli.js'), process.argv.slice(2));
