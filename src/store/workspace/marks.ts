// The newest change of each kind in a workspace, for pages that look whether another process changed something.
// Talks to: Postgres. Cheap: each is the end of an index or a row of a small table.

import type { EventMarks } from '../../service-provider/workspace.ts';
import type { TenantDatabase } from '../database.ts';

export async function workspaceMarks(database: TenantDatabase, tenant: string): Promise<EventMarks> {
  const [[requests] = [], [people] = [], [connection] = [], [saml] = []] = await database.batch(tenant, [
    {
      name: 'mark-requests',
      text: 'select id from workspace.request_journal where tenant = $1 order by id desc limit 1',
      values: [tenant],
    },
    {
      name: 'mark-people',
      text: `select last_modified from workspace.resource where tenant = $1 and resource_type = 'User' and deleted_at is null order by last_modified desc limit 1`,
      values: [tenant],
    },
    {
      name: 'mark-connection',
      text: `select (select string_agg(state || enabled_at || coalesce(client, '') || client_pinned || coalesce(paused_at::text, ''), ',') from workspace.scim_connection where tenant = $1) as state,
               (select string_agg(id::text || coalesce(revoked_at::text, ''), ',' order by id) from workspace.scim_token where tenant = $1) as tokens
             from workspace.settings where tenant = $1`,
      values: [tenant],
    },
    {
      name: 'mark-saml',
      text: 'select state, metadata_read_at, last_sign_in_at from workspace.saml_connection where tenant = $1 order by id limit 1',
      values: [tenant],
    },
  ]);
  const mark = (value: unknown) => JSON.stringify(value ?? null);
  return {
    requests: mark(requests),
    people: mark(people),
    teams: mark(people),
    connection: mark([connection, requests]),
    saml: mark(saml),
  };
}
