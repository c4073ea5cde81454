// Bulk operations: who, a role to give, an operation; what it will do, said before; and a job that does it one person at a
// time. Pure. What happens to a person is decided by the same function for the preview and, with fresh facts, for the job.

import type { AccountRole } from '../accounts/account.ts';
import type { Cause, Invitation, Named, UserStatus } from './directory.ts';

export type BulkWho =
  | { kind: 'selected'; users: string[] }
  | { kind: 'everyone' }
  | { kind: 'status'; status: UserStatus }
  | { kind: 'role'; role: string }
  | { kind: 'group'; group: string }
  | { kind: 'emails'; emails: string };

export type BulkOperation = 'activate' | 'activate-invite' | 'invite' | 'suspend' | 'assign-app' | 'remove-app';

export interface BulkRequest {
  who: BulkWho;
  role: string | null;
  operation: BulkOperation;
  app: string | null;
}

export interface BulkPerson {
  id: string;
  name: string;
  userName: string;
  email: string;
  status: UserStatus;
  adminRole: AccountRole;
  roles: string[];
  /** Apps the person is entitled to, and whether directly. */
  apps: { id: string; direct: boolean }[];
}

/** The role and app of a request, found; the role with the apps it gives. */
export interface BulkObjects {
  role: (Named & { apps: Named[] }) | undefined;
  app: Named | undefined;
}

export interface Decision {
  givesRole: boolean;
  /** undefined: the operation does nothing for this person, for `reason`. */
  operation: BulkOperation | undefined;
  sendsMail: boolean;
  reason: string | undefined;
}

function operationFor(request: BulkRequest, person: BulkPerson, actor: string): string | undefined {
  const login = person.apps.find(({ id }) => id === request.app);
  switch (request.operation) {
    case 'activate':
    case 'activate-invite':
    case 'invite':
      if (person.status === 'suspended') return 'is suspended';
      if (person.status === 'active') return 'is active already';
      return undefined;
    case 'suspend':
      if (person.id === actor) return 'is you';
      if (person.adminRole === 'owner') return 'is an owner';
      return person.status === 'suspended' ? 'is suspended already' : undefined;
    case 'assign-app':
      return login?.direct ? 'has the app already' : undefined;
    case 'remove-app':
      if (!login) return 'does not have the app';
      return login.direct ? undefined : 'has the app through a role';
  }
}

