// The plan as a table: where somebody stands and what was delivered in, what is to be done out.

import { describe, expect, it } from 'vitest';
import type { Attributes } from '../../src/provisioning/attributes.ts';
import {
  approvalKey,
  needsApproval,
  type ProvisioningSettings,
  planUser,
  type Situation,
} from '../../src/provisioning/plan.ts';

const desired: Attributes = { userName: 'ada@acme.example', title: 'Engineer', active: true };
const link = (delivered: Attributes) => ({ remoteId: 'r1', delivered });
const settings = (changes: Partial<ProvisioningSettings> = {}): ProvisioningSettings => ({
  ...{ enabled: true, approveCreate: true, approveUpdate: true, approveDelete: true },
  ...{ onDelete: 'suspend', onUnassign: 'suspend', onSuspend: 'suspend', ...changes },
});
const situation = (changes: Partial<Situation> = {}): Situation => ({
  ...{ standing: 'entitled', isSuspended: false, desired, link: undefined, mayBeThere: false, ...changes },
});
const same = link(desired);
const off = link({ ...desired, active: false });

describe('what is done', () => {
  it.each<[string, Partial<Situation>, Partial<ProvisioningSettings>, string, string]>([
    ['new', {}, {}, 'create', 'provisioned'],
    ['nothing differs', { link: same }, {}, 'none', 'provisioned'],
    ['a title changed', { link: link({ ...desired, title: 'Countess' }) }, {}, 'update', 'provisioned'],
    ['comes back', { link: off }, {}, 'reactivate', 'provisioned'],
    ['suspended, never there', { isSuspended: true }, {}, 'none', 'suspended'],
    ['suspended', { isSuspended: true, link: same }, {}, 'suspend', 'suspended'],
    ['suspended already', { isSuspended: true, link: off }, {}, 'none', 'suspended'],
    ['suspended, perhaps there', { isSuspended: true, mayBeThere: true }, {}, 'suspend', 'suspended'],
    ['suspended, left alone', { isSuspended: true, link: same }, { onSuspend: 'nothing' }, 'none', 'provisioned'],
    ['suspended, left alone, never there', { isSuspended: true }, { onSuspend: 'nothing' }, 'none', 'suspended'],
    ['unassigned, never there', { standing: 'unassigned' }, {}, 'none', 'deprovisioned'],
    ['unassigned', { standing: 'unassigned', link: same }, {}, 'suspend', 'deprovisioned'],
    ['unassigned, delete', { standing: 'unassigned', link: same }, { onUnassign: 'delete' }, 'delete', 'deprovisioned'],
    ['unassigned, nothing', { standing: 'unassigned', link: same }, { onUnassign: 'nothing' }, 'none', 'deprovisioned'],
    ['unassigned, perhaps there', { standing: 'unassigned', mayBeThere: true }, {}, 'suspend', 'deprovisioned'],
    ['deleted', { standing: 'deleted', link: same }, {}, 'suspend', 'deprovisioned'],
    ['deleted, delete', { standing: 'deleted', link: same }, { onDelete: 'delete' }, 'delete', 'deprovisioned'],
    ['deleted, nothing', { standing: 'deleted', link: same }, { onDelete: 'nothing' }, 'none', 'deprovisioned'],
  ])('%s', (_name, changes, rules, intent, rest) => {
    expect(planUser(situation(changes), settings(rules))).toMatchObject({ intent, rest });
  });

  it('a suspension sends active and nothing else, whatever else changed', () => {
    const plan = planUser(situation({ isSuspended: true, link: link({ ...desired, title: 'Countess' }) }), settings());
    expect(plan.changes).toEqual([{ attribute: 'active', before: 'true', after: 'false' }]);
  });
});

describe('approvals', () => {
  it.each<[string, Partial<Situation>, Partial<ProvisioningSettings>, boolean]>([
    ['create', {}, {}, true],
    ['create, unticked', {}, { approveCreate: false }, false],
    ['update', { link: link({ ...desired, title: 'x' }) }, {}, true],
    ['update, unticked', { link: link({ ...desired, title: 'x' }) }, { approveUpdate: false }, false],
    ['reactivate asks as create does', { link: off }, { approveUpdate: false }, true],
    [
      'suspend asks as delete does',
      { standing: 'unassigned', link: same },
      { approveCreate: false, approveUpdate: false },
      true,
    ],
    ['suspend, unticked', { standing: 'unassigned', link: same }, { approveDelete: false }, false],
    ['nothing to do', { link: same }, {}, false],
    ['a manager who arrived', { link: same, desired: { ...desired, manager: 'r2' } }, {}, false],
  ])('%s', (_name, changes, rules, expected) => {
    const rule = settings(rules);
    expect(needsApproval(planUser(situation(changes), rule), rule)).toBe(expected);
  });

  it('is for the changes that were shown, with or without the manager’s id', () => {
    const key = (wanted: Attributes) => approvalKey(planUser(situation({ desired: wanted }), settings()));
    expect(key(desired)).toBe(key({ ...desired, manager: 'r2' }));
    expect(key(desired)).not.toBe(key({ ...desired, title: 'Countess' }));
  });
});
