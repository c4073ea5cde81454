// The sending end, put together: stores, engine, domain, site. Wires; no logic.

import { join } from 'node:path';
import { passwordWeakness } from './accounts/password.ts';
import { Refusal } from './accounts/refusal.ts';
import { createAccounts } from './accounts/sign-in.ts';
import { projectFolder } from './config.ts';
import type { SiteIdentity } from './http/browser-guard.ts';
import { createAnnouncer } from './http/event-stream.ts';
import { identityHandlers } from './http/identity/handlers.ts';
import { createIdentitySite } from './http/identity/site.ts';
import type { SetupInput, SignInPorts } from './http/sign-in.ts';
import { createWebApp } from './http/web-app.ts';
import { createSigningKey } from './identity-provider/organization.ts';
import type { SignOnPorts } from './identity-provider/sign-on.ts';
import { createIdentityWork } from './identity-work.ts';
import type { Metrics } from './observability/metrics.ts';
import { createId } from './secrets/identifier.ts';
import type { Sealer } from './secrets/seal.ts';
import { slugProblem } from './service-provider/slug.ts';
import { createAccountStore, noteSignInName } from './store/accounts.ts';
import { createOrganizationStore } from './store/identity/organization.ts';
import { insertUser } from './store/identity/users.ts';
import { newestMails } from './store/mailbox.ts';
import type { Queue } from './store/queue.ts';
import { isEmptyEnd, useSetupCode } from './store/setup-code.ts';
import type { EndPorts } from './workspace-end.ts';

export interface IdentityEndPorts extends EndPorts {
  queue: Queue;
  sealer: Sealer;
}

function refuseField(pointer: string, detail: string | undefined): void {
  if (detail !== undefined) throw new Refusal('invalid-request', detail, { errors: [{ pointer, detail }] });
}

function countingSignOns(signOn: SignOnPorts, metrics: Metrics | undefined): SignOnPorts {
  return {
    ...signOn,
    store: {
      ...signOn.store,
      async recordSignOn(tenant, entry) {
        await signOn.store.recordSignOn(tenant, entry);
        metrics?.ssoLogin('identity', entry.outcome);
      },
    },
  };
}

export function createIdentityEnd(ports: IdentityEndPorts) {
  const { settings, database, now } = ports;
  const site: SiteIdentity = { name: 'identity', publicUrl: settings.identity.publicUrl };
  const announcer = createAnnouncer();
  const accountStore = createAccountStore('identity', database);
  const accounts = createAccounts({ store: accountStore, now });
  const organizations = createOrganizationStore(database);

  async function setUp(code: string, input: SetupInput) {
    const at = now();
    refuseField('/password', passwordWeakness(input.password, [input.email, input.name]));
    refuseField('/slug', slugProblem(input.slug));
    if (!(await useSetupCode('identity', database.control, code, at))) {
      throw new Refusal(
        'not-allowed',
        'The code is wrong, was used or has expired. Start Rollcall again for a new one.',
      );
    }
    const key = await createSigningKey(ports.sealer, input.tenantName, at);
    const tenant = await organizations.createOrganization({ slug: input.slug, name: input.tenantName }, key, at);
    const person = createId(at);
    const [givenName = input.name, ...rest] = input.name.split(' ');
    await database.withTenant(tenant, async (transaction) => {
      const names = { displayName: input.name, givenName, familyName: rest.join(' ') || givenName };
      const unknown = {
        title: null,
        department: null,
        employeeType: null,
        location: null,
        startDate: null,
        manager: null,
      };
      const user = { id: person, userName: input.email, email: input.email, status: 'active' as const };
      await insertUser(transaction, { ...user, ...names, ...unknown }, at);
      await transaction.query("update identity.account set role = 'owner' where tenant = $1 and person = $2", [
        tenant,
        person,
      ]);
    });
    await noteSignInName('identity', database.control, tenant, input.email);
    const account = await accountStore.account(tenant, person);
    if (!account) throw new Error('The first owner was not made.');
    await accounts.setPassword(account, input.password);
    return account;
  }

  const signIn: SignInPorts = {
    site,
    accounts,
    otherEnd: ports.otherEnd,
    hasMailbox: settings.smtpUrl === undefined,
    tenantName: (tenant) => organizations.settings(tenant),
    tenantBySlug: (slug) => organizations.tenantBySlug(slug),
    accountsOf: accountStore.accountsByName,
    maySetPassword: async () => true,
    setupNeeded: () => isEmptyEnd('identity', database.control),
    setUp,
    mails: () => newestMails('identity', database),
  };
  const work = createIdentityWork({
    ...{ database, queue: ports.queue, fetch: ports.fetch, sealer: ports.sealer, announcer, signIn, now },
    publicUrl: site.publicUrl,
    sweepEveryMs: 3_000,
    random: Math.random,
    onMail: ports.onMail,
    onFailure: (error) => ports.onFailure(error, ''),
  });
  const webRoot = join(projectFolder, 'web', 'dist');
  const fetch = createIdentitySite({
    ...{ site, accounts, announcer, factsOf: ports.factsOf, health: ports.health, onFailure: ports.onFailure },
    handlers: identityHandlers(work.api),
    saml: countingSignOns(work.signOn, ports.metrics),
    webApp: createWebApp(site, join(webRoot, 'identity'), webRoot),
    marks: async (tenant) => ({ ...(await work.stores.overview.marks(tenant)) }),
    whoCan: (tenant, role) => work.stores.overview.holders(tenant, role),
  });
  return { site, fetch, accounts, accountStore, announcer, work, start: work.start, stop: work.stop };
}
