// Signing in at either end: password, one-time link, or a SAML assertion somebody else has judged. Clock and store are
// arguments. A stranger learns nothing: unknown address and wrong password get the same answer after the same work.

import { digestOf, randomTenantSecret, tenantOfSecret } from '../secrets/digest.ts';
import type { Account, AccountStore, LinkKind, MailDraft, SignInMethod, StoredLink } from './account.ts';
import { hashPassword, passwordWeakness, verifyPassword } from './password.ts';

export const sessionLifetimeMs = 12 * 3_600_000;
export const sessionIdleMs = 2 * 3_600_000;
export const linkLifetimeMs: Record<LinkKind, number> = {
  invitation: 7 * 86_400_000,
  'set-password': 3_600_000,
  'sign-in': 86_400_000,
};

/** After this many wrong passwords in a row an account waits, longer each time: 1, 2, 4 ... 15 minutes. */
const freeTries = 5;

/** Signing in did not work; the kind is what the screen explains. */
export class SignInError extends Error {
  override name = 'SignInError';
  readonly kind: 'sign-in-failed' | 'sign-in-locked' | 'deactivated' | 'link-spent' | 'weak-password';
  constructor(kind: SignInError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface Accounts {
  signIn(input: {
    name: string;
    password: string;
    tenant?: string | undefined;
  }): Promise<{ account: Account; cookie: string }>;
  /**
   * For a sign-in already proved (SAML); `notAfter` is when the identity provider wants the session over.
   * @throws {SignInError} `deactivated`
   */
  open(account: Account, method: SignInMethod, notAfter?: Date): Promise<string>;
  session(cookie: string): Promise<Account | undefined>;
  close(cookie: string): Promise<void>;
  /** @returns the token to put in the link's address */
  createLink(
    account: Pick<Account, 'tenant' | 'person'>,
    kind: LinkKind,
    mail?: (token: string) => MailDraft,
  ): Promise<string>;
  /** An unused link. @throws {SignInError} `link-spent` */
  link(token: string): Promise<StoredLink>;
  /** A link whatever became of it, to send a fresh one to its address; undefined when there never was one. */
  spentLink(token: string): Promise<StoredLink | undefined>;
  useLink(token: string, password: string | undefined): Promise<{ account: Account; cookie: string }>;
  setPassword(account: Account, password: string): Promise<void>;
}

export interface AccountPorts {
  store: AccountStore;
  now(): Date;
}

function lockAfter(failures: number, at: Date): Date | null {
  if (failures < freeTries) return null;
  const minutes = Math.min(15, 2 ** (failures - freeTries));
  return new Date(at.getTime() + minutes * 60_000);
}

const refusal = 'The name and the password do not belong together.';

async function checkPassword(ports: AccountPorts, account: Account | undefined, password: string): Promise<Account> {
  const at = ports.now();
  if (account?.lockedUntil && account.lockedUntil > at) {
    const minutes = Math.ceil((account.lockedUntil.getTime() - at.getTime()) / 60_000);
    throw new SignInError(
      'sign-in-locked',
      `Too many wrong passwords. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, or use another way to sign in.`,
    );
  }
  const holds = await verifyPassword(password, account?.passwordHash ?? null);
  if (account && !holds) {
    const failures = account.failedAttempts + 1;
    await ports.store.noteFailure(account.tenant, account.person, failures, lockAfter(failures, at));
  }
  if (!account || !holds) throw new SignInError('sign-in-failed', refusal);
  return account;
}

async function findAccount(
  ports: AccountPorts,
  name: string,
  tenant: string | undefined,
): Promise<Account | undefined> {
  if (tenant !== undefined) return ports.store.accountByName(tenant, name);
  const [first] = await ports.store.accountsByName(name);
  return first;
}

async function findLink(ports: AccountPorts, token: string): Promise<StoredLink> {
  const tenant = tenantOfSecret(token);
  const found = tenant && (await ports.store.link(tenant, digestOf(token)));
  if (!found || found.usedAt || found.expiresAt <= ports.now()) {
    throw new SignInError('link-spent', 'This link was used already or has expired.');
  }
  return found;
}

/** The newest password must be usable before the link is used up, so that a refused one costs nothing. */
async function newPassword(account: Account, password: string): Promise<string> {
  const weakness = passwordWeakness(password, [account.email, account.name, account.email.split('@')[0] ?? '']);
  if (weakness) throw new SignInError('weak-password', weakness);
  return hashPassword(password);
}

/** The accounts of one end, over its store. */
export function createAccounts(ports: AccountPorts): Accounts {
  const { store } = ports;
  async function open(account: Account, method: SignInMethod, notAfter?: Date): Promise<string> {
    const cookie = randomTenantSecret(account.tenant);
    const at = ports.now();
    const latest = Math.min(at.getTime() + sessionLifetimeMs, notAfter?.getTime() ?? Number.POSITIVE_INFINITY);
    const expiresAt = new Date(latest);
    if (
      !(await store.openSession(account.tenant, account.person, { digest: digestOf(cookie), method, at, expiresAt }))
    ) {
      throw new SignInError('deactivated', 'This account is deactivated. Ask your administrator.');
    }
    return cookie;
  }
  return {
    open,
    async signIn({ name, password, tenant }) {
      const account = await checkPassword(ports, await findAccount(ports, name, tenant), password);
      return { account, cookie: await open(account, 'password') };
    },
    async session(cookie) {
      const tenant = tenantOfSecret(cookie);
      const at = ports.now();
      if (tenant === undefined) return undefined;
      return store.session(tenant, digestOf(cookie), at, new Date(at.getTime() - sessionIdleMs));
    },
    async close(cookie) {
      const tenant = tenantOfSecret(cookie);
      if (tenant) await store.closeSession(tenant, digestOf(cookie));
    },
    async createLink({ tenant, person }, kind, mail) {
      const token = randomTenantSecret(tenant);
      const at = ports.now();
      const expiresAt = new Date(at.getTime() + linkLifetimeMs[kind]);
      await store.createLink(tenant, { person, kind, digest: digestOf(token), at, expiresAt }, mail?.(token));
      return token;
    },
    link: (token) => findLink(ports, token),
    async spentLink(token) {
      const tenant = tenantOfSecret(token);
      return tenant === undefined ? undefined : store.link(tenant, digestOf(token));
    },
    async useLink(token, password) {
      const { kind, account } = await findLink(ports, token);
      if (kind !== 'sign-in' && password === undefined) throw new SignInError('weak-password', 'Choose a password.');
      const hash = password === undefined ? undefined : await newPassword(account, password);
      if (!(await store.useLink(account.tenant, digestOf(token), ports.now(), hash))) {
        throw new SignInError('link-spent', 'This link was used already or has expired.');
      }
      return { account, cookie: await open(account, 'link') };
    },
    async setPassword(account, password) {
      await store.setPassword(account.tenant, account.person, await newPassword(account, password), ports.now());
    },
  };
}
