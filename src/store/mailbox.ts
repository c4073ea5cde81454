// The newest mails of one end, for the mailbox page on localhost. Talks to: Postgres.

import type { End } from './accounts.ts';
import type { TenantDatabase } from './database.ts';

export interface StoredMail {
  id: string;
  to: string;
  subject: string;
  text: string;
  state: 'queued' | 'sending' | 'accepted' | 'unconfirmed' | 'failed';
  error: string | null;
  createdAt: string;
}

/** The newest mails over all tenants of a small end, newest first: one statement a tenant. */
export async function newestMails(end: End, database: TenantDatabase, limit = 200): Promise<StoredMail[]> {
  const tenants = await database.control.query<{ tenant: string }>(
    `select tenant from control.${end === 'workspace' ? 'workspace' : 'organization'} order by created_at limit 50`,
  );
  const mails: StoredMail[] = [];
  for (const { tenant } of tenants) {
    const [rows] = await database.batch(tenant, [
      {
        text: `select id, recipient as "to", subject, body as text, state, error, created_at from ${end}.mail where tenant = $1 order by created_at desc, id desc limit $2`,
        values: [tenant, limit],
      },
    ]);
    for (const { created_at: createdAt, ...mail } of rows ?? []) {
      mails.push({ ...mail, createdAt: (createdAt as Date).toISOString() } as StoredMail);
    }
  }
  return mails.sort((one, other) => other.createdAt.localeCompare(one.createdAt)).slice(0, limit);
}
