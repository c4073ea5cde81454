// Carries out the plan for one user at one app: match, act, verify. Talks to: an app.
// Exactly one account comes of it however often it runs: before a creation it looks up, a 409 is looked up again and the
// account adopted, and a create whose answer was lost is found by its external id the next time.

import type { JsonObject } from '../../scim/json.ts';
import {
  type Attributes,
  differences,
  mergeForPut,
  patchMessage,
  patchOperations,
  readAttributes,
  toResource,
} from '../attributes.ts';
import type { Link, Plan } from '../plan.ts';
import type { Step } from '../step.ts';
import { DeliveryFailure, detailOf, idOf, pathTo, refuseStrange404, type ScimClient } from './client.ts';
import { findUser, findUserByExternalId } from './look-up.ts';

export interface UserDelivery {
  client: ScimClient;
  plan: Plan;
  link: Link | undefined;
  externalId: string;
  updateBy: 'PATCH' | 'PUT';
  /** Whose account it is already, among our own people; undefined when nobody's. */
  ownerOf(remoteId: string): Promise<string | undefined>;
}

export interface UserResult {
  /** undefined when there is no account (any more). */
  link: Link | undefined;
  steps: Step[];
  sentence: string;
}

async function claimMatch(delivery: UserDelivery, resource: JsonObject): Promise<string> {
  const remoteId = idOf(resource);
  if (remoteId === undefined)
    throw new DeliveryFailure('retry', `${delivery.client.name} listed an account without an id.`);
  const owner = await delivery.ownerOf(remoteId);
  if (owner !== undefined)
    throw new DeliveryFailure(
      'rejected',
      `The account found at ${delivery.client.name} belongs to ${owner} here. Give one of them another user name.`,
    );
  return remoteId;
}

/** Brings an account from `before` to `after`. False when the app says that it is not there. */
async function change(
  delivery: UserDelivery,
  remoteId: string,
  before: Attributes,
  after: Attributes,
): Promise<boolean> {
  const { client } = delivery;
  const changes = differences(before, after);
  if (changes.length === 0) return true;
  const path = pathTo('/Users', remoteId);
  if (delivery.updateBy === 'PATCH') {
    const body = { schemas: [patchMessage], Operations: patchOperations(changes, after) };
    const answer = await client.send('PATCH', path, { body, accepted: [404, 405, 501] });
    refuseStrange404(client, answer);
    if (answer.status === 404) return false;
    if (answer.status !== 405 && answer.status !== 501) return true;
  }
  const current = await client.send('GET', path, { accepted: [404] });
  refuseStrange404(client, current);
  if (current.status === 404) return false;
  if (!current.body)
    throw new DeliveryFailure('retry', `${client.name} answered something that is not a SCIM resource.`);
  const put = await client.send('PUT', path, { body: mergeForPut(current.body, before, after), accepted: [404] });
  refuseStrange404(client, put);
  return put.status !== 404;
}

async function create(delivery: UserDelivery, wanted: Attributes, steps: Step[]): Promise<UserResult> {
  const { client } = delivery;
  const keys = { externalId: delivery.externalId, userName: String(wanted['userName']) };
  const found = await findUser(client, keys);
  if (found) return adopt(delivery, found, wanted, steps);
  steps.push({ name: 'match', state: 'done', fact: `Nobody at ${client.name} has this external id or user name.` });
  const answer = await client.send('POST', '/Users', { body: toResource(wanted), accepted: [409] });
  if (answer.status === 409) {
    const again = await findUser(client, {
      ...keys,
      email: wanted['email'] === undefined ? undefined : String(wanted['email']),
    });
    if (!again) throw new DeliveryFailure('rejected', detailOf(answer));
    return adopt(delivery, again, wanted, steps.slice(0, -1));
  }
  // Some apps answer a creation with an empty body or with a page of their own.
  const remoteId = idOf(answer.body) ?? idOf((await findUser(client, keys))?.resource);
  if (remoteId === undefined)
    throw new DeliveryFailure(
      'retry',
      `${client.name} answered ${answer.status}, but the account cannot be found there.`,
    );
  steps.push({ name: 'action', state: 'done', fact: `Created as ${wanted['userName']}, id ${remoteId}.` });
  return {
    link: { remoteId, delivered: wanted },
    steps,
    sentence: `Created at ${client.name} as ${wanted['userName']}`,
  };
}

async function adopt(
  delivery: UserDelivery,
  found: { resource: JsonObject; by: string },
  wanted: Attributes,
  steps: Step[],
): Promise<UserResult> {
  const { client } = delivery;
  const remoteId = await claimMatch(delivery, found.resource);
  const before = readAttributes(found.resource);
  if (!(await change(delivery, remoteId, before, wanted)))
    throw new DeliveryFailure(
      'retry',
      `The account ${remoteId} went away at ${client.name} while it was being linked.`,
    );
  const count = differences(before, wanted).length;
  const fact = `Linked the account ${remoteId}, which was there before (by ${found.by}).`;
  const did = count === 0 ? 'Nothing differed.' : `Updated ${count} ${count === 1 ? 'attribute' : 'attributes'}.`;
  return {
    link: { remoteId, delivered: wanted },
    steps: [...steps, { name: 'match', state: 'done', fact }, { name: 'action', state: 'done', fact: did }],
    sentence: `Linked at ${client.name} as ${wanted['userName']}`,
  };
}

