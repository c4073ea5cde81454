// A lock between processes of one machine: a file that names its holder. Talks to: the file system.
// Only a dead holder's lock is taken over. A process id can be used again by a stranger, so on Linux the holder's start
// time stands beside it.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** The start time of a process in clock ticks (proc(5), field 22), or '' where it cannot be known. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isHeld(file: string): boolean {
  const [pid, started] = readFileSync(file, 'utf8').split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startTime(Number(pid)) === (started ?? '');
}

function tryLock(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${startTime(process.pid)}`, { flag: 'wx', mode: 0o600 });
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
