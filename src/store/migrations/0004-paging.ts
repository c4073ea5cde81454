// What the engine needs to page, and to write a resource where it lies. See store/scim/page-places.

import type { Migration } from '../migrate.ts';

export const paging: Migration = {
  number: 4,
  name: 'paging',
  statements: [
    // How many were taken away: with the total, it tells whether the places of a list are still true.
    'alter table workspace.resource_count add column removals integer not null default 0',
    // Room on each page, so that an update can stay on it and no index has to be touched.
    'alter table workspace.resource set (fillfactor = 80)',
    'alter table workspace.resource_count set (fillfactor = 50)',
  ],
  tables: [],
};
