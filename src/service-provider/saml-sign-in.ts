// Signing in by SAML: the request, bound to its browser, and the verdict on the response.
// The NameID is compared with the userName of somebody whom this workspace's SCIM manages, or of an existing admin; it
// creates nobody and matches nobody by e-mail. What a refused person reads is a sentence; the reasons are for admins.

import type { AccountStore } from '../accounts/account.ts';
import { Refusal } from '../accounts/refusal.ts';
import type { Accounts } from '../accounts/sign-in.ts';
import { SignInError } from '../accounts/sign-in.ts';
import { redirectUrl } from '../saml/binding/redirect-binding.ts';
import { safeRelayState } from '../saml/binding/relay-state.ts';
import type { Check } from '../saml/checks.ts';
import { NAME_ID_FORMATS } from '../saml/names.ts';
import { createAuthnRequest } from '../saml/request/create-authn-request.ts';
import { type AcceptedResponse, verifyResponse } from '../saml/response/verify-response.ts';
import { foldCase } from '../scim/comparable.ts';
import { digestOf, randomSecret } from '../secrets/digest.ts';
import { createId } from '../secrets/identifier.ts';
import { samlAddresses } from './saml-addresses.ts';
import type { SamlAttempt, SamlConnection, SamlRequest, SignInCandidate, WorkspaceStore } from './workspace.ts';

export interface SamlSignInPorts {
  store: WorkspaceStore;
  accountStore: AccountStore;
  accounts: Accounts;
  publicUrl: string;
  now(): Date;
}

const requestLifetimeMs = 15 * 60_000;

export interface StartInput {
  tenant: string;
  purpose: 'sign-in' | 'test';
  /** Path on our origin to go to afterwards. */
  returnTo: string | undefined;
  /** Who tests. */
  person: string | null;
  /** The browser's binding secret, when it has one. */
  browser: string | undefined;
}

/** Makes a request and the address to send the browser to. `browser` is the cookie that must come back with the answer. */
export async function startSamlSignIn(
  ports: SamlSignInPorts,
  input: StartInput,
): Promise<{ url: string; browser: string }> {
  const [connection, { slug }] = await Promise.all([
    ports.store.saml(input.tenant),
    ports.store.settings(input.tenant),
  ]);
  if (connection.ssoUrl === null || (input.purpose === 'sign-in' && connection.state !== 'on')) {
    throw new Refusal('precondition', 'SAML sign-in is not on for this workspace.');
  }
  const now = ports.now();
  const id = `_${randomSecret()}`;
  const browser = input.browser ?? randomSecret();
  await ports.store.addSamlRequest(
    input.tenant,
    {
      id,
      connection: connection.id,
      purpose: input.purpose,
      browserDigest: digestOf(browser),
      returnTo: safeRelayState(input.returnTo),
      person: input.person,
      expiresAt: new Date(now.getTime() + requestLifetimeMs),
    },
    now,
  );
  const { entityId, acsUrl } = samlAddresses(ports.publicUrl, slug);
  const samlRequest = createAuthnRequest({
    id,
    issuer: entityId,
    acsUrl,
    destination: connection.ssoUrl,
    now,
    nameIdFormat: NAME_ID_FORMATS.unspecified,
  });
  return { url: redirectUrl(connection.ssoUrl, { samlRequest, relayState: id }), browser };
}

export interface SamlOutcome {
  attempt: SamlAttempt;
  /** Session cookie of who signed in. */
  cookie: string | undefined;
  returnTo: string;
}

interface Verdict {
  outcome: SamlAttempt['outcome'];
  sentence: string;
  candidate: SignInCandidate | undefined;
}

function day(at: Date): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    at,
  );
}

/** Whom a NameID lets in, of those whose userName it is. */
export function judgeCandidates(nameId: string, candidates: readonly SignInCandidate[]): Verdict {
  const known = candidates.filter(({ managedByScim, role }) => managedByScim || role !== 'member');
  const candidate = known[0];
  const refused = (sentence: string): Verdict => ({ outcome: 'refused', sentence, candidate });
  if (!candidate) {
    return refused(
      `Nobody in this workspace has the user name ${nameId}. Ask your administrator to give you this app in the identity provider.`,
    );
  }
  if (!candidate.active) {
    const when = candidate.deactivatedAt ? ` on ${day(candidate.deactivatedAt)}` : '';
    return refused(`Your access was removed by your organisation’s directory${when}. Ask your administrator.`);
  }
  return { outcome: 'signed-in', sentence: `${candidate.name} signed in.`, candidate };
}

