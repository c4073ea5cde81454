// Starts a Rollcall server: database, queue, the ends, their ports. Wires; no logic.

import { randomBytes } from 'node:crypto';
import { type Logger, pino } from 'pino';
import type { Account, AccountStore } from './accounts/account.ts';
import type { Accounts } from './accounts/sign-in.ts';
import { isLocalhostName, type Settings } from './config.ts';
import { seedOrganization, seedWorkspace } from './demo.ts';
import { demoAdmin, demoDomain } from './demo-people.ts';
import { createHealth } from './http/health.ts';
import { createFactsOf, type Fetch, type Listening, listen } from './http/listen.ts';
import { createIdentityEnd } from './identity-end.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { listenForMetrics, type MetricsSite } from './observability/metrics-site.ts';
import { type OpenedDatabase, openConfiguredDatabase } from './open-database.ts';
import { createOutbound } from './outbound/guarded-fetch.ts';
import { createMailDoor, type MailDoor } from './outbound/mail.ts';
import { createSealer } from './secrets/seal.ts';
import type { End } from './store/accounts.ts';
import type { TenantDatabase } from './store/database.ts';
import { createTaskCounts } from './store/identity/task-counts.ts';
import { createMailQueue } from './store/mail-queue.ts';
import { keepPartitions } from './store/partitions.ts';
import { openQueue, type Queue } from './store/queue.ts';
import { isEmptyEnd, keepSetupCode } from './store/setup-code.ts';
import { createWorkspaceEnd, type EndPorts } from './workspace-end.ts';

export interface StartOptions {
  /** One end alone. */
  only: End | undefined;
  demo: 'seed' | 'none';
  /** A line for whoever started us. */
  say(line: string): void;
}

export interface RunningServer {
  /** Waits for requests in flight and running jobs, then lets the database go. */
  stop(): Promise<void>;
}

/** What both ends are made of. */
interface Base {
  settings: Settings;
  options: StartOptions;
  opened: OpenedDatabase;
  queue: Queue;
  outbound: ReturnType<typeof createOutbound>;
  mailDoor: MailDoor;
  log: Logger;
  /** Present when somebody may ask for them. */
  metrics: Metrics | undefined;
  isStopping(): boolean;
}

/** One end, ready to be listened for. */
interface RunningEnd {
  end: End;
  fetch: Fetch;
  accounts: Accounts;
  accountStore: AccountStore;
  database: TenantDatabase;
  stop(): Promise<void>;
}

const now = () => new Date();

/** Loopback is reachable from here only where the site itself is on it, as in the local demo. */
function outboundRules(settings: Settings) {
  const sites = [settings.workspace, settings.identity];
  const isLocal = sites.every(({ publicUrl }) => isLocalhostName(new URL(publicUrl).hostname));
  return { allow: [...settings.outboundAllow, ...(isLocal ? ['127.0.0.0/8', '::1/128'] : [])] };
}

/** A tenant without rows: asking in its name asks the tenants' server and nothing of anybody. */
const nobody = '00000000-0000-0000-0000-000000000000';

function portsOf(base: Base, end: End, database: TenantDatabase, onMail: EndPorts['onMail']): EndPorts {
  const { settings, options, queue, outbound, log, metrics } = base;
  const health = createHealth(
    {
      database: async () => (await database.batch(nobody, [{ text: 'select 1 as one' }]))[0]?.length === 1,
      migrations: async () =>
        (await database.control.query('select max(number) as at from control.migration')).length === 1,
      queue: () => queue.ready(),
    },
    base.isStopping,
  );
  const other = end === 'workspace' ? settings.identity : settings.workspace;
  return {
    ...{ settings, database, health, now, onMail, metrics, fetch: outbound.fetch },
    otherEnd: options.only === undefined ? other.publicUrl : null,
    factsOf: createFactsOf(settings.trustedProxies),
    onFailure: (error, requestId) => log.error({ err: error, requestId }, 'failed'),
  };
}

function openEnd(base: Base, end: End) {
  const { opened, queue, mailDoor: door, log } = base;
  const database = opened.connect(`rollcall_${end}`);
  const onFailure = (error: unknown) => log.error({ err: error }, 'failed');
  const mail = createMailQueue({ end, database, queue, door, now, random: Math.random, onFailure });
  return { database, mail, ports: portsOf(base, end, database, mail.nudge) };
}

