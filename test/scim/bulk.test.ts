// /Bulk (RFC 7644 section 3.7): what generated requests found, and where its limits are, over the store in memory.
import { expect, test } from 'vitest';
import { offered } from '../../src/scim/handler/query.ts';
import { directoryOf } from './bulk-model.ts';
import { enterprise, type GeneratedOperation } from './generated-bulk.ts';
import { type Answer, createMemorySite, here } from './memory-site.ts';

const bulk = (site: ReturnType<typeof createMemorySite>, Operations: unknown[], more: object = {}) =>
  site.send('POST', '/Bulk', { Operations, ...more });
const statuses = ({ body }: Answer) => body.Operations.map(({ status }: { status: string }) => status) as string[];
const details = ({ body }: Answer) =>
  body.Operations.map(({ response }: { response?: { detail: string } }) => response?.detail) as (string | undefined)[];

const user = (bulkId: string, data: object = {}): GeneratedOperation => ({
  ...{ method: 'POST', path: '/Users', bulkId, data: { userName: bulkId, ...data } },
});
const group = (bulkId: string, ...members: string[]): GeneratedOperation => ({
  ...{ method: 'POST', path: '/Groups', bulkId },
  data: { displayName: bulkId, members: members.map((value) => ({ value })) },
});

test.each<[string, object]>([
  ['a bulkId that is a number', { method: 'DELETE', path: '/Users/x', bulkId: 7 }],
  ['a bulkId that is an object', { method: 'PATCH', path: '/Users/x', bulkId: {}, data: {} }],
  ['an empty bulkId', { ...user(''), data: { userName: 'x' } }],
  ['a version that is a number', { method: 'DELETE', path: `/Users/${here.ada}`, version: 1 }],
])('%s refuses the whole request (RFC 7643 section 2.3: they are strings)', async (_, operation) => {
  const site = createMemorySite();
  const before = await site.everything();
  const answer = await bulk(site, [user('first'), operation]);
  expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining('Operations[1]')]);
  expect(await site.everything()).toEqual(before);
});

test('a bulkId may have any signs in it, and a reference means the longest one there is', async () => {
  const site = createMemorySite();
  const answer = await bulk(site, [
    user('a'),
    user('a b', { [enterprise]: { manager: { value: 'bulkId:a b/c]"' } } }),
    user('a b/c]"'),
    group('g', 'bulkId:a', 'bulkId:a b'),
  ]);
  expect(statuses(answer)).toEqual(['201', '201', '201', '201']);
  expect(directoryOf(await site.everything())).toMatchObject({
    'a b': { manager: 'a b/c]"' },
    g: { members: ['a', 'a b'] },
  });
});

test.each(['bulkId:', 'bulkId: ada', 'bulkId:"ada"'])('%j names nobody and is refused, not stored', async (value) => {
  const site = createMemorySite();
  const answer = await bulk(site, [group('team', value), user('ada2')]);
  expect(statuses(answer)).toEqual(['409', '201']);
  expect(details(answer)[0]).toMatch(/^No POST of this request has the bulkId ""\.$/);
});

test('a chain of a hundred forward references fails with its last one, whatever stands beside it is done', async () => {
  const site = createMemorySite();
  const chain = Array.from({ length: 100 }, (_, index) => group(`g${index}`, `bulkId:g${index + 1}`));
  const answer = await bulk(site, [...chain, user('beside')]);
  expect(statuses(answer)).toEqual([...Array(100).fill('409'), '201']);
  expect(details(answer).slice(98)).toEqual([
    'The operation "bulkId:g99" that this one refers to was not done.',
    'No POST of this request has the bulkId "g100".',
    undefined,
  ]);
});

test('who was made by hand and has another name by then is not who a POST takes over', async () => {
  const site = createMemorySite();
  const rename = (value: string) => ({
    ...{ method: 'PATCH', path: `/Users/${here.ben}` },
    data: { Operations: [{ op: 'replace', path: 'userName', value }] },
  });
  // The first write of a connection leaves the userName; the second one does not.
  const answer = await bulk(site, [group('g', 'bulkId:ben'), rename('x'), rename('benedict'), user('ben')]);
  expect(statuses(answer)).toEqual(['201', '200', '200', '201']);
  const left = directoryOf(await site.everything());
  expect([left['g'], Object.keys(left)]).toEqual([{ members: ['ben'] }, expect.arrayContaining(['ben', 'benedict'])]);
});

