// A PostgreSQL server of the oldest supported version, where this machine has one: the same tests hold on it.
// Talks to: the file system, processes.

import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** Debian's place for it; POSTGRESQL_15_BIN names another. */
export const oldestServerBinaries = [process.env['POSTGRESQL_15_BIN'] ?? '', '/usr/lib/postgresql/15/bin'].find(
  (folder) => folder !== '' && existsSync(join(folder, 'initdb')),
);

/** As root, programs of a database run as somebody else. */
export function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'postgres' || name === 'nobody');
  return { uid: Number(entry?.[2]), gid: Number(entry?.[3]) };
}

/** Starts it on a data folder of its own. @returns its address as superuser, and how to end it */
export async function startOldestServer(binaries: string): Promise<{ url: string; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-pg15-'));
  const user = unprivileged();
  const data = join(folder, 'data');
  chmodSync(folder, 0o711);
  mkdirSync(data, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(data, user.uid, user.gid);
  const run = (program: string, ...words: string[]) => {
    const { status, stderr } = spawnSync(join(binaries, program), words, {
      ...user,
      cwd: '/',
      encoding: 'utf8',
      env: { LC_ALL: 'C', PATH: process.env['PATH'] },
    });
    if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  };
  run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8');
  const port = await freePort();
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200`;
  run('pg_ctl', '-D', data, '-o', options, '-l', join(data, 'log'), '-w', 'start');
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    stop() {
      run('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
