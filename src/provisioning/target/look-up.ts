// Finding an account or group at the app by an exact filter (RFC 7644 section 3.4.2). Talks to: an app.
// Pages are followed to the end and every hit is compared here again: some apps ignore filters, some ignore startIndex,
// some answer short pages. "Nobody" is only ever said after an answer that is empty on purpose.

import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { type Answer, DeliveryFailure, idOf, refuseStrange404, type ScimClient } from './client.ts';

const mostPages = 200;

/** A filter's comparison, escaped as a JSON string (RFC 7644 section 3.4.2.2). */
export function equalsFilter(attribute: string, value: string): string {
  return `${attribute} eq ${JSON.stringify(value)}`;
}

export function listPath(endpoint: '/Users' | '/Groups', filter: string, startIndex: number): string {
  return `${endpoint}?filter=${encodeURIComponent(filter)}&startIndex=${startIndex}&count=100`;
}

interface Page {
  resources: JsonObject[];
  total: number;
}

function readPage(answer: Answer, name: string): Page {
  const list = answer.body?.['Resources'] ?? answer.body?.['resources'];
  const total = Number(answer.body?.['totalResults'] ?? Number.NaN);
  const isList = Array.isArray(list) || total === 0;
  if (!isList) throw new DeliveryFailure('retry', `${name} answered a search with something that is not a SCIM list.`);
  const resources = (Array.isArray(list) ? list : []).filter(isObject);
  return { resources, total: Number.isNaN(total) ? resources.length : total };
}

/**
 * Every resource for which `matches` holds; undefined when the app does not know this filter.
 * @throws {DeliveryFailure}
 */
async function search(
  client: ScimClient,
  endpoint: '/Users' | '/Groups',
  filter: string,
  matches: (resource: JsonObject) => boolean,
): Promise<JsonObject[] | undefined> {
  const found = new Map<string, JsonObject>();
  const seen = new Set<string>();
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await client.send('GET', listPath(endpoint, filter, seen.size + 1), { accepted: [400, 404, 501] });
    refuseStrange404(client, answer);
    if (answer.status === 404) break;
    if (answer.status === 400 || answer.status === 501) return undefined;
    const { resources, total } = readPage(answer, client.name);
    const before = seen.size;
    for (const resource of resources) {
      const id = idOf(resource);
      if (id === undefined) continue;
      seen.add(id);
      if (matches(resource)) found.set(id, resource);
    }
    if (seen.size === before || seen.size >= total) break;
  }
  return [...found.values()];
}

function sameText(value: Json | undefined, wanted: string): boolean {
  return String(value ?? '').toLowerCase() === wanted.toLowerCase();
}

function hasEmail(resource: JsonObject, wanted: string): boolean {
  const emails = resource['emails'];
  return Array.isArray(emails) && emails.some((each) => isObject(each) && sameText(each['value'], wanted));
}

function onlyOne(client: ScimClient, found: JsonObject[], what: string): JsonObject | undefined {
  if (found.length > 1) {
    throw new DeliveryFailure(
      'rejected',
      `${client.name} has ${found.length} accounts with ${what}. Which one is meant cannot be told; leave one of them there.`,
    );
  }
  return found[0];
}

export interface UserKeys {
  externalId: string;
  userName: string;
  /** Looked up only where the app says that somebody is there. */
  email?: string | undefined;
}

/** The account at the app: by externalId, then userName, then (given one) e-mail. */
export async function findUser(
  client: ScimClient,
  keys: UserKeys,
): Promise<{ resource: JsonObject; by: string } | undefined> {
  const byId = await search(
    client,
    '/Users',
    equalsFilter('externalId', keys.externalId),
    (each) => each['externalId'] === keys.externalId,
  );
  const first = onlyOne(client, byId ?? [], 'the same external id');
  if (first) return { resource: first, by: 'external id' };
  const byName = await search(client, '/Users', equalsFilter('userName', keys.userName), (each) =>
    sameText(each['userName'], keys.userName),
  );
  if (!byId && !byName)
    throw new DeliveryFailure(
      'rejected',
      `${client.name} finds nobody by external id or user name: it refuses both filters.`,
    );
  const second = onlyOne(client, byName ?? [], `the user name ${keys.userName}`);
  if (second) return { resource: second, by: 'user name' };
  const { email } = keys;
  if (email === undefined) return undefined;
  const byEmail = await search(client, '/Users', equalsFilter('emails.value', email), (each) => hasEmail(each, email));
  const third = onlyOne(client, byEmail ?? [], `the e-mail ${email}`);
  return third && { resource: third, by: 'e-mail' };
}

/** The account that carries our id, whatever it is called there. */
export async function findUserByExternalId(client: ScimClient, externalId: string): Promise<JsonObject | undefined> {
  const found = await search(
    client,
    '/Users',
    equalsFilter('externalId', externalId),
    (each) => each['externalId'] === externalId,
  );
  return onlyOne(client, found ?? [], 'the same external id');
}

export async function findGroup(client: ScimClient, displayName: string): Promise<JsonObject | undefined> {
  const found = await search(client, '/Groups', equalsFilter('displayName', displayName), (each) =>
    sameText(each['displayName'], displayName),
  );
  if ((found?.length ?? 0) > 1)
    throw new DeliveryFailure('rejected', `${client.name} has ${found?.length} groups named ${displayName}.`);
  return found?.[0];
}
