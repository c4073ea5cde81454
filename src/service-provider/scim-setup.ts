// Connecting and disconnecting SCIM: the gate in the article's order, one token shown once, and what stays.

import type { AccountRole } from '../accounts/account.ts';
import { Refusal } from '../accounts/refusal.ts';
import { clientProfiles, profileOf } from '../profiles/clients/index.ts';
import { digestOf } from '../secrets/digest.ts';
import { createId } from '../secrets/identifier.ts';
import { createScimToken, tokenHint } from '../secrets/scim-token.ts';
import { missingFeature } from './plan.ts';
import { scimBaseUrl } from './saml-addresses.ts';
import type { Actor, StoredToken, TokenDraft, WorkspaceStore } from './workspace.ts';

export interface NewToken {
  /** The only time it can be read. */
  token: string;
  id: string;
  baseUrl: string;
  orgId: string;
}

const unusedAfterMs = 90 * 86_400_000;

/** A live token that nobody has used for 90 days: more likely forgotten than needed. */
export function isUnused(token: Pick<StoredToken, 'createdAt' | 'lastUsedAt' | 'revokedAt'>, now: Date): boolean {
  const since = token.lastUsedAt ?? token.createdAt;
  return token.revokedAt === null && now.getTime() - since.getTime() >= unusedAfterMs;
}

function draftToken(at: Date): { token: string; draft: TokenDraft } {
  const token = createScimToken();
  return { token, draft: { id: createId(at), digest: digestOf(token), hint: tokenHint(token) } };
}

/** What stands before SCIM, in order: plan, SAML, role. @throws Refusal */
export async function checkScimGate(store: WorkspaceStore, tenant: string, role: AccountRole): Promise<void> {
  const { plan } = await store.settings(tenant);
  const missing = missingFeature(plan, 'sso');
  if (missing) throw new Refusal('plan-required', missing);
  const saml = await store.saml(tenant);
  if (saml.state !== 'on') throw new Refusal('precondition', 'Turn on SAML single sign-on first.');
  if (role === 'member') {
    throw new Refusal('not-allowed', 'Only workspace admins can connect SCIM.', {
      whoCan: await store.holders(tenant, 'admin'),
    });
  }
}

async function asNewToken(
  store: WorkspaceStore,
  tenant: string,
  publicUrl: string,
  token: string,
  id: string,
): Promise<NewToken> {
  const { slug } = await store.settings(tenant);
  return { token, id, baseUrl: scimBaseUrl(publicUrl, slug), orgId: slug };
}

/**
 * Enables SCIM and makes its first token, without the gate: for whoever holds the server itself.
 * @throws Refusal `conflict` naming who was first; then there is no new token
 */
export async function openScim(
  store: WorkspaceStore,
  tenant: string,
  publicUrl: string,
  actor: Actor,
): Promise<NewToken> {
  const { token, draft } = draftToken(actor.at);
  const connection = await store.enableScim(tenant, draft, actor);
  if (!connection) {
    const first = await store.scimConnection(tenant);
    throw new Refusal(
      'conflict',
      `SCIM was already enabled by ${first?.enabledBy ?? 'somebody else'}. No second token was made.`,
    );
  }
  return asNewToken(store, tenant, publicUrl, token, draft.id);
}

/** As {@link openScim}, for an administrator: behind the gate. */
export async function enableScim(
  store: WorkspaceStore,
  tenant: string,
  publicUrl: string,
  actor: Actor & { role: AccountRole },
): Promise<NewToken> {
  await checkScimGate(store, tenant, actor.role);
  return openScim(store, tenant, publicUrl, actor);
}

/**
 * Says which client the connection is spoken to as, whatever its requests look like; null: recognised from them again.
 * @throws Refusal `invalid-request` for a profile that does not exist, `precondition` where there is no connection
 */
export async function pinClient(store: WorkspaceStore, tenant: string, client: string | null): Promise<void> {
  if (client !== null && !profileOf(client)) {
    const known = clientProfiles.map(({ id }) => id).join(', ');
    throw new Refusal('invalid-request', `There is no client "${client.slice(0, 40)}". Known are ${known}.`);
  }
  if (!(await store.pinClient(tenant, client))) {
    throw new Refusal('precondition', 'SCIM was never enabled in this workspace. Enable it first.');
  }
}

/** Answers requests 503 until it is resumed. @throws Refusal `precondition` when not enabled, `conflict` naming who was first */
export async function pauseScim(store: WorkspaceStore, tenant: string, actor: Actor): Promise<void> {
  if (await store.pauseScim(tenant, actor)) return;
  const connection = await store.scimConnection(tenant);
  if (connection?.state !== 'enabled') throw new Refusal('precondition', 'SCIM is not enabled. Enable it first.');
  throw new Refusal('conflict', `SCIM was paused already by ${connection.pausedBy ?? 'somebody else'}.`);
}

/** @throws Refusal `conflict` when it was not paused */
export async function resumeScim(store: WorkspaceStore, tenant: string): Promise<void> {
  if (!(await store.resumeScim(tenant))) throw new Refusal('conflict', 'SCIM is not paused.');
}

/** A second token, so that the first can be replaced without a gap. @throws Refusal `precondition` */
export async function createToken(
  store: WorkspaceStore,
  tenant: string,
  publicUrl: string,
  actor: Actor,
): Promise<NewToken> {
  const { token, draft } = draftToken(actor.at);
  await store.addToken(tenant, draft, actor);
  return asNewToken(store, tenant, publicUrl, token, draft.id);
}
