// Steps that change one user within a transaction; the user's page and bulk jobs take the same ones. Talks to: Postgres.

import type { Invitation, UserStatus } from '../../identity-provider/directory.ts';
import { endSessions, insertLink, insertMail } from '../accounts.ts';
import type { TenantTransaction } from '../database.ts';
import { type TouchCause, teamsOf, touchTeams, touchUsers } from './touch.ts';

/** False when there is no such user. A suspended user's sessions end with it. */
export async function writeStatus(
  transaction: TenantTransaction,
  person: string,
  status: UserStatus,
  cause: TouchCause,
): Promise<boolean> {
  const found = await transaction.query(
    'update identity.person set status = $3, changed_at = $4 where tenant = $1 and id = $2 and deleted_at is null returning id',
    [transaction.tenant, person, status, cause.at],
  );
  if (found.length === 0) return false;
  if (status === 'suspended') await endSessions('identity', transaction, person);
  await touchUsers(transaction, [person], cause);
  return true;
}

/** Writes link and mail; returns the mail's id. A reason that was used before gives the mail that was written then. */
export async function writeInvitation(
  transaction: TenantTransaction,
  person: string,
  invitation: Invitation,
): Promise<string> {
  const { digest, at, expiresAt, mail } = invitation;
  await insertLink('identity', transaction, { person, kind: 'invitation', digest, at, expiresAt });
  await insertMail('identity', transaction, mail, at);
  const [row] = await transaction.query('select id from identity.mail where tenant = $1 and reason = $2', [
    transaction.tenant,
    mail.reason,
  ]);
  return row?.['id'] as string;
}

export async function giveRole(
  transaction: TenantTransaction,
  person: string,
  role: string,
  cause: TouchCause,
): Promise<void> {
  await transaction.query(
    'insert into identity.role_member (tenant, role, person) select $1, $2, $3 on conflict do nothing returning person',
    [transaction.tenant, role, person],
  );
  await touchUsers(transaction, [person], cause);
  await touchTeams(transaction, await teamsOf(transaction, [person]), cause);
}

export async function giveApp(
  transaction: TenantTransaction,
  person: string,
  app: string,
  cause: TouchCause,
): Promise<void> {
  await transaction.query(
    `insert into identity.direct_assignment (tenant, app, person, created_at) select $1, $2, $3, $4
     on conflict do nothing returning person`,
    [transaction.tenant, app, person, cause.at],
  );
  await touchUsers(transaction, [person], cause);
  await touchTeams(transaction, await teamsOf(transaction, [person]), cause);
}

export async function takeApp(
  transaction: TenantTransaction,
  person: string,
  app: string,
  cause: TouchCause,
): Promise<void> {
  await transaction.query(
    'delete from identity.direct_assignment where tenant = $1 and app = $2 and person = $3 returning person',
    [transaction.tenant, app, person],
  );
  await touchUsers(transaction, [person], cause);
  await touchTeams(transaction, await teamsOf(transaction, [person]), cause);
}
