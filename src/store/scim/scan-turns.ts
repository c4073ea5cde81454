// Queries no index serves wait for their turn: of one workspace two run at a time, so that the connections of the pool are
// there for everybody else. Pure but for its memory; the key is the tenant.

const mostAtOnce = 2;

export interface ScanTurns {
  run<T>(tenant: string, work: () => Promise<T>): Promise<T>;
}

export function createScanTurns(): ScanTurns {
  const lines = new Map<string, { running: number; waiting: (() => void)[] }>();
  return {
    async run(tenant, work) {
      const line = lines.get(tenant) ?? { running: 0, waiting: [] };
      lines.set(tenant, line);
      if (line.running >= mostAtOnce) await new Promise<void>((resolve) => line.waiting.push(resolve));
      else line.running += 1;
      try {
        return await work();
      } finally {
        // The turn goes to whoever waits longest, or back.
        const next = line.waiting.shift();
        if (next) next();
        else {
          line.running -= 1;
          if (line.running === 0) lines.delete(tenant);
        }
      }
    },
  };
}
