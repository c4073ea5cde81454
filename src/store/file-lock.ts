// A lock between processes of one machine: a file that names its holder. Talks to: the file system.
// Only a dead holder's lock is taken over. A process id can be used again by a stranger, so on Linux the holder's start
// time stands beside it.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isProcessAlive, processStart } from './process.ts';

function isHeld(file: string): boolean {
  const [pid, started] = readFileSync(file, 'utf8').split(' ');
  return isProcessAlive(Number(pid)) && processStart(Number(pid)) === (started ?? '');
}

function tryLock(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${processStart(process.pid)}`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    if (!isHeld(file)) rmSync(file, { force: true });
  } catch {
    // The holder let go between our two looks: the next try finds out.
  }
  return false;
}

/** Runs `work` while holding the lock. @throws Error with a sentence when another process holds it for two minutes. */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  for (let left = 2_400; !tryLock(file); left -= 1) {
    if (left <= 0) {
      const holder = existsSync(file) ? readFileSync(file, 'utf8').split(' ')[0] : 'unknown';
      throw new Error(
        `Process ${holder} has been starting or stopping this database for two minutes. Remove ${file} if it is gone.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
