// An organization with people, groups and one app on a real database, and the engine that delivers to targets in memory.
// The clock stands still until a test moves it.

import { createIdentityEngine, type IdentityEngine } from '../../src/identity-engine.ts';
import { createId } from '../../src/secrets/identifier.ts';
import { createSealer } from '../../src/secrets/seal.ts';
import type { Row, TenantDatabase } from '../../src/store/database.ts';
import { touchUsers } from '../../src/store/identity/touch.ts';
import { insertUser } from '../../src/store/identity/users.ts';
import type { Job, Queue } from '../../src/store/queue.ts';
import type { Target } from '../provisioning/fake-target.ts';

export interface PersonSeed {
  userName: string;
  manager?: string;
  email?: string;
  status?: 'not-activated' | 'active' | 'suspended';
}

export interface EngineWorld {
  tenant: string;
  clock: { at: Date; advance(ms: number): void };
  targets: Map<string, Target>;
  failures: unknown[];
  engine: IdentityEngine;
  /** A second process on the same database. */
  openEngine(): IdentityEngine;
  random: { next: number };
  addPerson(seed: PersonSeed): Promise<string>;
  addGroup(name: string, members: string[]): Promise<string>;
  addApp(target: Target, settings?: Record<string, unknown>): Promise<string>;
  assign(app: string, ...persons: string[]): Promise<void>;
  touch(...persons: string[]): Promise<void>;
  /** Hands over and delivers all that is due now. */
  settle(): Promise<void>;
  subject(app: string, local: string): Promise<Row>;
}

/** A queue in memory: jobs run as soon as they are sent. */
export function createInstantQueue(): Queue {
  const handlers = new Map<string, (job: Job<object>) => Promise<void>>();
  return {
    async send(queue, id, data) {
      await handlers.get(queue)?.({ id, data });
    },
    async work(queue, _concurrency, handle) {
      handlers.set(queue, handle as (job: Job<object>) => Promise<void>);
    },
    depths: async () => new Map(),
    ready: async () => true,
    stop: async () => {},
  };
}

export const sealer = createSealer('a secret key for tests, long enough for it');

export async function createEngineWorld(
  database: TenantDatabase,
  queue: Queue = createInstantQueue(),
): Promise<EngineWorld> {
  const clock = {
    at: new Date('2026-11-25T09:00:00Z'),
    advance(ms: number) {
      clock.at = new Date(clock.at.getTime() + ms);
    },
  };
  const tenant = createId(clock.at);
  const targets = new Map<string, Target>();
  const failures: unknown[] = [];
  const random = { next: 0.5 };
  await database.control.query('insert into control.organization (slug, tenant, created_at) values ($1, $2, $3)', [
    `org-${tenant.slice(-8)}`,
    tenant,
    clock.at,
  ]);
  const openEngine = (over: Queue) =>
    createIdentityEngine({
      database,
      queue: over,
      fetch: async (request) => {
        const target = targets.get(new URL(request.url).host);
        if (!target) throw new Error(`No target at ${request.url}.`);
        return target.exchange(request);
      },
      openCredential: ({ credential }) => credential,
      runBulkJob: async () => {},
      runningBulkJobs: async () => [],
      now: () => clock.at,
      sweepEveryMs: 3_600_000,
      random: () => random.next,
      onFailure: (error) => failures.push(error),
      onDelivered: () => {},
    });
  const engine = openEngine(queue);
  const cause = () => ({ by: 'Dana', at: clock.at });
  await engine.start();
  return {
    tenant,
    clock,
    targets,
    failures,
    engine,
    openEngine: () => openEngine(createInstantQueue()),
    random,
    async addPerson({ userName, manager, email, status }) {
      const id = createId(clock.at);
      const [given = '', family = ''] = (userName.split('@')[0] ?? '').split('.');
      const person = {
        ...{ id, userName, email: email ?? userName, status: status ?? 'active', manager: manager ?? null },
        ...{ displayName: `${given} ${family}`, givenName: given, familyName: family || 'Byron', title: 'Engineer' },
        ...{ department: 'Field', employeeType: 'Permanent', location: 'London', startDate: '2020-02-01' },
      };
      await database.withTenant(tenant, (transaction) => insertUser(transaction, person, clock.at));
      return id;
    },
    async addGroup(name, members) {
      const id = createId(clock.at);
      await database.withTenant(tenant, async (transaction) => {
        await transaction.query('insert into identity.team (tenant, id, name, created_at) values ($1, $2, $3, $4)', [
          tenant,
          id,
          name,
          clock.at,
        ]);
        for (const member of members)
          await transaction.query('insert into identity.team_member (tenant, team, person) values ($1, $2, $3)', [
            tenant,
            id,
            member,
          ]);
      });
      return id;
    },
    async addApp(target, settings = {}) {
      const id = createId(clock.at);
      const host = `app${targets.size}.example`;
      targets.set(host, target);
      const row: Record<string, unknown> = {
        ...{ name: 'Acme', connector: 'scim2', entity_id: id, acs_urls: '[]', base_url: `https://${host}/scim/v2` },
        ...{ credential: target.token, api_status: 'enabled', provisioning: true, created_at: clock.at },
        ...{ approve_create: false, approve_update: false, approve_delete: false },
        capabilities: JSON.stringify({
          patch: true,
          schemas: [
            'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
            'urn:rollcall:params:scim:schemas:extension:workspace:2.0:User',
          ],
        }),
        ...settings,
      };
      const names = Object.keys(row);
      await database.batch(tenant, [
        {
          text: `insert into identity.app (tenant, id, ${names.join(', ')}) values ($1, $2, ${names.map((_, at) => `$${at + 3}`).join(', ')})`,
          values: [tenant, id, ...Object.values(row)],
        },
      ]);
      return id;
    },
    async assign(app, ...persons) {
      await database.withTenant(tenant, async (transaction) => {
        for (const person of persons) {
          await transaction.query(
            'insert into identity.direct_assignment (tenant, app, person, created_at) values ($1, $2, $3, $4) on conflict do nothing',
            [tenant, app, person, clock.at],
          );
        }
        await touchUsers(transaction, persons, cause());
      });
    },
    async touch(...persons) {
      await database.withTenant(tenant, (transaction) => touchUsers(transaction, persons, cause()));
    },
    async settle() {
      // Twice: what the first delivery sets in motion is due by the second.
      for (let round = 0; round < 2; round += 1) {
        await engine.sweep();
        await engine.idle();
      }
    },
    async subject(app, local) {
      const [rows] = await database.batch(tenant, [
        {
          text: 'select * from identity.subject where tenant = $1 and app = $2 and local = $3',
          values: [tenant, app, local],
        },
      ]);
      return rows?.[0] ?? {};
    },
  };
}
