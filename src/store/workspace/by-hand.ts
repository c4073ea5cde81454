// People made, invited and ended by an administrator's hand in PostgreSQL. Talks to: Postgres.

import { linkMail } from '../../accounts/invitation-mail.ts';
import { Refusal } from '../../accounts/refusal.ts';
import { foldCase } from '../../scim/comparable.ts';
import { digestOf, randomTenantSecret } from '../../secrets/digest.ts';
import { createId } from '../../secrets/identifier.ts';
import type { Actor, PeopleByHand } from '../../service-provider/workspace.ts';
import { insertLink, insertMail, noteSignInName } from '../accounts.ts';
import { type TenantDatabase, type TenantTransaction, violatedConstraint } from '../database.ts';
import { insertPerson, setActive } from './people.ts';

const invitationMs = 7 * 86_400_000;

/** People whom this connection made, who hold no role here: r is the resource, $2 the connection. */
const onlyManaged = `r.tenant = $1 and r.resource_type = 'User' and r.connection = $2 and r.active and r.deleted_at is null
  and exists (select 1 from workspace.request_journal j where j.tenant = $1 and j.id = (r.provenance -> 'userName' ->> 'journal')::uuid)
  and not exists (select 1 from workspace.account a where a.tenant = $1 and a.person = r.id and a.role <> 'member')`;

async function sendInvitation(
  transaction: TenantTransaction,
  publicUrl: string,
  person: { id: string; name: string; email: string },
  actor: Actor,
): Promise<void> {
  const { tenant } = transaction;
  const token = randomTenantSecret(tenant);
  const [settings] = await transaction.query('select name from workspace.settings where tenant = $1', [tenant]);
  await insertLink('workspace', transaction, {
    person: person.id,
    kind: 'invitation',
    digest: digestOf(token),
    at: actor.at,
    expiresAt: new Date(actor.at.getTime() + invitationMs),
  });
  const mail = linkMail({
    kind: 'invitation',
    reason: `invitation ${createId(actor.at)}`,
    recipient: person.email,
    name: person.name,
    tenant: (settings?.['name'] as string | undefined) ?? '',
    from: actor.name,
    link: `${publicUrl}/link/${token}`,
  });
  await insertMail('workspace', transaction, mail, actor.at);
}

/** Somebody whom a connection manages, by an address that is not their userName: the key of userName stops the others. */
async function isManagedByAddress(transaction: TenantTransaction, email: string): Promise<boolean> {
  const [row] = await transaction.query(
    `select 1 as here from workspace.resource_value v
     join workspace.resource r on r.tenant = v.tenant and r.id = v.resource
     where v.tenant = $1 and v.resource_type = 'User' and v.attribute = 'emails.value' and v.value = $2
       and r.connection is not null and r.deleted_at is null limit 1`,
    [transaction.tenant, foldCase(email)],
  );
  return row !== undefined;
}

function isHereAlready(email: string): Refusal {
  return new Refusal('conflict', `Somebody with the address ${email} is here already.`, {
    errors: [{ pointer: '/email', detail: 'Somebody with this address is here already.' }],
  });
}

export function createPeopleByHand(
  database: TenantDatabase,
  publicUrl: string,
  onMail: (tenant: string) => void,
): PeopleByHand {
  return {
    async invite(tenant, { name, email, role }, actor) {
      const id = createId(actor.at);
      await database
        .withTenant(tenant, async (transaction) => {
          if (await isManagedByAddress(transaction, email)) throw isHereAlready(email);
          await insertPerson(transaction, { id, name, email, role }, actor.at);
          await sendInvitation(transaction, publicUrl, { id, name, email }, actor);
        })
        .catch((error) => {
          if (/resource_key|account_sign_in_name/.test(violatedConstraint(error))) throw isHereAlready(email);
          throw error;
        });
      await noteSignInName('workspace', database.control, tenant, email);
      onMail(tenant);
      return id;
    },
    async resendInvitation(tenant, person, actor) {
      const sent = await database.withTenant(tenant, async (transaction) => {
        const [row] = await transaction.query(
          `select r.label as name, a.sign_in_name as email from workspace.account a
           join workspace.resource r on r.tenant = a.tenant and r.id = a.person
           where a.tenant = $1 and a.person = $2 and r.active and r.deleted_at is null and a.first_signed_in_at is null`,
          [tenant, person],
        );
        if (!row) return false;
        await sendInvitation(
          transaction,
          publicUrl,
          { id: person, name: row['name'] as string, email: row['email'] as string },
          actor,
        );
        return true;
      });
      if (sent) onMail(tenant);
      return sent;
    },
    setActive: (tenant, person, active, actor) => setActive(database, tenant, person, active, actor.at),
    async deactivateManaged(tenant, connection, actor) {
      const [rows = []] = await database.batch(tenant, [
        {
          text: `select r.id from workspace.resource r where ${onlyManaged} order by r.id`,
          values: [tenant, connection],
        },
      ]);
      for (const row of rows) await setActive(database, tenant, row['id'] as string, 'deactivated', actor.at);
      return rows.length;
    },
    async countOnlyManaged(tenant, connection) {
      const [rows = []] = await database.batch(tenant, [
        {
          text: `select count(*) as people from workspace.resource r where ${onlyManaged}`,
          values: [tenant, connection],
        },
      ]);
      return (rows[0]?.['people'] as number | undefined) ?? 0;
    },
    async openSessions(tenant, person) {
      const [rows = []] = await database.batch(tenant, [
        {
          text: 'select count(*) as sessions from workspace.session where tenant = $1 and person = $2',
          values: [tenant, person],
        },
      ]);
      return (rows[0]?.['sessions'] as number | undefined) ?? 0;
    },
  };
}