const past = { update: 'Updated', reactivate: 'Reactivated', suspend: 'Suspended' } as const;

async function update(
  delivery: UserDelivery,
  link: Link,
  wanted: Attributes,
  intent: keyof typeof past,
): Promise<UserResult> {
  const { client } = delivery;
  const steps: Step[] = [{ name: 'match', state: 'done', fact: `Linked to ${link.remoteId}.` }];
  if (await change(delivery, link.remoteId, link.delivered, wanted)) {
    const names = differences(link.delivered, wanted).length;
    steps.push({
      name: 'action',
      state: 'done',
      fact: `${past[intent]}: ${names} ${names === 1 ? 'attribute' : 'attributes'}.`,
    });
    return {
      link: { remoteId: link.remoteId, delivered: wanted },
      steps,
      sentence: `${past[intent]} at ${client.name}`,
    };
  }
  return replaceLost(delivery, link, wanted, intent);
}

/** The app says the account is not there: look again, and create only after an empty answer, for whoever is entitled. */
async function replaceLost(
  delivery: UserDelivery,
  link: Link,
  wanted: Attributes,
  intent: keyof typeof past,
): Promise<UserResult> {
  const { client } = delivery;
  const lost: Step = {
    name: 'match',
    state: 'done',
    fact: `${client.name} says that ${link.remoteId} is not there any more.`,
  };
  if (intent !== 'suspend') return create(delivery, wanted, [lost]);
  const found = await findUserByExternalId(client, delivery.externalId);
  if (found)
    return adopt(delivery, { resource: found, by: 'external id' }, { ...readAttributes(found), active: false }, [lost]);
  return { link: undefined, steps: [lost], sentence: `Already gone at ${client.name}` };
}

/** Somebody who has no link, and perhaps an account we never heard of. */
async function endUnheard(delivery: UserDelivery): Promise<UserResult> {
  const { client, plan } = delivery;
  const found = await findUserByExternalId(client, delivery.externalId);
  const remoteId = idOf(found);
  if (!found || remoteId === undefined) {
    const fact = `Nobody at ${client.name} has this external id.`;
    return {
      link: undefined,
      steps: [{ name: 'match', state: 'done', fact }],
      sentence: `Never was at ${client.name}`,
    };
  }
  const link = { remoteId, delivered: readAttributes(found) };
  if (plan.intent === 'delete') return remove(delivery, link);
  return update(delivery, link, { ...link.delivered, active: false }, 'suspend');
}

async function remove(delivery: UserDelivery, link: Link): Promise<UserResult> {
  const { client } = delivery;
  const answer = await client.send('DELETE', pathTo('/Users', link.remoteId), { accepted: [404] });
  refuseStrange404(client, answer);
  const fact = answer.status === 404 ? 'It was gone already.' : `Deleted ${link.remoteId}.`;
  return { link: undefined, steps: [{ name: 'action', state: 'done', fact }], sentence: `Deleted at ${client.name}` };
}

/** Reads the account back and says what the app keeps otherwise. An access that is not gone is a failure, not a fact. */
async function verify(delivery: UserDelivery, result: UserResult): Promise<Step> {
  const { client } = delivery;
  if (!result.link) return { name: 'verify', state: 'skipped', fact: 'There is nothing to read back.' };
  const answer = await client.send('GET', pathTo('/Users', result.link.remoteId), { accepted: [404] });
  if (answer.status === 404)
    throw new DeliveryFailure('retry', `${client.name} does not show the account after answering with success.`);
  if (!answer.body)
    throw new DeliveryFailure('retry', `${client.name} answered something that is not a SCIM resource.`);
  const kept = readAttributes(answer.body);
  if (kept['active'] !== result.link.delivered['active']) {
    const wish = result.link.delivered['active'] ? 'active' : 'inactive';
    throw new DeliveryFailure(
      'rejected',
      `${client.name} answered with success, but the account is not ${wish} there.`,
    );
  }
  const others = differences(result.link.delivered, kept).map(({ attribute }) => attribute);
  const fact =
    others.length === 0 ? 'Read back: all as sent.' : `Read back: ${client.name} keeps its own ${others.join(', ')}.`;
  return { name: 'verify', state: 'done', fact };
}

async function act(delivery: UserDelivery): Promise<UserResult> {
  const { plan, link } = delivery;
  const { intent, wanted } = plan;
  if (intent === 'none')
    return {
      link,
      steps: [{ name: 'action', state: 'skipped', fact: 'Nothing differs.' }],
      sentence: 'Nothing to change',
    };
  if (intent === 'create' && wanted) return create(delivery, wanted, []);
  if (!link) return endUnheard(delivery);
  if (intent === 'delete' || !wanted) return remove(delivery, link);
  return update(delivery, link, wanted, intent === 'create' ? 'update' : intent);
}

/** @throws {DeliveryFailure} */
export async function deliverUser(delivery: UserDelivery): Promise<UserResult> {
  const result = await act(delivery);
  if (delivery.plan.intent === 'none') return result;
  return { ...result, steps: [...result.steps, await verify(delivery, result)] };
}
