// Bulk operations: what they say before, what they do, and that a job is neither lost nor done twice when it is killed.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBulkJob } from '../../../src/identity-provider/bulk-run.ts';
import type { TenantDatabase } from '../../../src/store/database.ts';
import { createBulkStore } from '../../../src/store/identity/bulk.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createTarget } from '../../provisioning/fake-target.ts';
import { addTarget, createIdentityWorld, type IdentityWorld } from './world.ts';

let database: TestDatabase;
let identity: TenantDatabase;
let world: IdentityWorld;

beforeAll(async () => {
  database = await createTestDatabase();
  identity = database.open('rollcall_identity');
  world = await createIdentityWorld(identity);
});
afterAll(async () => {
  await world.work.stop();
  expect(world.failures).toEqual([]);
  await database.drop();
});

const mails = async () => {
  const { rows } = await database.asOwner(
    "select recipient, count(*)::int as n from identity.mail where reason like 'bulk %' group by recipient",
  );
  return rows as { recipient: string; n: number }[];
};

describe('said before', () => {
  it('counts, skips with reasons, and lines that name nobody', async () => {
    const emails = 'ada.byron@acme.example, nobody@acme.example\n\nBEN.ORTIZ@acme.example;dana.ruiz@acme.example\nx';
    const body = { who: { kind: 'emails', emails }, operation: 'invite' };
    expect(await world.call('bulkPreview', { body })).toEqual({
      sentence: 'Send 2 invitations.',
      people: 2,
      mails: 2,
      skipped: [{ name: 'Dana Ruiz', reason: 'is active already' }],
      effects: [],
      unknown: [
        { line: 1, text: 'nobody@acme.example' },
        { line: 4, text: 'x' },
      ],
    });
  });

  it('nobody suspends themselves; effects by app', async () => {
    const target = createTarget();
    const app = await addTarget(world, target);
    const ada = await world.person('ada.byron@acme.example');
    await world.call('assignApp', { parameters: { id: ada['id'], app }, body: {} });
    const body = { who: { kind: 'everyone' }, operation: 'suspend' };
    expect(await world.call('bulkPreview', { body })).toMatchObject({
      sentence: 'Suspend 40 people.',
      skipped: [{ name: 'Dana Ruiz', reason: 'is you' }],
      effects: ['1 person will be suspended at the apps they have.', 'Their sessions end.'],
    });
    const give = { who: { kind: 'everyone' }, operation: 'assign-app', app };
    expect(await world.call('bulkPreview', { body: give })).toMatchObject({
      sentence: 'Give 40 people the app Bolt.',
      skipped: [{ name: 'Ada Byron', reason: 'has the app already' }],
      effects: ['40 people will get an account at Bolt.'],
    });
    const { id } = await world.call('startBulk', { body: give });
    await world.settle();
    expect((await world.call('bulkJob', { parameters: { id } })).job).toMatchObject({
      state: 'finished',
      done: 40,
      skipped: 1,
    });
    expect(target.users.size).toBe(41);
  });

  it.each([
    [{ who: { kind: 'selected', users: [] }, operation: 'invite' }, 'precondition'],
    [{ who: { kind: 'everyone' }, operation: 'assign-app' }, 'invalid-request'],
    [{ who: { kind: 'role', role: 'x' }, operation: 'invite' }, 'not-found'],
    [
      { who: { kind: 'everyone' }, role: '00000000-0000-7000-8000-000000000000', operation: 'invite' },
      'invalid-request',
    ],
  ])('%j is refused', async (body, kind) => {
    await expect(world.call('startBulk', { body })).rejects.toMatchObject({ kind });
  });
});

