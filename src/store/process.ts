// Whether another process of this machine lives. Talks to: the operating system.

import { readFileSync } from 'node:fs';

/** Fields of proc(5) stat from the third (state) on; [] where there is no /proc. */
function processFields(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** A process that has ended and that nobody has waited for (a zombie) still takes signals; it does not count. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return processFields(pid)[0] !== 'Z';
}

/** When a process was started, in clock ticks (field 22), or '' where it cannot be known: tells a used-again id apart. */
export function processStart(pid: number): string {
  return processFields(pid)[19] ?? '';
}
