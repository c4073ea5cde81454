// Two processes with a data folder each, so that one end can be away while the other goes on: they share nothing, each
// works alone, and what is asked for meanwhile arrives once.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Server, startServer } from '../../server.ts';
import { until } from '../../until.ts';
import {
  type ConnectedPair,
  connectedPair,
  createBrowser,
  createEnds,
  peopleOf,
  send,
  standing,
  userId,
} from '../api.ts';

let workspace: Server;
let identity: Server;
let pair: ConnectedPair;
beforeAll(async () => {
  [workspace, identity] = await Promise.all([
    startServer({ arguments: ['--only', 'workspace'] }),
    startServer({ arguments: ['--only', 'identity'] }),
  ]);
});
afterAll(async () => {
  await Promise.all([workspace.remove(), identity.remove()]);
});

it('each end alone answers, knows of no other end, and does not listen for it', async () => {
  const ends = createEnds(createBrowser(), { workspace: workspace.workspace, identity: identity.identity });
  expect(await ends.workspace('session')).toMatchObject({ otherEnd: null, setupNeeded: false });
  expect(await ends.identity('session')).toMatchObject({ otherEnd: null, setupNeeded: false });
  await expect(send('GET', `${workspace.identity}/healthz`)).rejects.toThrow('ECONNREFUSED');
  await expect(send('GET', `${identity.workspace}/healthz`)).rejects.toThrow('ECONNREFUSED');
});

it('they meet over the network alone', async () => {
  pair = await connectedPair({ workspace, identity });
  const admin = await userId(pair.identity, 'dana.ruiz');
  await until(
    () => standing(pair, admin),
    (assignment) => assignment?.status === 'provisioned',
  );
});

it('people assigned while the workspace is away arrive when it is back, once each, and the row says when', async () => {
  await workspace.stop();
  const { users } = await pair.identity('users', { query: { search: 'acme.example' } });
  const chosen = users.filter(({ userName }) => userName !== 'dana.ruiz@acme.example').slice(0, 12);
  for (const { id } of chosen) await pair.identity('assignApp', { parameters: { id, app: pair.app }, body: {} });
  const [first = { id: '' }] = chosen;
  const waiting = await until(
    () => standing(pair, first.id),
    (assignment) => assignment?.status === 'queued' && assignment.error !== null,
  );
  expect(waiting).toMatchObject({
    error: expect.stringMatching(/^Nothing answers at workspace\.localhost:\d+\.$/),
    lastStep: expect.stringMatching(/^Failed (once|\d+ times); tried again by itself\.$/),
    nextAttemptAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  // Five failures in a row are enough to know that nobody is there: whoever is not tried any more has it said, too.
  const told = await until(
    async () => (await pair.identity('tasks')).tasks.map(({ assignment }) => assignment),
    (rows) => rows.length === 12 && rows.every(({ nextAttemptAt }) => nextAttemptAt !== null),
  );
  for (const { lastStep } of told)
    expect(lastStep).toMatch(/tried again by itself\.$|^Waits: the app does not answer\.$/);
  expect(told.map(({ lastStep }) => lastStep)).toContain('Waits: the app does not answer.');
  await workspace.restart();
  const { tasks } = await pair.identity('tasks');
  const { count } = await pair.identity('retry', { body: { ids: tasks.map(({ assignment }) => assignment.id) } });
  expect(count).toBe(12);
  await until(
    async () => (await pair.identity('app', { parameters: { id: pair.app } })).app.counts,
    ({ provisioned }) => provisioned === 13,
  );
  const people = await peopleOf(pair);
  for (const { userName } of chosen) expect(people.get(userName)).toMatchObject({ source: { kind: 'scim' } });
  // Dana, the chosen twelve, and whoever was there before and was not chosen.
  const before = ['omar.haddad@acme.example', 'ada.byron@acme.example', 'ben.ortiz@acme.example'];
  expect(new Set(people.keys())).toEqual(
    new Set(['dana.ruiz@acme.example', ...before, ...chosen.map(({ userName }) => userName)]),
  );
});
