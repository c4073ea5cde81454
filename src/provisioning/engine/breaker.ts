// One app's circuit breaker: after five failures of the connection in a row it opens, lets one probe through after 30 s,
// then after twice as long each time, at most an hour, and closes by itself at the first success. Pure: the clock is an
// argument. An app that asks for patience (Retry-After) is only paused: that is never a fault.

const failuresToOpen = 5;
const firstProbeMs = 30_000;
const longestProbeMs = 3_600_000;

export interface Breaker {
  /** True when a request may go out now; of an open breaker that is due, only one is let through. */
  mayCall(now: Date): boolean;
  /** True when it was open: the app is back. */
  succeeded(): boolean;
  failed(now: Date): void;
  /** A probe ended without saying anything of the connection: another may go. */
  released(): void;
  pause(until: Date): void;
  /** Until when nothing goes out, and why; undefined when something may, or is being tried. */
  waits(now: Date): { until: Date; isSilent: boolean } | undefined;
}

export function createBreaker(): Breaker {
  let failures = 0;
  let waitMs = firstProbeMs;
  let openUntil = 0;
  let pausedUntil = 0;
  let isProbing = false;
  return {
    mayCall(now) {
      if (now.getTime() < pausedUntil) return false;
      if (failures < failuresToOpen) return true;
      if (now.getTime() < openUntil || isProbing) return false;
      isProbing = true;
      return true;
    },
    succeeded() {
      const wasOpen = failures >= failuresToOpen;
      failures = 0;
      waitMs = firstProbeMs;
      isProbing = false;
      return wasOpen;
    },
    failed(now) {
      failures += 1;
      if (failures < failuresToOpen) return;
      if (isProbing) waitMs = Math.min(longestProbeMs, waitMs * 2);
      isProbing = false;
      openUntil = now.getTime() + waitMs;
    },
    released() {
      isProbing = false;
    },
    pause(until) {
      pausedUntil = Math.max(pausedUntil, until.getTime());
      isProbing = false;
    },
    waits(now) {
      const silentUntil = failures >= failuresToOpen ? openUntil : 0;
      const until = Math.max(silentUntil, pausedUntil);
      return until > now.getTime() ? { until: new Date(until), isSilent: silentUntil >= pausedUntil } : undefined;
    },
  };
}
