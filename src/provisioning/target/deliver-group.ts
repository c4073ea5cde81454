// Carries out what one group needs at one app: the group, its name, its members. Talks to: an app.
// Members are told as differences from what the app confirmed (never read back from the group: many apps do not list
// them), `add members [{value}]` and `remove members[value eq "id"]`, at most 100 a request; a bare `remove members` would
// empty the group at a server that takes the RFC by its letter.

import { isObject, type JsonObject } from '../../scim/json.ts';
import { coreGroup, patchMessage } from '../attributes.ts';
import type { Step } from '../step.ts';
import { DeliveryFailure, detailOf, idOf, pathTo, refuseStrange404, type ScimClient } from './client.ts';
import { equalsFilter, findGroup } from './look-up.ts';

export interface Member {
  person: string;
  remoteId: string;
}

export interface GroupLink {
  remoteId: string;
  displayName: string;
}

export interface GroupWish {
  id: string;
  /** undefined once the group is deleted here. */
  displayName: string | undefined;
  /** Entitled members who have an account at the app. */
  members: readonly Member[];
}

export interface GroupDelivery {
  client: ScimClient;
  group: GroupWish;
  link: GroupLink | undefined;
  confirmed: readonly Member[];
  updateBy: 'PATCH' | 'PUT';
  /** Whether a group that is deleted here is deleted there; otherwise it is left without members. */
  onDelete: 'delete' | 'keep';
  /** Notes what the app has confirmed, part by part, so that a crash repeats little. */
  confirm(remoteId: string, added: readonly Member[], removed: readonly Member[]): Promise<void>;
}

export interface GroupResult {
  link: GroupLink | undefined;
  steps: Step[];
  sentence: string;
  /** `queued`: nothing to send until a member has an account. */
  rest: 'provisioned' | 'deprovisioned' | 'skipped' | 'queued';
}

const chunkSize = 100;

function chunks<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / chunkSize) }, (_, at) =>
    all.slice(at * chunkSize, (at + 1) * chunkSize),
  );
}

/** Links to the group of this name or makes it; undefined when the app has no groups at all. */
async function establish(delivery: GroupDelivery, displayName: string, steps: Step[]): Promise<GroupLink | undefined> {
  const { client } = delivery;
  const found = await findGroup(client, displayName);
  const foundId = idOf(found);
  if (found && foundId !== undefined) {
    steps.push({ name: 'match', state: 'done', fact: `Linked the group ${foundId}, which was there before.` });
    return { remoteId: foundId, displayName: String(found['displayName']) };
  }
  const body: JsonObject = { schemas: [coreGroup], displayName, externalId: delivery.group.id };
  const answer = await client.send('POST', '/Groups', { body, accepted: [404, 405, 409, 501] });
  if (answer.status === 409) {
    const again = idOf(await findGroup(client, displayName));
    if (again === undefined) throw new DeliveryFailure('rejected', detailOf(answer));
    return { remoteId: again, displayName };
  }
  if (answer.status >= 400) return undefined;
  const remoteId = idOf(answer.body) ?? idOf(await findGroup(client, displayName));
  if (remoteId === undefined)
    throw new DeliveryFailure(
      'retry',
      `${client.name} answered ${answer.status}, but the group cannot be found there.`,
    );
  steps.push({ name: 'match', state: 'done', fact: `Created the group, id ${remoteId}.` });
  return { remoteId, displayName };
}

async function putGroup(
  delivery: GroupDelivery,
  link: GroupLink,
  wanted: { displayName: string; members: readonly Member[] },
): Promise<boolean> {
  const path = pathTo('/Groups', link.remoteId);
  const current = await delivery.client.send('GET', path, { accepted: [404] });
  refuseStrange404(delivery.client, current);
  if (current.status === 404 || !current.body) return false;
  const ours = new Set(delivery.confirmed.map(({ remoteId }) => remoteId));
  const listed = Array.isArray(current.body['members']) ? current.body['members'].filter(isObject) : [];
  const foreign = listed.filter((each) => !ours.has(String(each['value'])));
  const wantedIds = new Set(wanted.members.map(({ remoteId }) => remoteId));
  const members = [
    ...foreign.filter((each) => !wantedIds.has(String(each['value']))),
    ...wanted.members.map(({ remoteId }) => ({ value: remoteId })),
  ];
  const { meta: _meta, ...rest } = current.body;
  const answer = await delivery.client.send('PUT', path, {
    body: { ...rest, displayName: wanted.displayName, members },
    accepted: [404],
  });
  return answer.status !== 404;
}

