// What the workspace's admin API is made of; wired in one place outside.

import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/sign-in.ts';
import type { Outbound } from '../../outbound/guarded-fetch.ts';
import type { Directory } from '../../service-provider/scim/directory.ts';
import type { RequestLog } from '../../service-provider/scim/request-log.ts';
import type { Actor, PeopleByHand, WorkspaceStore } from '../../service-provider/workspace.ts';
import type { SiteIdentity } from '../browser-guard.ts';
import type { Announcer } from '../event-stream.ts';
import type { SignInPorts } from '../sign-in.ts';

export interface WorkspaceApiPorts {
  site: SiteIdentity;
  accounts: Accounts;
  signIn: SignInPorts;
  store: WorkspaceStore;
  directory: Directory;
  requestLog: RequestLog;
  byHand: PeopleByHand;
  fetch: Outbound;
  announcer: Announcer;
  now(): Date;
}

/** Who asks, for the domain. */
export function actorOf(ports: Pick<WorkspaceApiPorts, 'now'>, account: Account): Actor {
  return { person: account.person, name: account.name, at: ports.now() };
}
