// A workspace as its administrators see it: settings, SCIM connection, tokens, SAML connection, members; and what the
// domain asks of a store for them. Every method is one transaction of the tenant. Pure.

import type { AccountRole } from '../accounts/account.ts';
import type { Plan } from './plan.ts';

export interface WorkspaceSettings {
  slug: string;
  name: string;
  plan: Plan;
}

/** Who asks and when. */
export interface Actor {
  person: string | null;
  name: string;
  at: Date;
}

export interface ScimConnection {
  id: string;
  state: 'enabled' | 'disabled';
  /** The client profile in use, as recognised or pinned; null: nothing has been recognised yet. */
  client: string | null;
  clientPinned: boolean;
  enabledAt: Date;
  enabledBy: string;
  /** Who paused it and when; null: it answers. */
  pausedBy: string | null;
  pausedAt: Date | null;
}

export interface StoredToken {
  id: string;
  hint: string;
  createdAt: Date;
  createdBy: string;
  lastUsedAt: Date | null;
  lastUsedAddress: string | null;
  lastUsedAgent: string | null;
  revokedAt: Date | null;
}

export interface TokenDraft {
  id: string;
  digest: Buffer;
  hint: string;
}

export interface SamlCertificate {
  pem: string;
  subject: string;
  fingerprint: string;
  notAfter: string;
}

export interface SamlConnection {
  id: string;
  state: 'draft' | 'on' | 'off';
  idpKind: string | null;
  idpName: string | null;
  idpEntityId: string | null;
  ssoUrl: string | null;
  certificates: SamlCertificate[];
  metadataUrl: string | null;
  metadataReadAt: Date | null;
  turnedOnAt: Date | null;
  lastSignInAt: Date | null;
  lastSignInName: string | null;
}

export interface SamlRequest {
  id: string;
  connection: string;
  purpose: 'sign-in' | 'test';
  browserDigest: Buffer;
  returnTo: string | null;
  /** Who tests. */
  person: string | null;
  expiresAt: Date;
}

export interface SamlAttempt {
  id: string;
  connection: string;
  purpose: 'sign-in' | 'test';
  at: Date;
  outcome: 'signed-in' | 'tested' | 'refused';
  nameId: string | null;
  /** Whom the NameID names here. */
  person: { id: string; name: string } | null;
  /** Who tested; null for a sign-in. */
  tester: string | null;
  checks: { name: string; passed: boolean; expected: string | null; received: string | null; sentence: string }[];
  attributes: { name: string; values: string[] }[];
  /** What it came to, as a sentence. */
  sentence: string;
}

/** Somebody a NameID may name. */
export interface SignInCandidate {
  person: string;
  name: string;
  userName: string;
  active: boolean;
  managedByScim: boolean;
  role: AccountRole;
  /** When and by whom somebody inactive was deactivated. */
  deactivatedAt: Date | null;
}

export interface Member {
  id: string;
  name: string;
  email: string;
  role: AccountRole;
  active: boolean;
  signedIn: boolean;
  managedByScim: boolean;
}

export interface WorkspaceStore {
  /** @throws Refusal `conflict` when the slug is taken */
  createWorkspace(settings: WorkspaceSettings, at: Date): Promise<string>;
  workspaces(): Promise<{ tenant: string; slug: string; createdAt: Date }[]>;
  tenantBySlug(slug: string): Promise<string | undefined>;
  settings(tenant: string): Promise<WorkspaceSettings>;
  updateSettings(tenant: string, changes: { name?: string; plan?: Plan }): Promise<void>;
  /** Names of those who hold a role of at least this rank. */
  holders(tenant: string, role: 'admin' | 'owner'): Promise<string[]>;

