// Runs a TypeScript file of the clone: `node bin/run.js tools/test.ts test/scim`.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOnPinnedNode } from './pinned-node.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [file = '', ...words] = process.argv.slice(2);
await runOnPinnedNode(root, join(root, file), words);
