// Mail is sent once: against a real SMTP server of the test, and with a crash between claim and acceptance.

import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMailDoor, type MailDoor } from '../../src/outbound/mail.ts';
import { insertMail } from '../../src/store/accounts.ts';
import type { TenantDatabase } from '../../src/store/database.ts';
import { claimMs, createMailQueue } from '../../src/store/mail-queue.ts';
import { openQueue, type Queue } from '../../src/store/queue.ts';
import { createWorkspaceStore } from '../../src/store/workspace/index.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { until } from '../until.ts';

let test: TestDatabase;
let database: TenantDatabase;
let queue: Queue;
let tenant: string;
const received: { to: string; text: string }[] = [];
/** What the server answers next; undefined accepts. */
let refusals: (Error & { responseCode: number })[] = [];
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  logger: false,
  onData(stream, session, done) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      const refusal = refusals.shift();
      if (!refusal)
        received.push({ to: session.envelope.rcptTo[0]?.address ?? '', text: Buffer.concat(chunks).toString() });
      done(refusal ?? null);
    });
  },
});
let smtpUrl: string;
const clock = { now: new Date('2026-11-25T09:00:00Z') };

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.open('rollcall_workspace');
  queue = await openQueue(test.controlUrl, () => {});
  tenant = await createWorkspaceStore(database).createWorkspace(
    { slug: 'letters', name: 'Letters', plan: 'plus' },
    clock.now,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  smtpUrl = `smtp://127.0.0.1:${(server.server.address() as { port: number }).port}`;
});
afterAll(async () => {
  await queue.stop();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await test.drop();
});

function write(reason: string, recipient = 'ada@acme.example') {
  return database.withTenant(tenant, (transaction) =>
    insertMail('workspace', transaction, { reason, recipient, subject: `Hello ${reason}`, body: 'One.\n' }, clock.now),
  );
}

async function stateOf(reason: string): Promise<string> {
  const { rows } = await test.asOwner('select state from workspace.mail where reason = $1', [reason]);
  return rows[0]?.state;
}

function mailQueue(door: MailDoor, to: Queue = queue) {
  return createMailQueue({
    end: 'workspace',
    database,
    queue: to,
    door,
    now: () => clock.now,
    random: () => 0,
    onFailure: () => {},
  });
}

it('sends each reason once, whatever is asked and handed over how often', async () => {
  const door = createMailDoor(smtpUrl, 'Rollcall <no-reply@rollcall.example>');
  const mails = mailQueue(door);
  await write('one');
  await write('one');
  await mails.start();
  for (let n = 0; n < 5; n += 1) mails.nudge(tenant);
  await until(async () => (await stateOf('one')) === 'accepted');
  await mails.sweep();
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({ to: 'ada@acme.example', text: expect.stringContaining('Hello one') });

  refusals = [Object.assign(new Error('try later'), { responseCode: 451 })];
  await write('later');
  mails.nudge(tenant);
  await until(async () => refusals.length === 0 && (await stateOf('later')) === 'queued');
  clock.now = new Date(clock.now.getTime() + 10_000);
  await mails.sweep();
  await until(async () => (await stateOf('later')) === 'accepted');

  refusals = [Object.assign(new Error('no such mailbox'), { responseCode: 550 })];
  await write('never');
  mails.nudge(tenant);
  await until(async () => (await stateOf('never')) === 'failed');
  await mails.stop();
  door.close();
  expect(received.map(({ text }) => /Subject: (.*)/.exec(text)?.[1]?.trim())).toEqual(['Hello one', 'Hello later']);
});

it('what a crash left unknown is unconfirmed, and is not sent again', async () => {
  const sent: string[] = [];
  let isGone: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    isGone = resolve;
  });
  const door: MailDoor = {
    leaves: true,
    async send(mail) {
      sent.push(mail.id);
      isGone();
      // The server has it, and the process dies before it could write that down.
      await new Promise(() => {});
    },
    verify: async () => {},
    close: () => {},
  };
  const jobs: ((job: { id: string; data: never }) => Promise<void>)[] = [];
  const dying: Queue = {
    send: async (_queue, id, data) => void jobs[0]?.({ id, data: data as never }),
    work: async (_queue, _concurrency, handle) => void jobs.push(handle as never),
    depths: async () => new Map(),
    ready: async () => true,
    stop: async () => {},
  };
  await write('crash');
  const mails = mailQueue(door, dying);
  await mails.start();
  await gone;
  expect(await stateOf('crash')).toBe('sending');
  const after = mailQueue(door, dying);
  await after.sweep();
  expect(await stateOf('crash')).toBe('sending');
  clock.now = new Date(clock.now.getTime() + claimMs + 1);
  await after.sweep();
  expect(await stateOf('crash')).toBe('unconfirmed');
  await after.sweep();
  expect(sent).toHaveLength(1);
  await mails.stop();
});