async function startWorkspace(base: Base): Promise<RunningEnd> {
  const { database, mail, ports } = openEnd(base, 'workspace');
  const { fetch, accounts, accountStore, stop } = createWorkspaceEnd(ports);
  if (base.options.demo === 'seed') await seedWorkspace(database, now());
  await mail.start();
  return {
    ...{ end: 'workspace', fetch, accounts, accountStore, database },
    async stop() {
      await mail.stop();
      await stop();
      await database.close();
    },
  };
}

async function startIdentity(base: Base): Promise<RunningEnd> {
  const { database, mail, ports } = openEnd(base, 'identity');
  const sealer = createSealer(base.opened.secretKey);
  const { fetch, accounts, accountStore, start, stop } = createIdentityEnd({ ...ports, queue: base.queue, sealer });
  if (base.options.demo === 'seed') await seedOrganization(database, sealer, now());
  base.metrics?.watchTasks(createTaskCounts(database, now));
  await mail.start();
  await start();
  return {
    ...{ end: 'identity', fetch, accounts, accountStore, database },
    async stop() {
      await stop();
      await mail.stop();
      await database.close();
    },
  };
}

function newSetupCode(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const letters = [...randomBytes(20)].map((byte) => alphabet[byte % 32]).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}

async function demoAccount({ accountStore }: RunningEnd): Promise<Account | undefined> {
  const [account] = await accountStore.accountsByName(`${demoAdmin}@${demoDomain}`);
  return account;
}

/** Where the end is and how to get in: a one-time link for the demo's admin until a password is set, or the code for the first admin. */
async function sayHowToEnter(running: RunningEnd, publicUrl: string, say: StartOptions['say']): Promise<void> {
  const { end, accounts, database } = running;
  say(`  ${end === 'workspace' ? 'Workspace app    ' : 'Identity provider'}   ${publicUrl}`);
  if (await isEmptyEnd(end, database.control)) {
    const code = newSetupCode();
    await keepSetupCode(end, database.control, code, now());
    say(`    first admin: ${publicUrl}/setup   code ${code} (one hour, once)`);
    return;
  }
  const account = await demoAccount(running);
  if (!account || account.passwordHash !== null) return;
  say(`    sign in as ${account.name}, once: ${publicUrl}/link/${await accounts.createLink(account, 'sign-in')}`);
}

async function listenFor(base: Base, { end, fetch }: RunningEnd): Promise<Listening> {
  const { settings, log, metrics } = base;
  return listen({
    name: end,
    port: settings[end].port,
    host: settings.listenHost,
    fetch,
    now: () => performance.now(),
    log(line) {
      log.info(line);
      metrics?.http(line);
    },
  });
}

/** Starts everything and says where it is. @throws errors whose message is a sentence for the operator */
export async function startServer(settings: Settings, options: StartOptions): Promise<RunningServer> {
  const log = pino({ level: settings.logLevel, base: null });
  const opened = await openConfiguredDatabase(settings, now);
  for (const notice of opened.notices) options.say(notice);
  const outbound = createOutbound(outboundRules(settings));
  const mailDoor = createMailDoor(settings.smtpUrl, settings.mailFrom);
  const partitions = await keepPartitions(opened.url, settings.journalDays, (error) =>
    log.error({ err: error }, 'partitions'),
  );
  const queue = await openQueue(opened.controlUrl, (error) => log.error({ err: error }, 'queue'));
  const metrics = settings.metrics && createMetrics();
  metrics?.watchQueues(() => queue.depths());
  let stopping = false;
  const base: Base = { settings, options, opened, queue, outbound, mailDoor, log, metrics, isStopping: () => stopping };
  const ends: RunningEnd[] = [];
  const listening: Listening[] = [];
  let metricsSite: MetricsSite | undefined;
  async function stop(): Promise<void> {
    stopping = true;
    await Promise.all(listening.map((site) => site.stop(settings.drainMs)));
    await metricsSite?.stop();
    partitions.stop();
    await queue.stop();
    for (const end of ends) await end.stop();
    outbound.close();
    mailDoor.close();
    await opened.close();
  }
  try {
    if (options.only !== 'identity') ends.push(await startWorkspace(base));
    if (options.only !== 'workspace') ends.push(await startIdentity(base));
    for (const end of ends) listening.push(await listenFor(base, end));
    if (metrics && settings.metrics) metricsSite = await listenForMetrics(metrics, settings.metrics);
    options.say('');
    if (metricsSite) options.say(`  Metrics             http://${settings.metrics?.host}:${metricsSite.port}/metrics`);
    for (const end of ends) await sayHowToEnter(end, settings[end.end].publicUrl, options.say);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
