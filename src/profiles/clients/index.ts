// The client profiles, and which one a request comes from. Pure.
// Most requests carry no sign of their sender: what was recognised once holds for the connection until something else
// is recognised, and a pinned profile holds whatever is seen. A hint is what one client is known for and another may do
// too: it counts only while nothing else is known. `interop` is nobody's habit and is only ever pinned.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { isObject, type Json } from '../../scim/json.ts';
import { usesUnregisteredUrns } from '../rewrites/urns.ts';
import { authentik } from './authentik.ts';
import { cyberark } from './cyberark.ts';
import { entra } from './entra.ts';
import { generic } from './generic.ts';
import { google } from './google.ts';
import { interop } from './interop.ts';
import { jumpcloud } from './jumpcloud.ts';
import { keycloak } from './keycloak.ts';
import { okta } from './okta.ts';
import { onelogin } from './onelogin.ts';
import { ping } from './ping.ts';
import { rippling } from './rippling.ts';
import { rollcall } from './rollcall.ts';

export const clientProfiles: readonly ClientProfile[] = [
  ...[onelogin, okta, entra, google, jumpcloud, ping, rippling, cyberark, keycloak, authentik],
  ...[rollcall, generic, interop],
];

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

type Sign = readonly [ClientProfile, (traffic: Traffic) => boolean];

const agent =
  (pattern: RegExp): Sign[1] =>
  ({ userAgent }) =>
    pattern.test(userAgent ?? '');

const signs: readonly Sign[] = [
  [rollcall, agent(/^Rollcall\//i)],
  [onelogin, agent(/onelogin/i)],
  [okta, agent(/okta/i)],
  [google, agent(/^Google-Auto-Provisioning/i)],
  [jumpcloud, agent(/jumpcloud/i)],
  [ping, agent(/ping ?(?:one|federate|identity|datasync)/i)],
  [rippling, agent(/rippling/i)],
  [cyberark, agent(/cyberark|idaptive|centrify/i)],
  [keycloak, agent(/keycloak/i)],
  [authentik, agent(/authentik/i)],
  [entra, ({ address }) => /[?&]aadOptscim\d/i.test(address)],
  [entra, ({ body }) => mentions(body, 'schemas', /^http:\/\/schemas\.microsoft\.com\//i)],
  [ping, ({ address }) => /[?&]filter=username(?:%20|\+)Eq(?:%20|\+)/.test(address)],
  [onelogin, ({ address }) => /[&?]$/.test(address)],
  // Google names a SCIM 1.0 schema too, but beside the registered one.
  [onelogin, ({ body }) => body !== undefined && usesUnregisteredUrns(body) && !mentions(body, 'schemas', /:ietf:/)],
];

const hints: readonly Sign[] = [
  [entra, ({ address }) => /AzureAD_Test/i.test(decoded(address))],
  [entra, ({ body }) => operationsOf(body).some((each) => /^(?:Add|Replace|Remove)$/.test(String(each['op'])))],
  [entra, ({ body }) => partsOf(body, 'roles').some((each) => each['type'] === 'WindowsAzureActiveDirectoryRole')],
  [
    keycloak,
    ({ body }) =>
      operationsOf(body).some(({ value }) => partsOf({ value: value ?? null }, 'value').some(hasRelativeRef)),
  ],
];

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

function mentions(body: Json | undefined, key: string, pattern: RegExp): boolean {
  const values = isObject(body) ? body[key] : undefined;
  return Array.isArray(values) && values.some((each) => typeof each === 'string' && pattern.test(each));
}

function partsOf(body: Json | undefined, key: string) {
  const values = isObject(body) ? body[key] : undefined;
  return Array.isArray(values) ? values.filter(isObject) : [];
}

function operationsOf(body: Json | undefined) {
  return partsOf(body, 'Operations');
}

function hasRelativeRef(value: { readonly [key: string]: Json }): boolean {
  return /^(?:Users|Groups)\//.test(String(value['$ref'] ?? ''));
}

function firstOf(list: readonly Sign[], traffic: Traffic): ClientProfile | undefined {
  return list.find(([, shows]) => shows(traffic))?.[0];
}

/** Undefined: nothing in this request says who sent it. */
export function recognizeClient(traffic: Traffic): ClientProfile | undefined {
  return firstOf(signs, traffic);
}

export function profileOf(id: string | null): ClientProfile | undefined {
  return clientProfiles.find((profile) => profile.id === id);
}

export function chooseProfile(known: KnownClient, traffic: Traffic): ClientProfile {
  const before = profileOf(known.client);
  if (known.pinned && before) return before;
  const remembered = before === interop ? undefined : before;
  return recognizeClient(traffic) ?? remembered ?? firstOf(hints, traffic) ?? generic;
}
