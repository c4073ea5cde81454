// What a delivery reads of the directory, in one transaction, before the network is touched. Talks to: Postgres.

import type { SourceUser } from '../../../provisioning/desired.ts';
import type {
  AppTarget,
  ClaimedSubject,
  GroupSnapshot,
  UserSnapshot,
} from '../../../provisioning/engine/delivery-store.ts';
import type { Member } from '../../../provisioning/target/deliver-group.ts';
import type { Row, TenantTransaction } from '../../database.ts';
import { isEntitled } from '../touch.ts';

export function toSettings(row: Row): AppTarget['settings'] {
  return {
    enabled: row['provisioning'],
    approveCreate: row['approve_create'],
    approveUpdate: row['approve_update'],
    approveDelete: row['approve_delete'],
    onDelete: row['on_delete'],
    onUnassign: row['on_unassign'],
    onSuspend: row['on_suspend'],
  };
}

async function readApp(transaction: TenantTransaction, id: string): Promise<AppTarget> {
  const [row] = await transaction.query('select * from identity.app where tenant = $1 and id = $2', [
    transaction.tenant,
    id,
  ]);
  if (!row) throw new Error('A subject without its app.');
  return {
    id,
    name: row['name'],
    baseUrl: row['base_url'],
    credential: row['credential'] ?? '',
    updateMethod: row['update_method'],
    capabilities: row['capabilities'],
    settings: toSettings(row),
  };
}

const source = `
  select p.id, p.user_name, p.display_name, p.given_name, p.family_name, p.email, p.title, p.department, p.employee_type,
    p.location, p.start_date, p.status, p.deleted_at, m.display_name as manager_name, m.email as manager_email,
    ms.remote_id as manager_remote_id, d.overrides, d.app is not null as is_direct,
    (select coalesce(jsonb_agg(r.name order by r.name), '[]') from identity.role_member rm
       join identity.role_app ra on ra.tenant = rm.tenant and ra.role = rm.role
       join identity.role r on r.tenant = rm.tenant and r.id = rm.role
       where rm.tenant = $1 and rm.person = p.id and ra.app = $2) as roles
  from identity.person p
  left join identity.person m on m.tenant = p.tenant and m.id = p.manager and m.deleted_at is null
  left join identity.subject ms on ms.tenant = p.tenant and ms.app = $2 and ms.kind = 'user' and ms.local = m.id
  left join identity.direct_assignment d on d.tenant = p.tenant and d.app = $2 and d.person = p.id
  where p.tenant = $1 and p.id = $3`;

function toSource(row: Row): SourceUser {
  return {
    id: row['id'],
    userName: row['user_name'],
    displayName: row['display_name'],
    givenName: row['given_name'],
    familyName: row['family_name'],
    email: row['email'],
    title: row['title'],
    department: row['department'],
    employeeType: row['employee_type'],
    location: row['location'],
    startDate: row['start_date'],
    isSuspended: row['status'] === 'suspended',
    manager:
      row['manager_name'] === null
        ? null
        : {
            displayName: row['manager_name'],
            email: row['manager_email'],
            remoteId: row['manager_remote_id'],
          },
    overrides: row['overrides'] ?? {},
  };
}

/** A person as the engine sees them at an app, and how they got it. */
export async function readSource(
  transaction: TenantTransaction,
  app: string,
  person: string,
): Promise<{ user: SourceUser; standing: UserSnapshot['standing']; through: string[] } | undefined> {
  const [row] = await transaction.query(source, [transaction.tenant, app, person]);
  if (!row) return undefined;
  const through = [
    ...(row['is_direct'] ? ['given directly'] : []),
    ...(row['roles'] as string[]).map((role) => `role ${role}`),
  ];
  const standing = row['deleted_at'] !== null ? 'deleted' : through.length > 0 ? 'entitled' : 'unassigned';
  return { user: toSource(row), standing, through };
}

export async function userSnapshot(transaction: TenantTransaction, subject: ClaimedSubject): Promise<UserSnapshot> {
  const [app, read] = await Promise.all([
    readApp(transaction, subject.app),
    readSource(transaction, subject.app, subject.local),
  ]);
  if (!read) throw new Error('A subject without its person.');
  return { app, ...read };
}

export async function groupSnapshot(transaction: TenantTransaction, subject: ClaimedSubject): Promise<GroupSnapshot> {
  const values = [transaction.tenant, subject.app, subject.local];
  const [app, team, members, confirmed] = await Promise.all([
    readApp(transaction, subject.app),
    transaction.query('select name from identity.team where tenant = $1 and id = $2', [
      transaction.tenant,
      subject.local,
    ]),
    // A scalar look-up, not a join: before its first ANALYZE a planner joins by reading all subjects for each member.
    transaction.query<{ person: string; remoteId: string | null }>(
      `select m.person, (select s.remote_id from identity.subject s
           where s.tenant = $1 and s.app = $2 and s.kind = 'user' and s.local = m.person) as "remoteId"
       from identity.team_member m where m.tenant = $1 and m.team = $3 and ${isEntitled('$2', 'm.person')} order by m.person`,
      values,
    ),
    transaction.query(
      'select person, remote_id as "remoteId" from identity.delivered_member where tenant = $1 and app = $2 and team = $3 order by person',
      values,
    ),
  ]);
  const name = team[0]?.['name'] as string | undefined;
  const previous = subject.delivered?.['displayName'];
  return {
    app,
    displayName: name,
    name: name ?? (typeof previous === 'string' ? previous : 'a deleted group'),
    members: members.filter((member): member is Member => member.remoteId !== null),
    confirmed: confirmed as Member[],
  };
}
