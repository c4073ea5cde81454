// How a hostile row is judged: refused, by the check that is named, and with nothing of the person in the verdict.

import { expect } from 'vitest';
import type { CheckName } from '../../src/saml/checks.ts';
import type { ResponseExpectations } from '../../src/saml/response/expectations.ts';
import { verifyResponse } from '../../src/saml/response/verify-response.ts';
import { encode, expected } from './identities.ts';

/** Asserts that the SAMLResponse field is refused and that `checks` are exactly the reasons given. */
export function expectFieldRefused(
  field: string,
  checks: readonly CheckName[],
  wanted: ResponseExpectations = expected,
) {
  const verdict = verifyResponse(field, wanted);
  expect(verdict.ok ? ['accepted'] : verdict.reasons.map(({ check }) => check)).toEqual(checks);
  expect(verdict).not.toHaveProperty('nameId');
}

export const expectRefused = (xml: string, checks: readonly CheckName[], wanted?: ResponseExpectations) =>
  expectFieldRefused(encode(xml), checks, wanted);
