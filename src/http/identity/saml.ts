// The SAML identity provider's addresses of an organization: metadata and sign-on (redirect and POST binding).
// Somebody who is not signed in signs in first and comes back to the same request, which waits in the address.

import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/sign-in.ts';
import type { DoorProblem } from '../../contract/sign-in.ts';
import { answerSignOn, organizationMetadata, readSignOn, type SignOnPorts } from '../../identity-provider/sign-on.ts';
import { postBindingPage } from '../../saml/binding/post-binding.ts';
import { cookieName, readCookie, type SiteIdentity, securityHeaders } from '../browser-guard.ts';
import { readForm } from '../form.ts';
import { isOurFault } from '../problem.ts';

export interface IdentitySamlPorts extends SignOnPorts {
  site: SiteIdentity;
  accounts: Accounts;
  onFailure(error: unknown): void;
}

interface Message {
  binding: 'redirect' | 'post';
  samlRequest: string;
  relayState: string | undefined;
}

function goTo(ports: IdentitySamlPorts, path: string): Response {
  return new Response(null, {
    status: 303,
    headers: {
      location: `${ports.site.publicUrl}${path}`,
      'cache-control': 'no-store',
      ...securityHeaders(ports.site),
    },
  });
}

function toDoor(ports: IdentitySamlPorts, problem: DoorProblem): Response {
  return goTo(ports, `/signin?problem=${problem}`);
}

async function readMessage(request: Request): Promise<Message> {
  const isPost = request.method === 'POST';
  const fields = isPost ? await readForm(request) : new URL(request.url).searchParams;
  return {
    binding: isPost ? 'post' : 'redirect',
    samlRequest: fields.get('SAMLRequest') ?? '',
    relayState: fields.get('RelayState') ?? undefined,
  };
}

async function whoIsHere(ports: IdentitySamlPorts, request: Request, tenant: string): Promise<Account | undefined> {
  const cookie = readCookie(request, cookieName(ports.site, 'session'));
  const account = cookie === undefined ? undefined : await ports.accounts.session(cookie);
  return account?.tenant === tenant ? account : undefined;
}

async function signOn(ports: IdentitySamlPorts, slug: string, request: Request): Promise<Response> {
  const tenant = await ports.organizations.tenantBySlug(slug);
  if (tenant === undefined) return toDoor(ports, 'no-tenant');
  const message = await readMessage(request);
  const read = await readSignOn(ports, tenant, message);
  if (!read.ok) return toDoor(ports, read.problem);
  const account = await whoIsHere(ports, request, tenant);
  if (!account) {
    // A POST-binding request has no address to come back to; its app can be asked again from the start.
    const back = message.binding === 'redirect' ? new URL(request.url).pathname + new URL(request.url).search : '/';
    return goTo(ports, `/signin?app=${encodeURIComponent(read.pending.app.name)}&return=${encodeURIComponent(back)}`);
  }
  const { action, xml, relayState } = await answerSignOn(ports, tenant, read.pending, {
    person: account.person,
    authenticatedAt: ports.now(),
  });
  const nonce = randomBytes(18).toString('base64');
  const page = postBindingPage({
    action,
    parameter: 'SAMLResponse',
    xml,
    ...(relayState === undefined ? {} : { relayState }),
    nonce,
    words: { title: `Signing you in to ${read.pending.app.name}`, button: 'Continue' },
  });
  return new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...securityHeaders(ports.site, { nonce, formAction: new URL(action).origin }),
      // The form leaves for another site, whose page must be able to open: no isolation for this one page.
      'cross-origin-opener-policy': 'unsafe-none',
    },
  });
}

/** Mounted before the pages. */
export function createIdentitySaml(ports: IdentitySamlPorts): Hono {
  const app = new Hono();
  app.get('/:slug/saml/metadata', async (context) => {
    const tenant = await ports.organizations.tenantBySlug(context.req.param('slug'));
    if (tenant === undefined)
      return context.text('There is no organization at this address.', 404, securityHeaders(ports.site));
    return context.body(await organizationMetadata(ports, tenant), 200, {
      'content-type': 'application/samlmetadata+xml',
      ...securityHeaders(ports.site),
    });
  });
  app.on(['GET', 'POST'], '/:slug/saml/sso', (context) =>
    signOn(ports, context.req.param('slug').toLowerCase(), context.req.raw).catch((error) => {
      if (isOurFault(error)) ports.onFailure(error);
      return toDoor(ports, 'failed');
    }),
  );
  return app;
}