describe('done once', () => {
  it('a job that is killed after any person is carried on, by several at once: 40 people, 40 mails', async () => {
    const bulk = createBulkStore(identity);
    // The engine must not take the job: nothing hands the outbox over from here on.
    await world.work.engine.idle();
    const persons = (await bulk.people(world.tenant, { kind: 'everyone' })).persons.map(({ id }) => id);
    const request = {
      who: { kind: 'everyone' as const },
      role: null,
      operation: 'activate-invite' as const,
      app: null,
    };
    const cause = { person: world.admin.person, name: 'Dana Ruiz', at: world.clock.at };
    const job = await bulk.start(world.tenant, { request, sentence: 'Activate 40 people.', persons }, cause);
    let done = 0;
    let stopAt = 7;
    const run = () =>
      runBulkJob(
        {
          ...{ bulk, organizations: world.work.stores.organizations, publicUrl: 'http://x', now: () => world.clock.at },
          isStopping: () => done >= stopAt,
          onDone: () => {
            done += 1;
          },
        },
        world.tenant,
        job,
      );
    await run();
    const stopped = (await bulk.job(world.tenant, job))?.job;
    expect(stopped).toMatchObject({ state: 'running', done: 7 - (stopped?.skipped ?? 0) });
    // A transaction that dies in the middle of a person leaves nothing of it behind.
    await expect(
      bulk.next(world.tenant, job, world.clock.at, () => {
        throw Object.assign(new Error('killed'), { code: '57P01' });
      }),
    ).rejects.toThrow();
    expect((await mails()).length).toBeLessThanOrEqual(7);
    stopAt = Number.POSITIVE_INFINITY;
    await Promise.all([run(), run(), run()]);
    await run();
    expect((await bulk.job(world.tenant, job))?.job).toMatchObject({
      state: 'finished',
      done: 40,
      skipped: 1,
      failed: 0,
    });
    const sent = await mails();
    expect(sent).toHaveLength(40);
    expect(sent.every(({ n }) => n === 1)).toBe(true);
  });

  it('a person for whom it fails is noted, and can be tried again', async () => {
    const { id } = await world.call('createUser', {
      body: { userName: 'x@acme.example', displayName: 'X', givenName: 'X', familyName: 'Y', email: 'x@acme.example' },
    });
    const bulk = createBulkStore(identity);
    // The engine must not take the job: nothing hands the outbox over from here on.
    await world.work.engine.idle();
    const request = {
      who: { kind: 'selected' as const, users: [id] },
      role: null,
      operation: 'invite' as const,
      app: null,
    };
    const job = await bulk.start(
      world.tenant,
      { request, sentence: 'Send 1 invitation.', persons: [id] },
      { person: world.admin.person, name: 'Dana Ruiz', at: world.clock.at },
    );
    await bulk.next(world.tenant, job, world.clock.at, () => {
      throw new Error('No mail today.');
    });
    expect(await world.call('bulkJob', { parameters: { id: job } })).toMatchObject({
      items: [{ state: 'failed', note: 'No mail today.', mail: 'none' }],
    });
    expect(await world.call('retryBulk', { parameters: { id: job } })).toEqual({ count: 1 });
    await world.settle();
    expect(await world.call('bulkJob', { parameters: { id: job } })).toMatchObject({
      job: { state: 'finished' },
      items: [{ state: 'done', mail: 'queued' }],
    });
    await database.asOwner("update identity.mail set state = 'unconfirmed' where recipient = 'x@acme.example'");
    const mail = { id: job, user: id };
    expect((await world.call('bulkJob', { parameters: { id: job } })).job.mails).toEqual({
      accepted: 0,
      waiting: 0,
      unconfirmed: 1,
      failed: 0,
    });
    await world.call('resendBulkMail', { parameters: mail });
    expect((await world.call('bulkJob', { parameters: { id: job } })).items).toMatchObject([{ mail: 'queued' }]);
    await expect(world.call('resendBulkMail', { parameters: mail })).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('cancelled, what is done stays and the rest is left', async () => {
    const bulk = createBulkStore(identity);
    // The engine must not take the job: nothing hands the outbox over from here on.
    await world.work.engine.idle();
    const persons = (await bulk.people(world.tenant, { kind: 'everyone' })).persons.map(({ id }) => id);
    const request = { who: { kind: 'everyone' as const }, role: null, operation: 'suspend' as const, app: null };
    const job = await bulk.start(
      world.tenant,
      { request, sentence: 'Suspend.', persons },
      { person: world.admin.person, name: 'Dana Ruiz', at: world.clock.at },
    );
    const never = () => {
      throw new Error('Nobody is invited.');
    };
    for (let n = 0; n < 5; n += 1) await bulk.next(world.tenant, job, world.clock.at, never);
    await world.call('cancelBulk', { parameters: { id: job } });
    expect(await bulk.next(world.tenant, job, world.clock.at, never)).toBe(false);
    const { job: read } = await world.call('bulkJob', { parameters: { id: job } });
    expect(read).toMatchObject({ state: 'cancelled', failed: 0 });
    expect(read.done + read.skipped).toBe(5);
  });
});
