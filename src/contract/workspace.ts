// The workspace app's admin API: what its screens read and do. Pure.
// Base: same origin, cookie session; the workspace is the session's.

import { z } from 'zod';
import { defineRoutes } from './route.ts';
import { roleSchema, signInRoutes } from './sign-in.ts';
import {
  articleStepSchema,
  instant,
  lifeEventSchema,
  memberSchema,
  newTokenSchema,
  page,
  personSchema,
  personStatusSchema,
  provenanceSchema,
  requestDetailSchema,
  requestRowSchema,
  samlCardSchema,
  samlSchema,
  scimCardSchema,
  scimDetailsSchema,
  teamSchema,
} from './workspace-shapes.ts';

export * from './workspace-shapes.ts';

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
  /** Requests are answered 503 and change nothing until it is resumed. */
  pauseScim: { method: 'POST', path: '/api/scim/pause', access: 'admin' },
  resumeScim: { method: 'POST', path: '/api/scim/resume', access: 'admin' },
  disablePreview: {
    method: 'GET',
    path: '/api/scim/disable',
    access: 'admin',
    answer: z.object({ people: z.number(), teams: z.number(), onlyThroughScim: z.number() }),
  },
  /** Which client the connection is spoken to as; null: recognised from its requests. */
  pinClient: {
    method: 'PUT',
    path: '/api/scim/client',
    access: 'admin',
    body: z.object({ client: z.string().max(40).nullable() }),
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