async function patchGroup(client: ScimClient, remoteId: string, operations: JsonObject[]): Promise<boolean> {
  const body = { schemas: [patchMessage], Operations: operations };
  const answer = await client.send('PATCH', pathTo('/Groups', remoteId), { body, accepted: [404] });
  refuseStrange404(client, answer);
  return answer.status !== 404;
}

/** Sends the differences of name and members. False when the group is not there any more. */
async function bring(delivery: GroupDelivery, link: GroupLink, displayName: string): Promise<boolean> {
  const { client, group, confirmed } = delivery;
  const there = new Set(confirmed.map(({ remoteId }) => remoteId));
  const wantedIds = new Set(group.members.map(({ remoteId }) => remoteId));
  const added = group.members.filter(({ remoteId }) => !there.has(remoteId));
  const removed = confirmed.filter(({ remoteId }) => !wantedIds.has(remoteId));
  const isRenamed = link.displayName !== displayName;
  if (added.length === 0 && removed.length === 0 && !isRenamed) return true;
  if (delivery.updateBy === 'PUT') {
    if (!(await putGroup(delivery, link, { displayName, members: group.members }))) return false;
    await delivery.confirm(link.remoteId, added, removed);
    return true;
  }
  if (
    isRenamed &&
    !(await patchGroup(client, link.remoteId, [{ op: 'replace', path: 'displayName', value: displayName }]))
  )
    return false;
  for (const part of chunks(added)) {
    const value = part.map(({ remoteId }) => ({ value: remoteId }));
    if (!(await patchGroup(client, link.remoteId, [{ op: 'add', path: 'members', value }]))) return false;
    await delivery.confirm(link.remoteId, part, []);
  }
  for (const part of chunks(removed)) {
    const operations = part.map(({ remoteId }) => ({
      op: 'remove',
      path: `members[${equalsFilter('value', remoteId)}]`,
    }));
    if (!(await patchGroup(client, link.remoteId, operations))) return false;
    await delivery.confirm(link.remoteId, [], part);
  }
  return true;
}

async function end(delivery: GroupDelivery, link: GroupLink): Promise<GroupResult> {
  const { client, confirmed } = delivery;
  if (delivery.onDelete === 'delete') {
    refuseStrange404(client, await client.send('DELETE', pathTo('/Groups', link.remoteId), { accepted: [404] }));
    await delivery.confirm(link.remoteId, [], confirmed);
    const fact = `Deleted the group ${link.remoteId}.`;
    return {
      link: undefined,
      steps: [{ name: 'action', state: 'done', fact }],
      sentence: `Deleted at ${client.name}`,
      rest: 'deprovisioned',
    };
  }
  await bring(delivery, link, link.displayName);
  const fact = 'The group is left there without our members.';
  return {
    link,
    steps: [{ name: 'action', state: 'done', fact }],
    sentence: `Emptied at ${client.name}`,
    rest: 'deprovisioned',
  };
}

/** @throws {DeliveryFailure} */
export async function deliverGroup(delivery: GroupDelivery): Promise<GroupResult> {
  const { client, group } = delivery;
  const steps: Step[] = [];
  if (group.displayName === undefined) {
    if (delivery.link) return end(delivery, delivery.link);
    return { link: undefined, steps, sentence: `Never was at ${client.name}`, rest: 'deprovisioned' };
  }
  if (!delivery.link && group.members.length === 0) {
    const fact = 'No member has an account there yet.';
    return {
      link: undefined,
      steps: [{ name: 'memberships', state: 'waiting', fact }],
      sentence: fact,
      rest: 'queued',
    };
  }
  const link = delivery.link ?? (await establish(delivery, group.displayName, steps));
  if (!link) {
    const fact = `${client.name} has no groups.`;
    return { link: undefined, steps: [{ name: 'action', state: 'skipped', fact }], sentence: fact, rest: 'skipped' };
  }
  if (!(await bring(delivery, link, group.displayName))) {
    // Gone at the app: what it had confirmed is void, and the next look finds or makes it again.
    await delivery.confirm(link.remoteId, [], delivery.confirmed);
    const again = await establish(delivery, group.displayName, steps);
    if (!again || !(await bring({ ...delivery, confirmed: [] }, again, group.displayName)))
      throw new DeliveryFailure('retry', `The group went away at ${client.name} while it was being filled.`);
    link.remoteId = again.remoteId;
  }
  const count = group.members.length;
  steps.push({ name: 'memberships', state: 'done', fact: `${count} ${count === 1 ? 'member' : 'members'}.` });
  return {
    link: { remoteId: link.remoteId, displayName: group.displayName },
    steps,
    sentence: `${count} ${count === 1 ? 'member' : 'members'} at ${client.name}`,
    rest: 'provisioned',
  };
}
