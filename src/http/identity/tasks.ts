// Logins and the tasks they make: the form, assigning, approving, skipping, trying again.

import { Refusal } from '../../accounts/refusal.ts';
import type { identityRoutes } from '../../contract/identity.ts';
import { loginForm, readOverrides } from '../../identity-provider/login-form.ts';
import type { SourceUser } from '../../provisioning/desired.ts';
import type { Handlers } from '../api.ts';
import { findApp } from './apps.ts';
import { causeOf, type IdentityApiPorts, readId, readIds } from './ports.ts';
import { showTask } from './shown.ts';

type All = Handlers<typeof identityRoutes>;
type Logins = Pick<All, 'loginForm' | 'assignApp' | 'unassignApp'>;
type Tasks = Pick<All, 'tasks' | 'task' | 'approve' | 'skip' | 'retry'>;

async function findSource(
  ports: IdentityApiPorts,
  tenant: string,
  app: string,
  id: string | undefined,
): Promise<SourceUser> {
  const source = await ports.assignments.source(tenant, app, readId(id, 'user'));
  if (!source) throw new Refusal('not-found', 'There is no such user.');
  return source.user;
}

function refuseBadEmail(email: string | undefined): void {
  if (email === undefined || /^[^\s@]+@[^\s@]+$/.test(email)) return;
  const detail = 'An address such as ada@acme.example.';
  throw new Refusal('invalid-request', detail, { errors: [{ pointer: '/overrides/email', detail }] });
}

function loginHandlers(ports: IdentityApiPorts): Logins {
  return {
    async loginForm({ account, parameters }) {
      const app = await findApp(ports, account.tenant, parameters['app']);
      const user = await findSource(ports, account.tenant, app.id, parameters['id']);
      return loginForm(user, app.configuration.capabilities);
    },
    async assignApp({ account, parameters, body }) {
      const app = await findApp(ports, account.tenant, parameters['app']);
      const user = await findSource(ports, account.tenant, app.id, parameters['id']);
      const overrides = readOverrides(body.overrides, user);
      refuseBadEmail(overrides.email);
      const input = { overrides, maySignIn: body.maySignIn };
      const assignment = await ports.assignments.assign(account.tenant, app, user.id, input, causeOf(ports, account));
      ports.onChange(account.tenant, 'tasks', 'users', 'apps');
      return { assignment };
    },
    async unassignApp({ account, parameters }) {
      const app = await findApp(ports, account.tenant, parameters['app']);
      const user = await findSource(ports, account.tenant, app.id, parameters['id']);
      const isTaken = await ports.assignments.unassign(account.tenant, app.id, user.id, causeOf(ports, account));
      if (!isTaken)
        throw new Refusal(
          'precondition',
          `${user.displayName} has ${app.name} through a role. Take the role, or the app from the role.`,
        );
      ports.onChange(account.tenant, 'tasks', 'users', 'apps');
    },
  };
}

function taskPart(ports: IdentityApiPorts): Tasks {
  const { assignments } = ports;
  return {
    async tasks({ account, query }) {
      if (query.app !== undefined) readId(query.app, 'app');
      const { tasks, counts } = await assignments.tasks(account.tenant, query);
      return { tasks: tasks.map(showTask), counts };
    },
    async task({ account, parameters }) {
      const task = await assignments.task(account.tenant, readId(parameters['id'], 'task'));
      if (!task) throw new Refusal('not-found', 'There is no such task.');
      return showTask(task);
    },
    async approve({ account, body }) {
      const count = await assignments.decide(
        account.tenant,
        readIds(body.ids, 'task'),
        'approved',
        causeOf(ports, account),
      );
      ports.onChange(account.tenant, 'tasks', 'users', 'apps');
      return { count };
    },
    async skip({ account, body }) {
      const count = await assignments.decide(
        account.tenant,
        readIds(body.ids, 'task'),
        'skipped',
        causeOf(ports, account),
      );
      ports.onChange(account.tenant, 'tasks', 'users', 'apps');
      return { count };
    },
    async retry({ account, body }) {
      const count = await assignments.retry(account.tenant, readIds(body.ids, 'task'), causeOf(ports, account));
      ports.onChange(account.tenant, 'tasks', 'users', 'apps');
      return { count };
    },
  };
}

export function taskHandlers(ports: IdentityApiPorts): Logins & Tasks {
  return { ...loginHandlers(ports), ...taskPart(ports) };
}
