// The shapes that the workspace app's admin API says and hears. Pure.

import { z } from 'zod';
import { personReferenceSchema, roleSchema } from './sign-in.ts';

export const instant = z.string();
export const page = {
  page: z.coerce.number().int().min(1).default(1),
  perPage: z.coerce.number().int().min(1).max(200).default(50),
};

/** *Invited* until the first sign-in, then *Active*; *Deactivated* whatever came before. */
export const personStatusSchema = z.enum(['invited', 'active', 'deactivated']);

export const sourceSchema = z.object({
  kind: z.enum(['scim', 'manual']),
  /** The client's name when SCIM manages the person, such as OneLogin. */
  client: z.string().nullable(),
});

/** A manager as known: `here` when it is somebody of this workspace, else what was sent. */
export const managerSchema = z.object({
  person: personReferenceSchema.nullable(),
  /** The reference as sent, when its owner is not here yet. */
  waitingFor: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
});

export const personSchema = z.object({
  id: z.string(),
  displayName: z.string(),
  userName: z.string(),
  email: z.string().nullable(),
  title: z.string().nullable(),
  teams: z.array(z.object({ id: z.string(), name: z.string() })),
  manager: managerSchema,
  employeeType: z.string().nullable(),
  location: z.string().nullable(),
  department: z.string().nullable(),
  startDate: z.string().nullable(),
  status: personStatusSchema,
  source: sourceSchema,
  role: roleSchema,
  lastSeenAt: instant.nullable(),
});
export type Person = z.infer<typeof personSchema>;

/** Where one attribute's value came from. */
export const provenanceSchema = z.object({
  /** Attribute name as in {@link personSchema}: displayName, title, ... */
  attribute: z.string(),
  by: z.string(),
  method: z.string().nullable(),
  at: instant,
  requestId: z.string().nullable(),
  was: z.string().nullable(),
});

/** One run of words of a sentence; `value` stands in mono, `name` in bold. */
export const sentencePartSchema = z.object({ kind: z.enum(['text', 'name', 'value']), text: z.string() });

export const lifeEventSchema = z.object({
  id: z.string(),
  at: instant,
  sentence: z.array(sentencePartSchema),
  requestId: z.string().nullable(),
});

export const requestRowSchema = z.object({
  id: z.string(),
  at: instant,
  sentence: z.array(sentencePartSchema),
  /** The tie of the row: agree applied, apart refused, moving parked, none nothing differed. */
  outcome: z.enum(['applied', 'unchanged', 'pending', 'refused']),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  durationMs: z.number(),
  client: z.string(),
});
export type RequestRow = z.infer<typeof requestRowSchema>;

