// The SAML service provider's addresses of a workspace: metadata, start, and the ACS, the one route that a foreign site
// may post to. It is guarded by the signature and by the cookie that binds the request to its browser.

import { Hono } from 'hono';
import { Refusal } from '../../accounts/refusal.ts';
import type { Accounts } from '../../accounts/sign-in.ts';
import { sessionLifetimeMs } from '../../accounts/sign-in.ts';
import { mayCall } from '../../contract/route.ts';
import type { DoorProblem } from '../../contract/sign-in.ts';
import { type SamlSetupPorts, workspaceMetadata } from '../../service-provider/saml-setup.ts';
import { finishSamlSignIn, type SamlSignInPorts, startSamlSignIn } from '../../service-provider/saml-sign-in.ts';
import {
  cookieName,
  readCookie,
  type SiteIdentity,
  samlCookie,
  securityHeaders,
  sessionCookie,
} from '../browser-guard.ts';
import type { Announcer } from '../event-stream.ts';
import { readForm } from '../form.ts';
import { isOurFault } from '../problem.ts';

export interface WorkspaceSamlPorts extends SamlSetupPorts, SamlSignInPorts {
  site: SiteIdentity;
  accounts: Accounts;
  announcer: Announcer;
  onFailure(error: unknown): void;
}

const bindingSeconds = 15 * 60;

/** An answer that sends the browser to a page of ours. */
function goTo(ports: WorkspaceSamlPorts, path: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({
    location: `${ports.site.publicUrl}${path}`,
    'cache-control': 'no-store',
    ...securityHeaders(ports.site),
  });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}

class DoorRefusal extends Error {
  readonly problem: DoorProblem;
  constructor(problem: DoorProblem) {
    super(problem);
    this.problem = problem;
  }
}

function problemOf(error: unknown): DoorProblem {
  if (error instanceof DoorRefusal) return error.problem;
  return error instanceof Refusal ? 'saml-off' : 'failed';
}

/** What goes wrong before there is an attempt to look at is told on the workspace's own door. */
function door(ports: WorkspaceSamlPorts, slug: string, error: unknown): Response {
  const problem = problemOf(error);
  if (problem === 'failed' && isOurFault(error)) ports.onFailure(error);
  return goTo(ports, `/${encodeURIComponent(slug)}?problem=${problem}`);
}

async function tenantOf(ports: WorkspaceSamlPorts, slug: string): Promise<string> {
  const tenant = await ports.store.tenantBySlug(slug);
  if (tenant === undefined) throw new DoorRefusal('no-tenant');
  return tenant;
}

async function start(ports: WorkspaceSamlPorts, slug: string, request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const tenant = await tenantOf(ports, slug);
  const isTest = query.has('test');
  const session = readCookie(request, cookieName(ports.site, 'session'));
  const account = isTest && session !== undefined ? await ports.accounts.session(session) : undefined;
  if (isTest && (account?.tenant !== tenant || !mayCall('admin', account.role))) {
    throw new DoorRefusal('not-an-admin');
  }
  const { url, browser } = await startSamlSignIn(ports, {
    tenant,
    purpose: isTest ? 'test' : 'sign-in',
    returnTo: query.get('return') ?? undefined,
    person: account?.person ?? null,
    browser: readCookie(request, cookieName(ports.site, 'saml')),
  });
  const headers = new Headers({ location: url, 'cache-control': 'no-store', ...securityHeaders(ports.site) });
  headers.append('set-cookie', samlCookie(ports.site, browser, bindingSeconds));
  return new Response(null, { status: 303, headers });
}

async function consume(ports: WorkspaceSamlPorts, slug: string, request: Request): Promise<Response> {
  const tenant = await tenantOf(ports, slug);
  const form = await readForm(request);
  const { attempt, cookie, returnTo } = await finishSamlSignIn(ports, {
    tenant,
    samlResponse: form.get('SAMLResponse') ?? '',
    relayState: form.get('RelayState') ?? undefined,
    browser: readCookie(request, cookieName(ports.site, 'saml')),
  });
  ports.announcer.announce(tenant, 'saml', 'people');
  if (attempt.purpose === 'test') return goTo(ports, `/settings/integrations/saml?attempt=${attempt.id}`);
  if (cookie === undefined) return goTo(ports, `/${slug}?refused=${attempt.id}`);
  return goTo(ports, returnTo, [sessionCookie(ports.site, cookie, sessionLifetimeMs / 1_000)]);
}

/** Mounted before the pages. */
export function createWorkspaceSaml(ports: WorkspaceSamlPorts): Hono {
  const app = new Hono();
  app.get('/:slug/saml/metadata', async (context) => {
    const slug = context.req.param('slug').toLowerCase();
    const tenant = await ports.store.tenantBySlug(slug);
    if (tenant === undefined)
      return context.text('There is no workspace at this address.', 404, securityHeaders(ports.site));
    return context.body(await workspaceMetadata(ports, tenant), 200, {
      'content-type': 'application/samlmetadata+xml',
      ...securityHeaders(ports.site),
    });
  });
  app.get('/:slug/saml/start', async (context) => {
    const slug = context.req.param('slug').toLowerCase();
    return start(ports, slug, context.req.raw).catch((error) => door(ports, slug, error));
  });
  app.post('/:slug/saml/acs', async (context) => {
    const slug = context.req.param('slug').toLowerCase();
    return consume(ports, slug, context.req.raw).catch((error) => door(ports, slug, error));
  });
  return app;
}
