// The accounts of one end in PostgreSQL. Talks to: Postgres.
// Both ends have the same tables in their own schema; only the table of people differs, whose columns are named by data.

import type { Account, AccountRole, AccountStore, LinkKind, MailDraft, StoredLink } from '../accounts/account.ts';
import { createId } from '../secrets/identifier.ts';
import type { Queryable, Row, TenantDatabase, TenantTransaction } from './database.ts';

export type End = 'workspace' | 'identity';

/** Where each end keeps its people: a name to show, and whether they may come in. */
const people: Record<End, { table: string; name: string; active: string; email: string }> = {
  workspace: {
    table: 'workspace.resource',
    email: 'a.sign_in_name',
    name: 'p.label',
    active: '(p.active and p.deleted_at is null)',
  },
  identity: {
    table: 'identity.person',
    email: 'p.email',
    name: 'p.display_name',
    active: "(p.status = 'active' and p.deleted_at is null)",
  },
};

function accountColumns(end: End): string {
  const { name, active, email } = people[end];
  return `a.tenant, a.person, a.sign_in_name, ${email} as email, a.role, a.password_hash, a.failed_attempts, a.locked_until, a.first_signed_in_at,
    ${name} as name, ${active} as active`;
}

function toAccount(row: Row): Account {
  return {
    tenant: row['tenant'] as string,
    person: row['person'] as string,
    name: row['name'] as string,
    signInName: row['sign_in_name'] as string,
    email: row['email'] as string,
    role: row['role'] as AccountRole,
    active: row['active'] as boolean,
    passwordHash: row['password_hash'] as string | null,
    failedAttempts: row['failed_attempts'] as number,
    lockedUntil: row['locked_until'] as Date | null,
    firstSignedInAt: row['first_signed_in_at'] as Date | null,
  };
}

/** Writes a mail with its cause; a reason that was used before writes nothing. */
export async function insertMail(end: End, transaction: TenantTransaction, mail: MailDraft, at: Date): Promise<void> {
  await transaction.query(
    `insert into ${end}.mail (tenant, id, reason, recipient, subject, body, state, next_attempt_at, created_at)
     select $1, $2, $3, $4, $5, $6, 'queued', $7, $7
     on conflict (tenant, reason) do nothing returning id`,
    [transaction.tenant, createId(at), mail.reason, mail.recipient, mail.subject, mail.body, at],
  );
}

/**
 * Makes the account of a person, in the transaction that makes or admits the person; an existing one keeps its role.
 * The look-up by address in control is written apart, see {@link noteSignInName}.
 */
export async function insertAccount(
  end: End,
  transaction: TenantTransaction,
  account: { person: string; signInName: string; role: AccountRole },
  at: Date,
): Promise<void> {
  await transaction.query(
    `insert into ${end}.account (tenant, person, sign_in_name, role, created_at) select $1, $2, $3, $4, $5
     on conflict (tenant, person) do nothing returning person`,
    [transaction.tenant, account.person, account.signInName.toLowerCase(), account.role, at],
  );
}

/** Lets the sign-in page find the tenant by the name somebody signs in with. Control is never in one transaction with tenant tables. */
export async function noteSignInName(end: End, control: Queryable, tenant: string, name: string): Promise<void> {
  await control.query(`insert into control.${end}_sign_in (name, tenant) values ($1, $2) on conflict do nothing`, [
    name.toLowerCase(),
    tenant,
  ]);
}

/** Ends every session and unused link of a person, in the transaction that deactivates them. */
export async function endSessions(end: End, transaction: TenantTransaction, person: string): Promise<number> {
  const [ended] = await Promise.all([
    transaction.query({
      name: `${end}-end-sessions`,
      text: `delete from ${end}.session where tenant = $1 and person = $2 returning digest`,
      values: [transaction.tenant, person],
    }),
    transaction.query({
      name: `${end}-end-links`,
      text: `delete from ${end}.one_time_link where tenant = $1 and person = $2 and used_at is null returning digest`,
      values: [transaction.tenant, person],
    }),
  ]);
  return ended.length;
}

/** Makes a one-time link in a transaction; earlier unused ones of the kind end. */
export async function insertLink(
  end: End,
  transaction: TenantTransaction,
  link: { person: string; kind: LinkKind; digest: Buffer; at: Date; expiresAt: Date },
): Promise<void> {
  await transaction.query(
    `delete from ${end}.one_time_link where tenant = $1 and person = $2 and kind = $3 and used_at is null returning digest`,
    [transaction.tenant, link.person, link.kind],
  );
  await transaction.query(
    `insert into ${end}.one_time_link (tenant, digest, kind, person, created_at, expires_at) select $1, $2, $3, $4, $5, $6 returning digest`,
    [transaction.tenant, link.digest, link.kind, link.person, link.at, link.expiresAt],
  );
}

async function findAccount(
  end: End,
  database: TenantDatabase,
  tenant: string,
  where: string,
  value: string,
): Promise<Account | undefined> {
  const [rows] = await database.batch(tenant, [
    {
      text: `select ${accountColumns(end)} from ${end}.account a join ${people[end].table} p on p.tenant = a.tenant and p.id = a.person
             where a.tenant = $1 and ${where}`,
      values: [tenant, value],
    },
  ]);
  return rows?.[0] && toAccount(rows[0]);
}

