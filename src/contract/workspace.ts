// The workspace app's admin API: what its screens read and do. Pure.
// Base: same origin, cookie session; the workspace is the session's.

import { z } from 'zod';
import { defineRoutes } from './route.ts';
import { personReferenceSchema, roleSchema, signInRoutes } from './sign-in.ts';

const instant = z.string();
const page = {
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

export const workspaceRoutes = defineRoutes({
  ...signInRoutes,
  signInOptions: {
    method: 'GET',
    path: '/api/sign-in-options/:slug',
    access: 'public',
    answer: z.object({
      slug: z.string(),
      name: z.string(),
      saml: z.object({ idpName: z.string(), startUrl: z.string() }).nullable(),
    }),
  },
  /** A refused SAML sign-in, told to the person it happened to; the detail is for admins. */
  signInRefusal: {
    method: 'GET',
    path: '/api/sign-in-refusal/:id',
    access: 'public',
    query: z.object({ slug: z.string() }),
    answer: z.object({ sentence: z.string(), at: instant }),
  },

  people: {
    method: 'GET',
    path: '/api/people',
    access: 'member',
    query: z.object({
      search: z.string().default(''),
      status: personStatusSchema.optional(),
      source: z.enum(['scim', 'manual']).optional(),
      ...page,
    }),
    answer: z.object({ people: z.array(personSchema), total: z.number() }),
  },
  person: {
    method: 'GET',
    path: '/api/people/:id',
    access: 'member',
    answer: z.object({
      person: personSchema,
      provenance: z.array(provenanceSchema),
      life: z.array(lifeEventSchema),
      deactivated: z.object({ at: instant, by: z.string() }).nullable(),
      sessions: z.number(),
    }),
  },
  deactivatePerson: { method: 'POST', path: '/api/people/:id/deactivate', access: 'admin' },
  reactivatePerson: { method: 'POST', path: '/api/people/:id/reactivate', access: 'admin' },
  teams: { method: 'GET', path: '/api/teams', access: 'member', answer: z.object({ teams: z.array(teamSchema) }) },
  team: {
    method: 'GET',
    path: '/api/teams/:id',
    access: 'member',
    answer: z.object({
      team: teamSchema,
      members: z.array(
        z.object({ id: z.string(), name: z.string(), title: z.string().nullable(), status: personStatusSchema }),
      ),
      waitingFor: z.array(z.string()),
    }),
  },

  settings: {
    method: 'GET',
    path: '/api/settings',
    access: 'member',
    answer: z.object({ name: z.string(), slug: z.string(), plan: z.enum(['free', 'plus']), address: z.string() }),
  },
  updateSettings: {
    method: 'PATCH',
    path: '/api/settings',
    access: 'admin',
    body: z.object({ name: z.string().trim().min(1).max(100) }),
  },
  members: {
    method: 'GET',
    path: '/api/members',
    access: 'member',
    answer: z.object({ members: z.array(memberSchema) }),
  },
  invite: {
    method: 'POST',
    path: '/api/members',
    access: 'admin',
    body: z.object({
      name: z.string().trim().min(1).max(200),
      email: z
        .string()
        .trim()
        .toLowerCase()
        .regex(/^[^\s@]+@[^\s@]+$/, 'An address such as ada@acme.example.'),
      role: z.enum(['member', 'admin']),
    }),
    answer: z.object({ id: z.string() }),
  },
  resendInvitation: { method: 'POST', path: '/api/members/:id/invitation', access: 'admin' },
  changeRole: { method: 'PUT', path: '/api/members/:id/role', access: 'owner', body: z.object({ role: roleSchema }) },

  integrations: {
    method: 'GET',
    path: '/api/integrations',
    access: 'member',
    answer: z.object({ saml: samlCardSchema, scim: scimCardSchema }),
  },

  saml: { method: 'GET', path: '/api/saml', access: 'admin', feature: 'sso', answer: samlSchema },
  chooseIdentityProvider: {
    method: 'PUT',
    path: '/api/saml/kind',
    access: 'admin',
    feature: 'sso',
    body: z.object({ kind: z.string().max(40) }),
  },
  readMetadata: {
    method: 'POST',
    path: '/api/saml/metadata',
    access: 'admin',
    feature: 'sso',
    body: z.union([z.object({ url: z.string().max(2_000) }), z.object({ xml: z.string().max(262_144) })]),
    answer: samlSchema,
  },
  /** Where the browser goes to try a sign-in; nothing is enabled by it. */
  testSaml: {
    method: 'POST',
    path: '/api/saml/test',
    access: 'admin',
    feature: 'sso',
    answer: z.object({ startUrl: z.string() }),
  },
  turnOnSaml: { method: 'POST', path: '/api/saml/on', access: 'admin', feature: 'sso' },
  /** While SCIM is enabled it must be said what becomes of it. */
  turnOffSaml: {
    method: 'POST',
    path: '/api/saml/off',
    access: 'admin',
    body: z.object({ scim: z.enum(['keep', 'disable']).optional() }),
  },

  scim: { method: 'GET', path: '/api/scim', access: 'admin', answer: scimDetailsSchema },
  /** Answers the token only to the call that made it; a second call says who was first (409). */
  enableScim: { method: 'POST', path: '/api/scim/enable', access: 'admin', feature: 'sso', answer: newTokenSchema },
  disableScim: {
    method: 'POST',
    path: '/api/scim/disable',
    access: 'admin',
    body: z.object({ deactivateScimPeople: z.boolean().default(false), reason: z.string().max(500).optional() }),
  },
  disablePreview: {
    method: 'GET',
    path: '/api/scim/disable',
    access: 'admin',
    answer: z.object({ people: z.number(), teams: z.number(), onlyThroughScim: z.number() }),
  },
  createToken: { method: 'POST', path: '/api/scim/tokens', access: 'admin', feature: 'sso', answer: newTokenSchema },
  revokeToken: { method: 'DELETE', path: '/api/scim/tokens/:id', access: 'admin' },

  requests: {
    method: 'GET',
    path: '/api/requests',
    access: 'admin',
    query: z.object({
      search: z.string().default(''),
      result: z.enum(['refused', 'changes']).optional(),
      before: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({
      requests: z.array(requestRowSchema),
      hasMore: z.boolean(),
      /** For the headline: when and by whom the last request came, and the last day's counts. */
      last: z.object({ at: instant, client: z.string() }).nullable(),
      byHour: z.array(z.object({ hour: instant, accepted: z.number(), refused: z.number() })),
    }),
  },
  request: { method: 'GET', path: '/api/requests/:id', access: 'admin', answer: requestDetailSchema },

  article: {
    method: 'GET',
    path: '/api/article',
    access: 'member',
    answer: z.object({ steps: z.array(articleStepSchema), otherEnd: z.string().nullable() }),
  },
});
