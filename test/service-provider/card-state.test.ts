// The state of the SCIM card from its facts: exactly one, in the article's order, and a pause before any fault.
import { expect, test } from 'vitest';
import { type ScimCardFacts, type ScimCardState, scimCardState } from '../../src/service-provider/card-state.ts';

const now = new Date('2026-11-28T10:00:00Z');
const connected: ScimCardFacts = {
  ...{ plan: 'plus', samlIsOn: true, role: 'admin', enabledAt: now, isPaused: false },
  ...{ lastRequestAt: now, wrongToken: null, failures: 0 },
};
const wrongToken = { count: 2, since: now, hint: '7Q4x' };

test.each<[Partial<ScimCardFacts>, ScimCardState, string | null]>([
  [{ enabledAt: null, plan: 'free', samlIsOn: false, role: 'member' }, 'locked-plan', null],
  [{ enabledAt: null, samlIsOn: false, role: 'member' }, 'locked-sso', null],
  [{ enabledAt: null, role: 'member' }, 'locked-role', null],
  [{ enabledAt: null }, 'available', null],
  [{ enabledAt: null, isPaused: true }, 'available', null],
  [{ lastRequestAt: null }, 'waiting', null],
  [{}, 'connected', null],
  [{ plan: 'free', samlIsOn: false }, 'connected', null],
  [{ failures: 1 }, 'attention', 'The last request was refused. The request log says why.'],
  [{ failures: 3 }, 'attention', 'The last 3 requests were refused. The request log says why.'],
  [
    { wrongToken },
    'attention',
    'Refused 2 times for a wrong token, last one ending 7Q4x. Put the current token into the identity provider, or make a new one under Tokens.',
  ],
  [{ isPaused: true }, 'paused', null],
  [{ isPaused: true, lastRequestAt: null }, 'paused', null],
  [{ isPaused: true, wrongToken, failures: 1 }, 'paused', null],
])('%j is %s', (facts, state, attention) => {
  expect(scimCardState({ ...connected, ...facts })).toEqual({ state, attention });
});
