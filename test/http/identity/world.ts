// The demo organization on a real database with its admin API, and apps to deliver to: targets in memory, a real Rollcall
// workspace in this process, or an HTTP address. Answers are checked against the contract.

import type { z } from 'zod';
import type { Account } from '../../../src/accounts/account.ts';
import { identityRoutes } from '../../../src/contract/identity.ts';
import type { Route } from '../../../src/contract/route.ts';
import { seedOrganization } from '../../../src/demo.ts';
import type { Call } from '../../../src/http/api.ts';
import { createAnnouncer } from '../../../src/http/event-stream.ts';
import { identityHandlers } from '../../../src/http/identity/handlers.ts';
import type { ScimSite } from '../../../src/http/scim/site.ts';
import type { SignInPorts } from '../../../src/http/sign-in.ts';
import { createIdentityWork, type IdentityWork } from '../../../src/identity-work.ts';
import type { Outbound } from '../../../src/outbound/guarded-fetch.ts';
import { serviceProviderMetadata } from '../../../src/saml/metadata/write-metadata.ts';
import { NAME_ID_FORMATS } from '../../../src/saml/names.ts';
import { createAccountStore } from '../../../src/store/accounts.ts';
import type { Row, TenantDatabase } from '../../../src/store/database.ts';
import { createInstantQueue, sealer } from '../../identity-provider/world.ts';
import type { Target } from '../../provisioning/fake-target.ts';

type Routes = typeof identityRoutes;
type Answer<R extends Route> = R['answer'] extends z.ZodType ? z.output<R['answer']> : undefined;

export interface CallInput {
  parameters?: Record<string, string>;
  body?: unknown;
  query?: unknown;
  as?: Account;
}

export interface IdentityWorld {
  tenant: string;
  admin: Account;
  clock: { at: Date; advance(ms: number): void };
  work: IdentityWork;
  failures: unknown[];
  /** Where requests go, by origin. */
  routes: Map<string, Outbound>;
  mailed: string[];
  call<K extends keyof Routes>(name: K, input?: CallInput): Promise<Answer<Routes[K]>>;
  settle(): Promise<void>;
  person(userName: string): Promise<Row>;
}

export const publicUrl = 'http://identity.localhost:8081';

/** Metadata as a Rollcall workspace gives it. */
export function workspaceMetadata(host: string, slug: string): string {
  return serviceProviderMetadata({
    entityId: `${host}/${slug}/saml/metadata`,
    acsUrl: `${host}/${slug}/saml/acs`,
    nameIdFormat: NAME_ID_FORMATS.unspecified,
    displayName: 'Acme',
    workspace: {
      ...{
        orgId: slug,
        name: 'Acme',
        serviceUrl: host,
        scimBaseUrl: `${host}/${slug}/scim/v2`,
        signInUrl: `${host}/${slug}`,
      },
    },
  });
}

/** A SCIM site in this process as somewhere requests go. */
export function siteOutbound(site: ScimSite): Outbound {
  return async ({ method, url, headers = {}, body }) => {
    const response = await site(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }), {
      remoteAddress: '127.0.0.1',
    });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  };
}

const signIn = { otherEnd: 'http://workspace.localhost:8080' } as SignInPorts;

export async function createIdentityWorld(database: TenantDatabase): Promise<IdentityWorld> {
  const clock = {
    at: new Date('2026-11-25T09:00:00Z'),
    advance(ms: number) {
      clock.at = new Date(clock.at.getTime() + ms);
    },
  };
  const failures: unknown[] = [];
  const routes = new Map<string, Outbound>();
  const mailed: string[] = [];
  await seedOrganization(database, sealer, clock.at);
  const accounts = createAccountStore('identity', database);
  const [admin] = await accounts.accountsByName('dana.ruiz@acme.example');
  if (!admin) throw new Error('The demo has no admin.');
  const { tenant } = admin;
  const work = createIdentityWork({
    ...{ database, queue: createInstantQueue(), sealer, announcer: createAnnouncer(), signIn, publicUrl },
    now: () => clock.at,
    sweepEveryMs: 3_600_000,
    random: () => 0.5,
    fetch: async (request) => {
      const route = routes.get(new URL(request.url).origin);
      if (!route) throw new Error(`Nothing is at ${request.url}.`);
      return route(request);
    },
    onMail: (each) => void mailed.push(each),
    onFailure: (error) => void failures.push(error),
  });
  await work.start();
  const handlers = identityHandlers(work.api);
  return {
    ...{ tenant, admin, clock, work, failures, routes, mailed },
    async call(name, { parameters = {}, body, query, as = admin } = {}) {
      const route: Route = identityRoutes[name];
      const call = {
        parameters,
        body: route.body?.parse(body),
        query: route.query?.parse(query ?? {}),
        account: as,
        facts: { remoteAddress: '127.0.0.1', isLocal: true, id: 'test' },
        cookie: undefined,
        setSession: () => {},
      };
      const handler = handlers[name] as unknown as (call: Call) => Promise<unknown>;
      const answer = await handler(call as unknown as Call);
      return (route.answer ? route.answer.parse(answer) : undefined) as never;
    },
    async settle() {
      for (let round = 0; round < 3; round += 1) {
        await work.engine.sweep();
        await work.engine.idle();
      }
    },
    async person(userName) {
      const [rows] = await database.batch(tenant, [
        { text: 'select * from identity.person where tenant = $1 and user_name = $2', values: [tenant, userName] },
      ]);
      return rows?.[0] ?? {};
    },
  };
}

export const openSettings = {
  ...{ enabled: true, approveCreate: false, approveUpdate: false, approveDelete: false },
  ...({ onDelete: 'suspend', onUnassign: 'suspend', onSuspend: 'suspend' } as const),
};

/** A generic app that is not ours, its API on. */
export async function addTarget(world: IdentityWorld, target: Target, settings: object = {}): Promise<string> {
  const origin = `https://app${world.routes.size}.example`;
  world.routes.set(origin, (request) => target.exchange(request));
  const xml = serviceProviderMetadata({
    ...{ entityId: origin, acsUrl: `${origin}/acs`, nameIdFormat: NAME_ID_FORMATS.unspecified, displayName: 'Bolt' },
  });
  const { id } = await world.call('addApp', { body: { connector: 'scim2', name: 'Bolt', metadata: { xml } } });
  const body = { baseUrl: `${origin}/scim/v2/`, credential: target.token };
  await world.call('enableApi', { parameters: { id }, body });
  await world.call('saveProvisioning', { parameters: { id }, body: { ...openSettings, ...settings } });
  return id;
}
