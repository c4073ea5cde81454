// Who may set a password here. Somebody whose record SCIM manages signs in by SAML: a directory that changes their address
// must not lead to a mail that opens their account, and a password of their own would outlast what the directory decides.
// Owners and admins keep theirs, for the day SAML fails.

import type { Account } from '../accounts/account.ts';
import type { WorkspaceStore } from './workspace.ts';

export async function maySetPassword(
  store: Pick<WorkspaceStore, 'saml' | 'isManagedByScim'>,
  { tenant, person, role }: Pick<Account, 'tenant' | 'person' | 'role'>,
): Promise<boolean> {
  if (role !== 'member') return true;
  const { state } = await store.saml(tenant);
  return state !== 'on' || !(await store.isManagedByScim(tenant, person));
}
