// When it is tried again, and the breaker, with a clock that is an argument (R05, R07, R08).

import { describe, expect, it } from 'vitest';
import { createBreaker } from '../../src/provisioning/engine/breaker.ts';
import { nextAttempt, parseRetryAfter, retryWindowMs } from '../../src/provisioning/retry.ts';

const now = new Date('2026-11-25T09:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const hour = 3_600_000;

describe('next attempt', () => {
  it.each([
    [1, 0.9, undefined, 5_000],
    [2, 1, undefined, 10_000],
    [2, 0.5, undefined, 5_000],
    [2, 0, undefined, 1_000],
    [5, 1, undefined, 80_000],
    [11, 1, undefined, hour],
    [400, 1, undefined, hour],
    [1, 0.5, 120_000, 120_000],
    [9, 1, 1_000, 1_000],
    [1, 0.5, -5_000, 0],
    [1, 0.5, 30 * 24 * hour, 24 * hour],
  ])('failure %i, random %d, asked for %s: %i ms', (attempts, random, wish, expected) => {
    const at = nextAttempt(attempts, now, random, wish === undefined ? undefined : later(wish));
    expect(at.getTime() - now.getTime()).toBe(expected);
  });

  it.each([
    ['120', later(120_000)],
    ['0', now],
    ['Wed, 25 Nov 2026 10:00:00 GMT', later(hour)],
    ['soon', undefined],
    ['-1', undefined],
    ['2026', later(2_026_000)],
    [undefined, undefined],
  ])('Retry-After %j', (header, expected) => {
    expect(parseRetryAfter(header, now)).toEqual(expected);
  });

  it.each([
    ['create', 4],
    ['update', 4],
    ['reactivate', 4],
    ['suspend', 28],
    ['delete', 28],
  ] as const)('%s is tried for %i days', (intent, days) => {
    expect(retryWindowMs(intent)).toBe(days * 24 * hour);
  });
});

describe('breaker', () => {
  it('opens after five failures in a row, probes alone after 30 s, 60 s ... 1 h, closes at a success', () => {
    const breaker = createBreaker();
    for (let n = 0; n < 4; n += 1) breaker.failed(now);
    breaker.succeeded();
    for (let n = 0; n < 4; n += 1) breaker.failed(now);
    expect(breaker.mayCall(now)).toBe(true);
    breaker.failed(now);
    let at = now.getTime();
    for (const waitMs of [30_000, 60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000, hour, hour]) {
      expect(breaker.mayCall(new Date(at + waitMs - 1))).toBe(false);
      at += waitMs;
      expect(breaker.mayCall(new Date(at))).toBe(true);
      expect(breaker.mayCall(new Date(at))).toBe(false);
      breaker.failed(new Date(at));
    }
    at += hour;
    expect(breaker.mayCall(new Date(at))).toBe(true);
    breaker.succeeded();
    expect([breaker.mayCall(new Date(at)), breaker.mayCall(new Date(at))]).toEqual([true, true]);
  });

  it('a wish for patience pauses and is no failure', () => {
    const breaker = createBreaker();
    for (let n = 0; n < 9; n += 1) breaker.pause(later(60_000));
    expect(breaker.mayCall(later(59_999))).toBe(false);
    expect(breaker.mayCall(later(60_000))).toBe(true);
  });
});
