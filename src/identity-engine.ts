// The sending end's work in the background: outbox -> queue -> lanes, and bulk jobs. Wires; no logic.
// A nudge after a commit hands the outbox over at once; a sweep at the start and every few seconds finds what a crash, a
// retry's time or another process left.

import type { Outbound } from './outbound/guarded-fetch.ts';
import type { AppTarget } from './provisioning/engine/delivery-store.ts';
import { createLanes } from './provisioning/engine/lanes.ts';
import type { TenantDatabase } from './store/database.ts';
import { createDeliveryStore } from './store/identity/delivery/deliveries.ts';
import { relayOutbox } from './store/identity/delivery/relay.ts';
import type { Queue } from './store/queue.ts';

export interface IdentityEnginePorts {
  database: TenantDatabase;
  queue: Queue;
  fetch: Outbound;
  openCredential(app: AppTarget): string;
  /** Carries a bulk job on; returns when it is finished, cancelled or somebody else's. */
  runBulkJob(tenant: string, job: string): Promise<void>;
  runningBulkJobs(tenant: string): Promise<string[]>;
  now(): Date;
  sweepEveryMs: number;
  random(): number;
  onFailure(error: unknown): void;
  /** Subjects of the tenant moved. */
  onDelivered(tenant: string): void;
}

export interface IdentityEngine {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The tenant's outbox has something. */
  nudge(tenant: string): void;
  /** Looks for everything that is due, in every tenant. */
  sweep(): Promise<void>;
  /** The app's checks have passed: whatever its breaker said is over. */
  trust(tenant: string, app: string): void;
  /** Resolves when nothing is being delivered in this process. */
  idle(): Promise<void>;
}

interface Relay {
  isAsked: boolean;
  over: Promise<void>;
}

export function createIdentityEngine(ports: IdentityEnginePorts): IdentityEngine {
  const { database, queue } = ports;
  const lanes = createLanes({ ...ports, store: createDeliveryStore(database), exchange: ports.fetch });
  const relays = new Map<string, Relay>();
  const jobs = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> | undefined;

  /** One relay a tenant at a time; however many nudges come meanwhile, one more runs after it. */
  function nudge(tenant: string): void {
    const running = relays.get(tenant);
    if (running) {
      running.isAsked = true;
      return;
    }
    const relay: Relay = { isAsked: true, over: Promise.resolve() };
    relays.set(tenant, relay);
    relay.over = hand(tenant, relay);
  }

  async function hand(tenant: string, relay: Relay): Promise<void> {
    try {
      while (relay.isAsked) {
        relay.isAsked = false;
        await relayOutbox(database, queue, tenant);
      }
    } catch (error) {
      ports.onFailure(error);
    } finally {
      // In the same breath as the last look, so that no nudge falls in between.
      relays.delete(tenant);
    }
  }

  const relayed = () => Promise.all([...relays.values()].map(({ over }) => over));

  function runJob(tenant: string, job: string): Promise<void> {
    const key = `${tenant} ${job}`;
    const running = jobs.get(key);
    if (running) return running;
    const run = ports
      .runBulkJob(tenant, job)
      .catch(ports.onFailure)
      .finally(() => jobs.delete(key));
    jobs.set(key, run);
    return run;
  }

  async function sweepAll(): Promise<void> {
    const tenants = await database.control.query<{ tenant: string }>('select tenant from control.organization');
    const store = createDeliveryStore(database);
    for (const { tenant } of tenants) {
      await relayOutbox(database, queue, tenant);
      await store.holdLate(tenant);
      for (const app of await store.dueApps(tenant, ports.now())) lanes.wake(tenant, app);
      for (const job of await ports.runningBulkJobs(tenant)) void runJob(tenant, job);
    }
  }

  function sweep(): Promise<void> {
    sweeping ??= sweepAll()
      .catch(ports.onFailure)
      .finally(() => {
        sweeping = undefined;
      });
    return sweeping;
  }

  return {
    async start() {
      await queue.work<{ tenant: string; app: string; isWish?: true }>('deliver', 1, async ({ data }) => {
        // Somebody wants to see it tried now, whatever the breaker knows.
        if (data.isWish) lanes.trust(data.tenant, data.app);
        lanes.wake(data.tenant, data.app);
      });
      await queue.work<{ tenant: string; job: string }>('bulk', 1, async ({ data }) => {
        void runJob(data.tenant, data.job);
      });
      await sweep();
      timer = setInterval(() => void sweep(), ports.sweepEveryMs);
    },
    async stop() {
      clearInterval(timer);
      await sweeping;
      await lanes.stop();
      await Promise.all([...jobs.values(), relayed()]);
    },
    nudge,
    sweep,
    trust: (tenant, app) => lanes.trust(tenant, app),
    async idle() {
      await Promise.all([...jobs.values(), relayed()]);
      await lanes.idle();
    },
  };
}
