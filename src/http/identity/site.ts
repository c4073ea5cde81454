// The identity provider's site: SAML, admin API, live events, pages; one origin, in this order.

import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Accounts } from '../../accounts/sign-in.ts';
import { identityRoutes } from '../../contract/identity.ts';
import { eventsPath } from '../../contract/sign-in.ts';
import { answerFailure, createApi, type FactsOf, type Handlers } from '../api.ts';
import { cookieName, readCookie, type SiteIdentity, securityHeaders } from '../browser-guard.ts';
import { type Announcer, openEventStream, type StreamPorts, shareMarks } from '../event-stream.ts';
import { Problem, renderProblem } from '../problem.ts';
import type { WebApp } from '../web-app.ts';
import { createIdentitySaml, type IdentitySamlPorts } from './saml.ts';

export interface IdentitySitePorts {
  site: SiteIdentity;
  accounts: Accounts;
  handlers: Handlers<typeof identityRoutes>;
  saml: Omit<IdentitySamlPorts, 'site' | 'accounts' | 'onFailure'>;
  announcer: Announcer;
  webApp: WebApp;
  factsOf: FactsOf;
  marks: StreamPorts['marks'];
  whoCan(tenant: string, role: 'admin' | 'owner'): Promise<string[]>;
  health: (path: string) => Promise<Response> | undefined;
  onFailure(error: unknown, requestId: string): void;
}

const lookEveryMs = 3_000;

async function events(ports: IdentitySitePorts, request: Request): Promise<Response> {
  const cookie = readCookie(request, cookieName(ports.site, 'session')) ?? '';
  const account = await ports.accounts.session(cookie);
  if (!account) return renderProblem(new Problem('not-signed-in', 'Sign in first.'), '');
  const isOpen = async () => (await ports.accounts.session(cookie)) !== undefined;
  return openEventStream(
    account,
    { announcer: ports.announcer, isOpen, marks: ports.marks, lookEveryMs },
    request.signal,
  );
}

export function createIdentitySite(
  ports: IdentitySitePorts,
): (request: Request, bindings: unknown) => Promise<Response> {
  const { site, accounts, onFailure } = ports;
  const app = new Hono();
  const marks = shareMarks(ports.marks, lookEveryMs - 100, () => performance.now());
  app.get(eventsPath, async (context) => {
    const response = await events({ ...ports, marks }, context.req.raw);
    for (const [name, value] of Object.entries(securityHeaders(site))) response.headers.set(name, value);
    return response;
  });
  app.route('/', createIdentitySaml({ ...ports.saml, site, accounts, onFailure: (error) => onFailure(error, '') }));
  app.route(
    '/',
    createApi(
      identityRoutes,
      ports.handlers,
      {
        site,
        accounts,
        onFailure,
        missingFeature: async () => undefined,
        whoCan: (account, role) => ports.whoCan(account.tenant, role),
      },
      ports.factsOf,
    ),
  );
  app.get('*', (context) => ports.webApp.asset(context.req.path) ?? ports.webApp.page());
  app.onError((error) => answerFailure(ports, error, randomUUID()));
  app.notFound((context) => context.text('There is nothing at this address.', 404, securityHeaders(site)));
  return async (request, bindings) => {
    const health = ports.health(new URL(request.url).pathname);
    return health ?? app.fetch(request, bindings as Record<string, unknown>);
  };
}
