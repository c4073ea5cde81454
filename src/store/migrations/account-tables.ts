// The tables of who signs in, the same for both ends: accounts, sessions, one-time links and mail, in each end's schema.
// Sessions live with the tenant, not in control, because a deactivation must end them in its own transaction; the
// cookie therefore names the tenant.

import type { Role } from '../database.ts';
import type { TableClass } from '../migrate.ts';

type End = 'workspace' | 'identity';

export function accountStatements(end: End): string[] {
  return [
    `create table ${end}.account (
      tenant uuid not null,
      person uuid not null,
      sign_in_name text not null,
      role text not null check (role in ('owner', 'admin', 'member')),
      password_hash text,
      password_set_at timestamptz,
      failed_attempts integer not null default 0,
      locked_until timestamptz,
      first_signed_in_at timestamptz,
      last_seen_at timestamptz,
      created_at timestamptz not null,
      primary key (tenant, person)
    )`,
    `create unique index account_sign_in_name on ${end}.account (tenant, sign_in_name)`,
    `create table ${end}.session (
      tenant uuid not null,
      digest bytea not null,
      person uuid not null,
      method text not null check (method in ('password', 'saml', 'link')),
      created_at timestamptz not null,
      seen_at timestamptz not null,
      expires_at timestamptz not null,
      primary key (tenant, digest),
      foreign key (tenant, person) references ${end}.account (tenant, person) on delete cascade
    )`,
    `create index session_person on ${end}.session (tenant, person)`,
    `create table ${end}.one_time_link (
      tenant uuid not null,
      digest bytea not null,
      kind text not null check (kind in ('invitation', 'sign-in', 'set-password')),
      person uuid not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz,
      primary key (tenant, digest),
      foreign key (tenant, person) references ${end}.account (tenant, person) on delete cascade
    )`,
    `create table ${end}.mail (
      tenant uuid not null,
      id uuid not null,
      reason text not null,
      recipient text not null,
      subject text not null,
      body text not null,
      state text not null check (state in ('queued', 'sending', 'accepted', 'unconfirmed', 'failed')),
      attempts integer not null default 0,
      next_attempt_at timestamptz,
      error text,
      created_at timestamptz not null,
      sent_at timestamptz,
      primary key (tenant, id)
    )`,
    // The reason is the mail's purpose for ever ("bulk item 7f… invitation"): asked for twice, it is written once.
    `create unique index mail_reason on ${end}.mail (tenant, reason)`,
    `create index mail_waiting on ${end}.mail (tenant, next_attempt_at) where state in ('queued', 'sending')`,
    `create table ${end}.audit (
      tenant uuid not null,
      id uuid not null,
      at timestamptz not null,
      actor uuid,
      actor_name text not null,
      action text not null,
      object text not null,
      detail jsonb not null,
      primary key (tenant, id)
    )`,
    `create table control.${end}_sign_in (
      name text not null,
      tenant uuid not null,
      primary key (name, tenant)
    )`,
  ];
}

export function accountTables(end: End): TableClass[] {
  const role: Role = end === 'workspace' ? 'rollcall_workspace' : 'rollcall_identity';
  const all = ['select', 'insert', 'update', 'delete'] as const;
  return [
    { table: `${end}.account`, class: 'tenant', rights: { [role]: all } },
    { table: `${end}.session`, class: 'tenant', rights: { [role]: all } },
    { table: `${end}.one_time_link`, class: 'tenant', rights: { [role]: all } },
    { table: `${end}.mail`, class: 'tenant', rights: { [role]: all } },
    { table: `${end}.audit`, class: 'tenant', rights: { [role]: ['select', 'insert'] } },
    { table: `control.${end}_sign_in`, class: 'control', rights: { [role]: all } },
  ];
}
