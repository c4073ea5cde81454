#!/usr/bin/env node
// The command `rollcall`: the sources in a clone, the built files in the published package.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOnPinnedNode } from './pinned-node.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'src', 'cli.ts');
const words = process.argv.slice(2);
// A server collects its garbage before its heap is as large as the machine allows (docs/decisions/0012).
const { config } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const flags = words[0] === 'serve' ? config.serve : [];
await runOnPinnedNode(root, existsSync(source) ? source : join(root, 'dist', 'cli.js'), words, flags);
