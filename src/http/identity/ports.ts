// What the identity provider's admin API is made of; wired in one place outside.

import type { Account } from '../../accounts/account.ts';
import { Refusal } from '../../accounts/refusal.ts';
import type { EventName } from '../../contract/sign-in.ts';
import type { AppStore } from '../../identity-provider/app.ts';
import type { AssignmentStore } from '../../identity-provider/assignment.ts';
import type { BulkStore } from '../../identity-provider/bulk.ts';
import type { ConfigurationPorts } from '../../identity-provider/configuration.ts';
import type { Cause, DirectoryStore } from '../../identity-provider/directory.ts';
import type { OrganizationStore } from '../../identity-provider/organization.ts';
import type { OverviewStore } from '../../identity-provider/overview.ts';
import type { signOnFacts } from '../../identity-provider/sign-on.ts';
import type { Outbound } from '../../outbound/guarded-fetch.ts';
import type { SignInPorts } from '../sign-in.ts';

export interface IdentityApiPorts {
  signIn: SignInPorts;
  directory: DirectoryStore;
  organizations: Pick<OrganizationStore, 'settings'>;
  apps: AppStore;
  assignments: AssignmentStore;
  bulk: BulkStore;
  overview: OverviewStore;
  configuration: ConfigurationPorts;
  fetch: Outbound;
  /** Ours for an app's SAML set-up. */
  signOnFacts(tenant: string): ReturnType<typeof signOnFacts>;
  publicUrl: string;
  now(): Date;
  /** Something changed: open pages are told, and what is in the outbox is handed over. */
  onChange(tenant: string, ...events: EventName[]): void;
  /** Mail waits. */
  onMail(tenant: string): void;
}

/** Who asks, for the domain. */
export function causeOf(ports: Pick<IdentityApiPorts, 'now'>, account: Account): Cause {
  return { person: account.person, name: account.name, at: ports.now() };
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An id from the address or a body; anything else names nothing. */
export function readId(value: string | undefined, what: string): string {
  if (value === undefined || !idPattern.test(value)) throw new Refusal('not-found', `There is no such ${what}.`);
  return value;
}

export function readIds(values: readonly string[], what: string): string[] {
  return [...new Set(values.map((value) => readId(value, what)))];
}

/** For writes that say false when there was nothing to write to. */
export function found(isThere: boolean, what: string): void {
  if (!isThere) throw new Refusal('not-found', `There is no such ${what}.`);
}
