// Which roles get an app, in PostgreSQL, and what a change of them would give and take. Talks to: Postgres.

import type { AppStore } from '../../identity-provider/app.ts';
import type { TenantDatabase } from '../database.ts';
import { entitledPairs, teamsOf, touchTeams, touchUsersOfApp } from './touch.ts';
import { refuseUnknown } from './unknown.ts';

/** Everybody who would have app $2 with the roles $3. */
const wouldHave = `
  select d.tenant, d.person from identity.direct_assignment d where d.tenant = $1 and d.app = $2
  union select rm.tenant, rm.person from identity.role_member rm where rm.tenant = $1 and rm.role = any($3::uuid[])`;
const has = `select e.tenant, e.person from (${entitledPairs}) e where e.tenant = $1 and e.app = $2`;

export function createAppRoleStore(database: TenantDatabase): Pick<AppStore, 'setAppRoles' | 'previewAppRoles'> {
  return {
    setAppRoles: (tenant, id, roles, cause) =>
      database.withTenant(tenant, async (transaction) => {
        const found = await transaction.query('select id from identity.app where tenant = $1 and id = $2 for update', [
          tenant,
          id,
        ]);
        if (found.length === 0) return false;
        const values = [tenant, id, roles];
        const changed = await transaction.query(
          `select x.person from ((${wouldHave}) except (${has}) union ((${has}) except (${wouldHave}))) x where x.tenant = $1`,
          values,
        );
        await transaction.query(
          'delete from identity.role_app where tenant = $1 and app = $2 and not (role = any($3::uuid[])) returning role',
          values,
        );
        await transaction
          .query(
            'insert into identity.role_app (tenant, app, role) select $1, $2, x.role from unnest($3::uuid[]) as x (role) on conflict do nothing returning role',
            values,
          )
          .catch(refuseUnknown);
        const persons = changed.map((row) => row['person'] as string);
        const touch = { by: cause.name, at: cause.at };
        if (persons.length > 0) await touchUsersOfApp(transaction, id, persons, touch);
        await touchTeams(transaction, await teamsOf(transaction, persons), touch);
        return true;
      }),
    previewAppRoles: (tenant, id, roles) =>
      database.withTenant(tenant, async (transaction) => {
        const count = async (text: string) =>
          (
            await transaction.query<{ n: number }>(`select count(*) as n from (${text}) x where x.tenant = $1`, [
              tenant,
              id,
              roles,
            ])
          )[0]?.n ?? 0;
        return {
          gained: await count(`(${wouldHave}) except (${has})`),
          lost: await count(`(${has}) except (${wouldHave})`),
        };
      }),
  };
}
