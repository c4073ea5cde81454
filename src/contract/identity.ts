// The identity provider's admin API: what its screens read and do. Pure.
// Base: same origin, cookie session; the organization is the session's.

import { z } from 'zod';
import { defineRoutes } from './route.ts';
import { personReferenceSchema, roleSchema, signInRoutes } from './sign-in.ts';

const instant = z.string();
const page = {
  page: z.coerce.number().int().min(1).default(1),
  perPage: z.coerce.number().int().min(1).max(200).default(50),
};
const text = z.string().trim().max(200);
const needed = text.min(1, 'This cannot be empty.');
const optionalText = text.nullable().optional();
const email = z
  .string()
  .trim()
  .max(320)
  .regex(/^[^\s@]+@[^\s@]+$/, 'An address such as ada@acme.example.');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'A date such as 2026-11-25.');
const named = z.object({ id: z.string(), name: z.string() });

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

const ids = z.object({ ids: z.array(z.string()).min(1).max(10_000) });
const counted = z.object({ count: z.number() });

export const identityRoutes = defineRoutes({
  ...signInRoutes,

  dashboard: {
    method: 'GET',
    path: '/api/dashboard',
    access: 'admin',
    answer: z.object({
      users: z.number(),
      notActivated: z.number(),
      apps: z.number(),
      pendingApprovals: z.number(),
      oldestPendingAt: instant.nullable(),
      failed: z.array(z.object({ app: named, count: z.number() })),
      held: z.array(z.object({ app: named, reason: z.string() })),
      moving: z.number(),
      unassigned: z.number(),
      runningJobs: z.number(),
    }),
  },

  users: {
    method: 'GET',
    path: '/api/users',
    access: 'admin',
    query: z.object({
      search: z.string().default(''),
      status: userStatusSchema.optional(),
      role: z.string().optional(),
      group: z.string().optional(),
      app: z.string().optional(),
      ...page,
    }),
    answer: z.object({ users: z.array(userSchema), total: z.number() }),
  },
  createUser: {
    method: 'POST',
    path: '/api/users',
    access: 'admin',
    body: userBodySchema,
    answer: z.object({ id: z.string() }),
  },
  user: {
    method: 'GET',
    path: '/api/users/:id',
    access: 'admin',
    answer: z.object({
      user: userSchema,
      assignments: z.array(assignmentSchema),
      activity: z.array(z.object({ at: instant, sentence: z.string() })),
    }),
  },
  updateUser: { method: 'PATCH', path: '/api/users/:id', access: 'admin', body: userBodySchema.partial() },
  deleteUser: { method: 'DELETE', path: '/api/users/:id', access: 'admin' },
  activateUser: {
    method: 'POST',
    path: '/api/users/:id/activate',
    access: 'admin',
    body: z.object({ invite: z.boolean() }),
  },
  suspendUser: { method: 'POST', path: '/api/users/:id/suspend', access: 'admin' },
  unsuspendUser: { method: 'POST', path: '/api/users/:id/unsuspend', access: 'admin' },
  inviteUser: { method: 'POST', path: '/api/users/:id/invitation', access: 'admin' },
  setUserRoles: {
    method: 'PUT',
    path: '/api/users/:id/roles',
    access: 'admin',
    body: z.object({ roles: z.array(z.string()) }),
  },
  setUserGroups: {
    method: 'PUT',
    path: '/api/users/:id/groups',
    access: 'admin',
    body: z.object({ groups: z.array(z.string()) }),
  },
  setAdminRole: {
    method: 'PUT',
    path: '/api/users/:id/admin-role',
    access: 'owner',
    body: z.object({ role: roleSchema }),
  },

  /** The fields of a new login, before it is saved. */
  loginForm: {
    method: 'GET',
    path: '/api/users/:id/apps/:app/login',
    access: 'admin',
    answer: z.object({ fields: z.array(loginFieldSchema), preview: z.string() }),
  },
  assignApp: {
    method: 'POST',
    path: '/api/users/:id/apps/:app',
    access: 'admin',
    body: z.object({
      overrides: z.record(z.string(), z.string().max(320)).default({}),
      maySignIn: z.boolean().default(true),
    }),
    answer: z.object({ assignment: z.string() }),
  },
  unassignApp: { method: 'DELETE', path: '/api/users/:id/apps/:app', access: 'admin' },

  groups: {
    method: 'GET',
    path: '/api/groups',
    access: 'admin',
    answer: z.object({ groups: z.array(named.extend({ members: z.number() })) }),
  },
  createGroup: {
    method: 'POST',
    path: '/api/groups',
    access: 'admin',
    body: z.object({ name: needed }),
    answer: z.object({ id: z.string() }),
  },
  group: {
    method: 'GET',
    path: '/api/groups/:id',
    access: 'admin',
    answer: z.object({ id: z.string(), name: z.string(), members: z.array(personReferenceSchema) }),
  },
  updateGroup: {
    method: 'PATCH',
    path: '/api/groups/:id',
    access: 'admin',
    body: z.object({ name: needed.optional(), members: z.array(z.string()).optional() }),
  },
  deleteGroup: { method: 'DELETE', path: '/api/groups/:id', access: 'admin' },

  roles: {
    method: 'GET',
    path: '/api/roles',
    access: 'admin',
    answer: z.object({
      roles: z.array(named.extend({ isDefault: z.boolean(), members: z.number(), apps: z.array(named) })),
    }),
  },
  createRole: {
    method: 'POST',
    path: '/api/roles',
    access: 'admin',
    body: z.object({ name: needed }),
    answer: z.object({ id: z.string() }),
  },
  role: {
    method: 'GET',
    path: '/api/roles/:id',
    access: 'admin',
    answer: z.object({
      id: z.string(),
      name: z.string(),
      isDefault: z.boolean(),
      members: z.array(personReferenceSchema),
      apps: z.array(named),
    }),
  },
  updateRole: {
    method: 'PATCH',
    path: '/api/roles/:id',
    access: 'admin',
    body: z.object({
      name: needed.optional(),
      members: z.array(z.string()).optional(),
      apps: z.array(z.string()).optional(),
    }),
  },
  deleteRole: { method: 'DELETE', path: '/api/roles/:id', access: 'admin' },
  /** What a change of a role's members or apps would do, before it is saved. */
  rolePreview: {
    method: 'POST',
    path: '/api/roles/:id/preview',
    access: 'admin',
    body: z.object({ members: z.array(z.string()).optional(), apps: z.array(z.string()).optional() }),
    answer: z.object({ sentence: z.string(), gained: z.number(), lost: z.number() }),
  },

  apps: { method: 'GET', path: '/api/apps', access: 'admin', answer: z.object({ apps: z.array(appSchema) }) },
  readAppMetadata: {
    method: 'POST',
    path: '/api/apps/metadata',
    access: 'admin',
    body: z.union([z.object({ url: z.string().max(2_000) }), z.object({ xml: z.string().max(262_144) })]),
    answer: metadataPreviewSchema,
  },
  addApp: {
    method: 'POST',
    path: '/api/apps',
    access: 'admin',
    body: z.object({
      connector: z.enum(['rollcall', 'scim2']),
      name: needed,
      metadata: z.union([z.object({ url: z.string().max(2_000) }), z.object({ xml: z.string().max(262_144) })]),
      assignToMe: z.boolean().default(false),
    }),
    answer: z.object({ id: z.string() }),
  },
  app: { method: 'GET', path: '/api/apps/:id', access: 'admin', answer: appDetailSchema },
  updateApp: {
    method: 'PATCH',
    path: '/api/apps/:id',
    access: 'admin',
    body: z.object({
      name: needed.optional(),
      description: optionalText,
      visibleInPortal: z.boolean().optional(),
    }),
  },
  deleteApp: { method: 'DELETE', path: '/api/apps/:id', access: 'admin' },
  /** Saves; a changed host clears the saved credential unless a new one comes with it. */
  saveConfiguration: {
    method: 'PUT',
    path: '/api/apps/:id/configuration',
    access: 'admin',
    body: z.object({
      /** Any spelling: `acme`, `acme.example.com`, a full URL. */
      orgId: z.string().max(500).optional(),
      baseUrl: z.string().max(2_000).optional(),
      /** Any spelling: `Authorization: Bearer t`, `Bearer t`, `t`. Absent keeps the saved one. */
      credential: z.string().max(4_000).optional(),
      updateMethod: z.enum(['auto', 'PATCH', 'PUT']).optional(),
    }),
    answer: configurationSchema,
  },
  /** Runs the live checks with what is in the form (saved or not); all passed turns the API status to enabled. */
  enableApi: {
    method: 'POST',
    path: '/api/apps/:id/enable',
    access: 'admin',
    body: z.object({
      orgId: z.string().max(500).optional(),
      baseUrl: z.string().max(2_000).optional(),
      credential: z.string().max(4_000).optional(),
    }),
    answer: configurationSchema,
  },
  disableApi: { method: 'POST', path: '/api/apps/:id/disable', access: 'admin', answer: configurationSchema },
  saveProvisioning: {
    method: 'PUT',
    path: '/api/apps/:id/provisioning',
    access: 'admin',
    /** `waiting` says what becomes of tasks that wait for an approval no longer required. */
    body: provisioningSettingsSchema.extend({ waiting: z.enum(['run', 'keep']).optional() }),
  },
  setAppRoles: {
    method: 'PUT',
    path: '/api/apps/:id/roles',
    access: 'admin',
    body: z.object({ roles: z.array(z.string()) }),
  },
  appRolesPreview: {
    method: 'POST',
    path: '/api/apps/:id/roles/preview',
    access: 'admin',
    body: z.object({ roles: z.array(z.string()) }),
    answer: z.object({ sentence: z.string(), gained: z.number(), lost: z.number() }),
  },
  appUsers: {
    method: 'GET',
    path: '/api/apps/:id/users',
    access: 'admin',
    query: z.object({ status: provisioningStatusSchema.optional(), search: z.string().default(''), ...page }),
    answer: z.object({ assignments: z.array(assignmentSchema), total: z.number() }),
  },
  appGroups: {
    method: 'GET',
    path: '/api/apps/:id/groups',
    access: 'admin',
    answer: z.object({
      groups: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          status: provisioningStatusSchema,
          members: z.number(),
          lastStep: z.string(),
          error: z.string().nullable(),
        }),
      ),
    }),
  },

  /** Approvals, failures and what runs, over all apps. */
  tasks: {
    method: 'GET',
    path: '/api/tasks',
    access: 'admin',
    query: z.object({ app: z.string().optional(), status: provisioningStatusSchema.optional() }),
    answer: z.object({
      tasks: z.array(taskSchema),
      counts: z.object({ pending: z.number(), moving: z.number(), failed: z.number(), held: z.number() }),
    }),
  },
  task: { method: 'GET', path: '/api/tasks/:id', access: 'admin', answer: taskSchema },
  approve: { method: 'POST', path: '/api/tasks/approve', access: 'admin', body: ids, answer: counted },
  skip: { method: 'POST', path: '/api/tasks/skip', access: 'admin', body: ids, answer: counted },
  retry: { method: 'POST', path: '/api/tasks/retry', access: 'admin', body: ids, answer: counted },

  bulkPreview: {
    method: 'POST',
    path: '/api/bulk/preview',
    access: 'admin',
    body: bulkBodySchema,
    answer: bulkPreviewSchema,
  },
  startBulk: {
    method: 'POST',
    path: '/api/bulk',
    access: 'admin',
    body: bulkBodySchema,
    answer: z.object({ id: z.string() }),
  },
  bulkJobs: { method: 'GET', path: '/api/bulk', access: 'admin', answer: z.object({ jobs: z.array(bulkJobSchema) }) },
  bulkJob: {
    method: 'GET',
    path: '/api/bulk/:id',
    access: 'admin',
    answer: z.object({ job: bulkJobSchema, items: z.array(bulkItemSchema) }),
  },
  cancelBulk: { method: 'POST', path: '/api/bulk/:id/cancel', access: 'admin' },
  retryBulk: { method: 'POST', path: '/api/bulk/:id/retry', access: 'admin', answer: counted },
  /** Sends a mail again whose acceptance a crash left unknown, or that failed. */
  resendBulkMail: { method: 'POST', path: '/api/bulk/:id/mails/:user', access: 'admin' },

  myApps: {
    method: 'GET',
    path: '/api/my/apps',
    access: 'member',
    answer: z.object({
      apps: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          connector: z.string(),
          signInUrl: z.string().nullable(),
          ready: z.boolean(),
          status: provisioningStatusSchema,
        }),
      ),
      profile: userSchema,
    }),
  },

  article: {
    method: 'GET',
    path: '/api/article',
    access: 'member',
    answer: z.object({
      steps: z.array(z.object({ row: z.number(), done: z.boolean(), mine: z.boolean() })),
      otherEnd: z.string().nullable(),
    }),
  },
});
