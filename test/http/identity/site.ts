// The sending end as main puts it together, on a database of its own, spoken to as a browser would. The clock is the
// test's; nothing is delivered, because the engine is not started.

import type { AccountRole } from '../../../src/accounts/account.ts';
import { readSettings } from '../../../src/config.ts';
import { createFactsOf } from '../../../src/http/listen.ts';
import { createIdentityEnd } from '../../../src/identity-end.ts';
import { createSigningKey } from '../../../src/identity-provider/organization.ts';
import { serviceProviderMetadata } from '../../../src/saml/metadata/write-metadata.ts';
import { NAME_ID_FORMATS } from '../../../src/saml/names.ts';
import { createId } from '../../../src/secrets/identifier.ts';
import { noteSignInName } from '../../../src/store/accounts.ts';
import type { TenantDatabase } from '../../../src/store/database.ts';
import { insertUser } from '../../../src/store/identity/users.ts';
import { createInstantQueue, sealer } from '../../identity-provider/world.ts';
import { type Browser, newBrowser } from '../browser.ts';

export const origin = 'http://identity.localhost:8081';

export type Site = ReturnType<typeof createSite>;
export type Organization = Awaited<ReturnType<Site['organization']>>;

/** Metadata of an app at this origin. */
export function appMetadata(app: string): string {
  const [entityId, acsUrl] = [`${app}/metadata`, `${app}/acs`];
  return serviceProviderMetadata({
    ...{ entityId, acsUrl, nameIdFormat: NAME_ID_FORMATS.unspecified, displayName: 'App' },
  });
}

export function createSite(database: TenantDatabase) {
  const clock = { now: new Date('2026-11-25T09:00:00Z') };
  const failures: unknown[] = [];
  const end = createIdentityEnd({
    settings: readSettings({ PUBLIC_URL: 'http://workspace.localhost:8080', IDENTITY_PUBLIC_URL: origin }),
    database,
    sealer,
    queue: createInstantQueue(),
    fetch: () => Promise.reject(new Error('No request was expected.')),
    otherEnd: null,
    factsOf: createFactsOf([]),
    health: () => undefined,
    now: () => clock.now,
    onMail: () => {},
    onFailure: (error) => failures.push(error),
  });
  async function browserOf(tenant: string, person: string): Promise<Browser> {
    const account = await end.accountStore.account(tenant, person);
    if (!account) throw new Error('nobody');
    const browser = newBrowser(origin, end.fetch);
    browser.cookies.set('rollcall_identity', await end.accounts.open(account, 'password'));
    return browser;
  }
  return {
    ...{ end, clock, failures, database, browserOf },
    browser: () => newBrowser(origin, end.fetch),
    /** An organization with an owner, an admin and a member, who sign in by `owner.acme` and so on. */
    async organization(slug: string) {
      const key = await createSigningKey(sealer, slug, clock.now);
      const { organizations } = end.work.stores;
      const tenant = await organizations.createOrganization({ slug, name: slug.toUpperCase() }, key, clock.now);
      const people: Record<AccountRole, string> = { owner: '', admin: '', member: '' };
      for (const role of ['owner', 'admin', 'member'] as const) {
        const user = {
          ...{ id: createId(clock.now), userName: `${role}.${slug}`, email: `${role}@${slug}.example` },
          ...{ displayName: `${role} ${slug}`, givenName: role, familyName: slug, title: null, department: null },
          ...{ employeeType: null, location: null, startDate: null, manager: null, status: 'active' as const },
        };
        await database.withTenant(tenant, (transaction) => insertUser(transaction, user, clock.now));
        await end.work.stores.directory.setAdminRole(tenant, user.id, role, {
          ...{ person: user.id, name: role, at: clock.now },
        });
        await noteSignInName('identity', database.control, tenant, user.userName);
        people[role] = user.id;
      }
      return { tenant, slug, people };
    },
  };
}
