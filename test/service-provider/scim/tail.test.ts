// The log as a stream shows each request once, also one whose row appears behind a newer one.

import { expect, it } from 'vitest';
import type { LoggedRequest } from '../../../src/service-provider/scim/request-log.ts';
import { createTail, firstIdAt } from '../../../src/service-provider/scim/tail.ts';

const start = Date.parse('2026-11-25T09:00:00Z');
const idAt = (ms: number) => `${firstIdAt(new Date(start + ms)).slice(0, -1)}1`;

function logOf(rows: string[]) {
  return {
    async list(_tenant: string, { after, limit }: { after?: string; limit: number }) {
      const found = rows.filter((id) => after === undefined || id > after).sort();
      const requests = found.reverse().slice(0, limit) as unknown as string[];
      return { requests: requests.map((id) => ({ id }) as LoggedRequest), hasMore: false };
    },
  };
}
const shown = (requests: LoggedRequest[]) => requests.map(({ id }) => id);

it('begins with the newest, goes on with what is new, and finds what was late', async () => {
  const rows = [idAt(0), idAt(1_000), idAt(2_000)];
  const tail = createTail(logOf(rows), 'tenant', 2);
  expect(shown(await tail.look())).toEqual([idAt(1_000), idAt(2_000)]);
  rows.push(idAt(4_000), idAt(3_000));
  expect(shown(await tail.look())).toEqual([idAt(3_000), idAt(4_000)]);
  rows.push(idAt(3_500), idAt(4_500));
  expect(shown(await tail.look())).toEqual([idAt(3_500), idAt(4_500)]);
  expect(shown(await tail.look())).toEqual([]);
});

it('with no lines it begins with what comes', async () => {
  const rows = [idAt(0)];
  const tail = createTail(logOf(rows), 'tenant', 0);
  expect(await tail.look()).toEqual([]);
  rows.push(idAt(10));
  expect(shown(await tail.look())).toEqual([idAt(10)]);
});

it('an empty log is waited at', async () => {
  const rows: string[] = [];
  const tail = createTail(logOf(rows), 'tenant', 10);
  expect(await tail.look()).toEqual([]);
  rows.push(idAt(5));
  expect(shown(await tail.look())).toEqual([idAt(5)]);
});
