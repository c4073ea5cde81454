// Groups and roles of an organization, for its screens.

import { Refusal } from '../../accounts/refusal.ts';
import type { identityRoutes } from '../../contract/identity.ts';
import type { Handlers } from '../api.ts';
import { causeOf, found, type IdentityApiPorts, readId, readIds } from './ports.ts';

type All = Handlers<typeof identityRoutes>;
type GroupPart = Pick<All, 'groups' | 'createGroup' | 'group' | 'updateGroup' | 'deleteGroup'>;
type RolePart = Pick<All, 'roles' | 'createRole' | 'role' | 'updateRole' | 'deleteRole' | 'rolePreview'>;

/** What a change of who has an app would do, in words. */
export function gainSentence({ gained, lost }: { gained: number; lost: number }): string {
  const logins = (count: number) => (count === 1 ? '1 login' : `${count} logins`);
  if (gained === 0 && lost === 0) return 'Nobody gains or loses an app.';
  return [
    ...(gained > 0 ? [`${logins(gained)} will be given.`] : []),
    ...(lost > 0 ? [`${logins(lost)} will be taken away.`] : []),
  ].join(' ');
}

function groupHandlers(ports: IdentityApiPorts): GroupPart {
  const { directory } = ports;
  return {
    async groups({ account }) {
      return { groups: await directory.groups(account.tenant) };
    },
    async createGroup({ account, body }) {
      const id = await directory.createGroup(account.tenant, body.name, causeOf(ports, account));
      ports.onChange(account.tenant, 'users');
      return { id };
    },
    async group({ account, parameters }) {
      const group = await directory.group(account.tenant, readId(parameters['id'], 'group'));
      if (!group) throw new Refusal('not-found', 'There is no such group.');
      return group;
    },
    async updateGroup({ account, parameters, body }) {
      const changes = { name: body.name, members: body.members && readIds(body.members, 'user') };
      const id = readId(parameters['id'], 'group');
      found(await directory.updateGroup(account.tenant, id, changes, causeOf(ports, account)), 'group');
      ports.onChange(account.tenant, 'users', 'tasks');
    },
    async deleteGroup({ account, parameters }) {
      const id = readId(parameters['id'], 'group');
      found(await directory.deleteGroup(account.tenant, id, causeOf(ports, account)), 'group');
      ports.onChange(account.tenant, 'users', 'tasks');
    },
  };
}

function roleHandlers(ports: IdentityApiPorts): RolePart {
  const { directory } = ports;
  return {
    async roles({ account }) {
      return { roles: await directory.roles(account.tenant) };
    },
    async createRole({ account, body }) {
      const id = await directory.createRole(account.tenant, body.name, causeOf(ports, account));
      ports.onChange(account.tenant, 'users');
      return { id };
    },
    async role({ account, parameters }) {
      const role = await directory.role(account.tenant, readId(parameters['id'], 'role'));
      if (!role) throw new Refusal('not-found', 'There is no such role.');
      return role;
    },
    async updateRole({ account, parameters, body }) {
      const changes = {
        name: body.name,
        members: body.members && readIds(body.members, 'user'),
        apps: body.apps && readIds(body.apps, 'app'),
      };
      const id = readId(parameters['id'], 'role');
      found(await directory.updateRole(account.tenant, id, changes, causeOf(ports, account)), 'role');
      ports.onChange(account.tenant, 'users', 'apps', 'tasks');
    },
    async deleteRole({ account, parameters }) {
      const id = readId(parameters['id'], 'role');
      found(await directory.deleteRole(account.tenant, id, causeOf(ports, account)), 'role');
      ports.onChange(account.tenant, 'users', 'apps', 'tasks');
    },
    async rolePreview({ account, parameters, body }) {
      const id = readId(parameters['id'], 'role');
      found((await directory.role(account.tenant, id)) !== undefined, 'role');
      const wanted = {
        members: body.members && readIds(body.members, 'user'),
        apps: body.apps && readIds(body.apps, 'app'),
      };
      const counts = await directory.rolePreview(account.tenant, id, wanted);
      return { sentence: gainSentence(counts), ...counts };
    },
  };
}

export function groupRoleHandlers(ports: IdentityApiPorts): GroupPart & RolePart {
  return { ...groupHandlers(ports), ...roleHandlers(ports) };
}
