// The domain's records as the admin API says them: dates as text, secrets left out.

import type { z } from 'zod';
import type {
  appSchema,
  assignmentSchema,
  bulkJobSchema,
  configurationSchema,
  taskSchema,
  userSchema,
} from '../../contract/identity.ts';
import type { AppSummary, Configuration } from '../../identity-provider/app.ts';
import type { Assignment, Task } from '../../identity-provider/assignment.ts';
import type { BulkJob } from '../../identity-provider/bulk.ts';
import type { DirectoryUser } from '../../identity-provider/directory.ts';
import { attributeOf } from '../../provisioning/attributes.ts';

function text(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

export function showUser({ lastSeenAt, ...user }: DirectoryUser): z.input<typeof userSchema> {
  return { ...user, lastSeenAt: text(lastSeenAt) };
}

export function showAssignment({
  nextAttemptAt,
  changedAt,
  ...assignment
}: Assignment): z.input<typeof assignmentSchema> {
  return { ...assignment, nextAttemptAt: text(nextAttemptAt), changedAt: changedAt.toISOString() };
}

export function showTask({ assignment, requestedBy, requestedAt, changes }: Task): z.input<typeof taskSchema> {
  return {
    assignment: showAssignment(assignment),
    requestedBy,
    requestedAt: requestedAt.toISOString(),
    changes: changes.map((change) => ({ ...change, attribute: attributeOf(change.attribute).label })),
  };
}

export function showApp({ lastSuccessAt, ...app }: AppSummary): z.input<typeof appSchema> {
  return { ...app, lastSuccessAt: text(lastSuccessAt) };
}

export function showConfiguration(configuration: Configuration): z.input<typeof configurationSchema> {
  const { orgId, baseUrl, credentialHint, updateMethod, apiStatus, checks, checkedAt, held } = configuration;
  return { orgId, baseUrl, credentialHint, updateMethod, apiStatus, checks, checkedAt: text(checkedAt), held };
}

export function showJob({ startedAt, finishedAt, ...job }: BulkJob): z.input<typeof bulkJobSchema> {
  return { ...job, startedAt: startedAt.toISOString(), finishedAt: text(finishedAt) };
}