export const requestDetailSchema = requestRowSchema.extend({
  changes: z.array(z.object({ attribute: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  operations: z.array(z.object({ outcome: z.string(), operation: z.string(), why: z.string().nullable() })),
  /** The bulk request this came in, and which of its operations it was, from 1. */
  bulk: z.object({ request: z.string(), operation: z.number() }).nullable(),
  /** Of a bulk request itself. */
  bulkOperations: z.object({ asked: z.number(), done: z.number(), refused: z.number() }).nullable(),
  rewrites: z.array(z.string()),
  matchedBy: z.string().nullable(),
  tokenHint: z.string().nullable(),
  address: z.string().nullable(),
  agent: z.string().nullable(),
  requestBody: z.string().nullable(),
  responseBody: z.string().nullable(),
  person: personReferenceSchema.nullable(),
});

/** The states of the SCIM card that exist; screens show exactly one. */
export const scimStateSchema = z.enum([
  'locked-plan',
  'locked-sso',
  'locked-role',
  'available',
  'waiting',
  'connected',
  'attention',
  'paused',
]);

export const scimCardSchema = z.object({
  state: scimStateSchema,
  baseUrl: z.string(),
  orgId: z.string(),
  client: z.string().nullable(),
  enabledBy: z.string().nullable(),
  enabledAt: instant.nullable(),
  tokenHint: z.string().nullable(),
  lastRequestAt: instant.nullable(),
  people: z.number(),
  groups: z.number(),
  /** People who are here before SCIM: they are matched, not doubled. */
  peopleHere: z.number(),
  /** Who paused it and since when, in the state `paused`. */
  pausedBy: z.string().nullable(),
  pausedAt: instant.nullable(),
  /** Why `attention`: a sentence. */
  attention: z.string().nullable(),
  requestsByHour: z.array(z.object({ hour: instant, accepted: z.number(), refused: z.number() })),
  whoCan: z.array(z.string()),
});
export type ScimCard = z.infer<typeof scimCardSchema>;

export const samlCardSchema = z.object({
  state: z.enum(['locked-plan', 'off', 'draft', 'on']),
  idpKind: z.string().nullable(),
  idpName: z.string().nullable(),
  certificateExpiresAt: instant.nullable(),
  lastSignInAt: instant.nullable(),
  lastSignInName: z.string().nullable(),
  whoCan: z.array(z.string()),
});
export type SamlCard = z.infer<typeof samlCardSchema>;

export const samlCheckSchema = z.object({
  name: z.string(),
  passed: z.boolean(),
  expected: z.string().nullable(),
  received: z.string().nullable(),
  sentence: z.string(),
});

export const samlAttemptSchema = z.object({
  id: z.string(),
  at: instant,
  purpose: z.enum(['sign-in', 'test']),
  outcome: z.enum(['signed-in', 'tested', 'refused']),
  nameId: z.string().nullable(),
  /** Whom the NameID names here, or null and `sentence` says why nobody. */
  person: personReferenceSchema.nullable(),
  checks: z.array(samlCheckSchema),
  attributes: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
  sentence: z.string(),
});

export const samlSchema = z.object({
  card: samlCardSchema,
  /** What the identity provider's administrator needs from us. */
  give: z.object({
    entityId: z.string(),
    acsUrl: z.string(),
    metadataUrl: z.string(),
    nameIdFormat: z.string(),
    signInUrl: z.string(),
  }),
  /** What we know of the identity provider; null before its metadata was read. */
  take: z
    .object({
      entityId: z.string(),
      ssoUrl: z.string(),
      metadataUrl: z.string().nullable(),
      metadataReadAt: instant.nullable(),
      certificates: z.array(z.object({ subject: z.string(), fingerprint: z.string(), notAfter: instant })),
    })
    .nullable(),
  /** The newest test by anybody, and whether the acting admin passed one: turning on needs it. */
  lastTest: samlAttemptSchema.nullable(),
  testedByMe: z.boolean(),
  attempts: z.array(samlAttemptSchema),
});

export const tokenSchema = z.object({
  id: z.string(),
  hint: z.string(),
  createdAt: instant,
  createdBy: z.string(),
  lastUsedAt: instant.nullable(),
  lastUsedAddress: z.string().nullable(),
  lastUsedAgent: z.string().nullable(),
  revokedAt: instant.nullable(),
  /** Live, and nobody has used it for 90 days. */
  isUnused: z.boolean(),
});

/** A token at the one moment it can be read. */
export const newTokenSchema = z.object({ token: z.string(), baseUrl: z.string(), orgId: z.string(), id: z.string() });

export const scimDetailsSchema = z.object({
  card: scimCardSchema,
  lastSuccessAt: instant.nullable(),
  lastError: z.object({ at: instant, detail: z.string(), requestId: z.string() }).nullable(),
  /** Operations this connection has shown to work: name -> last time. */
  operationsSeen: z.array(z.object({ operation: z.string(), at: instant.nullable() })),
  tokens: z.array(tokenSchema),
  /** The client profile in use; an id of `clients`, null while nothing was recognised. */
  client: z.object({ id: z.string().nullable(), pinned: z.boolean() }),
  clients: z.array(z.object({ id: z.string(), name: z.string() })),
});

export const teamSchema = z.object({
  id: z.string(),
  name: z.string(),
  members: z.number(),
  waiting: z.number(),
  source: sourceSchema,
});

/** A row of the article and whether this end's own state says it is done. */
export const articleStepSchema = z.object({ row: z.number(), done: z.boolean(), mine: z.boolean() });

export const memberSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  status: personStatusSchema,
  managedByScim: z.boolean(),
});
