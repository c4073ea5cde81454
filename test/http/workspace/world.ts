// The receiving end as main puts it together, on a database of its own, spoken to as a browser would: cookies, origin,
// fetch metadata. The clock is the test's.

import { readSettings } from '../../../src/config.ts';
import { createFactsOf } from '../../../src/http/listen.ts';
import type { Outbound } from '../../../src/outbound/guarded-fetch.ts';
import { createId } from '../../../src/secrets/identifier.ts';
import { noteSignInName } from '../../../src/store/accounts.ts';
import type { TenantDatabase } from '../../../src/store/database.ts';
import { insertPerson } from '../../../src/store/workspace/people.ts';
import { createWorkspaceEnd } from '../../../src/workspace-end.ts';

export const origin = 'http://workspace.localhost:8080';

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
  body: any;
}

export interface Browser {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  cookies: Map<string, string>;
}

export type World = ReturnType<typeof createWorld>;

export function createWorld(database: TenantDatabase, options: { fetch?: Outbound } = {}) {
  const clock = { now: new Date('2026-11-25T09:00:00Z') };
  const failures: unknown[] = [];
  const settings = readSettings({ PUBLIC_URL: origin, IDENTITY_PUBLIC_URL: 'http://identity.localhost:8081' });
  const end = createWorkspaceEnd({
    settings,
    database,
    fetch: options.fetch ?? (() => Promise.reject(new Error('No request was expected.'))),
    otherEnd: null,
    factsOf: createFactsOf([]),
    health: () => undefined,
    now: () => clock.now,
    onMail: () => {},
    onFailure: (error) => failures.push(error),
  });
  return {
    end,
    clock,
    failures,
    database,
    /** A workspace with an owner, an admin and a member; sign in as any of them. */
    async workspace(slug: string, plan: 'free' | 'plus' = 'plus') {
      const tenant = await end.store.createWorkspace({ slug, name: slug.toUpperCase(), plan }, clock.now);
      const people: Record<'owner' | 'admin' | 'member', string> = { owner: '', admin: '', member: '' };
      for (const role of ['owner', 'admin', 'member'] as const) {
        const id = createId(clock.now);
        const email = `${role}@${slug}.example`;
        await database.withTenant(tenant, (transaction) =>
          insertPerson(transaction, { id, name: `${role} ${slug}`, email, role }, clock.now),
        );
        await noteSignInName('workspace', database.control, tenant, email);
        people[role] = id;
      }
      return { tenant, slug, people };
    },
    async browserOf(tenant: string, person: string): Promise<Browser> {
      const account = await end.accountStore.account(tenant, person);
      if (!account) throw new Error('nobody');
      const browser = newBrowser(end.fetch);
      browser.cookies.set('rollcall_workspace', await end.accounts.open(account, 'password'));
      return browser;
    },
    browser: () => newBrowser(end.fetch),
  };
}

function newBrowser(fetch: (request: Request, bindings: unknown) => Promise<Response>): Browser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async send(method, path, body, headers = {}) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const request = new Request(`${origin}${path}`, {
        method,
        headers: {
          'sec-fetch-site': 'same-origin',
          ...(cookie === '' ? {} : { cookie }),
          ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const response = await fetch(request, { incoming: { socket: { remoteAddress: '127.0.0.1' } } });
      for (const set of response.headers.getSetCookie()) {
        const [pair = ''] = set.split(';');
        const at = pair.indexOf('=');
        if (/Max-Age=0/i.test(set)) cookies.delete(pair.slice(0, at));
        else cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
  };
}
