// What the engine asks of a store: subjects to deliver, what they are to become, and a place to record what became of
// them. Pure. A subject is one user or group at one app; whoever holds its lease is the only one who delivers it.

import type { AttributeChange } from '../attributes.ts';
import type { Capabilities, SourceUser } from '../desired.ts';
import type { Intent, Link, ProvisioningSettings } from '../plan.ts';
import type { Step } from '../step.ts';
import type { Exchange } from '../target/client.ts';
import type { GroupLink, Member } from '../target/deliver-group.ts';

export type SubjectKind = 'user' | 'group';

export type SubjectStatus =
  | 'pending-approval'
  | 'queued'
  | 'provisioning'
  | 'provisioned'
  | 'failed'
  | 'held'
  | 'suspended'
  | 'deprovisioned'
  | 'skipped';

export interface AppTarget {
  id: string;
  name: string;
  baseUrl: string;
  /** Sealed. */
  credential: string;
  updateMethod: 'auto' | 'PATCH' | 'PUT';
  capabilities: Capabilities;
  settings: ProvisioningSettings;
}

export interface ClaimedSubject {
  app: string;
  kind: SubjectKind;
  local: string;
  lease: string;
  /** The state that was asked for when it was claimed; a higher one by the end means that there is more to do. */
  wanted: number;
  /** Claims so far, this one counted. */
  tries: number;
  /** Failures in a row. */
  attempts: number;
  failingSince: Date | null;
  decision: 'approved' | 'skipped' | null;
  decidedKey: string | null;
  remoteId: string | null;
  delivered: Record<string, string | boolean> | null;
}

export interface UserSnapshot {
  app: AppTarget;
  user: SourceUser;
  standing: 'entitled' | 'unassigned' | 'deleted';
  /** How the user got the app, in words. */
  through: string[];
}

export interface GroupSnapshot {
  app: AppTarget;
  name: string;
  /** undefined once deleted. */
  displayName: string | undefined;
  members: Member[];
  confirmed: Member[];
}

export interface JournalEntry {
  name: string;
  outcome: 'delivered' | 'retry' | 'rejected' | 'held';
  sentence: string;
  exchanges: readonly Exchange[];
}

/** What became of a delivery. */
export interface Outcome {
  status: SubjectStatus;
  intent: Intent;
  changes: readonly AttributeChange[];
  /** The key an administrator decides about, while it waits for one. */
  approvalKey: string | null;
  lastStep: string;
  error: string | null;
  steps: readonly Step[];
  /** undefined keeps the link, null takes it away. */
  link: Link | GroupLink | null | undefined;
  /** True when the state that was asked for is reached (or decided against). */
  isSettled: boolean;
  attempts: number;
  failingSince: Date | null;
  nextAttemptAt: Date | null;
  durationMs: number;
  at: Date;
  journal?: JournalEntry;
}

/** A user's place once the account itself is right: groups of theirs may still be on their way. */
export type Membership = (missingGroups: readonly string[]) => { status: SubjectStatus; step: Step };

export interface DeliveryStore {
  /** Apps of the tenant with something due that nobody holds. */
  dueApps(tenant: string, now: Date): Promise<string[]>;
  /** Takes the next due subject: lost access first, then accounts that exist, then the longest waiting. */
  claim(
    tenant: string,
    app: string,
    kind: SubjectKind,
    lease: { id: string; now: Date; until: Date },
  ): Promise<ClaimedSubject | undefined>;
  /** False when the lease is lost. */
  renew(tenant: string, subject: ClaimedSubject, until: Date): Promise<boolean>;
  userSnapshot(tenant: string, subject: ClaimedSubject): Promise<UserSnapshot>;
  groupSnapshot(tenant: string, subject: ClaimedSubject): Promise<GroupSnapshot>;
  /** The name of somebody else of ours who has this account. */
  ownerOf(tenant: string, subject: ClaimedSubject, remoteId: string): Promise<string | undefined>;
  /**
   * Writes the outcome and lets the lease go; a subject that was asked for anew meanwhile is queued again. A user who is
   * newly linked wakes their groups and reports at this app. Nothing is written when the lease was lost.
   */
  record(tenant: string, subject: ClaimedSubject, outcome: Outcome, membership: Membership): Promise<void>;
  confirmMembers(
    tenant: string,
    subject: ClaimedSubject,
    changes: { added: readonly Member[]; removed: readonly Member[] },
  ): Promise<void>;
  /** The app is back: whatever waited for its time is due now. */
  resume(tenant: string, app: string): Promise<void>;
  /** Holds everything of an app that refuses this credential; one that was replaced meanwhile says nothing of the new. */
  hold(tenant: string, app: Pick<AppTarget, 'id' | 'credential'>, sentence: string, at: Date): Promise<void>;
  /** Holds what was asked for in the very moment in which its app was held. */
  holdLate(tenant: string): Promise<void>;
  /** Whatever of an app is due waits until then, and says why. */
  putOff(tenant: string, app: string, wait: { now: Date; until: Date; sentence: string }): Promise<void>;
}
