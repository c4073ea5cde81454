// The client profiles, and which one a request comes from. Pure.
// Most requests carry no sign of their sender: what was recognised once holds for the connection until something else
// is recognised, and a pinned profile holds whatever is seen.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import type { Json } from '../../scim/json.ts';
import { usesUnregisteredUrns } from '../rewrites/urns.ts';
import { generic } from './generic.ts';
import { onelogin } from './onelogin.ts';
import { rollcall } from './rollcall.ts';

export const clientProfiles: readonly ClientProfile[] = [onelogin, rollcall, generic];

export interface Traffic {
  readonly userAgent?: string;
  /** The address as it came, query and all. */
  readonly address: string;
  readonly body?: Json;
}

export interface KnownClient {
  /** A profile's id, as recognised before or pinned by an administrator. */
  readonly client: string | null;
  readonly pinned: boolean;
}

const signs: readonly (readonly [ClientProfile, (traffic: Traffic) => boolean])[] = [
  [rollcall, ({ userAgent }) => /^Rollcall\//i.test(userAgent ?? '')],
  [onelogin, ({ userAgent }) => /onelogin/i.test(userAgent ?? '')],
  [onelogin, ({ address }) => /[&?]$/.test(address)],
  [onelogin, ({ body }) => body !== undefined && usesUnregisteredUrns(body)],
];

/** Undefined: nothing in this request says who sent it. */
export function recognizeClient(traffic: Traffic): ClientProfile | undefined {
  return signs.find(([, shows]) => shows(traffic))?.[0];
}

export function profileOf(id: string | null): ClientProfile | undefined {
  return clientProfiles.find((profile) => profile.id === id);
}

export function chooseProfile(known: KnownClient, traffic: Traffic): ClientProfile {
  const before = profileOf(known.client);
  if (known.pinned && before) return before;
  return recognizeClient(traffic) ?? before ?? generic;
}
