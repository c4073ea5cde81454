// The shapes that the identity provider's admin API says and hears. Pure.

import { z } from 'zod';
import { personReferenceSchema, roleSchema } from './sign-in.ts';

export const instant = z.string();
export const page = {
  page: z.coerce.number().int().min(1).default(1),
  perPage: z.coerce.number().int().min(1).max(200).default(50),
};
const text = z.string().trim().max(200);
export const needed = text.min(1, 'This cannot be empty.');
export const optionalText = text.nullable().optional();
const email = z
  .string()
  .trim()
  .max(320)
  .regex(/^[^\s@]+@[^\s@]+$/, 'An address such as ada@acme.example.');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'A date such as 2026-11-25.');
export const named = z.object({ id: z.string(), name: z.string() });

/** *Not activated* cannot sign in yet; *Suspended* no longer may. */
export const userStatusSchema = z.enum(['not-activated', 'invited', 'active', 'suspended']);

export const userSchema = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  email: z.string(),
  title: z.string().nullable(),
  department: z.string().nullable(),
  employeeType: z.string().nullable(),
  location: z.string().nullable(),
  startDate: z.string().nullable(),
  manager: personReferenceSchema.nullable(),
  managerEmail: z.string().nullable(),
  groups: z.array(named),
  roles: z.array(named),
  apps: z.number(),
  adminRole: roleSchema,
  status: userStatusSchema,
  lastSeenAt: instant.nullable(),
});
export type User = z.infer<typeof userSchema>;

export const userBodySchema = z.object({
  userName: needed,
  displayName: needed,
  givenName: needed,
  familyName: needed,
  email,
  title: optionalText,
  department: optionalText,
  employeeType: optionalText,
  location: optionalText,
  startDate: date.nullable().optional(),
  manager: z.string().nullable().optional(),
});

/**
 * Where one subject (a user or a group) stands at one app.
 * `held`: the app refuses our credential; everything waits until it is replaced. Nothing is lost.
 */
export const provisioningStatusSchema = z.enum([
  'pending-approval',
  'queued',
  'provisioning',
  'provisioned',
  'failed',
  'held',
  'suspended',
  'deprovisioned',
  'skipped',
]);
export type ProvisioningStatus = z.infer<typeof provisioningStatusSchema>;

/** What is to be done, in the words of the approval boxes. */
export const intentSchema = z.enum(['create', 'update', 'suspend', 'reactivate', 'delete', 'none']);

/** A delivery laid out: Read, In scope, Match, Create/Update/..., Verify, each with its fact. */
export const stepSchema = z.object({
  name: z.enum(['read', 'scope', 'match', 'action', 'memberships', 'verify']),
  state: z.enum(['done', 'running', 'waiting', 'failed', 'skipped']),
  fact: z.string(),
});

export const assignmentSchema = z.object({
  id: z.string(),
  /** Whose: among the tasks there are groups too; their id and name stand in `user`. */
  kind: z.enum(['user', 'group']),
  app: z.object({ id: z.string(), name: z.string(), connector: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), userName: z.string() }),
  /** Given to the person directly, through roles, or both. */
  through: z.array(z.string()),
  status: provisioningStatusSchema,
  intent: intentSchema,
  login: z.string(),
  maySignIn: z.boolean(),
  lastStep: z.string(),
  /** The app's own words, when it refused. */
  error: z.string().nullable(),
  nextAttemptAt: instant.nullable(),
  remoteId: z.string().nullable(),
  changedAt: instant,
  durationMs: z.number().nullable(),
  steps: z.array(stepSchema),
});
export type Assignment = z.infer<typeof assignmentSchema>;

export const attributeChangeSchema = z.object({
  attribute: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

/** A task that waits for an administrator, with exactly what it would change. */
export const taskSchema = z.object({
  assignment: assignmentSchema,
  requestedBy: z.string(),
  requestedAt: instant,
  changes: z.array(attributeChangeSchema),
});

export const apiStatusSchema = z.enum(['disabled', 'enabled', 'failing']);

export const apiCheckSchema = z.object({
  name: z.enum(['address', 'configuration', 'schemas', 'credential', 'filter']),
  passed: z.boolean().nullable(),
  sentence: z.string(),
  sent: z.string().nullable(),
  received: z.string().nullable(),
});

export const onLeaveSchema = z.enum(['delete', 'suspend', 'nothing']);

export const provisioningSettingsSchema = z.object({
  enabled: z.boolean(),
  approveCreate: z.boolean(),
  approveUpdate: z.boolean(),
  approveDelete: z.boolean(),
  onDelete: onLeaveSchema,
  onUnassign: onLeaveSchema,
  onSuspend: z.enum(['suspend', 'nothing']),
});

export const appSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  connector: z.enum(['rollcall', 'scim2']),
  apiStatus: apiStatusSchema,
  provisioning: z.boolean(),
  users: z.number(),
  counts: z.object({
    provisioned: z.number(),
    pending: z.number(),
    failed: z.number(),
    moving: z.number(),
    held: z.number(),
  }),
  lastSuccessAt: instant.nullable(),
  errors24h: z.number(),
});
export type App = z.infer<typeof appSchema>;

