// What both ends' sign-in says and hears: password, one-time links, the first admin, the local mailbox. Pure.

import { z } from 'zod';
import { defineRoutes } from './route.ts';

const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(320)
  .regex(/^[^\s@]+@[^\s@]+$/, 'An address such as ada@acme.example.');
/** NIST SP 800-63B: length is what counts; no composition rules. */
export const passwordSchema = z.string().min(15, 'At least 15 characters; a sentence is fine.').max(200);
export const slugSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$/, 'Two to forty small letters, digits and hyphens.');
export const roleSchema = z.enum(['member', 'admin', 'owner']);

export const personReferenceSchema = z.object({ id: z.string(), name: z.string() });

export const sessionSchema = z.object({
  /** null when nobody is signed in. */
  person: z
    .object({
      id: z.string(),
      name: z.string(),
      email: z.string(),
      role: roleSchema,
      /** False for somebody whom the directory manages and who signs in through its identity provider. */
      maySetPassword: z.boolean(),
    })
    .nullable(),
  /** The workspace or organization of the session. */
  tenant: z.object({ slug: z.string(), name: z.string() }).nullable(),
  /** True until somebody has made the first workspace or organization: the first admin needs the printed code. */
  setupNeeded: z.boolean(),
  /** The other end's public address, when both run in this process (the demo). */
  otherEnd: z.string().nullable(),
  /** True on localhost without an SMTP server: mails are read on the mailbox page. */
  mailbox: z.boolean(),
});
export type Session = z.infer<typeof sessionSchema>;

export const linkSchema = z.object({
  kind: z.enum(['invitation', 'sign-in', 'set-password']),
  name: z.string(),
  email: z.string(),
  tenant: z.string(),
  expiresAt: z.string(),
});

export const mailSchema = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  state: z.enum(['queued', 'sending', 'accepted', 'unconfirmed', 'failed']),
  error: z.string().nullable(),
  createdAt: z.string(),
});

export const signInRoutes = defineRoutes({
  session: { method: 'GET', path: '/api/session', access: 'public', answer: sessionSchema },
  signIn: {
    method: 'POST',
    path: '/api/sign-in',
    access: 'public',
    /** `email` is what somebody signs in with: the address, or at the identity provider the user name. */
    body: z.object({
      email: z.string().trim().toLowerCase().min(1).max(320),
      password: z.string().max(200),
      slug: z.string().optional(),
    }),
    answer: z.object({ tenant: z.string() }),
  },
  signOut: { method: 'POST', path: '/api/sign-out', access: 'member' },
  /** Looks at a link without using it up: mail scanners follow links with GET. */
  link: { method: 'GET', path: '/api/link/:token', access: 'public', answer: linkSchema },
  /** Uses the link up and signs in. An invitation and a set-password link carry the new password. */
  useLink: {
    method: 'POST',
    path: '/api/link/:token',
    access: 'public',
    body: z.object({ password: passwordSchema.optional() }),
    answer: z.object({ tenant: z.string() }),
  },
  /** Sends a fresh invitation or set-password link to the address of a spent one; says the same whatever it finds. */
  renewLink: { method: 'POST', path: '/api/link/:token/renew', access: 'public' },
  forgotPassword: {
    method: 'POST',
    path: '/api/forgot-password',
    access: 'public',
    body: z.object({ email: z.string().trim().toLowerCase().min(1).max(320) }),
  },
  setPassword: {
    method: 'POST',
    path: '/api/password',
    access: 'member',
    body: z.object({ password: passwordSchema }),
  },
  setup: {
    method: 'POST',
    path: '/api/setup',
    access: 'public',
    body: z.object({
      code: z.string().trim(),
      tenantName: z.string().trim().min(1).max(100),
      slug: slugSchema,
      name: z.string().trim().min(1).max(200),
      email,
      password: passwordSchema,
    }),
    answer: z.object({ tenant: z.string() }),
  },
  mailbox: { method: 'GET', path: '/api/mailbox', access: 'local', answer: z.object({ mails: z.array(mailSchema) }) },
});

/** The events of `/api/events` (server-sent, one stream per visible tab): each names what has changed. */
export const eventNames = [
  'people',
  'teams',
  'requests',
  'connection',
  'saml',
  'apps',
  'tasks',
  'jobs',
  'users',
] as const;
export type EventName = (typeof eventNames)[number];
export const eventsPath = '/api/events';

/**
 * Why a SAML sign-in came back to the door before there was an attempt to look at. The address carries the name alone
 * (`?problem=saml-off`): a sentence in an address could be anybody's.
 */
export const doorProblems = {
  'no-tenant': 'There is nothing at this address. Ask your administrator for the right one.',
  'saml-off': 'Sign-in by SAML is not on for this workspace. Use your password, or ask an administrator.',
  'not-an-admin': 'Only an admin of this workspace can test the sign-in. Sign in and start the test again.',
  'request-unreadable': 'The app’s sign-in request could not be read. Start again from the app.',
  'app-unknown':
    'The app that sent you is not set up here. An administrator adds it under Apps, Company Apps, Add app.',
  'request-refused':
    'The app’s sign-in request was refused, because it asks for the answer at an address that is not registered.',
  failed: 'Something failed here. Try again in a moment.',
} as const;
export type DoorProblem = keyof typeof doorProblems;

/** The sentence for a name from an address; undefined when there is none. */
export function doorProblemSentence(name: string | null): string | undefined {
  return name !== null && Object.hasOwn(doorProblems, name) ? doorProblems[name as DoorProblem] : undefined;
}
