// How many requests a second a token may send: a bucket that fills steadily and holds two seconds' worth, so that a burst
// of a cycle's start passes. Pure but for its memory; the key starts with the tenant.
// Each process counts for itself: with several behind one address a token gets as many times the rate. No less than 25 a
// second can be set, because clients (Microsoft Entra ID) count on that.

const secondsHeld = 2;
const mostKeys = 10_000;

export interface RateLimit {
  /** @returns undefined: go on; else how many whole seconds to wait, at least 1 (clients read no fractions, no dates) */
  take(key: string): number | undefined;
}

/** @param perSecond undefined: no limit @param clock milliseconds */
export function createRateLimit(perSecond: number | undefined, clock: () => number): RateLimit {
  if (perSecond === undefined) return { take: () => undefined };
  const held = perSecond * secondsHeld;
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(key) {
      const now = clock();
      const before = buckets.get(key) ?? { left: held, at: now };
      const left = Math.min(held, before.left + ((now - before.at) / 1_000) * perSecond);
      // The oldest is the one that has been quiet longest.
      buckets.delete(key);
      if (buckets.size >= mostKeys) buckets.delete(buckets.keys().next().value!);
      buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now });
      return left >= 1 ? undefined : Math.max(1, Math.ceil((1 - left) / perSecond));
    },
  };
}
