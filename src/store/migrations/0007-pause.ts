// A connection that is paused: its requests are answered 503 and change nothing, its tokens stay as they are.

import type { Migration } from '../migrate.ts';

export const pause: Migration = {
  number: 7,
  name: 'pause',
  statements: [
    'alter table workspace.scim_connection add column paused_at timestamptz, add column paused_by_name text',
  ],
  tables: [],
};
