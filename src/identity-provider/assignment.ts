// Who has which app and where that stands: assignments, the tasks among them, and what the domain asks of a store. Pure.

import type { AttributeChange } from '../provisioning/attributes.ts';
import type { OverridableField, SourceUser } from '../provisioning/desired.ts';
import type { SubjectStatus } from '../provisioning/engine/delivery-store.ts';
import type { Intent } from '../provisioning/plan.ts';
import type { Step } from '../provisioning/step.ts';
import type { AppRecord } from './app.ts';
import type { Cause } from './directory.ts';

export interface Assignment {
  id: string;
  /** A group's id and name stand in `user`. */
  kind: 'user' | 'group';
  app: { id: string; name: string; connector: string };
  user: { id: string; name: string; userName: string };
  through: string[];
  status: SubjectStatus;
  intent: Intent;
  login: string;
  maySignIn: boolean;
  lastStep: string;
  error: string | null;
  nextAttemptAt: Date | null;
  remoteId: string | null;
  changedAt: Date;
  durationMs: number | null;
  steps: Step[];
}

export interface Task {
  assignment: Assignment;
  requestedBy: string;
  requestedAt: Date;
  changes: AttributeChange[];
}

export interface AssignmentQuery {
  app?: string | undefined;
  user?: string | undefined;
  status?: SubjectStatus | undefined;
  search?: string | undefined;
  page: number;
  perPage: number;
}

export interface GroupStanding {
  id: string;
  name: string;
  status: SubjectStatus;
  members: number;
  lastStep: string;
  error: string | null;
}

export interface TaskCounts {
  pending: number;
  moving: number;
  failed: number;
  held: number;
}

export interface LoginInput {
  overrides: Partial<Record<OverridableField, string>>;
  maySignIn: boolean;
}

export interface AssignmentStore {
  assignments(tenant: string, query: AssignmentQuery): Promise<{ assignments: Assignment[]; total: number }>;
  groupsOfApp(tenant: string, app: string): Promise<GroupStanding[]>;
  tasks(
    tenant: string,
    query: { app?: string | undefined; status?: SubjectStatus | undefined },
  ): Promise<{ tasks: Task[]; counts: TaskCounts }>;
  task(tenant: string, id: string): Promise<Task | undefined>;
  /** A person as an app would see them; undefined when there is nobody. */
  source(tenant: string, app: string, person: string): Promise<{ user: SourceUser; isEntitled: boolean } | undefined>;
  /** Gives or edits a login. @throws Refusal `conflict` when the user name is somebody else's at this app */
  assign(tenant: string, app: AppRecord, person: string, input: LoginInput, cause: Cause): Promise<string>;
  /** Takes the direct login away; what a role gives stays. False when there was none. */
  unassign(tenant: string, app: string, person: string, cause: Cause): Promise<boolean>;
  /** @returns how many waited for it. @throws Refusal `conflict` when the only one was decided by somebody else */
  decide(tenant: string, ids: readonly string[], decision: 'approved' | 'skipped', cause: Cause): Promise<number>;
  retry(tenant: string, ids: readonly string[], cause: Cause): Promise<number>;
  activity(tenant: string, person: string): Promise<{ at: Date; sentence: string }[]>;
}