test('who was made by hand is meant by those before and behind the POST that takes them over', async () => {
  const site = createMemorySite();
  const place = 'http://localhost:8080/acme/scim/v2/Users?attributes=userName';
  const answer = await bulk(site, [
    group('before', 'bulkId:b'),
    { ...user('b', { userName: 'BEN' }), path: place },
    group('behind', 'bulkId:b'),
  ]);
  expect(statuses(answer)).toEqual(['201', '201', '201']);
  expect(answer.body.Operations[1].location).toMatch(new RegExp(`/Users/${here.ben}$`));
  expect(directoryOf(await site.everything())).toMatchObject({
    before: { members: ['ben'] },
    behind: { members: ['ben'] },
  });
});

test('an operation that could be done only because another was refused for it stays refused', async () => {
  const site = createMemorySite();
  const answer = await bulk(site, [
    group('waits', 'bulkId:second'),
    user('first', { userName: 'same', [enterprise]: { manager: { value: 'bulkId:last' } } }),
    user('second', { userName: 'same' }),
    user('last', { userName: 'ada' }),
  ]);
  expect(statuses(answer)).toEqual(['409', '409', '409', '409']);
  expect(details(answer)[2]).toBe(
    'This operation was not done, because an earlier one that refers to it was refused. Send both again.',
  );
  expect(directoryOf(await site.everything())).not.toHaveProperty('same');
});

test('a precondition of the whole request is none of its operations', async () => {
  const site = createMemorySite();
  const operation = {
    ...{ method: 'PATCH', path: `/Users/${here.ada}` },
    data: { Operations: [{ op: 'replace', path: 'title', value: 'b' }] },
  };
  for (const headers of [{ 'if-match': 'W/"99"' }, { 'if-none-match': '*' }] as Record<string, string>[]) {
    const answer = await site.send('POST', '/Bulk', { Operations: [operation] }, headers);
    expect(statuses(answer)).toEqual(['200']);
  }
});

test('the path of an operation is read like the path of a request', async () => {
  const site = createMemorySite();
  const title = { Operations: [{ op: 'replace', path: 'title', value: 'b' }] };
  const answer = await bulk(site, [
    { method: 'PATCH', path: `//%55sers/${here.ada.replace('0', '%30')}/`, data: title },
    { method: 'DELETE', path: '/Users/no body%2F\ud800' },
  ]);
  expect(statuses(answer)).toEqual(['200', '404']);
  expect(answer.body.Operations[1].location).toMatch(/\/Users\/no%20body%2F%EF%BF%BD$/);
});

const limits = offered.bulk as { maxOperations: number; maxPayloadSize: number };

test.each([
  ['operations', limits.maxOperations, 0],
  ['operations', limits.maxOperations, 1],
  ['operations', limits.maxOperations, limits.maxOperations * 9],
  ['bytes', limits.maxPayloadSize, 0],
  ['bytes', limits.maxPayloadSize, 1],
])('C23: %s: %i and %i more, before anything is done', async (what, most, more) => {
  const site = createMemorySite();
  const before = await site.everything();
  const count = what === 'operations' ? most + more : 2;
  const nobody = { method: 'DELETE', path: '/Users/nobody' };
  const text = JSON.stringify({ Operations: [user('first'), ...Array(count - 1).fill(nobody)] });
  const answer = await site.send('POST', '/Bulk', what === 'bytes' ? text.padEnd(most + more) : text);
  if (more === 0) {
    expect(statuses(answer)).toEqual(['201', ...Array(count - 1).fill('404')]);
    expect(await site.everything()).toHaveLength(before.length + 1);
  } else {
    expect([answer.status, answer.body.detail]).toEqual([413, expect.stringMatching(/^[AT].*\.$/)]);
    expect(await site.everything()).toEqual(before);
  }
});
