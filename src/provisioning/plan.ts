// The plan: what is to be done about one user at one app, from what is wanted and what was last delivered. Pure.
// Whoever is no longer entitled is handled by the app's settings; nothing is sent when nothing differs. An approval is for
// exactly the changes that were shown: the key of a plan is compared, so that a later change asks again. What only
// completes an approved creation (the manager, who arrived later) asks nobody.

import { type AttributeChange, type Attributes, differences } from './attributes.ts';

export type Intent = 'create' | 'update' | 'suspend' | 'reactivate' | 'delete' | 'none';
export type OnLeave = 'delete' | 'suspend' | 'nothing';

export interface ProvisioningSettings {
  enabled: boolean;
  approveCreate: boolean;
  approveUpdate: boolean;
  approveDelete: boolean;
  onDelete: OnLeave;
  onUnassign: OnLeave;
  onSuspend: 'suspend' | 'nothing';
}

/** The app's account of a user, and what was last delivered to it. */
export interface Link {
  remoteId: string;
  delivered: Attributes;
}

export interface Situation {
  /** `deleted` from our directory; `unassigned`: here, but not entitled to the app. */
  standing: 'entitled' | 'unassigned' | 'deleted';
  isSuspended: boolean;
  /** What the app is to have while the user is entitled. */
  desired: Attributes;
  link: Link | undefined;
  /** An earlier try may have made an account without our hearing of it. */
  mayBeThere: boolean;
}

export interface Plan {
  intent: Intent;
  /** The account after it; undefined when there is to be none. */
  wanted: Attributes | undefined;
  changes: AttributeChange[];
  /** Where the subject stands once the plan is carried out. */
  rest: 'provisioned' | 'suspended' | 'deprovisioned';
}

function none(rest: Plan['rest'], wanted?: Attributes): Plan {
  return { intent: 'none', wanted, changes: [], rest };
}

function suspend(situation: Situation, rest: Plan['rest']): Plan {
  const { link, mayBeThere } = situation;
  if (link ? link.delivered['active'] === false : !mayBeThere) return none(rest, link?.delivered);
  const before = link?.delivered ?? { active: true };
  const wanted = { ...before, active: false };
  return { intent: 'suspend', wanted, changes: differences(before, wanted), rest };
}

function leave(situation: Situation, rule: OnLeave): Plan {
  const { link, mayBeThere } = situation;
  if (rule === 'nothing') return none('deprovisioned', link?.delivered);
  if (rule === 'suspend') return suspend(situation, 'deprovisioned');
  if (!link && !mayBeThere) return none('deprovisioned');
  const userName = link?.delivered['userName'] ?? situation.desired['userName'];
  const account = { attribute: 'userName', before: userName === undefined ? null : String(userName), after: null };
  return { intent: 'delete', wanted: undefined, changes: [account], rest: 'deprovisioned' };
}

export function planUser(situation: Situation, settings: ProvisioningSettings): Plan {
  const { standing, isSuspended, link } = situation;
  if (standing === 'deleted') return leave(situation, settings.onDelete);
  if (standing === 'unassigned') return leave(situation, settings.onUnassign);
  const isLeftAlone = isSuspended && settings.onSuspend === 'nothing';
  if (isSuspended && !isLeftAlone) return suspend(situation, 'suspended');
  // Somebody suspended who is left alone stays what they are at the app; nobody is made an account in that state.
  if (isLeftAlone && !link) return none('suspended');
  const wanted = { ...situation.desired, active: isLeftAlone ? (link?.delivered['active'] ?? true) : true };
  if (!link) return { intent: 'create', wanted, changes: differences({}, wanted), rest: 'provisioned' };
  const changes = differences(link.delivered, wanted);
  if (changes.length === 0) return none('provisioned', wanted);
  const comesBack = link.delivered['active'] === false;
  return { intent: comesBack ? 'reactivate' : 'update', wanted, changes, rest: 'provisioned' };
}

/** Which approval box stands for an intent: giving access, changing it, taking it away. */
export function approvalOf(intent: Intent): 'create' | 'update' | 'delete' | undefined {
  switch (intent) {
    case 'create':
    case 'reactivate':
      return 'create';
    case 'update':
      return 'update';
    case 'suspend':
    case 'delete':
      return 'delete';
    case 'none':
      return undefined;
  }
}

/** The changes an administrator decides about. The manager's id is not among them: it follows by itself. */
function decidable(plan: Plan): AttributeChange[] {
  return plan.changes.filter(({ attribute }) => attribute !== 'manager');
}

/** Names a plan by its content; equal keys are the same decision. */
export function approvalKey(plan: Plan): string {
  return JSON.stringify([
    plan.intent,
    ...decidable(plan).map(({ attribute, before, after }) => [attribute, before, after]),
  ]);
}

export function needsApproval(plan: Plan, settings: ProvisioningSettings): boolean {
  if (decidable(plan).length === 0) return false;
  switch (approvalOf(plan.intent)) {
    case 'create':
      return settings.approveCreate;
    case 'update':
      return settings.approveUpdate;
    case 'delete':
      return settings.approveDelete;
    case undefined:
      return false;
  }
}
