// Validity times of an assertion and of its confirmation: NotBefore and NotOnOrAfter (core 2.5.1.2, 2.4.1.2). Pure.
// The end is exclusive, the beginning inclusive, and both are widened by the same allowance for clocks that differ.

import { type Check, type CheckName, shortened } from '../checks.ts';
import { readInstant, secondsAfter } from '../instant.ts';
import type { XmlElement } from '../xml/tree.ts';
import { CLOCK_SKEW_SECONDS } from './expectations.ts';

/** Whether `now` lies in [notBefore - skew, notOnOrAfter + skew). Absent bounds hold; unreadable ones do not. */
export function withinTimes(element: XmlElement, now: Date): boolean {
  const [notBefore, notOnOrAfter] = ['NotBefore', 'NotOnOrAfter'].map((name) => element.attributes.get(name));
  const opens = readInstant(notBefore);
  const closes = readInstant(notOnOrAfter);
  if ((notBefore !== undefined && !opens) || (notOnOrAfter !== undefined && !closes)) return false;
  if (opens && now < secondsAfter(opens, -CLOCK_SKEW_SECONDS)) return false;
  return !closes || now < secondsAfter(closes, CLOCK_SKEW_SECONDS);
}

export function timesCheck(
  check: CheckName,
  what: string,
  { ok, element, now }: { ok: boolean; element: XmlElement | undefined; now: Date },
): Check {
  const bound = (name: string) => element?.attributes.get(name) ?? '…';
  return {
    check,
    ok,
    sentence: ok
      ? `The clock is within the times of ${what}.`
      : `The clock is outside the times of ${what}, or they cannot be read.`,
    ...shortened({ expected: now.toISOString(), received: `${bound('NotBefore')} to ${bound('NotOnOrAfter')}` }),
  };
}
