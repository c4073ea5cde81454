// The facts behind the integration cards, read and put into the contract's shape.

import type { Account } from '../../accounts/account.ts';
import type { SamlCard, ScimCard } from '../../contract/workspace.ts';
import { type ScimCardFacts, scimCardState } from '../../service-provider/card-state.ts';
import { missingFeature } from '../../service-provider/plan.ts';
import { scimBaseUrl } from '../../service-provider/saml-addresses.ts';
import { personType, teamType } from '../../service-provider/scim/person.ts';
import type { ConnectionStatistics } from '../../service-provider/scim/request-log.ts';
import type { SamlConnection, ScimConnection, WorkspaceSettings } from '../../service-provider/workspace.ts';
import type { WorkspaceApiPorts } from './ports.ts';

export interface CardFacts {
  settings: WorkspaceSettings;
  saml: SamlConnection;
  scim: ScimConnection | undefined;
  statistics: ConnectionStatistics | undefined;
  admins: string[];
  owners: string[];
  liveTokenHint: string | null;
  /** People of the workspace, managed or not. */
  peopleHere: number;
}

export async function readCardFacts(ports: WorkspaceApiPorts, tenant: string): Promise<CardFacts> {
  const { store, directory, requestLog } = ports;
  const [settings, saml, scim, admins, owners, tokens, people] = await Promise.all([
    store.settings(tenant),
    store.saml(tenant),
    store.scimConnection(tenant),
    store.holders(tenant, 'admin'),
    store.holders(tenant, 'owner'),
    store.tokens(tenant),
    directory.people(tenant, { search: '', page: 1, perPage: 1 }),
  ]);
  return {
    ...{ settings, saml, scim, admins, owners, peopleHere: people.total },
    statistics: scim && (await requestLog.statistics(tenant, scim.id, ports.now())),
    liveTokenHint: tokens.find(({ revokedAt }) => revokedAt === null)?.hint ?? null,
  };
}

function wrongToken(statistics: ConnectionStatistics | undefined, enabledAt: Date): ScimCardFacts['wrongToken'] {
  const notLetIn = statistics?.notLetIn;
  if (!notLetIn || new Date(notLetIn.since) < enabledAt) return null;
  return { count: notLetIn.count, since: new Date(notLetIn.since), hint: notLetIn.tokenHint ?? '' };
}

function after(at: string | null | undefined, moment: Date): Date | null {
  return at && new Date(at) >= moment ? new Date(at) : null;
}

export function toScimCard(ports: WorkspaceApiPorts, facts: CardFacts, account: Account): ScimCard {
  const { settings, saml, scim, statistics } = facts;
  const enabled = scim?.state === 'enabled' ? scim : undefined;
  const lastError = enabled && after(statistics?.lastError?.at, enabled.enabledAt);
  const lastSuccess = enabled && after(statistics?.lastSuccessAt, enabled.enabledAt);
  const card = scimCardState({
    plan: settings.plan,
    samlIsOn: saml.state === 'on',
    role: account.role,
    enabledAt: enabled?.enabledAt ?? null,
    isPaused: typeof enabled?.pausedBy === 'string',
    lastRequestAt: enabled ? after(statistics?.last?.at, enabled.enabledAt) : null,
    wrongToken: enabled ? wrongToken(statistics, enabled.enabledAt) : null,
    failures: lastError && (!lastSuccess || lastSuccess < lastError) ? 1 : 0,
  });
  return {
    ...card,
    baseUrl: scimBaseUrl(ports.site.publicUrl, settings.slug),
    orgId: settings.slug,
    client: enabled ? clientName(statistics) : null,
    enabledBy: enabled?.enabledBy ?? null,
    enabledAt: enabled?.enabledAt.toISOString() ?? null,
    pausedBy: enabled?.pausedBy ?? null,
    pausedAt: enabled?.pausedAt?.toISOString() ?? null,
    tokenHint: facts.liveTokenHint,
    lastRequestAt: (enabled && statistics?.last?.at) || null,
    people: statistics?.managed[personType.name] ?? 0,
    groups: statistics?.managed[teamType.name] ?? 0,
    peopleHere: facts.peopleHere,
    requestsByHour: statistics ? [...statistics.byHour] : [],
    whoCan: card.state === 'locked-plan' ? facts.owners : facts.admins,
  };
}

function clientName(statistics: ConnectionStatistics | undefined): string | null {
  return statistics?.last?.client ?? null;
}

function earliestEnd(saml: SamlConnection): string | null {
  return saml.certificates.map(({ notAfter }) => notAfter).sort()[0] ?? null;
}

export function toSamlCard({ settings, saml, admins, owners }: CardFacts): SamlCard {
  const locked = missingFeature(settings.plan, 'sso') !== undefined && saml.state !== 'on';
  const begun = saml.idpKind !== null || saml.metadataReadAt !== null;
  return {
    state: locked ? 'locked-plan' : saml.state === 'on' ? 'on' : begun ? 'draft' : 'off',
    idpKind: saml.idpKind,
    idpName: saml.idpName,
    certificateExpiresAt: earliestEnd(saml),
    lastSignInAt: saml.lastSignInAt?.toISOString() ?? null,
    lastSignInName: saml.lastSignInName,
    whoCan: locked ? owners : admins,
  };
}
