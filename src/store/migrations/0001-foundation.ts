// Schemas, the control tables, and what a workspace is before anybody is provisioned into it: settings, accounts,
// connections, tokens, SAML. People themselves are the SCIM resources of the next migration.

import type { Migration } from '../migrate.ts';
import { accountStatements, accountTables } from './account-tables.ts';

const all = ['select', 'insert', 'update', 'delete'] as const;

export const foundation: Migration = {
  number: 1,
  name: 'foundation',
  statements: [
    'create schema workspace',
    'create schema identity',
    'create schema pgboss authorization rollcall_queue',
    'grant usage on schema control to rollcall_workspace, rollcall_identity',
    'grant usage on schema workspace to rollcall_workspace',
    'grant usage on schema identity to rollcall_identity',
    'grant select on control.migration to rollcall_workspace, rollcall_identity',
    `create table control.workspace (
      slug text primary key,
      tenant uuid not null unique,
      created_at timestamptz not null
    )`,
    `create table control.organization (
      slug text primary key,
      tenant uuid not null unique,
      created_at timestamptz not null
    )`,
    `create table control.scim_token (
      digest bytea primary key,
      tenant uuid not null,
      connection uuid not null,
      token uuid not null
    )`,
    // A code printed on the console makes the first admin of an end; it is used once.
    `create table control.workspace_setup_code (digest bytea primary key, expires_at timestamptz not null, used_at timestamptz)`,
    `create table control.identity_setup_code (digest bytea primary key, expires_at timestamptz not null, used_at timestamptz)`,
    `create table workspace.settings (
      tenant uuid primary key,
      slug text not null,
      name text not null,
      plan text not null check (plan in ('free', 'plus')),
      created_at timestamptz not null
    )`,
    // select ... for update on this row is how a tenant's writers exclude each other.
    `create table workspace.tenant_lock (tenant uuid not null, name text not null, primary key (tenant, name))`,
    ...accountStatements('workspace'),
    ...accountStatements('identity'),
    `create table workspace.scim_connection (
      tenant uuid not null,
      id uuid not null,
      state text not null check (state in ('enabled', 'disabled')),
      client text,
      client_pinned boolean not null default false,
      enabled_at timestamptz not null,
      enabled_by uuid,
      enabled_by_name text not null,
      disabled_at timestamptz,
      disabled_by_name text,
      disabled_reason text,
      primary key (tenant, id)
    )`,
    `create table workspace.scim_token (
      tenant uuid not null,
      id uuid not null,
      connection uuid not null,
      hint text not null,
      created_at timestamptz not null,
      created_by_name text not null,
      revoked_at timestamptz,
      last_used_at timestamptz,
      last_used_address text,
      last_used_agent text,
      primary key (tenant, id),
      foreign key (tenant, connection) references workspace.scim_connection (tenant, id)
    )`,
    `create table workspace.saml_connection (
      tenant uuid not null,
      id uuid not null,
      state text not null check (state in ('draft', 'on', 'off')),
      idp_kind text,
      idp_entity_id text,
      idp_name text,
      sso_url text,
      certificates jsonb not null default '[]',
      metadata_url text,
      metadata_read_at timestamptz,
      turned_on_at timestamptz,
      turned_on_by_name text,
      last_sign_in_at timestamptz,
      last_sign_in_name text,
      primary key (tenant, id)
    )`,
    `create table workspace.saml_request (
      tenant uuid not null,
      id text not null,
      connection uuid not null,
      purpose text not null check (purpose in ('sign-in', 'test')),
      browser_digest bytea not null,
      return_to text,
      person uuid,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz,
      primary key (tenant, id),
      foreign key (tenant, connection) references workspace.saml_connection (tenant, id)
    )`,
    // An assertion is good for one sign-in, across processes and restarts.
    `create table workspace.saml_assertion_used (
      tenant uuid not null,
      connection uuid not null,
      assertion text not null,
      expires_at timestamptz not null,
      primary key (tenant, connection, assertion),
      foreign key (tenant, connection) references workspace.saml_connection (tenant, id)
    )`,
    `create table workspace.saml_attempt (
      tenant uuid not null,
      id uuid not null,
      connection uuid not null,
      purpose text not null,
      at timestamptz not null,
      outcome text not null check (outcome in ('signed-in', 'tested', 'refused')),
      name_id text,
      person uuid,
      person_name text,
      tester uuid,
      checks jsonb not null,
      attributes jsonb not null,
      sentence text not null,
      primary key (tenant, id),
      foreign key (tenant, connection) references workspace.saml_connection (tenant, id)
    )`,
    'create index saml_attempt_newest on workspace.saml_attempt (tenant, connection, at desc)',
  ],
  tables: [
    { table: 'control.workspace', class: 'control', rights: { rollcall_workspace: ['select', 'insert'] } },
    { table: 'control.organization', class: 'control', rights: { rollcall_identity: ['select', 'insert'] } },
    { table: 'control.scim_token', class: 'control', rights: { rollcall_workspace: ['select', 'insert', 'delete'] } },
    { table: 'control.workspace_setup_code', class: 'control', rights: { rollcall_workspace: all } },
    { table: 'control.identity_setup_code', class: 'control', rights: { rollcall_identity: all } },
    { table: 'workspace.settings', class: 'tenant', rights: { rollcall_workspace: ['select', 'insert', 'update'] } },
    { table: 'workspace.tenant_lock', class: 'tenant', rights: { rollcall_workspace: ['select', 'insert', 'update'] } },
    ...accountTables('workspace'),
    ...accountTables('identity'),
    {
      table: 'workspace.scim_connection',
      class: 'tenant',
      rights: { rollcall_workspace: ['select', 'insert', 'update'] },
    },
    { table: 'workspace.scim_token', class: 'tenant', rights: { rollcall_workspace: ['select', 'insert', 'update'] } },
    {
      table: 'workspace.saml_connection',
      class: 'tenant',
      rights: { rollcall_workspace: ['select', 'insert', 'update'] },
    },
    { table: 'workspace.saml_request', class: 'tenant', rights: { rollcall_workspace: all } },
    {
      table: 'workspace.saml_assertion_used',
      class: 'tenant',
      rights: { rollcall_workspace: ['select', 'insert', 'delete'] },
    },
    { table: 'workspace.saml_attempt', class: 'tenant', rights: { rollcall_workspace: ['select', 'insert'] } },
  ],
};
