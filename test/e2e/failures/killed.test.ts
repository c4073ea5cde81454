// kill -9 of the server and its database while a bulk job of forty is under way, at chosen moments: three times, or ten
// with RELEASE=1. The job is finished in the end, everybody is at the workspace once, and no mail arrives twice.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Server, startServer } from '../../server.ts';
import { until } from '../../until.ts';
import { type ConnectedPair, connectedPair, peopleOf } from '../api.ts';
import { type MailServer, openMailServer } from './mail-server.ts';
import { behind, openProxy, type Seen, type SpoilingProxy } from './proxy.ts';

let mails: MailServer;
let proxy: SpoilingProxy;
let server: Server;
let pair: ConnectedPair;
beforeAll(async () => {
  [mails, proxy] = await Promise.all([openMailServer(), openProxy()]);
  server = await startServer({ ...behind(proxy), environment: { SMTP_URL: mails.url } });
  pair = await connectedPair({ workspace: server, identity: server });
});
afterAll(async () => {
  await server.remove();
  await Promise.all([mails.close(), proxy.close()]);
});

const isCreation = ({ method, path }: Seen) => method === 'POST' && path.endsWith('/Users');
const isChange = ({ method }: Seen) => method !== 'GET';

/** The n-th of its kind since the start: a mail that is taken and not answered, or a request before or after it commits. */
type Moment = { mail: number } | { nth: number; fits: (request: Seen) => boolean; cut: 'before' | 'after' };

const short: Moment[] = [
  { mail: 5 },
  { nth: 3, fits: isCreation, cut: 'after' },
  { nth: 3, fits: isChange, cut: 'before' },
];
const long: Moment[] = [
  { mail: 1 },
  { nth: 2, fits: isCreation, cut: 'after' },
  { nth: 3, fits: isChange, cut: 'before' },
  { mail: 3 },
  { nth: 2, fits: isChange, cut: 'after' },
  { nth: 2, fits: ({ method }) => method === 'GET', cut: 'before' },
  { nth: 3, fits: isCreation, cut: 'before' },
  { mail: 3 },
  { nth: 1, fits: isChange, cut: 'after' },
  { nth: 2, fits: isChange, cut: 'after' },
];
const moments = process.env['RELEASE'] ? long : short;

const forever = new Promise<never>(() => {});
/** Accounts made between two kills; what goes beyond waits for the kill, so that every later moment has something left. */
const creationsAtOnce = 3;

/** Resolves when the moment came and both processes are gone. */
function killAt(moment: Moment): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    let creations = 0;
    const strike = () => server.kill().then(resolve);
    proxy.spoil = (request) => {
      if (!request.isScim) return undefined;
      if (isCreation(request)) creations += 1;
      if (!('mail' in moment) && moment.fits(request)) {
        count += 1;
        if (count === moment.nth) return { cut: moment.cut, onCut: strike };
      }
      return creations > creationsAtOnce && isCreation(request) ? forever : undefined;
    };
    mails.answers = () => {
      if (!('mail' in moment)) return false;
      count += 1;
      if (count === moment.mail) void strike();
      return count < moment.mail;
    };
  });
}

it(`a bulk job of forty outlives ${moments.length} kills`, { timeout: 400_000 }, async () => {
  const { roles } = await pair.identity('roles');
  const role = roles.find(({ isDefault }) => isDefault)?.id;
  await pair.identity('setAppRoles', { parameters: { id: pair.app }, body: { roles: [role] } });
  let struck = killAt(moments[0] as Moment);
  const who = { kind: 'status', status: 'not-activated' };
  const { id } = await pair.identity('startBulk', { body: { who, role, operation: 'activate-invite' } });
  await struck;
  for (const moment of moments.slice(1)) {
    struck = killAt(moment);
    // A server carries on at once: the moment may come before it says that it is ready.
    await Promise.race([struck, server.restart().then(() => struck)]);
  }
  proxy.spoil = () => undefined;
  mails.answers = () => true;
  await server.restart();

  const job = () => pair.identity('bulkJob', { parameters: { id } });
  const finished = await until(job, ({ job: { state } }) => state === 'finished');
  expect(finished.job).toMatchObject({ total: 40, done: 40, failed: 0, skipped: 0 });
  // What was leased when the process died is free after 15 s; what was being mailed is known to be unknown after 60 s.
  const counts = await until(
    async () => (await pair.identity('app', { parameters: { id: pair.app } })).app.counts,
    ({ provisioned }) => provisioned === 41,
    2_000,
  );
  expect(counts).toMatchObject({ failed: 0, held: 0, moving: 0 });
  const people = await peopleOf(pair);
  expect(people.size).toBe(41);
  expect([...people.values()].filter(({ source }) => source.kind !== 'scim')).toEqual([]);

  const { items, job: settled } = await until(job, ({ job: { mails: states } }) => states.waiting === 0, 4_000);
  const arrived = mails.accepted.map(({ to }) => to);
  expect(new Set(arrived).size).toBe(arrived.length);
  const { users } = await pair.identity('users', { query: { perPage: '200' } });
  const address = new Map(users.map((user) => [user.id, user.email]));
  const inState = (state: string) =>
    items.filter(({ mail }) => mail === state).map(({ user }) => address.get(user.id) ?? '');
  expect(inState('accepted').length + inState('unconfirmed').length).toBe(40);
  expect(inState('accepted').filter((to) => !arrived.includes(to))).toEqual([]);
  // At most the two that were being sent at each kill; at least the one that the mail server held back.
  expect(settled.mails.unconfirmed).toBeLessThanOrEqual(2 * moments.length);
  expect(settled.mails.unconfirmed).toBeGreaterThanOrEqual(1);
  console.log(
    `${moments.length} kills: 40 people, ${arrived.length} mails arrived, ${inState('accepted').length} accepted, ${settled.mails.unconfirmed} unconfirmed`,
  );

  // Send again is a person's choice: after it, everybody has had a mail.
  for (const { user } of items.filter(({ mail }) => mail === 'unconfirmed'))
    await pair.identity('resendBulkMail', { parameters: { id, user: user.id } });
  await until(job, ({ job: { mails: states } }) => states.accepted === 40);
  expect(new Set(mails.accepted.map(({ to }) => to)).size).toBe(40);
});
