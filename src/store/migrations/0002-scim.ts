// The receiving end of SCIM: resources of any type, their unique keys, the rows that point from one to another, and what
// every request left behind. People of a workspace are rows of workspace.resource, made by hand (connection null) or by
// SCIM alike.
// Only equality of uuid, text and timestamps is leakproof, so only that reaches an index behind row-level security:
// what is searched for by value has its value in a column of a row of its own, never inside jsonb.

import type { Migration } from '../migrate.ts';

const all = ['select', 'insert', 'update', 'delete'] as const;

export const scim: Migration = {
  number: 2,
  name: 'scim',
  statements: [
    `create table workspace.resource (
      tenant uuid not null,
      id uuid not null,
      resource_type text not null,
      connection uuid,
      attributes jsonb not null,
      search jsonb not null,
      external_ids jsonb not null default '{}',
      label text not null,
      label_search text not null,
      active boolean not null,
      version integer not null,
      provenance jsonb not null default '{}',
      predecessor uuid,
      created timestamptz not null,
      last_modified timestamptz not null,
      deleted_at timestamptz,
      primary key (tenant, id)
    )`,
    'create index resource_listed on workspace.resource (tenant, resource_type, id) where deleted_at is null',
    // within: the connection an externalId belongs to; the zero UUID for what is unique in the whole workspace.
    `create table workspace.resource_key (
      tenant uuid not null,
      resource_type text not null,
      attribute text not null,
      within uuid not null,
      value text not null,
      resource uuid not null,
      primary key (tenant, resource_type, attribute, within, value),
      foreign key (tenant, resource) references workspace.resource (tenant, id)
    )`,
    'create index resource_key_resource on workspace.resource_key (tenant, resource)',
    `create table workspace.resource_value (
      tenant uuid not null,
      resource_type text not null,
      attribute text not null,
      value text not null,
      resource uuid not null,
      primary key (tenant, resource_type, attribute, value, resource),
      foreign key (tenant, resource) references workspace.resource (tenant, id)
    )`,
    'create index resource_value_resource on workspace.resource_value (tenant, resource)',
    // value: as sent. name: the same without case. target: null while nobody of that name is here.
    `create table workspace.resource_reference (
      tenant uuid not null,
      resource uuid not null,
      attribute text not null,
      value text not null,
      name text not null,
      value_type text,
      connection uuid not null,
      target uuid,
      journal uuid not null,
      created timestamptz not null,
      primary key (tenant, resource, attribute, value),
      foreign key (tenant, resource) references workspace.resource (tenant, id),
      foreign key (tenant, target) references workspace.resource (tenant, id)
    )`,
    // Serves both: nobody is a member twice, and whose members is this one.
    `create unique index resource_reference_once on workspace.resource_reference (tenant, target, attribute, resource)
      where target is not null`,
    'create index resource_reference_parked on workspace.resource_reference (tenant, name) where target is null',
    // What a deleted resource left to a successor of the same externalId: the rows that pointed at it.
    `create table workspace.resource_tombstone (
      tenant uuid not null,
      resource_type text not null,
      connection uuid not null,
      external_id text not null,
      resource uuid not null,
      pointed_at jsonb not null,
      deleted_at timestamptz not null,
      primary key (tenant, resource_type, connection, external_id),
      foreign key (tenant, resource) references workspace.resource (tenant, id)
    )`,
    // Several slots, so that parallel writers do not queue for one counter; a total is their sum.
    `create table workspace.resource_count (
      tenant uuid not null,
      resource_type text not null,
      slot smallint not null,
      resources integer not null,
      primary key (tenant, resource_type, slot)
    )`,
    // Ids are UUIDv7: ordered by time, so that this can be partitioned by ranges of the id.
    `create table workspace.request_journal (
      tenant uuid not null,
      id uuid not null,
      at timestamptz not null,
      connection uuid,
      token uuid,
      token_hint text,
      client text not null,
      user_agent text,
      remote_address text not null,
      method text not null,
      path text not null,
      path_template text not null,
      query text,
      status smallint not null,
      duration_ms real not null,
      operation text not null,
      resource_type text,
      resource uuid,
      changed boolean not null,
      facts jsonb not null,
      request_body text,
      response_body text,
      primary key (tenant, id)
    )`,
    'create index request_journal_connection on workspace.request_journal (tenant, connection, id)',
    'create index request_journal_at on workspace.request_journal (tenant, at)',
    // Everybody a request touched: its own resource, and the members it added or removed.
    `create table workspace.request_subject (
      tenant uuid not null,
      resource uuid not null,
      journal uuid not null,
      primary key (tenant, resource, journal)
    )`,
    `create table workspace.outbox (
      tenant uuid not null,
      id uuid not null,
      at timestamptz not null,
      event text not null,
      resource uuid not null,
      resource_type text not null,
      version integer not null,
      payload jsonb not null,
      relayed_at timestamptz,
      primary key (tenant, id)
    )`,
    'create index outbox_waiting on workspace.outbox (tenant, resource, id) where relayed_at is null',
  ],
  tables: [
    { table: 'workspace.resource', class: 'tenant', rights: { rollcall_workspace: ['select', 'insert', 'update'] } },
    { table: 'workspace.resource_key', class: 'tenant', rights: { rollcall_workspace: all } },
    { table: 'workspace.resource_value', class: 'tenant', rights: { rollcall_workspace: all } },
    { table: 'workspace.resource_reference', class: 'tenant', rights: { rollcall_workspace: all } },
    { table: 'workspace.resource_tombstone', class: 'tenant', rights: { rollcall_workspace: all } },
    {
      table: 'workspace.resource_count',
      class: 'tenant',
      rights: { rollcall_workspace: ['select', 'insert', 'update'] },
    },
    { table: 'workspace.request_journal', class: 'tenant', rights: { rollcall_workspace: ['select', 'insert'] } },
    { table: 'workspace.request_subject', class: 'tenant', rights: { rollcall_workspace: ['select', 'insert'] } },
    { table: 'workspace.outbox', class: 'tenant', rights: { rollcall_workspace: ['select', 'insert', 'update'] } },
  ],
};
