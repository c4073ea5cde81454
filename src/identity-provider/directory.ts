// The organization's people, teams ("groups" on the screens) and roles, and what the domain asks of a store for them.
// Every write names who asked, because each of them may set provisioning in motion: the store touches the subjects the
// write concerns in the same transaction. Pure.

import type { AccountRole, MailDraft } from '../accounts/account.ts';

export type UserStatus = 'not-activated' | 'invited' | 'active' | 'suspended';

export interface Named {
  id: string;
  name: string;
}

export interface UserAttributes {
  userName: string;
  displayName: string;
  givenName: string;
  familyName: string;
  email: string;
  title: string | null;
  department: string | null;
  employeeType: string | null;
  location: string | null;
  /** RFC 3339 full-date. */
  startDate: string | null;
  /** Another user of the organization. */
  manager: string | null;
}

export interface DirectoryUser extends Omit<UserAttributes, 'manager'> {
  id: string;
  manager: Named | null;
  managerEmail: string | null;
  groups: Named[];
  roles: Named[];
  /** Apps the user is entitled to. */
  apps: number;
  adminRole: AccountRole;
  status: UserStatus;
  lastSeenAt: Date | null;
}

/** Who asks and when: part of every write. */
export interface Cause {
  person: string;
  name: string;
  at: Date;
}

/** A link to come in and the mail that carries it, made for one person. */
export interface Invitation {
  digest: Buffer;
  at: Date;
  expiresAt: Date;
  mail: MailDraft;
}

export interface UserQuery {
  search: string;
  status?: UserStatus | undefined;
  role?: string | undefined;
  group?: string | undefined;
  app?: string | undefined;
  page: number;
  perPage: number;
}

export interface DirectoryStore {
  users(tenant: string, query: UserQuery): Promise<{ users: DirectoryUser[]; total: number }>;
  user(tenant: string, id: string): Promise<DirectoryUser | undefined>;
  /** @throws Refusal `conflict` when the user name is taken */
  createUser(tenant: string, attributes: UserAttributes, cause: Cause): Promise<string>;
  updateUser(tenant: string, id: string, changes: Partial<UserAttributes>, cause: Cause): Promise<boolean>;
  /** Marks as deleted, ends sessions, leaves teams and roles. */
  deleteUser(tenant: string, id: string, cause: Cause): Promise<boolean>;
  setStatus(tenant: string, id: string, status: UserStatus, cause: Cause): Promise<boolean>;
  /** The user becomes *Invited*; the link and its mail are written with it. */
  invite(tenant: string, id: string, invitation: Invitation, cause: Cause): Promise<boolean>;
  setAdminRole(tenant: string, id: string, role: AccountRole, cause: Cause): Promise<boolean>;
  setUserRoles(tenant: string, id: string, roles: readonly string[], cause: Cause): Promise<boolean>;
  setUserGroups(tenant: string, id: string, groups: readonly string[], cause: Cause): Promise<boolean>;

  groups(tenant: string): Promise<(Named & { members: number })[]>;
  group(tenant: string, id: string): Promise<(Named & { members: Named[] }) | undefined>;
  createGroup(tenant: string, name: string, cause: Cause): Promise<string>;
  updateGroup(
    tenant: string,
    id: string,
    changes: { name?: string | undefined; members?: readonly string[] | undefined },
    cause: Cause,
  ): Promise<boolean>;
  deleteGroup(tenant: string, id: string, cause: Cause): Promise<boolean>;

  roles(tenant: string): Promise<(Named & { isDefault: boolean; members: number; apps: Named[] })[]>;
  role(
    tenant: string,
    id: string,
  ): Promise<(Named & { isDefault: boolean; members: Named[]; apps: Named[] }) | undefined>;
  createRole(tenant: string, name: string, cause: Cause): Promise<string>;
  updateRole(
    tenant: string,
    id: string,
    changes: {
      name?: string | undefined;
      members?: readonly string[] | undefined;
      apps?: readonly string[] | undefined;
    },
    cause: Cause,
  ): Promise<boolean>;
  deleteRole(tenant: string, id: string, cause: Cause): Promise<boolean>;
  /** How many logins a role with these members and apps would give and take, compared with now. */
  rolePreview(
    tenant: string,
    id: string,
    wanted: { members?: readonly string[] | undefined; apps?: readonly string[] | undefined },
  ): Promise<{ gained: number; lost: number }>;
}
