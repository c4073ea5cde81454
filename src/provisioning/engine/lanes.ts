// One lane for each app: a few deliveries of users at a time and one of groups, so that a slow or dead app delays nobody
// else. Talks to: the store. A lane keeps nothing in memory but its breaker: what is due stands in the store, and a lane
// that is woken takes it from there, most urgent first.

import { randomUUID } from 'node:crypto';
import { type Breaker, createBreaker } from './breaker.ts';
import type { SubjectKind } from './delivery-store.ts';
import type { EnginePorts } from './outcome.ts';
import { leaseMs, runSubject } from './run.ts';

const atOnce: Record<SubjectKind, number> = { user: 6, group: 1 };

interface Lane {
  tenant: string;
  app: string;
  breaker: Breaker;
  running: Record<SubjectKind, number>;
  /** Woken while every loop was running: one of them looks once more before it ends. */
  isWoken: Record<SubjectKind, boolean>;
}

export interface Lanes {
  /** Delivers what is due at an app; returns at once. */
  wake(tenant: string, app: string): void;
  /** The app answers again (its checks have passed), or somebody wants to see: its breaker closes. */
  trust(tenant: string, app: string): void;
  /** Resolves when no lane is running. */
  idle(): Promise<void>;
  /** Starts nothing more and waits for what is running. */
  stop(): Promise<void>;
}

export function createLanes(ports: EnginePorts & { onDelivered(tenant: string): void }): Lanes {
  const lanes = new Map<string, Lane>();
  const loops = new Set<Promise<void>>();
  let isStopping = false;

  function laneOf(tenant: string, app: string): Lane {
    const key = `${tenant} ${app}`;
    const found = lanes.get(key) ?? {
      tenant,
      app,
      breaker: createBreaker(),
      running: { user: 0, group: 0 },
      isWoken: { user: false, group: false },
    };
    lanes.set(key, found);
    return found;
  }

  /** Says beside everything that is due why it is not tried before then. */
  async function putOff({ tenant, app, breaker }: Lane, now: Date): Promise<void> {
    const wait = breaker.waits(now);
    if (!wait) return;
    const sentence = wait.isSilent ? 'Waits: the app does not answer.' : 'Waits: the app asked for patience.';
    await ports.store.putOff(tenant, app, { now, until: wait.until, sentence });
  }

  async function deliverNext(lane: Lane, kind: SubjectKind): Promise<boolean> {
    const { tenant, app, breaker } = lane;
    const now = ports.now();
    if (isStopping) return false;
    if (!breaker.mayCall(now)) {
      await putOff(lane, now);
      return false;
    }
    const lease = { id: randomUUID(), now, until: new Date(now.getTime() + leaseMs) };
    const subject = await ports.store.claim(tenant, app, kind, lease).catch((error) => {
      breaker.released();
      throw error;
    });
    if (!subject) {
      breaker.released();
      return false;
    }
    const news = await runSubject(ports, tenant, subject);
    if (news.kind === 'answered') {
      if (breaker.succeeded()) await resume(lane);
    } else if (news.kind === 'silent') breaker.failed(ports.now());
    else if (news.kind === 'pause') breaker.pause(news.until);
    else breaker.released();
    ports.onDelivered(tenant);
    return true;
  }

  async function resume(lane: Lane): Promise<void> {
    await ports.store.resume(lane.tenant, lane.app);
    start(lane, 'user');
    start(lane, 'group');
  }

  async function loop(lane: Lane, kind: SubjectKind): Promise<void> {
    try {
      do {
        lane.isWoken[kind] = false;
        while (await deliverNext(lane, kind)) {
          // A user who was delivered may have set groups and reports in motion.
          if (kind === 'user') start(lane, 'group');
        }
      } while (lane.isWoken[kind] && !isStopping);
    } catch (error) {
      // The lease runs out, and the sweep finds the subject again.
      ports.onFailure(error);
    } finally {
      // In the same breath as the last look, so that nobody who wakes the lane counts on a loop that is over.
      lane.running[kind] -= 1;
    }
  }

  function start(lane: Lane, kind: SubjectKind): void {
    lane.isWoken[kind] = true;
    while (!isStopping && lane.running[kind] < atOnce[kind]) {
      lane.running[kind] += 1;
      const run: Promise<void> = loop(lane, kind).finally(() => loops.delete(run));
      loops.add(run);
    }
  }

  async function idle(): Promise<void> {
    while (loops.size > 0) await Promise.all(loops);
  }
  return {
    wake(tenant, app) {
      const lane = laneOf(tenant, app);
      start(lane, 'user');
      start(lane, 'group');
    },
    trust(tenant, app) {
      laneOf(tenant, app).breaker = createBreaker();
    },
    idle,
    stop() {
      isStopping = true;
      return idle();
    },
  };
}
