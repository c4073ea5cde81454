// What a workspace defines for itself: extension schemas and resource types, as the documents of RFC 7643 sections 6 and 7.

import type { Migration } from '../migrate.ts';

const rights = { rollcall_workspace: ['select', 'insert', 'delete'] } as const;

export const resourceTypes: Migration = {
  number: 5,
  name: 'resource-types',
  statements: [
    // json, not jsonb: the order of attributes is the order people wrote.
    `create table workspace.scim_schema (
      tenant uuid not null,
      id text not null,
      document json not null,
      extends text[] not null,
      created_at timestamptz not null,
      primary key (tenant, id)
    )`,
    `create table workspace.scim_resource_type (
      tenant uuid not null,
      name text not null,
      document json not null,
      created_at timestamptz not null,
      primary key (tenant, name)
    )`,
  ],
  tables: [
    { table: 'workspace.scim_schema', class: 'tenant', rights },
    { table: 'workspace.scim_resource_type', class: 'tenant', rights },
  ],
};
