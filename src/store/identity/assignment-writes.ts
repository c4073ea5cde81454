// Giving somebody an app and taking it away, in PostgreSQL. Talks to: Postgres.

import { Refusal } from '../../accounts/refusal.ts';
import type { AssignmentStore } from '../../identity-provider/assignment.ts';
import type { TenantDatabase, TenantTransaction } from '../database.ts';
import { entitledPairs, teamsOf, touchTeams, touchUsersOfApp } from './touch.ts';

/** Two people may not be one account: the user name of a login belongs to one of us at an app. */
async function refuseTaken(
  transaction: TenantTransaction,
  app: { id: string; name: string },
  person: string,
  userName: string,
): Promise<void> {
  const [other] = await transaction.query(
    `select p.display_name from identity.person p
     left join identity.direct_assignment d on d.tenant = p.tenant and d.app = $2 and d.person = p.id
     where p.tenant = $1 and p.id <> $3 and p.deleted_at is null and lower(coalesce(d.overrides ->> 'userName', p.user_name)) = lower($4)
       and exists (select 1 from (${entitledPairs}) e where e.app = $2 and e.person = p.id) limit 1`,
    [transaction.tenant, app.id, person, userName],
  );
  if (!other) return;
  const detail = `${other['display_name']} has the user name ${userName} at ${app.name} already.`;
  throw new Refusal('conflict', detail, { errors: [{ pointer: '/overrides/userName', detail }] });
}

export function createAssignmentWrites(database: TenantDatabase): Pick<AssignmentStore, 'assign' | 'unassign'> {
  return {
    assign: (tenant, app, person, { overrides, maySignIn }, cause) =>
      database.withTenant(tenant, async (transaction) => {
        const [found] = await transaction.query(
          'select user_name from identity.person where tenant = $1 and id = $2 and deleted_at is null for update',
          [tenant, person],
        );
        if (!found) throw new Refusal('not-found', 'There is no such user.');
        await refuseTaken(transaction, app, person, overrides.userName ?? (found['user_name'] as string));
        await transaction.query(
          `insert into identity.direct_assignment (tenant, app, person, overrides, may_sign_in, created_at) select $1, $2, $3, $4, $5, $6
           on conflict (tenant, app, person) do update set overrides = excluded.overrides, may_sign_in = excluded.may_sign_in returning person`,
          [tenant, app.id, person, JSON.stringify(overrides), maySignIn, cause.at],
        );
        const touch = { by: cause.name, at: cause.at };
        await touchUsersOfApp(transaction, app.id, [person], touch);
        await touchTeams(transaction, await teamsOf(transaction, [person]), touch);
        const [subject] = await transaction.query(
          `select id from identity.subject where tenant = $1 and app = $2 and kind = 'user' and local = $3`,
          [tenant, app.id, person],
        );
        return subject?.['id'] as string;
      }),
    unassign: (tenant, app, person, cause) =>
      database.withTenant(tenant, async (transaction) => {
        const gone = await transaction.query(
          'delete from identity.direct_assignment where tenant = $1 and app = $2 and person = $3 returning person',
          [tenant, app, person],
        );
        if (gone.length === 0) return false;
        const touch = { by: cause.name, at: cause.at };
        await touchUsersOfApp(transaction, app, [person], touch);
        await touchTeams(transaction, await teamsOf(transaction, [person]), touch);
        return true;
      }),
  };
}
