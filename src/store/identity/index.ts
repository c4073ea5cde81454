// Every store of the sending end, over one database.

import type { DirectoryStore } from '../../identity-provider/directory.ts';
import type { TenantDatabase } from '../database.ts';
import { createAppStore } from './apps.ts';
import { createAssignmentStore } from './assignments.ts';
import { createBulkStore } from './bulk.ts';
import { createGroupRoleStore } from './groups-roles.ts';
import { createOrganizationStore } from './organization.ts';
import { createOverviewStore } from './overview.ts';
import { createSignOnStore } from './sign-on.ts';
import { createUserStore } from './users.ts';

export function createIdentityStores(database: TenantDatabase) {
  const directory: DirectoryStore = { ...createUserStore(database), ...createGroupRoleStore(database) };
  return {
    directory,
    organizations: createOrganizationStore(database),
    signOn: createSignOnStore(database),
    apps: createAppStore(database),
    assignments: createAssignmentStore(database),
    bulk: createBulkStore(database),
    overview: createOverviewStore(database),
  };
}