export const configurationSchema = z.object({
  /** The Rollcall workspace's OrgID; null for a generic app, which has a base URL instead. */
  orgId: z.string().nullable(),
  /** Where requests go, after normalization. */
  baseUrl: z.string(),
  /** The last four characters of the saved credential; null when none is saved. */
  credentialHint: z.string().nullable(),
  /** `PATCH` where offered, `PUT` as read-merge-write, or by what the app advertises. */
  updateMethod: z.enum(['auto', 'PATCH', 'PUT']),
  apiStatus: apiStatusSchema,
  checks: z.array(apiCheckSchema),
  checkedAt: instant.nullable(),
  /** Why deliveries are held, in a sentence; null when they are not. */
  held: z.string().nullable(),
});

export const ssoSchema = z.object({
  /** Ours, for the app. */
  issuer: z.string(),
  ssoUrl: z.string(),
  metadataUrl: z.string(),
  certificate: z.object({ pem: z.string(), fingerprint: z.string(), notAfter: instant }),
  /** Theirs. */
  entityId: z.string(),
  acsUrls: z.array(z.string()),
  nameIdFormat: z.string(),
  signInUrl: z.string().nullable(),
});

export const parameterSchema = z.object({
  attribute: z.string(),
  label: z.string(),
  source: z.string(),
  provisioned: z.boolean(),
  example: z.string().nullable(),
});

export const appDetailSchema = z.object({
  app: appSchema,
  visibleInPortal: z.boolean(),
  configuration: configurationSchema,
  parameters: z.array(parameterSchema),
  sso: ssoSchema,
  roles: z.array(named),
  settings: provisioningSettingsSchema,
  /** Tasks waiting for approval now, by what they would do. */
  waiting: z.object({ create: z.number(), update: z.number(), delete: z.number() }),
});

/** What a metadata URL told, before an app is added. */
export const metadataPreviewSchema = z.object({
  name: z.string(),
  entityId: z.string(),
  acsUrls: z.array(z.string()),
  orgId: z.string().nullable(),
  baseUrl: z.string().nullable(),
  signInUrl: z.string().nullable(),
});

/** The fields of a person's login at an app, with where each value comes from. */
export const loginFieldSchema = z.object({
  attribute: z.string(),
  label: z.string(),
  value: z.string(),
  /** Such as "User's e-mail"; null where the value was typed for this app. */
  from: z.string(),
  overridden: z.boolean(),
  editable: z.boolean(),
});

export const bulkWhoSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('selected'), users: z.array(z.string()).max(10_000) }),
  z.object({ kind: z.literal('everyone') }),
  z.object({ kind: z.literal('status'), status: userStatusSchema }),
  z.object({ kind: z.literal('role'), role: z.string() }),
  z.object({ kind: z.literal('group'), group: z.string() }),
  z.object({ kind: z.literal('emails'), emails: z.string().max(400_000) }),
]);

export const bulkOperationSchema = z.enum([
  'activate',
  'activate-invite',
  'invite',
  'suspend',
  'assign-app',
  'remove-app',
]);

export const bulkBodySchema = z.object({
  who: bulkWhoSchema,
  /** Role to give besides, such as *Default*. */
  role: z.string().nullable().default(null),
  operation: bulkOperationSchema,
  app: z.string().nullable().default(null),
});
export type BulkBody = z.infer<typeof bulkBodySchema>;

export const bulkPreviewSchema = z.object({
  /** What will happen, as a sentence. */
  sentence: z.string(),
  people: z.number(),
  mails: z.number(),
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
  effects: z.array(z.string()),
  /** Lines of the pasted list that name nobody. */
  unknown: z.array(z.object({ line: z.number(), text: z.string() })),
});

export const bulkItemSchema = z.object({
  user: personReferenceSchema,
  state: z.enum(['waiting', 'done', 'failed', 'skipped']),
  note: z.string().nullable(),
  mail: z.enum(['none', 'queued', 'sending', 'accepted', 'unconfirmed', 'failed']),
});

export const bulkJobSchema = z.object({
  id: z.string(),
  sentence: z.string(),
  state: z.enum(['running', 'cancelled', 'finished']),
  startedAt: instant,
  startedBy: z.string(),
  finishedAt: instant.nullable(),
  total: z.number(),
  done: z.number(),
  failed: z.number(),
  skipped: z.number(),
  mails: z.object({ accepted: z.number(), waiting: z.number(), unconfirmed: z.number(), failed: z.number() }),
});

export const ids = z.object({ ids: z.array(z.string()).min(1).max(10_000) });
export const counted = z.object({ count: z.number() });
