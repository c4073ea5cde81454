// Turns a route table and its handlers into a site's admin API: session, access, plan, CSRF, body and answer are handled
// here once, by the row's columns. A handler sees only a call that is allowed.

import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import { type Accounts, sessionLifetimeMs } from '../accounts/sign-in.ts';
import { type Feature, mayCall, type Route } from '../contract/route.ts';
import { readBounded } from './bounded-body.ts';
import {
  cookieName,
  readCookie,
  refuseCrossSite,
  type SiteIdentity,
  securityHeaders,
  sessionCookie,
} from './browser-guard.ts';
import { isOurFault, Problem, renderProblem } from './problem.ts';

export interface RequestFacts {
  /** Address of the client, as far as trusted proxies say. */
  remoteAddress: string;
  /** True when the connection comes from this machine and names a local host. */
  isLocal: boolean;
  /** Id of the request, in the log and in every refusal. */
  id: string;
}

export interface Call<R extends Route = Route> {
  parameters: Record<string, string>;
  body: R['body'] extends z.ZodType ? z.output<R['body']> : undefined;
  query: R['query'] extends z.ZodType ? z.output<R['query']> : undefined;
  /** Who is signed in; never undefined on a route whose access is a role. */
  account: R['access'] extends 'public' | 'local' ? Account | undefined : Account;
  facts: RequestFacts;
  /** The session cookie's value as it came. */
  cookie: string | undefined;
  /** Starts (or with undefined ends) the browser's session with this answer. */
  setSession(cookie: string | undefined): void;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a handler without an answer is an async function that returns nothing.
type Answer<R extends Route> = R['answer'] extends z.ZodType ? z.input<R['answer']> : void;

/** One handler for every row of the table; a missing one does not compile. */
export type Handlers<T extends Record<string, Route>> = { [K in keyof T]: (call: Call<T[K]>) => Promise<Answer<T[K]>> };

export interface ApiPorts {
  site: SiteIdentity;
  accounts: Accounts;
  /** What the tenant's plan lacks, as a sentence; undefined when it has the feature. */
  missingFeature(account: Account, feature: Feature): Promise<string | undefined>;
  /** Names of those who may do what needs `role`. */
  whoCan(account: Account, role: 'admin' | 'owner'): Promise<string[]>;
  onFailure(error: unknown, requestId: string): void;
}

const bodyLimit = 1_048_576;

async function readBody(request: Request, schema: z.ZodType): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new Problem('invalid-request', 'Send the body as application/json.');
  const bytes = await readBounded(request, bodyLimit);
  if (!bytes) throw new Problem('too-large', 'The body is larger than 1 MiB.');
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Problem('invalid-request', 'The body is not JSON.');
  }
  return parse(schema, json, 'Some fields need another value.');
}

function parse(schema: z.ZodType, value: unknown, detail: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({ pointer: `/${issue.path.join('/')}`, detail: issue.message }));
  throw new Problem('invalid-request', errors.length === 1 ? (errors[0]?.detail ?? detail) : detail, { errors });
}

async function authorize(
  ports: ApiPorts,
  route: Route,
  account: Account | undefined,
  facts: RequestFacts,
): Promise<void> {
  if (route.access === 'local' && !facts.isLocal) throw new Problem('not-found', 'There is nothing at this address.');
  if (!mayCall(route.access, account?.role)) {
    if (!account) throw new Problem('not-signed-in', 'Sign in first.');
    const role = route.access === 'owner' ? 'owner' : 'admin';
    const whoCan = await ports.whoCan(account, role);
    throw new Problem('not-allowed', `Only ${role === 'owner' ? 'an owner' : 'an admin'} can do this.`, { whoCan });
  }
  if (route.feature && account) {
    const missing = await ports.missingFeature(account, route.feature);
    if (missing) throw new Problem('plan-required', missing);
  }
}

async function answer(
  ports: ApiPorts,
  route: Route,
  handler: (call: Call) => Promise<unknown>,
  request: Request,
  facts: RequestFacts,
  parameters: Record<string, string>,
): Promise<Response> {
  refuseCrossSite(request, ports.site);
  const cookie = readCookie(request, cookieName(ports.site, 'session'));
  const account = cookie === undefined ? undefined : await ports.accounts.session(cookie);
  await authorize(ports, route, account, facts);
  const query = route.query
    ? parse(route.query, Object.fromEntries(new URL(request.url).searchParams), 'The query is not valid.')
    : undefined;
  const body = route.body ? await readBody(request, route.body) : undefined;
  const headers = new Headers({ 'cache-control': 'no-store' });
  const setSession = (value: string | undefined) =>
    headers.append(
      'set-cookie',
      sessionCookie(ports.site, value ?? '', value === undefined ? 0 : sessionLifetimeMs / 1_000),
    );
  const result = await handler({ parameters, body, query, account, facts, cookie, setSession } as Call);
  if (!route.answer) return new Response(null, { status: 204, headers });
  headers.set('content-type', 'application/json');
  return new Response(JSON.stringify(result), { status: 200, headers });
}

export type FactsOf = (request: Request, bindings: unknown) => RequestFacts;

/** What a browser is told of a failure; ours goes into the log. */
export function answerFailure(
  ports: Pick<ApiPorts, 'site' | 'onFailure'>,
  error: unknown,
  requestId: string,
): Response {
  if (isOurFault(error)) ports.onFailure(error, requestId);
  const response = renderProblem(error, requestId);
  for (const [header, value] of Object.entries(securityHeaders(ports.site))) response.headers.set(header, value);
  return response;
}

/** The admin API as a Hono application; other paths fall through to whoever mounts it. */
export function createApi<T extends Record<string, Route>>(
  routes: T,
  handlers: Handlers<T>,
  ports: ApiPorts,
  factsOf: FactsOf,
): Hono {
  const app = new Hono();
  for (const [name, route] of Object.entries(routes)) {
    const handler = handlers[name] as unknown as (call: Call) => Promise<unknown>;
    app.on(route.method, route.path, async (context) => {
      const facts = factsOf(context.req.raw, context.env);
      let response: Response;
      try {
        response = await answer(
          ports,
          route,
          handler,
          context.req.raw,
          facts,
          context.req.param() as Record<string, string>,
        );
      } catch (error) {
        response = answerFailure(ports, error, facts.id);
      }
      for (const [header, value] of Object.entries(securityHeaders(ports.site))) response.headers.set(header, value);
      return response;
    });
  }
  app.all('/api/*', (context) => {
    const response = answerFailure(ports, new Problem('not-found', 'There is nothing at this address.'), randomUUID());
    return context.newResponse(response.body, response);
  });
  return app;
}
