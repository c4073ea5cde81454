// What an app is to have of a user: our user and the app's abilities in, attributes out. Pure.
// A manager that is not linked at the app yet is left out and joins later; name and e-mail of the manager always go.
// manager.displayName is never sent: it is readOnly (RFC 7643 section 4.3), and strict servers refuse a PATCH of it.

import { type Attributes, enterpriseUser, workspaceUser } from './attributes.ts';

/** What an app told of itself; `undefined` where it told nothing. */
export interface Capabilities {
  patch?: boolean | undefined;
  /** URNs of its schemas. */
  schemas?: readonly string[] | undefined;
}

/** The fields an administrator may type anew for one app. */
export const overridableFields = ['userName', 'email', 'givenName', 'familyName', 'displayName'] as const;
export type OverridableField = (typeof overridableFields)[number];

export interface SourceUser {
  id: string;
  userName: string;
  displayName: string;
  givenName: string;
  familyName: string;
  email: string;
  title: string | null;
  department: string | null;
  employeeType: string | null;
  location: string | null;
  startDate: string | null;
  isSuspended: boolean;
  manager: { displayName: string; email: string; remoteId: string | null } | null;
  /** Typed for this app alone. */
  overrides: Partial<Record<OverridableField, string>>;
}

/** True when the app takes the attributes of this schema; without word from the app, every registered one counts. */
function takes(capabilities: Capabilities, schema: string): boolean {
  if (!capabilities.schemas) return schema !== workspaceUser;
  return capabilities.schemas.some((each) => each.toLowerCase() === schema.toLowerCase());
}

/** @returns the attributes that have a value; empty text counts as none */
export function desiredUser(user: SourceUser, capabilities: Capabilities): Attributes {
  const own = <Field extends OverridableField>(field: Field) => user.overrides[field] ?? user[field];
  const hasWorkspace = takes(capabilities, workspaceUser);
  const hasEnterprise = takes(capabilities, enterpriseUser);
  const all: Record<string, string | boolean | null> = {
    userName: own('userName'),
    externalId: user.id,
    active: !user.isSuspended,
    givenName: own('givenName'),
    familyName: own('familyName'),
    displayName: own('displayName'),
    email: own('email'),
    title: user.title,
    employeeType: user.employeeType,
    department: hasEnterprise ? user.department : null,
    manager: hasEnterprise ? (user.manager?.remoteId ?? null) : null,
    startDate: hasWorkspace ? user.startDate : null,
    location: hasWorkspace ? user.location : null,
    managerEmail: hasWorkspace ? (user.manager?.email ?? null) : null,
    managerDisplayName: hasWorkspace ? (user.manager?.displayName ?? null) : null,
    locality: hasWorkspace ? null : user.location,
  };
  const kept = Object.entries(all).filter((entry): entry is [string, string | boolean] => {
    const [, value] = entry;
    return value !== null && value !== '';
  });
  return Object.fromEntries(kept);
}
