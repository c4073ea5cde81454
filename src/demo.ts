// Demo data: each end seeds itself once, in one transaction of its tenant. Talks to: Postgres.
// The ends are seeded apart and share nothing but the names of the invented company, as two real products would.

import { type DemoPerson, demoAdmin, demoDomain, demoHereBefore, demoPeople, demoUserName } from './demo-people.ts';
import { createSigningKey } from './identity-provider/organization.ts';
import { createId } from './secrets/identifier.ts';
import type { Sealer } from './secrets/seal.ts';
import { noteSignInName } from './store/accounts.ts';
import type { TenantDatabase, TenantTransaction } from './store/database.ts';
import { insertOrganization } from './store/identity/organization.ts';
import { insertUser } from './store/identity/users.ts';
import { insertPerson } from './store/workspace/people.ts';
import { insertSettings } from './store/workspace/settings.ts';

const slug = 'acme';
const name = 'Acme';

/** The tenant of the demo's slug in control, made when there is none, and whether its data are there. */
async function demoTenant(
  database: TenantDatabase,
  table: 'workspace' | 'organization',
  schema: 'workspace' | 'identity',
  at: Date,
) {
  await database.control.query(
    `insert into control.${table} (slug, tenant, created_at) values ($1, $2, $3) on conflict (slug) do nothing`,
    [slug, createId(at), at],
  );
  const [row] = await database.control.query<{ tenant: string }>(
    `select tenant from control.${table} where slug = $1`,
    [slug],
  );
  const tenant = row?.tenant ?? '';
  const [found] = await database.batch(tenant, [
    { text: `select 1 as is_there from ${schema}.settings where tenant = $1`, values: [tenant] },
  ]);
  return { tenant, isSeeded: found?.length === 1 };
}

async function hasTenants(database: TenantDatabase, table: 'workspace' | 'organization'): Promise<boolean> {
  const rows = await database.control.query(`select slug from control.${table} where slug <> $1 limit 1`, [slug]);
  return rows.length > 0;
}

function person(userName: string): DemoPerson {
  const found = demoPeople.find((candidate) => demoUserName(candidate) === userName);
  if (!found) throw new Error(`The demo has nobody named ${userName}.`);
  return found;
}

/** Workspace *Acme* on Plus: its admin and three people who were there before. */
export async function seedWorkspace(database: TenantDatabase, at: Date): Promise<void> {
  if (await hasTenants(database, 'workspace')) return;
  const { tenant, isSeeded } = await demoTenant(database, 'workspace', 'workspace', at);
  if (isSeeded) return;
  const here = [demoAdmin, ...demoHereBefore];
  await database.withTenant(tenant, async (transaction) => {
    await insertSettings(transaction, { slug, name, plan: 'plus' }, at);
    for (const userName of here) {
      const [given, family, title, , , department] = person(userName);
      await insertPerson(
        transaction,
        {
          id: createId(at),
          name: `${given} ${family}`,
          email: `${userName}@${demoDomain}`,
          role: userName === demoAdmin ? 'owner' : 'member',
          attributes: { title, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department } },
        },
        at,
      );
    }
  });
  for (const userName of here) await noteSignInName('workspace', database.control, tenant, `${userName}@${demoDomain}`);
}

async function insertCompany(transaction: TenantTransaction, at: Date): Promise<void> {
  const ids = new Map(demoPeople.map((entry) => [demoUserName(entry), createId(at)]));
  const groups = [...new Set(demoPeople.flatMap((entry) => entry[4].split(',').filter((group) => group !== '')))];
  const groupIds = new Map(groups.map((group) => [group, createId(at)]));
  await transaction.query(
    `insert into identity.team (tenant, id, name, created_at) select $1, x.id, x.name, $4 from unnest($2::uuid[], $3::text[]) as x (id, name) returning id`,
    [transaction.tenant, [...groupIds.values()], [...groupIds.keys()], at],
  );
  // Managers come before their reports in the list.
  for (const entry of demoPeople) {
    const [givenName, familyName, title, manager, , department, employeeType, location, startDate] = entry;
    const userName = demoUserName(entry);
    const address = `${userName}@${demoDomain}`;
    await insertUser(
      transaction,
      {
        ...{
          id: ids.get(userName) ?? '',
          status: userName === demoAdmin ? 'active' : 'not-activated',
          userName: address,
          email: address,
        },
        ...{
          displayName: `${givenName} ${familyName}`,
          givenName,
          familyName,
          title,
          department,
          employeeType,
          location,
          startDate,
        },
        manager: manager === null ? null : (ids.get(manager) ?? null),
      },
      at,
    );
  }
  const memberships = demoPeople.flatMap((entry) =>
    entry[4]
      .split(',')
      .filter((group) => group !== '')
      .map((group) => [groupIds.get(group), ids.get(demoUserName(entry))] as const),
  );
  await transaction.query(
    `insert into identity.team_member (tenant, team, person) select $1, x.team, x.person from unnest($2::uuid[], $3::uuid[]) as x (team, person) returning person`,
    [transaction.tenant, memberships.map(([team]) => team), memberships.map(([, member]) => member)],
  );
  await transaction.query("update identity.account set role = 'owner' where tenant = $1 and person = $2", [
    transaction.tenant,
    ids.get(demoAdmin),
  ]);
}

/** Organization *Acme*: 41 people, the admin active, 40 not yet activated; four groups; no apps yet. */
export async function seedOrganization(database: TenantDatabase, sealer: Sealer, at: Date): Promise<void> {
  if (await hasTenants(database, 'organization')) return;
  const { tenant, isSeeded } = await demoTenant(database, 'organization', 'identity', at);
  if (isSeeded) return;
  const key = await createSigningKey(sealer, name, at);
  await database.withTenant(tenant, async (transaction) => {
    await insertOrganization(transaction, { slug, name }, key, at);
    await insertCompany(transaction, at);
  });
  for (const entry of demoPeople)
    await noteSignInName('identity', database.control, tenant, `${demoUserName(entry)}@${demoDomain}`);
}
