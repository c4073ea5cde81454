// The handlers both ends share: who am I, password, one-time links, the first admin, the local mailbox.

import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import { linkMail } from '../accounts/invitation-mail.ts';
import { Refusal } from '../accounts/refusal.ts';
import { type Accounts, SignInError } from '../accounts/sign-in.ts';
import type { mailSchema, signInRoutes } from '../contract/sign-in.ts';
import type { Handlers } from './api.ts';
import type { SiteIdentity } from './browser-guard.ts';

export type SetupInput = { tenantName: string; slug: string; name: string; email: string; password: string };

export interface SignInPorts {
  site: SiteIdentity;
  accounts: Accounts;
  otherEnd: string | null;
  /** True when mails are read on the mailbox page. */
  hasMailbox: boolean;
  tenantName(tenant: string): Promise<{ slug: string; name: string }>;
  tenantBySlug(slug: string): Promise<string | undefined>;
  /** Accounts at this address, for a forgotten password. */
  accountsOf(email: string): Promise<Account[]>;
  /** Whether this account may set a password, by a link that was mailed to it or signed in. */
  maySetPassword(account: Account): Promise<boolean>;
  setupNeeded(): Promise<boolean>;
  /** Makes the first tenant and its owner. @throws Refusal when the code is wrong, used or expired. */
  setUp(code: string, input: SetupInput): Promise<Account>;
  mails(): Promise<z.input<typeof mailSchema>[]>;
}

const managedSentence =
  'You sign in through the identity provider of your workspace, which manages your account, so no password is set here.';

async function sendLink(ports: SignInPorts, account: Account, kind: 'invitation' | 'set-password'): Promise<void> {
  const { name } = await ports.tenantName(account.tenant);
  await ports.accounts.createLink(account, kind, (token) =>
    linkMail({
      kind,
      reason: `${kind} ${randomUUID()}`,
      recipient: account.email,
      name: account.name,
      tenant: name,
      link: `${ports.site.publicUrl}/link/${token}`,
    }),
  );
}

/** The shared part of a site's handlers. */
export function signInHandlers(ports: SignInPorts): Handlers<typeof signInRoutes> {
  const { accounts } = ports;
  async function shownPerson(account: Account) {
    const { person: id, name, email, role } = account;
    return { id, name, email, role, maySetPassword: await ports.maySetPassword(account) };
  }
  async function tenantAnswer(account: Account) {
    return { tenant: (await ports.tenantName(account.tenant)).slug };
  }
  return {
    async session({ account }) {
      return {
        person: account ? await shownPerson(account) : null,
        tenant: account ? await ports.tenantName(account.tenant) : null,
        setupNeeded: account ? false : await ports.setupNeeded(),
        otherEnd: ports.otherEnd,
        mailbox: ports.hasMailbox,
      };
    },
    async signIn({ body, setSession }) {
      const tenant = body.slug === undefined ? undefined : ((await ports.tenantBySlug(body.slug)) ?? randomUUID());
      const { account, cookie } = await accounts.signIn({ name: body.email, password: body.password, tenant });
      setSession(cookie);
      return tenantAnswer(account);
    },
    async signOut({ cookie, setSession }) {
      if (cookie !== undefined) await accounts.close(cookie);
      setSession(undefined);
    },
    async link({ parameters }) {
      const { kind, account, expiresAt } = await accounts.link(parameters['token'] ?? '');
      const { name } = await ports.tenantName(account.tenant);
      return { kind, name: account.name, email: account.email, tenant: name, expiresAt: expiresAt.toISOString() };
    },
    async useLink({ parameters, body, setSession }) {
      const { kind, account: owner } = await accounts.link(parameters['token'] ?? '');
      if (kind !== 'sign-in' && !(await ports.maySetPassword(owner)))
        throw new SignInError('link-spent', 'This link has ended: you sign in through your identity provider now.');
      const { account, cookie } = await accounts.useLink(parameters['token'] ?? '', body.password);
      setSession(cookie);
      return tenantAnswer(account);
    },
    async renewLink({ parameters }) {
      const spent = await accounts.spentLink(parameters['token'] ?? '');
      if (!spent || spent.kind === 'sign-in' || !(await ports.maySetPassword(spent.account))) return;
      await sendLink(ports, spent.account, spent.kind);
    },
    async forgotPassword({ body }) {
      for (const account of await ports.accountsOf(body.email)) {
        if (account.active && (await ports.maySetPassword(account))) await sendLink(ports, account, 'set-password');
      }
    },
    async setPassword({ account, body }) {
      if (!(await ports.maySetPassword(account))) throw new Refusal('not-allowed', managedSentence);
      await accounts.setPassword(account, body.password);
    },
    async setup({ body: { code, ...input }, setSession }) {
      const account = await ports.setUp(code, input);
      setSession(await accounts.open(account, 'password'));
      return tenantAnswer(account);
    },
    async mailbox() {
      return { mails: await ports.mails() };
    },
  };
}
