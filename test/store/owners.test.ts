// Who becomes owner at the moment in which SCIM deletes them: one of the two comes first, and the other heeds it. Talks to:
// Postgres.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import { createId } from '../../src/secrets/identifier.ts';
import { createScimStore } from '../../src/store/scim/resource-store.ts';
import { insertPerson, workspaceRules } from '../../src/store/workspace/people.ts';
import { createSettingsStore } from '../../src/store/workspace/settings.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

const at = new Date('2026-11-25T09:00:00Z');
const newId = () => createId(at);
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('nobody becomes owner who is being deleted', async () => {
  const workspace = database.open('rollcall_workspace');
  const scim = createScimStore({
    ...{ database: workspace, rules: workspaceRules, newId },
    onJournalError: (error) => {
      throw error;
    },
  });
  const scope = { tenant: newId(), connection: newId() };
  const id = newId();
  const person = { id, name: 'Ada Lovelace', email: 'ada@example.com', role: 'member' } as const;
  await workspace.withTenant(scope.tenant, (transaction) => insertPerson(transaction, person, at));
  const setRole = () =>
    createSettingsStore(workspace).setRole(scope.tenant, id, 'owner', { person: null, name: 'an owner', at });
  let role: ReturnType<typeof setRole> | undefined;
  await scim.transact(scope, async (transaction) => {
    const current = (await transaction.lock(registeredTypes.byName('User')!, id, []))!;
    expect(await transaction.protection(current)).toBeUndefined();
    role = setRole();
    await Promise.race([role, database.somebodyWaits()]);
    await transaction.remove(current, { record: newId(), at: at.toISOString() });
  });
  expect(await role).toBe(false);
  expect(await setRole()).toBe(false);
});