/** What is done for one person. @param actor who asks: nobody suspends themselves */
export function decideFor(request: BulkRequest, person: BulkPerson, actor: string): Decision {
  const reason = operationFor(request, person, actor);
  const operation = reason === undefined ? request.operation : undefined;
  return {
    givesRole: request.role !== null && !person.roles.includes(request.role),
    operation,
    sendsMail: operation === 'invite' || operation === 'activate-invite',
    reason,
  };
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

function phrase(request: BulkRequest, count: number, objects: BulkObjects): string | undefined {
  if (count === 0) return undefined;
  const invitations = count === 1 ? '1 invitation' : `${count} invitations`;
  switch (request.operation) {
    case 'activate':
      return `activate ${people(count)}`;
    case 'activate-invite':
      return `activate ${people(count)} and send ${invitations}`;
    case 'invite':
      return `send ${invitations}`;
    case 'suspend':
      return `suspend ${people(count)}`;
    case 'assign-app':
      return `give ${people(count)} the app ${objects.app?.name ?? ''}`;
    case 'remove-app':
      return `take the app ${objects.app?.name ?? ''} from ${people(count)}`;
  }
}

function effectsOf(
  request: BulkRequest,
  decided: readonly { person: BulkPerson; decision: Decision }[],
  objects: BulkObjects,
): string[] {
  const gains = new Map<string, number>();
  const losses = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  let suspended = 0;
  for (const { person, decision } of decided) {
    const given = [
      ...(decision.givesRole ? (objects.role?.apps ?? []) : []),
      ...(decision.operation === 'assign-app' && objects.app ? [objects.app] : []),
    ];
    for (const app of new Map(given.map((each) => [each.id, each])).values())
      if (!person.apps.some(({ id }) => id === app.id)) add(gains, app.name);
    if (decision.operation === 'remove-app' && objects.app) add(losses, objects.app.name);
    if (decision.operation === 'suspend' && person.apps.length > 0) suspended += 1;
  }
  return [
    ...[...gains].map(([name, count]) => `${people(count)} will get an account at ${name}.`),
    ...[...losses].map(([name, count]) => `${people(count)} will lose ${name}.`),
    ...(suspended > 0 ? [`${people(suspended)} will be suspended at the apps they have.`] : []),
    ...(request.operation === 'suspend' && decided.some(({ decision }) => decision.operation)
      ? ['Their sessions end.']
      : []),
  ];
}

/** What a request would do to these people, in words. */
export function previewBulk(request: BulkRequest, persons: readonly BulkPerson[], objects: BulkObjects, actor: string) {
  const decided = persons.map((person) => ({ person, decision: decideFor(request, person, actor) }));
  const acting = decided.filter(({ decision }) => decision.operation !== undefined).length;
  const roles = decided.filter(({ decision }) => decision.givesRole).length;
  const parts = [
    roles > 0 ? `give ${people(roles)} the role ${objects.role?.name ?? ''}` : undefined,
    phrase(request, acting, objects),
  ].filter((part) => part !== undefined);
  const sentence = parts.length === 0 ? 'nothing to do' : parts.join(', ');
  return {
    sentence: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`,
    people: decided.filter(({ decision }) => decision.operation !== undefined || decision.givesRole).length,
    mails: decided.filter(({ decision }) => decision.sendsMail).length,
    skipped: decided
      .filter(({ decision }) => decision.reason !== undefined)
      .map(({ person, decision }) => ({
        name: person.name,
        reason: decision.givesRole ? `${decision.reason}; gets the role only` : (decision.reason ?? ''),
      })),
    effects: effectsOf(request, decided, objects),
  };
}

/** One line each; commas and semicolons part as well. */
export function readAddresses(text: string): { line: number; text: string }[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, at) => line.split(/[,;]/).map((part) => ({ line: at + 1, text: part.trim().toLowerCase() })))
    .filter((entry) => entry.text !== '');
}

export type MailState = 'none' | 'queued' | 'sending' | 'accepted' | 'unconfirmed' | 'failed';

export interface BulkJob {
  id: string;
  sentence: string;
  state: 'running' | 'cancelled' | 'finished';
  startedAt: Date;
  startedBy: string;
  finishedAt: Date | null;
  total: number;
  done: number;
  failed: number;
  skipped: number;
  mails: { accepted: number; waiting: number; unconfirmed: number; failed: number };
}

export interface BulkItem {
  user: Named;
  state: 'waiting' | 'done' | 'failed' | 'skipped';
  note: string | null;
  mail: MailState;
}

export interface BulkStore {
  /** Whom a request names, with what is known of them; lines that name nobody. */
  people(tenant: string, who: BulkWho): Promise<{ persons: BulkPerson[]; unknown: { line: number; text: string }[] }>;
  objects(tenant: string, request: BulkRequest): Promise<BulkObjects>;
  /** Writes job and items in one transaction. */
  start(
    tenant: string,
    job: { request: BulkRequest; sentence: string; persons: readonly string[] },
    cause: Cause,
  ): Promise<string>;
  /**
   * Does the next waiting person of a job, in one transaction. False when there is none left for us.
   * @param invite makes an invitation; called within the transaction, so without effects of its own
   */
  next(
    tenant: string,
    job: string,
    at: Date,
    invite: (person: BulkPerson, reason: string) => Invitation,
  ): Promise<boolean>;
  runningJobs(tenant: string): Promise<string[]>;
  jobs(tenant: string): Promise<BulkJob[]>;
  job(tenant: string, id: string): Promise<{ job: BulkJob; items: BulkItem[] } | undefined>;
  cancel(tenant: string, id: string, at: Date): Promise<boolean>;
  /** Failed items wait again, and the job runs. @returns how many; undefined when there is no such job */
  retry(tenant: string, id: string, at: Date): Promise<number | undefined>;
  /** Queues a mail again that failed or of which nobody knows. False when there is none such. */
  resendMail(tenant: string, job: string, person: string, at: Date): Promise<boolean>;
}
