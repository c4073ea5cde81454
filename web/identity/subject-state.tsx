/*
 * Where somebody or a group stands at an app: tie and word, everywhere the same. Pure.
 */
import { useEffect, useRef } from 'react';
import type { Assignment, ProvisioningStatus } from '../../src/contract/identity.ts';
import { type Step, Tie, type TieState, useAnnounce } from '../ui/index.ts';
import { say } from './words.ts';

const STATUS_TIE: Readonly<Record<ProvisioningStatus, TieState>> = {
  'pending-approval': 'pending',
  queued: 'moving',
  provisioning: 'moving',
  provisioned: 'agree',
  failed: 'apart',
  held: 'held',
  suspended: 'only-left',
  deprovisioned: 'only-left',
  skipped: 'only-left',
};

export function SubjectState({ status }: { status: ProvisioningStatus }) {
  return <Tie state={STATUS_TIE[status]}>{say(`status.${status}`)}</Tie>;
}

const STEP_STATE = { done: 'done', running: 'now', waiting: 'open', failed: 'failed', skipped: 'open' } as const;

/** A delivery's steps for the step line. The action is named by what it does. */
export function stepsOf({ steps, intent }: Assignment): Step[] {
  return steps.map((step) => ({
    name: step.name === 'action' ? say(`intent.${intent}`) : say(`step.${step.name}`),
    fact: step.fact,
    state: STEP_STATE[step.state],
  }));
}

/** Says "Ada Byron: Provisioned" to readers of the screen when it becomes true while the page is open. */
export function useAnnounceProvisioned(assignments: readonly Assignment[] | undefined): void {
  const announce = useAnnounce();
  const known = useRef(new Map<string, ProvisioningStatus>());
  useEffect(() => {
    for (const { id, user, status } of assignments ?? []) {
      const before = known.current.get(id);
      if (before !== undefined && before !== status && (status === 'provisioned' || status === 'failed'))
        announce(say('status.announce', { name: user.name, status: say(`status.${status}`) }));
      known.current.set(id, status);
    }
  }, [assignments, announce]);
}
