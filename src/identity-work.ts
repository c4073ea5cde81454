// The sending end without its site: stores, the engine behind them, and the ports of its admin API. Wires; no logic.

import type { EventName } from './contract/sign-in.ts';
import type { Announcer } from './http/event-stream.ts';
import type { IdentityApiPorts } from './http/identity/ports.ts';
import type { SignInPorts } from './http/sign-in.ts';
import { createIdentityEngine, type IdentityEngine } from './identity-engine.ts';
import { runBulkJob } from './identity-provider/bulk-run.ts';
import { openCredential } from './identity-provider/configuration.ts';
import { type SignOnPorts, signOnFacts } from './identity-provider/sign-on.ts';
import { createTestBudget } from './identity-provider/test-budget.ts';
import type { Outbound } from './outbound/guarded-fetch.ts';
import type { Sealer } from './secrets/seal.ts';
import type { TenantDatabase } from './store/database.ts';
import { createIdentityStores } from './store/identity/index.ts';
import type { Queue } from './store/queue.ts';

export interface IdentityWorkPorts {
  database: TenantDatabase;
  queue: Queue;
  fetch: Outbound;
  sealer: Sealer;
  announcer: Announcer;
  signIn: SignInPorts;
  publicUrl: string;
  now(): Date;
  /** How often everything that is due is looked for. */
  sweepEveryMs: number;
  random(): number;
  onMail(tenant: string): void;
  onFailure(error: unknown): void;
}

/** Pages are told at most this often that deliveries went on. */
const tellEveryMs = 250;

/** Gathers what a busy engine has to say. */
function createTeller(announcer: Announcer) {
  const waiting = new Map<string, { events: Set<EventName>; timer: NodeJS.Timeout }>();
  return {
    tell(tenant: string, ...events: EventName[]): void {
      const found = waiting.get(tenant);
      if (found) {
        for (const event of events) found.events.add(event);
        return;
      }
      const entry = {
        events: new Set(events),
        timer: setTimeout(() => {
          waiting.delete(tenant);
          announcer.announce(tenant, ...entry.events);
        }, tellEveryMs),
      };
      waiting.set(tenant, entry);
    },
    stop(): void {
      for (const { timer } of waiting.values()) clearTimeout(timer);
    },
  };
}

export interface IdentityWork {
  api: IdentityApiPorts;
  signOn: SignOnPorts;
  stores: ReturnType<typeof createIdentityStores>;
  engine: IdentityEngine;
  start(): Promise<void>;
  /** Waits for what is being delivered, then lets go. */
  stop(): Promise<void>;
}

export function createIdentityWork(ports: IdentityWorkPorts): IdentityWork {
  const { database, sealer, announcer, publicUrl, now } = ports;
  const stores = createIdentityStores(database);
  const signOn: SignOnPorts = { organizations: stores.organizations, store: stores.signOn, sealer, publicUrl, now };
  const teller = createTeller(announcer);
  let isStopping = false;
  const engine = createIdentityEngine({
    ...ports,
    openCredential: (app) => openCredential(sealer, app),
    runBulkJob: (tenant, job) =>
      runBulkJob(
        {
          ...stores,
          publicUrl,
          now,
          isStopping: () => isStopping,
          onDone(done) {
            engine.nudge(done);
            ports.onMail(done);
            teller.tell(done, 'jobs', 'users', 'tasks', 'apps');
          },
        },
        tenant,
        job,
      ),
    runningBulkJobs: (tenant) => stores.bulk.runningJobs(tenant),
    onDelivered: (tenant) => teller.tell(tenant, 'tasks', 'apps', 'users'),
  });
  const api: IdentityApiPorts = {
    ...{ signIn: ports.signIn, fetch: ports.fetch, publicUrl, now },
    ...stores,
    configuration: {
      ...{ apps: stores.apps, sealer, exchange: ports.fetch, now },
      countTest: createTestBudget(now),
      onTrusted: (tenant, app) => engine.trust(tenant, app),
    },
    signOnFacts: (tenant) => signOnFacts(signOn, tenant),
    onChange(tenant, ...events) {
      announcer.announce(tenant, ...events);
      engine.nudge(tenant);
    },
    onMail: ports.onMail,
  };
  return {
    ...{ api, signOn, stores, engine },
    start: engine.start,
    async stop() {
      isStopping = true;
      await engine.stop();
      teller.stop();
    },
  };
}
