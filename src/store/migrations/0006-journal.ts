// The journal, who a request touched and the outbox by time: partitions by ranges of their ids, which are UUIDv7, so that
// pruning drops a table and deletes no rows. The partitions themselves are made and dropped by store/partitions.
// What was written before goes along; the default partition takes whatever no other is made for.

import type { Migration } from '../migrate.ts';
import { partitionStatements } from './partition-statements.ts';

const insertOnly = { rollcall_workspace: ['select', 'insert'] } as const;

function moved(table: string, key: string, id: string): string[] {
  return [
    `alter table workspace.${table} rename to ${table}_before`,
    // Names of constraints go by schema, not by table.
    `alter index workspace.${table}_pkey rename to ${table}_before_pkey`,
    `create table workspace.${table} (like workspace.${table}_before, primary key (${key})) partition by range (${id})`,
    ...partitionStatements(table, `${table}_default`, 'default'),
    `insert into workspace.${table} select * from workspace.${table}_before`,
    `drop table workspace.${table}_before`,
  ];
}

export const journal: Migration = {
  number: 6,
  name: 'journal',
  statements: [
    'drop index workspace.request_journal_connection, workspace.request_journal_at, workspace.outbox_waiting',
    ...moved('request_journal', 'tenant, id', 'id'),
    ...moved('request_subject', 'tenant, resource, journal', 'journal'),
    ...moved('outbox', 'tenant, id', 'id'),
    // The life of a resource: its own requests here, those that touched it besides in request_subject.
    "create index request_journal_resource on workspace.request_journal (tenant, resource, id) where resource is not null and operation <> 'read'",
  ],
  tables: [
    { table: 'workspace.request_journal', class: 'tenant', rights: insertOnly },
    { table: 'workspace.request_subject', class: 'tenant', rights: insertOnly },
    { table: 'workspace.outbox', class: 'tenant', rights: { rollcall_workspace: ['select', 'insert', 'update'] } },
  ],
};
