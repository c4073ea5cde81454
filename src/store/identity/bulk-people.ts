// Whom a bulk operation names, with the facts that decide what happens to them. Talks to: Postgres.

import {
  type BulkObjects,
  type BulkPerson,
  type BulkRequest,
  type BulkWho,
  readAddresses,
} from '../../identity-provider/bulk.ts';
import type { Row, TenantTransaction } from '../database.ts';
import { entitledPairs } from './touch.ts';

const facts = `
  select p.id, p.display_name, p.user_name, p.email, p.status, coalesce(a.role, 'member') as admin_role,
    (select coalesce(jsonb_agg(m.role), '[]') from identity.role_member m where m.tenant = $1 and m.person = p.id) as roles,
    (select coalesce(jsonb_agg(jsonb_build_object('id', e.app, 'direct', exists (
         select 1 from identity.direct_assignment d where d.tenant = $1 and d.app = e.app and d.person = p.id))), '[]')
       from (${entitledPairs}) e where e.person = p.id) as apps
  from identity.person p left join identity.account a on a.tenant = p.tenant and a.person = p.id
  where p.tenant = $1 and p.deleted_at is null`;

function toPerson(row: Row): BulkPerson {
  return {
    id: row['id'],
    name: row['display_name'],
    userName: row['user_name'],
    email: row['email'],
    status: row['status'],
    adminRole: row['admin_role'],
    roles: row['roles'],
    apps: row['apps'],
  };
}

function condition(who: BulkWho): { text: string; value: unknown } {
  switch (who.kind) {
    case 'selected':
      return { text: 'p.id = any($2::uuid[])', value: who.users };
    case 'everyone':
      return { text: '$2::text is null', value: null };
    case 'status':
      return { text: 'p.status = $2', value: who.status };
    case 'role':
      return {
        text: 'exists (select 1 from identity.role_member f where f.tenant = $1 and f.person = p.id and f.role = $2::uuid)',
        value: who.role,
      };
    case 'group':
      return {
        text: 'exists (select 1 from identity.team_member f where f.tenant = $1 and f.person = p.id and f.team = $2::uuid)',
        value: who.group,
      };
    case 'emails':
      return {
        text: '(lower(p.email) = any($2::text[]) or lower(p.user_name) = any($2::text[]))',
        value: readAddresses(who.emails).map(({ text }) => text),
      };
  }
}

export async function findPeople(
  transaction: TenantTransaction,
  who: BulkWho,
): Promise<{ persons: BulkPerson[]; unknown: { line: number; text: string }[] }> {
  const { text, value } = condition(who);
  const rows = await transaction.query(`${facts} and ${text} order by lower(p.display_name), p.id limit 10000`, [
    transaction.tenant,
    value,
  ]);
  const persons = rows.map(toPerson);
  const named = new Set(persons.flatMap(({ email, userName }) => [email.toLowerCase(), userName.toLowerCase()]));
  const unknown = who.kind === 'emails' ? readAddresses(who.emails).filter((entry) => !named.has(entry.text)) : [];
  return { persons, unknown };
}

export async function readPerson(transaction: TenantTransaction, person: string): Promise<BulkPerson | undefined> {
  const [row] = await transaction.query(`${facts} and p.id = $2`, [transaction.tenant, person]);
  return row && toPerson(row);
}

export async function findObjects(transaction: TenantTransaction, request: BulkRequest): Promise<BulkObjects> {
  const [roles, apps] = await Promise.all([
    transaction.query(
      `select r.id, r.name, (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name)), '[]') from identity.role_app ra
         join identity.app a on a.tenant = ra.tenant and a.id = ra.app where ra.tenant = $1 and ra.role = r.id) as apps
       from identity.role r where r.tenant = $1 and r.id = $2::uuid`,
      [transaction.tenant, request.role],
    ),
    transaction.query('select id, name from identity.app where tenant = $1 and id = $2::uuid', [
      transaction.tenant,
      request.app,
    ]),
  ]);
  return { role: roles[0] as BulkObjects['role'], app: apps[0] as BulkObjects['app'] };
}
