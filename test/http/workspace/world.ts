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
import { type Browser, newBrowser } from '../browser.ts';

export const origin = 'http://workspace.localhost:8080';

export type { Answer, Browser } from '../browser.ts';

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
      const browser = newBrowser(origin, end.fetch);
      browser.cookies.set('rollcall_workspace', await end.accounts.open(account, 'password'));
      return browser;
    },
    browser: () => newBrowser(origin, end.fetch),
  };
}
