// The request log as its screen asks for it: operations and the bulk request they came in lead to each other.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { type Connected, createConnected } from '../../security/connected.ts';

let test: TestDatabase;
let connected: Connected;
beforeAll(async () => {
  test = await createTestDatabase();
  connected = createConnected(test.open('rollcall_workspace'));
});
afterAll(() => test.drop());

it('a bulk request says how many operations it had, and each operation which request it came in', async () => {
  const { admin, scim } = await connected.workspace('bulk');
  const create = (userName: string) => ({ method: 'POST', path: '/Users', bulkId: userName, data: { userName } });
  const answer = await scim('POST', '/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    failOnErrors: 1,
    Operations: [create('ada'), { ...create('ada'), bulkId: 'again' }, create('max')],
  });
  expect(answer.status).toBe(200);
  const { requests } = (await admin.send('GET', '/api/requests')).body as { requests: { id: string; path: string }[] };
  const details = await Promise.all(
    requests.map(async ({ id }) => (await admin.send('GET', `/api/requests/${id}`)).body),
  );
  const whole = details.find(({ bulkOperations }) => bulkOperations !== null);
  expect(whole).toMatchObject({ bulk: null, bulkOperations: { asked: 3, done: 1, refused: 1 } });
  expect(whole.sentence.map(({ text }: { text: string }) => text).join('')).toMatch(
    / sent 3 operations in one request, 1 refused and 1 not come to$/,
  );
  const operations = details.filter(({ bulk }) => bulk !== null);
  expect(operations.map(({ bulk, status }) => [bulk.request, bulk.operation, status]).sort()).toEqual([
    [whole.id, 1, 201],
    [whole.id, 2, 409],
  ]);
});
