// People a workspace makes by hand: resources like any other, managed by no connection. Talks to: Postgres.

import type { AccountRole } from '../../accounts/account.ts';
import type { JsonObject } from '../../scim/json.ts';
import { registeredTypes } from '../../scim/schema/registered.ts';
import type { ResourceType } from '../../scim/schema/resource-type.ts';
import { createId } from '../../secrets/identifier.ts';
import { endSessions, insertAccount } from '../accounts.ts';
import type { TenantDatabase, TenantTransaction } from '../database.ts';
import { openTransaction, type ResourceRules } from '../scim/resource-transaction.ts';
import { wholeTenant } from '../scim/sql.ts';

const typeOfPerson = registeredTypes.byName('User') as ResourceType;

export interface NewPerson {
  id: string;
  name: string;
  email: string;
  role: AccountRole;
  attributes?: JsonObject;
}

/**
 * What SCIM may not do, and what happens when somebody loses access: owners keep theirs, and everybody else's sessions
 * end in the transaction that deactivates them.
 */
export const workspaceRules: ResourceRules = {
  async protection(transaction, resource) {
    const [owner] = await transaction.query({
      name: 'workspace-owner',
      text: "select 1 as is_owner from workspace.account where tenant = $1 and person = $2 and role = 'owner'",
      values: [transaction.tenant, resource.id],
    });
    return (
      owner &&
      'This person owns the workspace and is not deactivated or deleted by SCIM. An owner can give the role to somebody else first.'
    );
  },
  async onDeactivated(transaction, { id }) {
    await endSessions('workspace', transaction, id);
  },
};

function byHand(transaction: TenantTransaction, at: Date) {
  return openTransaction(transaction, {
    scope: { tenant: transaction.tenant, connection: wholeTenant },
    manages: null,
    holders: 'look',
    rules: workspaceRules,
    newId: () => createId(at),
  });
}

/** Makes a person and their account in a transaction. A taken userName violates resource_key_pkey. */
export async function insertPerson(transaction: TenantTransaction, person: NewPerson, at: Date): Promise<void> {
  const [givenName = person.name, ...rest] = person.name.split(' ');
  const attributes: JsonObject = {
    userName: person.email,
    displayName: person.name,
    name: { givenName, familyName: rest.join(' '), formatted: person.name },
    emails: [{ value: person.email, type: 'work', primary: true }],
    active: true,
    ...person.attributes,
  };
  await byHand(transaction, at).insert(
    { type: typeOfPerson, id: person.id, attributes, deltas: [], want: [] },
    { record: createId(at), at: at.toISOString() },
  );
  await insertAccount('workspace', transaction, { person: person.id, signInName: person.email, role: person.role }, at);
}

/** Deactivates or reactivates somebody by hand. False when there is no such person. */
export function setActive(
  database: TenantDatabase,
  tenant: string,
  person: string,
  active: 'active' | 'deactivated',
  at: Date,
): Promise<boolean> {
  return database.withTenant(tenant, async (transaction) => {
    const work = byHand(transaction, at);
    const current = await work.lock(typeOfPerson, person, []);
    if (!current) return false;
    await work.update(
      { current, attributes: { ...current.attributes, active: active === 'active' }, deltas: [], want: [] },
      { record: createId(at), at: at.toISOString() },
    );
    return true;
  });
}
