// The workspace app's site: SCIM, SAML, admin API, live events, pages; one origin, in this order.

import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { AccountStore } from '../../accounts/account.ts';
import { eventsPath } from '../../contract/sign-in.ts';
import { workspaceRoutes } from '../../contract/workspace.ts';
import { missingFeature } from '../../service-provider/plan.ts';
import { isReservedSlug } from '../../service-provider/slug.ts';
import { type ApiPorts, answerFailure, createApi, type FactsOf } from '../api.ts';
import { cookieName, readCookie, securityHeaders } from '../browser-guard.ts';
import { openEventStream, type StreamPorts, shareMarks } from '../event-stream.ts';
import { pathnameOf } from '../path.ts';
import { Problem, renderProblem } from '../problem.ts';
import { readScimAddress } from '../scim/address.ts';
import type { ScimSite } from '../scim/site.ts';
import { signInHandlers } from '../sign-in.ts';
import type { WebApp } from '../web-app.ts';
import { connectionHandlers } from './connections.ts';
import { peopleHandlers } from './people.ts';
import type { WorkspaceApiPorts } from './ports.ts';
import { requestHandlers } from './requests.ts';
import { createWorkspaceSaml } from './saml.ts';
import { settingsHandlers } from './settings.ts';

export interface WorkspaceSitePorts extends WorkspaceApiPorts {
  scim: ScimSite;
  webApp: WebApp;
  accountStore: AccountStore;
  factsOf: FactsOf;
  marks: StreamPorts['marks'];
  health: (path: string) => Promise<Response> | undefined;
  onFailure(error: unknown, requestId: string): void;
}

function apiPorts(ports: WorkspaceSitePorts): ApiPorts {
  return {
    site: ports.site,
    accounts: ports.accounts,
    onFailure: ports.onFailure,
    async missingFeature(account, feature) {
      return missingFeature((await ports.store.settings(account.tenant)).plan, feature);
    },
    whoCan: (account, role) => ports.store.holders(account.tenant, role),
  };
}

/** Every handler of the workspace's route table. */
export function workspaceHandlers(ports: WorkspaceApiPorts) {
  return {
    ...signInHandlers(ports.signIn),
    ...settingsHandlers(ports),
    ...peopleHandlers(ports),
    ...requestHandlers(ports),
    ...connectionHandlers(ports),
  };
}

const lookEveryMs = 3_000;

async function events(ports: WorkspaceSitePorts, request: Request): Promise<Response> {
  const cookie = readCookie(request, cookieName(ports.site, 'session')) ?? '';
  const account = await ports.accounts.session(cookie);
  if (!account) return renderProblem(new Problem('not-signed-in', 'Sign in first.'), '');
  const { announcer, marks } = ports;
  const isOpen = async () => (await ports.accounts.session(cookie)) !== undefined;
  return openEventStream(account, { announcer, isOpen, marks, lookEveryMs }, request.signal);
}

export function createWorkspaceSite(
  ports: WorkspaceSitePorts,
): (request: Request, bindings: unknown) => Promise<Response> {
  const app = new Hono();
  const marks = shareMarks(ports.marks, lookEveryMs - 100, () => performance.now());
  app.get(eventsPath, async (context) => {
    const response = await events({ ...ports, marks }, context.req.raw);
    for (const [name, value] of Object.entries(securityHeaders(ports.site))) response.headers.set(name, value);
    return response;
  });
  app.route(
    '/',
    createWorkspaceSaml({
      ...ports,
      publicUrl: ports.site.publicUrl,
      onFailure: (error) => ports.onFailure(error, ''),
    }),
  );
  app.route('/', createApi(workspaceRoutes, workspaceHandlers(ports), apiPorts(ports), ports.factsOf));
  app.get('/settings/sso', (context) => context.redirect('/settings/integrations'));
  app.get('*', (context) => ports.webApp.asset(context.req.path) ?? ports.webApp.page());
  app.onError((error) => answerFailure(ports, error, randomUUID()));
  app.notFound((context) => context.text('There is nothing at this address.', 404, securityHeaders(ports.site)));
  return async (request, bindings) => {
    const pathname = pathnameOf(request.url);
    const health = ports.health(pathname);
    if (health) return health;
    // The site's own names are no workspace's: /api/scim is the admin API.
    const address = readScimAddress(pathname);
    if (address && !isReservedSlug(address.workspace)) {
      return ports.scim(request, { remoteAddress: ports.factsOf(request, bindings).remoteAddress });
    }
    return app.fetch(request, bindings as Record<string, unknown>);
  };
}
