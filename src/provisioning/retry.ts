// When a delivery that failed is tried again, and for how long (RFC 9110 section 10.2.3 for Retry-After). Pure.
// Full jitter: anywhere between nothing and the step, so that a thousand subjects do not come back at once. What the
// app asks for wins over all of it.

import type { Intent } from './plan.ts';

const firstStepMs = 5_000;
const longestStepMs = 3_600_000;
const longestWishMs = 86_400_000;
const dayMs = 86_400_000;

/**
 * @param attempts failures so far, this one counted
 * @param random between 0 and 1
 * @param wish what the app asked for by Retry-After
 */
export function nextAttempt(attempts: number, now: Date, random: number, wish?: Date): Date {
  if (wish) return new Date(Math.min(Math.max(wish.getTime(), now.getTime()), now.getTime() + longestWishMs));
  if (attempts <= 1) return new Date(now.getTime() + firstStepMs);
  const step = Math.min(longestStepMs, firstStepMs * 2 ** (attempts - 1));
  return new Date(now.getTime() + Math.max(1_000, Math.round(step * random)));
}

/** How long a delivery is tried: losing access matters for longer than getting it. */
export function retryWindowMs(intent: Intent): number {
  return intent === 'suspend' || intent === 'delete' ? 28 * dayMs : 4 * dayMs;
}

/** Seconds or an HTTP date; undefined when it is neither. */
export function parseRetryAfter(header: string | undefined, now: Date): Date | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return new Date(now.getTime() + Number(text) * 1_000);
  const instant = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : new Date(instant);
}
