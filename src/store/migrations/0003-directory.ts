// The sending end: its people, groups, roles and apps, what each app is to have of whom (subjects), and what was sent.

import type { Migration, TableClass } from '../migrate.ts';

const all = ['select', 'insert', 'update', 'delete'] as const;

function tenantTable(name: string, rights: readonly ('select' | 'insert' | 'update' | 'delete')[] = all): TableClass {
  return { table: `identity.${name}`, class: 'tenant', rights: { rollcall_identity: rights } };
}

export const directory: Migration = {
  number: 3,
  name: 'directory',
  statements: [
    `create table identity.settings (
      tenant uuid primary key,
      slug text not null,
      name text not null,
      created_at timestamptz not null
    )`,
    `create table identity.person (
      tenant uuid not null,
      id uuid not null,
      user_name text not null,
      display_name text not null,
      given_name text not null,
      family_name text not null,
      email text not null,
      title text,
      department text,
      employee_type text,
      location text,
      start_date text,
      manager uuid,
      status text not null check (status in ('not-activated', 'invited', 'active', 'suspended')),
      created_at timestamptz not null,
      changed_at timestamptz not null,
      deleted_at timestamptz,
      primary key (tenant, id),
      foreign key (tenant, manager) references identity.person (tenant, id)
    )`,
    // E-mail is not unique: two people may share an address. The user name is what apps know them by.
    'create unique index person_user_name on identity.person (tenant, lower(user_name)) where deleted_at is null',
    'create index person_manager on identity.person (tenant, manager)',
    `alter table identity.account add constraint account_person foreign key (tenant, person) references identity.person (tenant, id)`,
    'create table identity.team (tenant uuid not null, id uuid not null, name text not null, created_at timestamptz not null, primary key (tenant, id))',
    'create unique index team_name on identity.team (tenant, lower(name))',
    `create table identity.team_member (
      tenant uuid not null,
      team uuid not null,
      person uuid not null,
      primary key (tenant, team, person),
      foreign key (tenant, team) references identity.team (tenant, id) on delete cascade,
      foreign key (tenant, person) references identity.person (tenant, id)
    )`,
    'create index team_member_person on identity.team_member (tenant, person)',
    `create table identity.role (
      tenant uuid not null,
      id uuid not null,
      name text not null,
      is_default boolean not null default false,
      created_at timestamptz not null,
      primary key (tenant, id)
    )`,
    'create unique index role_name on identity.role (tenant, lower(name))',
    `create table identity.role_member (
      tenant uuid not null,
      role uuid not null,
      person uuid not null,
      primary key (tenant, role, person),
      foreign key (tenant, role) references identity.role (tenant, id) on delete cascade,
      foreign key (tenant, person) references identity.person (tenant, id)
    )`,
    'create index role_member_person on identity.role_member (tenant, person)',
    `create table identity.app (
      tenant uuid not null,
      id uuid not null,
      name text not null,
      description text,
      connector text not null check (connector in ('rollcall', 'scim2')),
      visible_in_portal boolean not null default true,
      entity_id text not null,
      acs_urls jsonb not null,
      sign_in_url text,
      host text,
      org_id text,
      base_url text not null default '',
      credential text,
      credential_hint text,
      update_method text not null default 'auto' check (update_method in ('auto', 'PATCH', 'PUT')),
      api_status text not null default 'disabled' check (api_status in ('disabled', 'enabled', 'failing')),
      checks jsonb not null default '[]',
      checked_at timestamptz,
      capabilities jsonb not null default '{}',
      held text,
      held_at timestamptz,
      provisioning boolean not null default false,
      approve_create boolean not null default true,
      approve_update boolean not null default true,
      approve_delete boolean not null default true,
      on_delete text not null default 'suspend' check (on_delete in ('delete', 'suspend', 'nothing')),
      on_unassign text not null default 'suspend' check (on_unassign in ('delete', 'suspend', 'nothing')),
      on_suspend text not null default 'suspend' check (on_suspend in ('suspend', 'nothing')),
      last_success_at timestamptz,
      created_at timestamptz not null,
      primary key (tenant, id)
    )`,
    'create unique index app_entity on identity.app (tenant, entity_id)',
    `create table identity.role_app (
      tenant uuid not null,
      role uuid not null,
      app uuid not null,
      primary key (tenant, role, app),
      foreign key (tenant, role) references identity.role (tenant, id) on delete cascade,
      foreign key (tenant, app) references identity.app (tenant, id) on delete cascade
    )`,
    'create index role_app_app on identity.role_app (tenant, app)',
    // A login given to one person directly, with what was typed for this app alone.
    `create table identity.direct_assignment (
      tenant uuid not null,
      app uuid not null,
      person uuid not null,
      overrides jsonb not null default '{}',
      may_sign_in boolean not null default true,
      created_at timestamptz not null,
      primary key (tenant, app, person),
      foreign key (tenant, app) references identity.app (tenant, id) on delete cascade,
      foreign key (tenant, person) references identity.person (tenant, id)
    )`,
    'create index direct_assignment_person on identity.direct_assignment (tenant, person)',
    // One row for each subject at each app: where it stands, and the link to the app's own id. A change raises `wanted`;
    // a delivery that read `wanted` = n sets `done` = n, so the newest state always wins and nothing is sent twice at once
    // (the lease). An approval is for exactly the changes that were shown (their key), not for whatever comes next.
    `create table identity.subject (
      tenant uuid not null,
      app uuid not null,
      kind text not null check (kind in ('user', 'group')),
      local uuid not null,
      id uuid not null,
      status text not null,
      intent text not null default 'none',
      wanted bigint not null,
      done bigint not null default 0,
      urgent boolean not null default false,
      tries bigint not null default 0,
      requested_by text not null,
      requested_at timestamptz not null,
      approval_key text,
      decision text check (decision in ('approved', 'skipped')),
      decided_key text,
      decided_by text,
      decided_at timestamptz,
      lease uuid,
      lease_until timestamptz,
      attempts integer not null default 0,
      failing_since timestamptz,
      next_attempt_at timestamptz,
      last_step text not null default '',
      error text,
      steps jsonb not null default '[]',
      changes jsonb not null default '[]',
      remote_id text,
      delivered jsonb,
      changed_at timestamptz not null,
      duration_ms integer,
      primary key (tenant, app, kind, local),
      foreign key (tenant, app) references identity.app (tenant, id) on delete cascade
    )`,
    'create unique index subject_id on identity.subject (tenant, id)',
    'create index subject_status on identity.subject (tenant, status, app)',
    'create index subject_local on identity.subject (tenant, kind, local)',
    // In the order of claims, so that the next one of ten thousand is the first row of the index.
    'create index subject_due on identity.subject (tenant, app, kind, urgent desc, (remote_id is null), requested_at, id) where wanted > done',
    'create index subject_remote on identity.subject (tenant, remote_id, app) where remote_id is not null',
    // Memberships the app has confirmed.
    `create table identity.delivered_member (
      tenant uuid not null,
      app uuid not null,
      team uuid not null,
      person uuid not null,
      remote_id text not null,
      primary key (tenant, app, team, person),
      foreign key (tenant, app) references identity.app (tenant, id) on delete cascade
    )`,
    // What was sent and answered, for ever added to.
    `create table identity.delivery_journal (
      tenant uuid not null,
      id uuid not null,
      at timestamptz not null,
      app uuid not null,
      kind text not null,
      local uuid not null,
      name text not null,
      intent text not null,
      outcome text not null,
      sentence text not null,
      exchanges jsonb not null,
      changes jsonb not null,
      duration_ms integer not null,
      primary key (tenant, id)
    )`,
    'create index delivery_journal_subject on identity.delivery_journal (tenant, kind, local, id desc)',
    "create index delivery_journal_app on identity.delivery_journal (tenant, app, at) where outcome <> 'delivered'",
    // Intent, written in the transaction of its cause; a relay hands it to the queue and takes it away.
    `create table identity.outbox (
      tenant uuid not null,
      id uuid not null,
      queue text not null,
      payload jsonb not null,
      created_at timestamptz not null,
      primary key (tenant, id)
    )`,
    `create table identity.bulk_job (
      tenant uuid not null,
      id uuid not null,
      sentence text not null,
      request jsonb not null,
      state text not null check (state in ('running', 'cancelled', 'finished')),
      started_at timestamptz not null,
      started_by text not null,
      started_by_person uuid not null,
      finished_at timestamptz,
      primary key (tenant, id)
    )`,
    `create table identity.bulk_item (
      tenant uuid not null,
      job uuid not null,
      person uuid not null,
      position integer not null,
      state text not null check (state in ('waiting', 'done', 'failed', 'skipped')),
      note text,
      mail uuid,
      primary key (tenant, job, person),
      foreign key (tenant, job) references identity.bulk_job (tenant, id),
      foreign key (tenant, person) references identity.person (tenant, id)
    )`,
    "create index bulk_item_waiting on identity.bulk_item (tenant, job, position) where state = 'waiting'",
    `create table identity.signing_key (
      tenant uuid not null,
      id uuid not null,
      private_key text not null,
      certificate text not null,
      created_at timestamptz not null,
      primary key (tenant, id)
    )`,
    `create table identity.sign_on (
      tenant uuid not null,
      id uuid not null,
      at timestamptz not null,
      person uuid not null,
      app uuid not null,
      outcome text not null,
      detail text,
      primary key (tenant, id),
      foreign key (tenant, app) references identity.app (tenant, id) on delete cascade
    )`,
  ],
  tables: [
    tenantTable('settings', ['select', 'insert', 'update']),
    tenantTable('person'),
    tenantTable('team'),
    tenantTable('team_member'),
    tenantTable('role'),
    tenantTable('role_member'),
    tenantTable('app'),
    tenantTable('role_app'),
    tenantTable('direct_assignment'),
    tenantTable('subject'),
    tenantTable('delivered_member'),
    tenantTable('delivery_journal', ['select', 'insert']),
    tenantTable('outbox'),
    tenantTable('bulk_job'),
    tenantTable('bulk_item'),
    tenantTable('signing_key', ['select', 'insert']),
    tenantTable('sign_on', ['select', 'insert']),
  ],
};
