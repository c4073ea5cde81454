// The published package, put together under node_modules as npm would unpack it: there Node strips no types, and neither
// sources nor development packages are there to lean on.

import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectFolder } from '../src/config.ts';

interface Manifest {
  files: string[];
  bin: { rollcall: string };
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
}

const manifest: Manifest = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
const run = promisify(execFile);
let unpacked: string;
/** Where somebody has installed it and works. */
let elsewhere: string;

beforeAll(async () => {
  const cache = join(projectFolder, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  unpacked = mkdtempSync(join(cache, 'package-'));
  elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'rollcall-')));
  for (const name of ['package.json', ...manifest.files.filter((each) => each.startsWith('bin/'))])
    cpSync(join(projectFolder, name), join(unpacked, name));
  const compiler = join(projectFolder, 'node_modules', '.bin', 'tsc');
  const options = ['-p', 'tsconfig.build.json', '--outDir', join(unpacked, 'dist')];
  await run(compiler, options, { cwd: projectFolder, shell: process.platform === 'win32' });
});
afterAll(() => {
  for (const folder of [unpacked, elsewhere]) rmSync(folder, { recursive: true, force: true });
});

/** What the built files import, by file; on demand too. */
function imports(): { file: string; name: string }[] {
  const statement = /^(?:import|export) (?:.*? from )?'([^'\n]+)';$|\bimport\('([^'\n]+)'\)/gm;
  return globSync('dist/**/*.js', { cwd: unpacked }).flatMap((file) =>
    [...readFileSync(join(unpacked, file), 'utf8').matchAll(statement)].map(([, fixed, onDemand]) => ({
      file,
      name: fixed ?? onDemand ?? '',
    })),
  );
}

it('consists of the launcher, the built sources and the built web app', () => {
  expect(manifest.files).toEqual(['bin/pinned-node.js', 'bin/rollcall.js', 'dist/', 'web/dist/']);
  expect(manifest.scripts['prepack']).toBe(manifest.scripts['build']);
  expect(Object.keys(manifest.scripts).filter((name) => /install|^prepare$/.test(name))).toEqual([]);
});

it.each([
  ['', ['--max-semi-space-size=8', '--max-old-space-size=1024']],
  ['--max-old-space-size=4096', ['--max-semi-space-size=8']],
])('serves with a bounded heap, unless NODE_OPTIONS (%j) says otherwise', async (nodeOptions, flags) => {
  const folder = mkdtempSync(join(unpacked, 'launched-'));
  // The launcher beside something that says how it was started.
  for (const name of ['package.json', 'bin']) cpSync(join(unpacked, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'dist'));
  const telling = 'console.log(JSON.stringify([process.execArgv, process.argv.slice(2)]))';
  writeFileSync(join(folder, 'dist', 'cli.js'), telling);
  const start = async (word: string) => {
    const environment = { ...process.env, NODE_OPTIONS: nodeOptions };
    const { stdout } = await run(process.execPath, ['bin/rollcall.js', word], { cwd: folder, env: environment });
    return JSON.parse(stdout) as unknown;
  };
  expect([await start('serve'), await start('doctor')]).toEqual([
    [flags, ['serve']],
    [[], ['doctor']],
  ]);
});

it('imports built files, and packages that are installed with it', () => {
  const all = imports();
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter(({ name }) => name.startsWith('.') && !name.endsWith('.js'))).toEqual([]);
  const packages = all.filter(({ name }) => !name.startsWith('.') && !isBuiltin(name));
  const nameOf = (name: string) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? '';
  const missing = packages.filter(({ name }) => !Object.hasOwn(manifest.dependencies, nameOf(name)));
  // Vite builds the web app in a clone alone.
  expect(missing).toEqual([{ file: join('dist', 'web-build.js'), name: 'vite' }]);
  expect(Object.keys(manifest.dependencies).sort()).toEqual(
    [...new Set(packages.map(({ name }) => nameOf(name)))].filter((name) => name !== 'vite').sort(),
  );
});

it('runs where Node strips no types', async () => {
  const { stdout } = await run(process.execPath, [join(unpacked, manifest.bin.rollcall), '--help'], { cwd: elsewhere });
  expect(stdout).toContain('serve');
});

it('keeps its data in the current folder, and builds nothing', async () => {
  const [config, webBuild] = ['config.js', 'web-build.js'].map((name) => pathToFileURL(join(unpacked, 'dist', name)));
  const script = `
    const { homeFolder, projectFolder } = await import('${config}');
    const { isWebStale } = await import('${webBuild}');
    console.log(JSON.stringify({ homeFolder, projectFolder, isWebStale: isWebStale() }));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: elsewhere });
  expect(JSON.parse(stdout)).toEqual({ homeFolder: elsewhere, projectFolder: unpacked, isWebStale: false });
});
