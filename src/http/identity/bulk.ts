// Bulk operations: what one would do, starting it, its jobs.

import type { Account } from '../../accounts/account.ts';
import { Refusal } from '../../accounts/refusal.ts';
import type { BulkBody, identityRoutes } from '../../contract/identity.ts';
import { type BulkRequest, previewBulk } from '../../identity-provider/bulk.ts';
import type { Handlers } from '../api.ts';
import { causeOf, found, type IdentityApiPorts, readId, readIds } from './ports.ts';
import { showJob } from './shown.ts';

type Part = Pick<
  Handlers<typeof identityRoutes>,
  'bulkPreview' | 'startBulk' | 'bulkJobs' | 'bulkJob' | 'cancelBulk' | 'retryBulk' | 'resendBulkMail'
>;

function refuse(pointer: string, detail: string): never {
  throw new Refusal('invalid-request', detail, { errors: [{ pointer, detail }] });
}

function checkIds({ who, role, app, operation }: BulkBody): BulkRequest {
  if (who.kind === 'selected') readIds(who.users, 'user');
  if (who.kind === 'role') readId(who.role, 'role');
  if (who.kind === 'group') readId(who.group, 'group');
  const needsApp = operation === 'assign-app' || operation === 'remove-app';
  if (needsApp && app === null) refuse('/app', 'Choose the app.');
  return {
    who,
    role: role === null ? null : readId(role, 'role'),
    operation,
    app: needsApp ? readId(app ?? undefined, 'app') : null,
  };
}

async function plan(ports: IdentityApiPorts, account: Account, body: BulkBody) {
  const request = checkIds(body);
  const [{ persons, unknown }, objects] = await Promise.all([
    ports.bulk.people(account.tenant, request.who),
    ports.bulk.objects(account.tenant, request),
  ]);
  if (request.role !== null && !objects.role) refuse('/role', 'There is no such role.');
  if (request.app !== null && !objects.app) refuse('/app', 'There is no such app.');
  return { request, persons, preview: { ...previewBulk(request, persons, objects, account.person), unknown } };
}

export function bulkHandlers(ports: IdentityApiPorts): Part {
  const { bulk } = ports;
  return {
    async bulkPreview({ account, body }) {
      return (await plan(ports, account, body)).preview;
    },
    async startBulk({ account, body }) {
      const { request, persons, preview } = await plan(ports, account, body);
      if (preview.people === 0) throw new Refusal('precondition', 'There is nobody for whom this would do anything.');
      const job = { request, sentence: preview.sentence, persons: persons.map(({ id }) => id) };
      const id = await bulk.start(account.tenant, job, causeOf(ports, account));
      ports.onChange(account.tenant, 'jobs');
      return { id };
    },
    async bulkJobs({ account }) {
      return { jobs: (await bulk.jobs(account.tenant)).map(showJob) };
    },
    async bulkJob({ account, parameters }) {
      const read = await bulk.job(account.tenant, readId(parameters['id'], 'job'));
      if (!read) throw new Refusal('not-found', 'There is no such job.');
      return { job: showJob(read.job), items: read.items };
    },
    async cancelBulk({ account, parameters }) {
      found(await bulk.cancel(account.tenant, readId(parameters['id'], 'job'), ports.now()), 'running job');
      ports.onChange(account.tenant, 'jobs');
    },
    async retryBulk({ account, parameters }) {
      const count = await bulk.retry(account.tenant, readId(parameters['id'], 'job'), ports.now());
      if (count === undefined) throw new Refusal('not-found', 'There is no such job.');
      ports.onChange(account.tenant, 'jobs');
      return { count };
    },
    async resendBulkMail({ account, parameters }) {
      const job = readId(parameters['id'], 'job');
      const isQueued = await bulk.resendMail(account.tenant, job, readId(parameters['user'], 'user'), ports.now());
      found(isQueued, 'mail to send again');
      ports.onMail(account.tenant);
      ports.onChange(account.tenant, 'jobs');
    },
  };
}
