// An account: what lets a person of a tenant sign in, and as what. The person's name and whether they are active belong
// to the end's own people table; the store joins them. Pure.

export type AccountRole = 'member' | 'admin' | 'owner';
export type SignInMethod = 'password' | 'saml' | 'link';
export type LinkKind = 'invitation' | 'sign-in' | 'set-password';

export interface Account {
  tenant: string;
  person: string;
  name: string;
  /** What the person types to sign in: an e-mail, or the user name. */
  signInName: string;
  /** Where mails go. */
  email: string;
  role: AccountRole;
  /** False once deactivated (by SCIM or by hand) or suspended. */
  active: boolean;
  passwordHash: string | null;
  failedAttempts: number;
  lockedUntil: Date | null;
  firstSignedInAt: Date | null;
}

export interface StoredLink {
  kind: LinkKind;
  account: Account;
  expiresAt: Date;
  usedAt: Date | null;
}

/** A mail to be written in the same transaction as its cause. `reason` is its purpose for ever: twice is once. */
export interface MailDraft {
  reason: string;
  recipient: string;
  subject: string;
  body: string;
}

/** What the accounts of one end need kept. Every method is one transaction of its tenant. */
export interface AccountStore {
  /** One account for each tenant in which this name can sign in, by tenant. */
  accountsByName(name: string): Promise<Account[]>;
  accountByName(tenant: string, name: string): Promise<Account | undefined>;
  account(tenant: string, person: string): Promise<Account | undefined>;
  noteFailure(tenant: string, person: string, failures: number, lockedUntil: Date | null): Promise<void>;
  /** Opens a session and notes the sign-in (first, last seen, failures back to 0). False when the account is not active. */
  openSession(
    tenant: string,
    person: string,
    session: { digest: Buffer; method: SignInMethod; at: Date; expiresAt: Date },
  ): Promise<boolean>;
  /** The session's account when the session is open and the account active. Notes `at` as seen, at most once a minute. */
  session(tenant: string, digest: Buffer, at: Date, idleSince: Date): Promise<Account | undefined>;
  closeSession(tenant: string, digest: Buffer): Promise<void>;
  /** Makes a link (and the mail that carries it) for a person; earlier unused links of the kind end. */
  createLink(
    tenant: string,
    link: { person: string; kind: LinkKind; digest: Buffer; at: Date; expiresAt: Date },
    mail?: MailDraft,
  ): Promise<void>;
  link(tenant: string, digest: Buffer): Promise<StoredLink | undefined>;
  /** Uses a link up and, when given, sets the password, in one transaction; false when somebody was first. */
  useLink(tenant: string, digest: Buffer, at: Date, passwordHash: string | undefined): Promise<boolean>;
  setPassword(tenant: string, person: string, passwordHash: string, at: Date): Promise<void>;
}
