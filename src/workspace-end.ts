// The receiving end, put together: stores, domain, site. Wires; no logic.

import { join } from 'node:path';
import { passwordWeakness } from './accounts/password.ts';
import { Refusal } from './accounts/refusal.ts';
import { createAccounts } from './accounts/sign-in.ts';
import type { Settings } from './config.ts';
import { projectFolder } from './config.ts';
import type { FactsOf } from './http/api.ts';
import { type SiteIdentity, securityHeaders } from './http/browser-guard.ts';
import { createAnnouncer } from './http/event-stream.ts';
import { createScimSite } from './http/scim/site.ts';
import type { SetupInput, SignInPorts } from './http/sign-in.ts';
import { createWebApp } from './http/web-app.ts';
import { createWorkspaceSite } from './http/workspace/site.ts';
import type { Metrics } from './observability/metrics.ts';
import { createScimMeter } from './observability/scim-meter.ts';
import type { Outbound } from './outbound/guarded-fetch.ts';
import { createId } from './secrets/identifier.ts';
import { maySetPassword } from './service-provider/local-password.ts';
import { managerKey, personType, teamType } from './service-provider/scim/person.ts';
import { slugProblem } from './service-provider/slug.ts';
import { createAccountStore, noteSignInName } from './store/accounts.ts';
import { isDatabaseAway, type TenantDatabase } from './store/database.ts';
import { newestMails } from './store/mailbox.ts';
import { announcingStore } from './store/scim/announcing.ts';
import { figures, withBehind } from './store/scim/behind.ts';
import { createDirectory } from './store/scim/directory.ts';
import { createRequestLog } from './store/scim/request-log.ts';
import { createScimStore } from './store/scim/resource-store.ts';
import { isEmptyEnd, useSetupCode } from './store/setup-code.ts';
import { createPeopleByHand } from './store/workspace/by-hand.ts';
import { createWorkspaceStore } from './store/workspace/index.ts';
import { workspaceMarks } from './store/workspace/marks.ts';
import { insertPerson, workspaceRules } from './store/workspace/people.ts';
import { createScimAccess, forgettingStore } from './store/workspace/scim-access.ts';

export interface EndPorts {
  settings: Settings;
  database: TenantDatabase;
  fetch: Outbound;
  otherEnd: string | null;
  factsOf: FactsOf;
  health(path: string): Promise<Response> | undefined;
  now(): Date;
  /** A tenant has mail waiting. */
  onMail(tenant: string): void;
  onFailure(error: unknown, requestId: string): void;
  metrics?: Metrics | undefined;
}

/** Members of a group are kept under this attribute. */
const membersKey = 'members';

function countingSignIns<S extends ReturnType<typeof createWorkspaceStore>>(store: S, metrics: Metrics | undefined): S {
  return {
    ...store,
    async addAttempt(tenant, attempt) {
      await store.addAttempt(tenant, attempt);
      metrics?.ssoLogin('workspace', attempt.outcome);
    },
  };
}

export function createWorkspaceEnd(ports: EndPorts) {
  const { settings, database, now } = ports;
  const site: SiteIdentity = { name: 'workspace', publicUrl: settings.workspace.publicUrl };
  const announcer = createAnnouncer();
  const access = createScimAccess({
    database,
    onError: (error) => ports.onFailure(error, ''),
    clock: () => now().getTime(),
  });
  const store = countingSignIns(forgettingStore(createWorkspaceStore(database), access), ports.metrics);
  const accountStore = createAccountStore('workspace', database);
  const accounts = createAccounts({ store: accountStore, now });
  const newId = () => createId(now());
  const scimStore = createScimStore({
    database,
    rules: workspaceRules,
    newId,
    onJournalError: (error) => ports.onFailure(error, ''),
  });

  async function setUp(code: string, input: SetupInput) {
    const at = now();
    const weakness = passwordWeakness(input.password, [input.email, input.name]);
    if (weakness)
      throw new Refusal('invalid-request', weakness, { errors: [{ pointer: '/password', detail: weakness }] });
    const problem = slugProblem(input.slug);
    if (problem) throw new Refusal('invalid-request', problem, { errors: [{ pointer: '/slug', detail: problem }] });
    if (!(await useSetupCode('workspace', database.control, code, at))) {
      throw new Refusal(
        'not-allowed',
        'The code is wrong, was used or has expired. Start Rollcall again for a new one.',
      );
    }
    const tenant = await store.createWorkspace({ slug: input.slug, name: input.tenantName, plan: 'plus' }, at);
    const person = newId();
    await database.withTenant(tenant, (transaction) =>
      insertPerson(transaction, { id: person, name: input.name, email: input.email, role: 'owner' }, at),
    );
    await noteSignInName('workspace', database.control, tenant, input.email);
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
    tenantName: (tenant) => store.settings(tenant),
    tenantBySlug: (slug) => store.tenantBySlug(slug),
    accountsOf: accountStore.accountsByName,
    maySetPassword: (account) => maySetPassword(store, account),
    setupNeeded: () => isEmptyEnd('workspace', database.control),
    setUp,
    mails: () => newestMails('workspace', database),
  };

  const meter = createScimMeter((...answered) => ports.metrics?.scim(...answered));
  const scim = createScimSite({
    store: meter.store(announcingStore(scimStore, announcer.announce)),
    clock: () => now().getTime(),
    newId,
    publicUrl: site.publicUrl,
    rate: settings.scimRate,
    isAway: isDatabaseAway,
    onError: ports.onFailure,
    access,
    headers: securityHeaders(site),
    onAnswer: meter.answered,
  });
  const webRoot = join(projectFolder, 'web', 'dist');
  const fetch = createWorkspaceSite({
    ...{ site, accounts, signIn, store, announcer, now, scim, accountStore },
    ...{ fetch: ports.fetch, factsOf: ports.factsOf, health: ports.health, onFailure: ports.onFailure },
    directory: createDirectory(database, {
      person: personType.name,
      team: teamType.name,
      members: membersKey,
      manager: managerKey,
    }),
    requestLog: createRequestLog(withBehind(database, figures)),
    byHand: createPeopleByHand(database, site.publicUrl, ports.onMail),
    webApp: createWebApp(site, join(webRoot, 'workspace'), webRoot),
    marks: (tenant) => workspaceMarks(database, tenant),
  });
  return { site, fetch, store, accounts, accountStore, announcer, stop: () => scimStore.readJournal.flush() };
}