function judgeTest(verdict: Verdict, request: SamlRequest): Verdict {
  if (verdict.outcome === 'refused') return verdict;
  if (verdict.candidate?.person !== request.person) {
    return {
      ...verdict,
      outcome: 'refused',
      sentence: `The identity provider signed in ${verdict.candidate?.name}, and you are somebody else here. Sign in there as yourself and test again.`,
    };
  }
  return { ...verdict, outcome: 'tested', sentence: 'The sign-in works. Nothing is turned on yet.' };
}

function shown(checks: readonly Check[]): SamlAttempt['checks'] {
  return checks.map(({ check, ok, sentence, expected, received }) => ({
    name: check,
    passed: ok,
    sentence,
    expected: expected ?? null,
    received: received ?? null,
  }));
}

async function judge(
  ports: SamlSignInPorts,
  tenant: string,
  connection: SamlConnection,
  request: SamlRequest | undefined,
  accepted: AcceptedResponse,
): Promise<Verdict> {
  const isFirst = await ports.store.useAssertion(tenant, connection.id, accepted.assertionId, accepted.notOnOrAfter);
  if (!isFirst)
    return { outcome: 'refused', sentence: 'This sign-in was used already. Start again.', candidate: undefined };
  const candidates = await ports.store.candidates(tenant, foldCase(accepted.nameId));
  const verdict = judgeCandidates(accepted.nameId, candidates);
  return request?.purpose === 'test' ? judgeTest(verdict, request) : verdict;
}

async function openSession(
  ports: SamlSignInPorts,
  tenant: string,
  candidate: SignInCandidate,
  accepted: AcceptedResponse,
): Promise<string> {
  await ports.store.admitPerson(tenant, candidate.person, candidate.userName, ports.now());
  const account = await ports.accountStore.account(tenant, candidate.person);
  if (!account) throw new SignInError('deactivated', 'This account is deactivated. Ask your administrator.');
  return ports.accounts.open(account, 'saml', accepted.sessionNotOnOrAfter);
}

export interface ResponseInput {
  tenant: string;
  samlResponse: string;
  relayState: string | undefined;
  /** The binding cookie of the browser that posted. */
  browser: string | undefined;
}

/** Judges a response posted to the workspace's ACS, records the attempt, and opens a session where it may. */
export async function finishSamlSignIn(ports: SamlSignInPorts, input: ResponseInput): Promise<SamlOutcome> {
  const { tenant } = input;
  const now = ports.now();
  const [connection, { slug }] = await Promise.all([ports.store.saml(tenant), ports.store.settings(tenant)]);
  const request =
    input.browser !== undefined && input.relayState !== undefined
      ? await ports.store.useSamlRequest(tenant, input.relayState, digestOf(input.browser), now)
      : undefined;
  const { entityId, acsUrl } = samlAddresses(ports.publicUrl, slug);
  const verdict = verifyResponse(input.samlResponse, {
    now,
    identityProvider: connection.idpEntityId ?? '',
    certificates: connection.certificates.map(({ pem }) => pem),
    serviceProvider: entityId,
    acsUrl,
    requestId: request?.id,
  });
  const mayCount = request?.purpose === 'test' || connection.state === 'on';
  const judged: Verdict = !verdict.ok
    ? {
        outcome: 'refused',
        sentence:
          'The identity provider’s answer was not accepted. Start again; if it happens again, an administrator can see the reasons.',
        candidate: undefined,
      }
    : !mayCount
      ? { outcome: 'refused', sentence: 'SAML sign-in is not on for this workspace.', candidate: undefined }
      : await judge(ports, tenant, connection, request, verdict);
  const cookie =
    verdict.ok && judged.outcome === 'signed-in' && judged.candidate
      ? await openSession(ports, tenant, judged.candidate, verdict)
      : undefined;
  const attempt: SamlAttempt = {
    id: createId(now),
    connection: connection.id,
    purpose: request?.purpose ?? 'sign-in',
    at: now,
    outcome: judged.outcome,
    nameId: verdict.ok ? verdict.nameId : null,
    person: judged.candidate ? { id: judged.candidate.person, name: judged.candidate.name } : null,
    tester: request?.purpose === 'test' ? request.person : null,
    checks: shown(verdict.checks),
    attributes: verdict.ok ? verdict.attributes.map(({ name, values }) => ({ name, values: [...values] })) : [],
    sentence: judged.sentence,
  };
  await ports.store.addAttempt(tenant, attempt);
  if (judged.outcome === 'signed-in' && judged.candidate) {
    await ports.store.noteSamlSignIn(tenant, connection.id, judged.candidate.name, now);
  }
  return { attempt, cookie, returnTo: request?.returnTo ?? '/' };
}
