// Tells open pages what a SCIM request may have changed, once it is committed. Pure: over any ResourceStore.

import type { ResourceStore } from '../../scim/resource-store.ts';

export type ScimChange = 'people' | 'teams' | 'requests' | 'connection';

/** @param announce told the tenant and what may have changed in it */
export function announcingStore<S extends ResourceStore>(
  store: S,
  announce: (tenant: string, ...changes: ScimChange[]) => void,
): S {
  return {
    ...store,
    async transact(scope, work, reach) {
      const result = await store.transact(scope, work, reach);
      announce(scope.tenant, 'people', 'teams', 'requests', 'connection');
      return result;
    },
    async recordNow(scope, record) {
      await store.recordNow(scope, record);
      announce(scope.tenant, 'requests', 'connection');
    },
  };
}
