import { afterAll, beforeAll, describe } from 'vitest';
import { createId } from '../../src/secrets/identifier.ts';
import { createScimStore } from '../../src/store/scim/resource-store.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { describeResourceStore } from '../scim/store-contract.ts';

let database: TestDatabase;
let at = Date.parse('2026-11-25T09:00:00Z');
function newId(): string {
  at += 1;
  return createId(new Date(at));
}

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function open() {
  return createScimStore({
    database: database.open('rollcall_workspace'),
    rules: { protection: async () => undefined, onDeactivated: async () => {} },
    newId,
    onJournalError: (error) => {
      throw error;
    },
  });
}

describe('in transactions of their own', () => {
  describeResourceStore(async () => ({ newId, store: open() }));
});

describe('in company', () => {
  describeResourceStore(async () => {
    const store = open();
    return { newId, store: { ...store, transact: (scope, work) => store.transact(scope, work, 'one resource') } };
  });
});
