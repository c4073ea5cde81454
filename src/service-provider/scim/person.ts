// A person of the workspace as the screens show them: the ten attributes, the manager as far as known, where each value
// came from. Pure; from a row of the directory.
import { profileOf } from '../../profiles/clients/index.ts';
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { resolvePath } from '../../scim/path.ts';
import { valueAt } from '../../scim/read-resource.ts';
import { enterpriseUserSchema } from '../../scim/schema/enterprise-user.ts';
import { registeredTypes } from '../../scim/schema/registered.ts';
import { workspaceUserSchema } from '../../scim/schema/workspace-user.ts';
import type { DirectoryRow, Provenance } from './directory.ts';
import { shortValue } from './sentence.ts';

const enterprise = enterpriseUserSchema.id;
const workspace = workspaceUserSchema.id;
export const personType = registeredTypes.byName('User')!;
export const teamType = registeredTypes.byName('Group')!;
export const managerKey = `${enterprise}:manager`;

/** The name of the product behind a connection, by the profile it was recognised as; null while nothing has shown it. */
export function productName(profile: string | null): string | null {
  return profileOf(profile)?.name ?? null;
}

export type PersonStatus = 'invited' | 'active' | 'deactivated';

export interface PersonView {
  readonly id: string;
  readonly displayName: string;
  readonly userName: string;
  readonly email: string | null;
  readonly title: string | null;
  readonly teams: { readonly id: string; readonly name: string }[];
  readonly manager: {
    readonly person: { readonly id: string; readonly name: string } | null;
    readonly waitingFor: string | null;
    readonly name: string | null;
    readonly email: string | null;
  };
  readonly employeeType: string | null;
  readonly location: string | null;
  readonly department: string | null;
  readonly startDate: string | null;
  readonly status: PersonStatus;
  readonly source: { readonly kind: 'scim' | 'manual'; readonly client: string | null };
  readonly role: 'owner' | 'admin' | 'member';
  readonly lastSeenAt: string | null;
}

/** A text at a path such as "name.givenName"; null when there is none. */
function textAt(attributes: JsonObject, path: string): string | null {
  const resolved = resolvePath(personType, path);
  if (!resolved?.attribute) return null;
  const found = valueAt(attributes, resolved.container.key, resolved.attribute.name);
  const leaf = resolved.sub && isObject(found) ? found[resolved.sub.name] : found;
  return typeof leaf === 'string' && leaf.trim() !== '' ? leaf : null;
}

function preferred(attributes: JsonObject, name: string): JsonObject | undefined {
  const values: Json[] = Array.isArray(attributes[name]) ? attributes[name] : [];
  const objects = values.filter(isObject);
  return (
    objects.find((each) => each['primary'] === true) ?? objects.find((each) => each['type'] === 'work') ?? objects[0]
  );
}

function emailOf(attributes: JsonObject): string | null {
  const email = preferred(attributes, 'emails')?.['value'];
  if (typeof email === 'string' && email !== '') return email;
  const userName = textAt(attributes, 'userName');
  return userName?.includes('@') ? userName : null;
}

export function displayNameOf(attributes: JsonObject): string {
  const whole = textAt(attributes, 'displayName') ?? textAt(attributes, 'name.formatted');
  const parts = [textAt(attributes, 'name.givenName'), textAt(attributes, 'name.familyName')].filter(
    (part) => part !== null,
  );
  return whole ?? (parts.join(' ') || (textAt(attributes, 'userName') ?? ''));
}

function locationOf(attributes: JsonObject): string | null {
  const address = preferred(attributes, 'addresses');
  const place = address?.['locality'] ?? address?.['formatted'];
  return textAt(attributes, `${workspace}:location`) ?? (typeof place === 'string' && place !== '' ? place : null);
}

export function statusOf(row: Pick<DirectoryRow, 'active' | 'account'>): PersonStatus {
  if (!row.active) return 'deactivated';
  return row.account?.firstSignedInAt ? 'active' : 'invited';
}

