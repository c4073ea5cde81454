// What the admin APIs say when they refuse: RFC 9457 problem details. Pure.

import { z } from 'zod';

export const problemSchema = z.object({
  /** `/problems/<kind>`; the kind is what a program compares. */
  type: z.string(),
  title: z.string(),
  status: z.number(),
  /** A whole sentence: what happened and what to do. */
  detail: z.string(),
  /** Id of the request, to find it in the log. */
  instance: z.string().optional(),
  /** Which fields are at fault, by JSON pointer (RFC 6901). */
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  /** Names of people who may do what the caller may not. */
  whoCan: z.array(z.string()).optional(),
});
export type ProblemDetails = z.infer<typeof problemSchema>;

interface ProblemKind {
  status: number;
  title: string;
}

/** Every refusal of the admin APIs. */
export const problemKinds = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'not-signed-in': { status: 401, title: 'Nobody is signed in' },
  'sign-in-failed': { status: 401, title: 'Signing in failed' },
  'sign-in-locked': { status: 429, title: 'Too many tries' },
  'plan-required': { status: 402, title: 'Another plan is needed' },
  'not-allowed': { status: 403, title: 'Not allowed' },
  'cross-site': { status: 403, title: 'Refused from another site' },
  deactivated: { status: 403, title: 'This account is deactivated' },
  'not-found': { status: 404, title: 'Not found' },
  'link-spent': { status: 410, title: 'This link was used or has expired' },
  conflict: { status: 409, title: 'Conflict' },
  precondition: { status: 409, title: 'Something else comes first' },
  'too-large': { status: 413, title: 'Too large' },
  'remote-failed': { status: 502, title: 'The other side did not answer as expected' },
  'database-away': { status: 503, title: 'The database is away' },
  internal: { status: 500, title: 'Something failed here' },
} satisfies Record<string, ProblemKind>;
export type ProblemKindName = keyof typeof problemKinds;
