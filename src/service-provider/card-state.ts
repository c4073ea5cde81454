// The state of the SCIM card: exactly one, decided from facts in the article's order: plan, SAML, role, connection. Pure.

import type { AccountRole } from '../accounts/account.ts';
import { missingFeature, type Plan } from './plan.ts';

export type ScimCardState =
  | 'locked-plan'
  | 'locked-sso'
  | 'locked-role'
  | 'available'
  | 'waiting'
  | 'connected'
  | 'attention'
  | 'paused';

export interface ScimCardFacts {
  plan: Plan;
  samlIsOn: boolean;
  role: AccountRole;
  enabledAt: Date | null;
  isPaused: boolean;
  /** Newest request that carried a token of this connection. */
  lastRequestAt: Date | null;
  /** Requests refused for a wrong token since the last accepted one, and the newest of them. */
  wrongToken: { count: number; since: Date; hint: string } | null;
  /** Refused operations of the last day, after the last success. */
  failures: number;
}

/** An enabled connection shows how it fares even where a plan or SAML has lapsed since: it can always be disabled. */
export function scimCardState(facts: ScimCardFacts): { state: ScimCardState; attention: string | null } {
  const quiet = (state: ScimCardState) => ({ state, attention: null });
  if (facts.enabledAt === null) {
    if (missingFeature(facts.plan, 'sso')) return quiet('locked-plan');
    if (!facts.samlIsOn) return quiet('locked-sso');
    return quiet(facts.role === 'member' ? 'locked-role' : 'available');
  }
  if (facts.isPaused) return quiet('paused');
  if (facts.wrongToken) {
    const { count, hint } = facts.wrongToken;
    const times = count === 1 ? 'once' : `${count} times`;
    return {
      state: 'attention',
      attention: `Refused ${times} for a wrong token, last one ending ${hint}. Put the current token into the identity provider, or make a new one under Tokens.`,
    };
  }
  if (facts.lastRequestAt === null) return quiet('waiting');
  if (facts.failures > 0) {
    return {
      state: 'attention',
      attention: `${facts.failures === 1 ? 'The last request was' : `The last ${facts.failures} requests were`} refused. The request log says why.`,
    };
  }
  return quiet('connected');
}
