// How many refused requests of one address are written down: a scanner must not fill a workspace's log. Pure but for its
// memory; the key starts with the tenant.

const perMinute = 20;
const mostKeys = 10_000;

/** @returns whether one more refusal of this key may be recorded now */
export function createRefusalBudget(clock: () => number): (key: string) => boolean {
  const windows = new Map<string, { startedAt: number; count: number }>();
  return (key) => {
    const now = clock();
    const known = windows.get(key);
    if (known && now - known.startedAt < 60_000) {
      known.count += 1;
      return known.count <= perMinute;
    }
    if (windows.size >= mostKeys) windows.clear();
    windows.set(key, { startedAt: now, count: 1 });
    return true;
  };
}
