// A Chromium for the browser tests: an installed one, else the one that comes as a package on Linux, with its own
// libraries and fonts. Talks to: the file system, processes. No download.

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const installed = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const version = '153.0.0';

/** Unpacks the packaged Chromium once per version into a folder of its own, and says how to start it. */
async function packaged(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const folder = join(tmpdir(), `rollcall-chromium-${version}`);
  if (!existsSync(folder)) {
    const { inflate } = await import('@sparticuz/chromium');
    const archives = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', 'bin');
    const unpacking = `${folder}-${process.pid}`;
    mkdirSync(unpacking, { recursive: true });
    const usual = process.env['TMPDIR'];
    // The package unpacks into the temporary folder, whatever that is when it is asked.
    process.env['TMPDIR'] = unpacking;
    try {
      for (const archive of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'])
        await inflate(join(archives, archive));
    } finally {
      if (usual === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usual;
    }
    try {
      renameSync(unpacking, folder);
    } catch {
      // Another test process was first.
      rmSync(unpacking, { recursive: true, force: true });
    }
  }
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: `${join(folder, 'al2023', 'lib')}:${folder}`, FONTCONFIG_PATH: join(folder, 'fonts') },
  };
}

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export async function openBrowser(): Promise<Browser> {
  const found =
    process.env['CHROMIUM_PATH'] === 'packaged' ? undefined : installed.find((path) => path !== '' && existsSync(path));
  if (found) return chromium.launch({ executablePath: found, args });
  if (process.platform !== 'linux') {
    throw new Error('The browser tests need Chrome or Chromium. Install one, or name it with CHROMIUM_PATH.');
  }
  const { executablePath, env } = await packaged();
  return chromium.launch({ executablePath, args, env: { ...process.env, ...env } as Record<string, string> });
}
