// The identity provider's admin API: what its screens read and do. Pure.
// Base: same origin, cookie session; the organization is the session's.

import { z } from 'zod';
import {
  appDetailSchema,
  appSchema,
  assignmentSchema,
  bulkBodySchema,
  bulkItemSchema,
  bulkJobSchema,
  bulkPreviewSchema,
  configurationSchema,
  counted,
  ids,
  instant,
  loginFieldSchema,
  metadataPreviewSchema,
  named,
  needed,
  optionalText,
  page,
  provisioningSettingsSchema,
  provisioningStatusSchema,
  taskSchema,
  userBodySchema,
  userSchema,
  userStatusSchema,
} from './identity-shapes.ts';
import { defineRoutes } from './route.ts';
import { personReferenceSchema, roleSchema, signInRoutes } from './sign-in.ts';

export * from './identity-shapes.ts';

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