function sessions(end: End, database: TenantDatabase): Pick<AccountStore, 'openSession' | 'session' | 'closeSession'> {
  return {
    async openSession(tenant, person, { digest, method, at, expiresAt }) {
      const [made] = await database.batch(tenant, [
        {
          text: `insert into ${end}.session (tenant, digest, person, method, created_at, seen_at, expires_at)
                 select $1, $2, $3, $4, $5, $5, $6 from ${people[end].table} p where p.tenant = $1 and p.id = $3 and ${people[end].active}
                 returning digest`,
          values: [tenant, digest, person, method, at, expiresAt],
        },
        {
          text: `update ${end}.account a set first_signed_in_at = coalesce(a.first_signed_in_at, $3), last_seen_at = $3, failed_attempts = 0, locked_until = null
                 from ${end}.session s where a.tenant = $1 and a.person = $2 and s.tenant = $1 and s.digest = $4`,
          values: [tenant, person, at, digest],
        },
      ]);
      return made?.length === 1;
    },
    async session(tenant, digest, at, idleSince) {
      const [rows] = await database.batch(tenant, [
        {
          name: `${end}-session`,
          text: `select ${accountColumns(end)}, s.seen_at from ${end}.session s
                 join ${end}.account a on a.tenant = s.tenant and a.person = s.person
                 join ${people[end].table} p on p.tenant = a.tenant and p.id = a.person
                 where s.tenant = $1 and s.digest = $2 and s.expires_at > $3 and s.seen_at > $4 and ${people[end].active}`,
          values: [tenant, digest, at, idleSince],
        },
      ]);
      const row = rows?.[0];
      if (!row) return undefined;
      if (at.getTime() - (row['seen_at'] as Date).getTime() > 60_000) {
        await database.batch(tenant, [
          {
            text: `update ${end}.session set seen_at = $3 where tenant = $1 and digest = $2`,
            values: [tenant, digest, at],
          },
          {
            text: `update ${end}.account set last_seen_at = $3 where tenant = $1 and person = $2`,
            values: [tenant, row['person'], at],
          },
        ]);
      }
      return toAccount(row);
    },
    async closeSession(tenant, digest) {
      await database.batch(tenant, [
        { text: `delete from ${end}.session where tenant = $1 and digest = $2`, values: [tenant, digest] },
      ]);
    },
  };
}

function links(
  end: End,
  database: TenantDatabase,
): Pick<AccountStore, 'createLink' | 'link' | 'useLink' | 'setPassword'> {
  const setPassword = `update ${end}.account set password_hash = $3, password_set_at = $4, failed_attempts = 0, locked_until = null where tenant = $1 and person = $2`;
  return {
    async createLink(tenant, link, mail) {
      await database.withTenant(tenant, async (transaction) => {
        await insertLink(end, transaction, link);
        if (mail) await insertMail(end, transaction, mail, link.at);
      });
    },
    async link(tenant, digest) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select ${accountColumns(end)}, l.kind, l.expires_at, l.used_at from ${end}.one_time_link l
                 join ${end}.account a on a.tenant = l.tenant and a.person = l.person
                 join ${people[end].table} p on p.tenant = a.tenant and p.id = a.person
                 where l.tenant = $1 and l.digest = $2`,
          values: [tenant, digest],
        },
      ]);
      const row = rows?.[0];
      if (!row) return undefined;
      return {
        kind: row['kind'],
        account: toAccount(row),
        expiresAt: row['expires_at'],
        usedAt: row['used_at'],
      } as StoredLink;
    },
    useLink: (tenant, digest, at, passwordHash) =>
      database.withTenant(tenant, async (transaction) => {
        const [used] = await transaction.query(
          `update ${end}.one_time_link set used_at = $3 where tenant = $1 and digest = $2 and used_at is null and expires_at > $3 returning person, kind`,
          [tenant, digest, at],
        );
        if (!used) return false;
        if (passwordHash !== undefined)
          await transaction.query(setPassword, [tenant, used['person'], passwordHash, at]);
        if (end === 'identity' && used['kind'] === 'invitation') {
          await transaction.query(
            `update identity.person set status = 'active' where tenant = $1 and id = $2 and status = 'invited'`,
            [tenant, used['person']],
          );
        }
        return true;
      }),
    async setPassword(tenant, person, passwordHash, at) {
      await database.batch(tenant, [{ text: setPassword, values: [tenant, person, passwordHash, at] }]);
    },
  };
}

/** The account store of one end. */
export function createAccountStore(end: End, database: TenantDatabase): AccountStore {
  const accountByName: AccountStore['accountByName'] = (tenant, name) =>
    findAccount(end, database, tenant, 'a.sign_in_name = $2', name.toLowerCase());
  return {
    async accountsByName(name) {
      const rows = await database.control.query<{ tenant: string }>(
        `select tenant from control.${end}_sign_in where name = $1 order by tenant`,
        [name.toLowerCase()],
      );
      const found = await Promise.all(rows.map(({ tenant }) => accountByName(tenant, name)));
      return found.filter((account) => account !== undefined);
    },
    accountByName,
    account: (tenant, person) => findAccount(end, database, tenant, 'a.person = $2', person),
    async noteFailure(tenant, person, failures, lockedUntil) {
      await database.batch(tenant, [
        {
          text: `update ${end}.account set failed_attempts = $3, locked_until = $4 where tenant = $1 and person = $2`,
          values: [tenant, person, failures, lockedUntil],
        },
      ]);
    },
    ...sessions(end, database),
    ...links(end, database),
  };
}
