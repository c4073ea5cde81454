// The organization's users, for its screens: list, one, changes, invitations, and who may administer.

import { randomUUID } from 'node:crypto';
import type { Account } from '../../accounts/account.ts';
import { Refusal } from '../../accounts/refusal.ts';
import type { identityRoutes } from '../../contract/identity.ts';
import type { DirectoryUser, UserAttributes } from '../../identity-provider/directory.ts';
import { createInvitation } from '../../identity-provider/invitation.ts';
import type { Handlers } from '../api.ts';
import { causeOf, found, type IdentityApiPorts, readId, readIds } from './ports.ts';
import { showAssignment, showUser } from './shown.ts';

type Part = Pick<
  Handlers<typeof identityRoutes>,
  | 'users'
  | 'createUser'
  | 'user'
  | 'updateUser'
  | 'deleteUser'
  | 'activateUser'
  | 'suspendUser'
  | 'unsuspendUser'
  | 'inviteUser'
  | 'setUserRoles'
  | 'setUserGroups'
  | 'setAdminRole'
>;

async function findUser(ports: IdentityApiPorts, tenant: string, id: string | undefined): Promise<DirectoryUser> {
  const user = await ports.directory.user(tenant, readId(id, 'user'));
  if (!user) throw new Refusal('not-found', 'There is no such user.');
  return user;
}

/** Nobody locks themselves out, and owners are touched by owners only. */
function refuseLockout(account: Account, user: DirectoryUser, verb: string): void {
  if (user.id === account.person) throw new Refusal('precondition', `You cannot ${verb} yourself. Ask another admin.`);
  if (user.adminRole === 'owner' && account.role !== 'owner')
    throw new Refusal('not-allowed', `Only an owner can ${verb} an owner.`);
}

/** No manager above themselves: a line of managers that came back to its start would have no top. */
async function refuseOwnManager(user: string, manager: string | null | undefined): Promise<void> {
  if (manager === user) {
    const detail = 'Somebody cannot be their own manager.';
    throw new Refusal('invalid-request', detail, { errors: [{ pointer: '/manager', detail }] });
  }
}

async function invite(ports: IdentityApiPorts, account: Account, user: DirectoryUser): Promise<void> {
  const { tenant } = account;
  const cause = causeOf(ports, account);
  const { name } = await ports.organizations.settings(tenant);
  const invitation = createInvitation(
    { name: user.displayName, email: user.email },
    {
      tenant,
      tenantName: name,
      from: account.name,
      publicUrl: ports.publicUrl,
      at: cause.at,
      reason: `invitation ${randomUUID()}`,
    },
  );
  await ports.directory.invite(tenant, user.id, invitation, cause);
  ports.onMail(tenant);
  ports.onChange(tenant, 'users', 'tasks');
}

function readsAndWrites(
  ports: IdentityApiPorts,
): Pick<Part, 'users' | 'createUser' | 'user' | 'updateUser' | 'deleteUser'> {
  const { directory, assignments } = ports;
  return {
    async users({ account, query }) {
      for (const id of [query.role, query.group, query.app]) if (id !== undefined) readId(id, 'filter');
      const { users, total } = await directory.users(account.tenant, query);
      return { users: users.map(showUser), total };
    },
    async createUser({ account, body }) {
      const attributes: UserAttributes = {
        ...{
          userName: body.userName,
          displayName: body.displayName,
          givenName: body.givenName,
          familyName: body.familyName,
        },
        ...{ email: body.email, title: body.title ?? null, department: body.department ?? null },
        ...{
          employeeType: body.employeeType ?? null,
          location: body.location ?? null,
          startDate: body.startDate ?? null,
        },
        manager: body.manager ? readId(body.manager, 'manager') : null,
      };
      const id = await directory.createUser(account.tenant, attributes, causeOf(ports, account));
      ports.onChange(account.tenant, 'users');
      return { id };
    },
    async user({ account, parameters }) {
      const user = await findUser(ports, account.tenant, parameters['id']);
      const [listed, activity] = await Promise.all([
        assignments.assignments(account.tenant, { user: user.id, page: 1, perPage: 200 }),
        assignments.activity(account.tenant, user.id),
      ]);
      return {
        user: showUser(user),
        assignments: listed.assignments.map(showAssignment),
        activity: activity.map(({ at, sentence }) => ({ at: at.toISOString(), sentence })),
      };
    },
    async updateUser({ account, parameters, body }) {
      const { id, adminRole } = await findUser(ports, account.tenant, parameters['id']);
      // Whoever sets these can have the next password link sent to themselves.
      if ((body.email ?? body.userName) !== undefined && adminRole === 'owner' && account.role !== 'owner')
        throw new Refusal('not-allowed', 'Only an owner can change how an owner signs in.');
      if (body.manager) readId(body.manager, 'manager');
      await refuseOwnManager(id, body.manager);
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      found(await directory.updateUser(account.tenant, id, given, causeOf(ports, account)), 'user');
      ports.onChange(account.tenant, 'users', 'tasks');
    },
    async deleteUser({ account, parameters }) {
      const user = await findUser(ports, account.tenant, parameters['id']);
      refuseLockout(account, user, 'delete');
      found(await directory.deleteUser(account.tenant, user.id, causeOf(ports, account)), 'user');
      ports.onChange(account.tenant, 'users', 'tasks');
    },
  };
}