export function toPerson(row: DirectoryRow): PersonView {
  const { attributes, account } = row;
  const manager = row.references.find((each) => each.attribute === managerKey);
  const target = manager?.target;
  return {
    id: row.id,
    displayName: displayNameOf(attributes),
    userName: textAt(attributes, 'userName') ?? '',
    email: emailOf(attributes),
    title: textAt(attributes, 'title'),
    teams: row.memberOf.map(({ id, label }) => ({ id, name: label })),
    manager: {
      person: target ? { id: target.id, name: target.label } : null,
      waitingFor: manager && !target ? manager.value : null,
      name: target?.label ?? textAt(attributes, `${workspace}:managerDisplayName`),
      email: (target && emailOf(target.attributes)) ?? textAt(attributes, `${workspace}:managerEmail`),
    },
    employeeType: textAt(attributes, 'userType'),
    location: locationOf(attributes),
    department: textAt(attributes, `${enterprise}:department`),
    startDate: textAt(attributes, `${workspace}:startDate`),
    status: statusOf(row),
    source: { kind: row.connection === null ? 'manual' : 'scim', client: productName(row.client) },
    role: account?.role ?? 'member',
    lastSeenAt: account?.lastSeenAt ?? null,
  };
}

/** The paths that may have supplied each attribute of the screen, the first that has a value first. */
const sources: readonly (readonly [keyof PersonView, readonly string[]])[] = [
  ['displayName', ['displayName', 'name.formatted', 'name.givenName', 'name.familyName', 'userName']],
  ['userName', ['userName']],
  ['email', ['emails', 'userName']],
  ['title', ['title']],
  ['employeeType', ['userType']],
  ['location', [`${workspace}:location`, 'addresses']],
  ['department', [`${enterprise}:department`]],
  ['startDate', [`${workspace}:startDate`]],
];

export interface ProvenanceView {
  readonly attribute: string;
  readonly by: string;
  readonly method: string | null;
  readonly at: string;
  readonly requestId: string | null;
  readonly was: string | null;
}

/** @param here what stands behind an entry when no request of SCIM does */
export function provenanceOf(row: DirectoryRow, here: string): ProvenanceView[] {
  const found = sources.flatMap(([attribute, paths]) => {
    const path = paths.find((each) => hasValue(row.attributes, each));
    const from = path === undefined ? undefined : setBy(row, path);
    return from ? [view(attribute, from, here)] : [];
  });
  const manager = managerSetBy(row);
  const teams = row.memberOf.map((each) => each.setBy).sort((a, b) => (a.at < b.at ? 1 : -1))[0];
  return [
    ...found,
    ...(manager ? [view('manager', manager, here)] : []),
    ...(teams ? [view('teams', teams, here)] : []),
  ];
}

/** A manager is known by reference, or only by the name and e-mail that were sent. */
function managerSetBy(row: DirectoryRow): Provenance | undefined {
  const reference = row.references.find((each) => each.attribute === managerKey);
  const named = `${workspace}:managerDisplayName`;
  return reference?.setBy ?? (hasValue(row.attributes, named) ? setBy(row, named) : undefined);
}

/** What was not set on its own since came with the creation. */
function setBy({ provenance }: DirectoryRow, path: string): Provenance | undefined {
  return provenance[path] ?? provenance[''];
}

function hasValue(attributes: JsonObject, path: string): boolean {
  const resolved = resolvePath(personType, path);
  if (!resolved?.attribute) return false;
  const whole = valueAt(attributes, resolved.container.key, resolved.attribute.name);
  return resolved.sub ? isObject(whole) && whole[resolved.sub.name] !== undefined : whole !== undefined;
}

function view(attribute: string, from: Provenance, here: string): ProvenanceView {
  return {
    attribute,
    by: from.request?.client ?? here,
    method: from.request?.method ?? null,
    at: from.at,
    requestId: from.request?.id ?? null,
    was: from.was === undefined ? null : shortValue(from.was),
  };
}