  scimConnection(tenant: string): Promise<ScimConnection | undefined>;
  /**
   * Enables the workspace's one connection with one new token; earlier tokens stay revoked.
   * @returns undefined when it is enabled already: then nothing was changed and no token exists.
   */
  enableScim(tenant: string, token: TokenDraft, actor: Actor): Promise<ScimConnection | undefined>;
  /** Disables and revokes every token. False when it was disabled already. */
  disableScim(tenant: string, actor: Actor, reason: string | null): Promise<boolean>;
  /** Pins a client profile; null: recognise it from traffic, from the next request on. False: there is no connection. */
  pinClient(tenant: string, client: string | null): Promise<boolean>;
  /** Requests answer 503 and change nothing until {@link resumeScim}. False when it is not enabled, or was paused already. */
  pauseScim(tenant: string, actor: Actor): Promise<boolean>;
  /** False when it was not paused. */
  resumeScim(tenant: string): Promise<boolean>;
  tokens(tenant: string): Promise<StoredToken[]>;
  /** @throws Refusal `precondition` when two tokens are live */
  addToken(tenant: string, token: TokenDraft, actor: Actor): Promise<void>;
  revokeToken(tenant: string, id: string, actor: Actor): Promise<boolean>;

  saml(tenant: string): Promise<SamlConnection>;
  updateSaml(tenant: string, changes: Partial<Omit<SamlConnection, 'id'>>, actor: Actor): Promise<void>;
  addSamlRequest(tenant: string, request: SamlRequest, at: Date): Promise<void>;
  /** The request of this id and browser, used up by this call; undefined when unknown, used, expired or another browser's. */
  useSamlRequest(tenant: string, id: string, browserDigest: Buffer, at: Date): Promise<SamlRequest | undefined>;
  /** True for the first caller with this assertion, across processes and restarts. */
  useAssertion(tenant: string, connection: string, assertion: string, expiresAt: Date): Promise<boolean>;
  addAttempt(tenant: string, attempt: SamlAttempt): Promise<void>;
  attempt(tenant: string, id: string): Promise<SamlAttempt | undefined>;
  attempts(tenant: string, connection: string, limit: number): Promise<SamlAttempt[]>;
  /** The newest test this person passed since the identity provider's data last changed. */
  hasPassedTest(tenant: string, connection: string, person: string, since: Date): Promise<boolean>;
  /** Everybody whose userName, compared exactly as the schema compares it, is the NameID. */
  candidates(tenant: string, nameId: string): Promise<SignInCandidate[]>;
  /** Somebody whose record an enabled SCIM connection keeps. */
  isManagedByScim(tenant: string, person: string): Promise<boolean>;
  /** Makes sure somebody who signs in by SAML has an account. */
  admitPerson(tenant: string, person: string, signInName: string, at: Date): Promise<void>;
  noteSamlSignIn(tenant: string, connection: string, name: string, at: Date): Promise<void>;

  members(tenant: string): Promise<Member[]>;
  setRole(tenant: string, person: string, role: AccountRole, actor: Actor): Promise<boolean>;
}

/** People made or ended by hand. */
export interface PeopleByHand {
  /** @returns the person's id. @throws Refusal `conflict` when the address belongs to somebody here */
  invite(
    tenant: string,
    input: { name: string; email: string; role: 'member' | 'admin' },
    actor: Actor,
  ): Promise<string>;
  resendInvitation(tenant: string, person: string, actor: Actor): Promise<boolean>;
  setActive(tenant: string, person: string, active: 'active' | 'deactivated', actor: Actor): Promise<boolean>;
  /** Deactivates whoever exists only through this connection; returns how many. */
  deactivateManaged(tenant: string, connection: string, actor: Actor): Promise<number>;
  /** People who exist only through this connection: they never had a role or a password here, and were not here before. */
  countOnlyManaged(tenant: string, connection: string): Promise<number>;
  openSessions(tenant: string, person: string): Promise<number>;
}

/** What pages compare to notice a change of another process; the value is opaque. */
export type EventMarks = Record<'requests' | 'people' | 'teams' | 'connection' | 'saml', string>;