export function userHandlers(ports: IdentityApiPorts): Part {
  const { directory } = ports;
  return {
    ...readsAndWrites(ports),
    async activateUser({ account, parameters, body }) {
      const user = await findUser(ports, account.tenant, parameters['id']);
      if (user.status === 'active') throw new Refusal('precondition', `${user.displayName} is active already.`);
      if (user.status === 'suspended')
        throw new Refusal('precondition', `${user.displayName} is suspended. Lift the suspension first.`);
      if (body.invite) return invite(ports, account, user);
      await directory.setStatus(account.tenant, user.id, 'active', causeOf(ports, account));
      ports.onChange(account.tenant, 'users', 'tasks');
    },
    async suspendUser({ account, parameters }) {
      const user = await findUser(ports, account.tenant, parameters['id']);
      refuseLockout(account, user, 'suspend');
      await directory.setStatus(account.tenant, user.id, 'suspended', causeOf(ports, account));
      ports.onChange(account.tenant, 'users', 'tasks');
    },
    async unsuspendUser({ account, parameters }) {
      const user = await findUser(ports, account.tenant, parameters['id']);
      if (user.status !== 'suspended') throw new Refusal('precondition', `${user.displayName} is not suspended.`);
      const status = user.lastSeenAt === null ? 'not-activated' : 'active';
      await directory.setStatus(account.tenant, user.id, status, causeOf(ports, account));
      ports.onChange(account.tenant, 'users', 'tasks');
    },
    async inviteUser({ account, parameters }) {
      const user = await findUser(ports, account.tenant, parameters['id']);
      if (user.status === 'active')
        throw new Refusal('precondition', `${user.displayName} is active already and needs no invitation.`);
      if (user.status === 'suspended')
        throw new Refusal('precondition', `${user.displayName} is suspended. Lift the suspension first.`);
      await invite(ports, account, user);
    },
    async setUserRoles({ account, parameters, body }) {
      const user = await findUser(ports, account.tenant, parameters['id']);
      await directory.setUserRoles(account.tenant, user.id, readIds(body.roles, 'role'), causeOf(ports, account));
      ports.onChange(account.tenant, 'users', 'tasks', 'apps');
    },
    async setUserGroups({ account, parameters, body }) {
      const user = await findUser(ports, account.tenant, parameters['id']);
      await directory.setUserGroups(account.tenant, user.id, readIds(body.groups, 'group'), causeOf(ports, account));
      ports.onChange(account.tenant, 'users', 'tasks');
    },
    async setAdminRole({ account, parameters, body }) {
      const user = await findUser(ports, account.tenant, parameters['id']);
      if (user.id === account.person) throw new Refusal('precondition', 'Your own role is changed by another owner.');
      await directory.setAdminRole(account.tenant, user.id, body.role, causeOf(ports, account));
      ports.onChange(account.tenant, 'users');
    },
  };
}
