// Live checks reach out to an address an administrator typed: ten a minute for an app, so that nobody scans with them.

import { Refusal } from '../accounts/refusal.ts';

const testsAMinute = 10;
const minuteMs = 60_000;

/** @returns a function that counts a test of an app. It throws Refusal `precondition` when there were too many */
export function createTestBudget(now: () => Date): (tenant: string, app: string) => void {
  const tests = new Map<string, number[]>();
  return (tenant, app) => {
    const key = `${tenant} ${app}`;
    const at = now().getTime();
    const recent = (tests.get(key) ?? []).filter((each) => at - each < minuteMs);
    if (recent.length >= testsAMinute)
      throw new Refusal('precondition', 'This app was tested ten times within a minute. Wait a minute and try again.');
    tests.set(key, [...recent, at]);
  };
}
