// What is wrong with a credential or an address, both ends real: a wrong token, a wrong OrgID, a token revoked half way
// through, SCIM disabled in the middle, a body that is too large.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createScimToken, tokenHint } from '../../../src/secrets/scim-token.ts';
import { type Server, startServer } from '../../server.ts';
import { until } from '../../until.ts';
import { type Pair, peopleOf, send, signedOnPair, standing, userId, withoutApprovals } from '../api.ts';
import { behind, openProxy, type SpoilingProxy } from './proxy.ts';

let proxy: SpoilingProxy;
let server: Server;
let pair: Pair;
beforeAll(async () => {
  proxy = await openProxy();
  server = await startServer(behind(proxy));
  pair = await signedOnPair({ workspace: server, identity: server });
});
afterAll(async () => {
  await server.remove();
  await proxy.close();
});

const app = () => pair.identity('app', { parameters: { id: pair.app } });
const enable = (orgId: string, credential: string) =>
  pair.identity('enableApi', { parameters: { id: pair.app }, body: { orgId, credential } });
const failing = ({ checks }: Awaited<ReturnType<typeof enable>>) => checks.find(({ passed }) => passed === false);

it('a wrong token fails the credential’s check at Enable, and the workspace’s log has the 401 with its hint', async () => {
  await pair.workspace('enableScim');
  const wrong = createScimToken();
  const answer = await enable('acme', wrong);
  expect(answer).toMatchObject({ apiStatus: 'disabled', credentialHint: null });
  expect(failing(answer)).toMatchObject({
    name: 'credential',
    sentence: expect.stringMatching(/does not accept the credential \(401\)\..*Make a new one on the SCIM card/),
  });
  expect((await app()).configuration).toMatchObject({ apiStatus: 'disabled', checks: answer.checks });
  const { requests } = await pair.workspace('requests', { query: { result: 'refused' } });
  expect(requests[0]).toMatchObject({ status: 401, outcome: 'refused' });
  const detail = await pair.workspace('request', { parameters: { id: requests[0]?.id ?? '' } });
  expect(detail.tokenHint).toBe(tokenHint(wrong));
  expect(JSON.stringify(detail)).not.toContain(wrong);
  const { card } = await pair.workspace('scim');
  expect(card).toMatchObject({ state: 'attention', attention: expect.stringContaining(tokenHint(wrong)) });
});

it('a wrong OrgID fails, and the sentence says to check the workspace in the base URL', async () => {
  const { tokens } = await pair.workspace('scim');
  for (const { id } of tokens) await pair.workspace('revokeToken', { parameters: { id } });
  const { token } = await pair.workspace('createToken');
  const answer = await enable('acmee', token);
  expect(answer.apiStatus).toBe('disabled');
  expect(failing(answer)).toMatchObject({
    name: 'credential',
    sentence: expect.stringContaining('check the workspace in the base URL'),
  });
  expect(await enable('acme', token)).toMatchObject({ apiStatus: 'enabled', orgId: 'acme' });
  await pair.identity('saveProvisioning', { parameters: { id: pair.app }, body: withoutApprovals });
});

it('a body of 1 MB is judged by SCIM in words, one beyond the limit refused, and the admin API answers 413', async () => {
  const { token } = await pair.workspace('createToken');
  const user = (title: string) =>
    JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: `${randomUUID()}@acme.example`,
      active: false,
      title,
    });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const url = `${pair.origins.workspace}/acme/scim/v2/Users`;
  const large = await send('POST', url, { headers, body: user('x'.repeat(1_000_000)) });
  expect([201, 400, 413]).toContain(large.status);
  if (large.status !== 201)
    expect(JSON.parse(large.body)).toMatchObject({ detail: expect.stringMatching(/\w \w+.*\./) });
  const larger = await send('POST', url, { headers, body: user('x'.repeat(6_000_000)) });
  expect(larger.status).toBe(413);
  expect(JSON.parse(larger.body)).toMatchObject({ detail: expect.stringContaining('larger than 5 MiB') });
  for (const call of [
    () => pair.identity('createGroup', { body: { name: 'x'.repeat(2_000_000) } }),
    () => pair.workspace('updateSettings', { body: { name: 'x'.repeat(2_000_000) } }),
  ]) {
    await expect(call()).rejects.toMatchObject({ status: 413, message: 'The body is larger than 1 MiB.' });
  }
});

const everybody = { who: { kind: 'everyone' }, operation: 'assign-app' };
const counts = async () => (await app()).app.counts;
/** Nothing goes out any more: whoever still moves has an account and waits for a group that is held. */
async function stillness() {
  const { tasks } = await pair.identity('tasks');
  const moving = tasks
    .map(({ assignment }) => assignment)
    .filter(({ status }) => !['held', 'skipped'].includes(status));
  const isStill = moving.every(({ steps }) =>
    steps.some(({ name, state }) => name === 'memberships' && state === 'waiting'),
  );
  const seen = await app();
  return isStill && seen.configuration.held !== null && seen.app.counts.held > 0 ? seen : undefined;
}
const provisioned = (count: number) => until(counts, (all) => all.provisioned === count);

it('a token revoked half way holds the app in words; a new one saved with Replace lets everything go on', async () => {
  const { tokens } = await pair.workspace('scim');
  const live = tokens.filter(({ revokedAt }) => revokedAt === null);
  let created = 0;
  let revoked: Promise<unknown> | undefined;
  proxy.spoil = ({ method, path }) => {
    if (method === 'POST' && path.endsWith('/Users')) created += 1;
    if (created === 15 && !revoked)
      revoked = Promise.all(live.map(({ id }) => pair.workspace('revokeToken', { parameters: { id } })));
    return undefined;
  };
  await pair.identity('startBulk', { body: { ...everybody, app: pair.app } });
  const held = await until(stillness);
  expect(held?.app).toMatchObject({ apiStatus: 'failing' });
  expect(held?.configuration.held).toMatch(/^Acme workspace does not accept the credential\. .*revoked/);
  const { tasks, counts: open } = await pair.identity('tasks', { query: { status: 'held' } });
  expect(open.held).toBe(tasks.length);
  expect(tasks.length).toBeGreaterThan(0);
  const { held: onDashboard } = await pair.identity('dashboard');
  expect(onDashboard).toMatchObject([{ app: { id: pair.app }, reason: held?.configuration.held }]);
  const { token } = await pair.workspace('createToken');
  const replaced = await pair.identity('saveConfiguration', {
    parameters: { id: pair.app },
    body: { credential: token },
  });
  expect(replaced).toMatchObject({ apiStatus: 'enabled', held: null });
  await provisioned(41);
  expect(await counts()).toMatchObject({ held: 0, failed: 0, moving: 0 });
  expect((await peopleOf(pair)).size).toBeGreaterThanOrEqual(41);
});

it('a refusal that comes after its credential was replaced says nothing of the new one', async () => {
  const id = await userId(pair.identity, 'emil.nowak');
  let replaced: Promise<unknown> | undefined;
  proxy.spoil = async ({ method, isScim }) => {
    if (!isScim || method !== 'PATCH' || replaced) return undefined;
    const { tokens } = await pair.workspace('scim');
    const { token } = await pair.workspace('createToken');
    replaced = pair.identity('saveConfiguration', { parameters: { id: pair.app }, body: { credential: token } });
    await replaced;
    for (const { id: old } of tokens) await pair.workspace('revokeToken', { parameters: { id: old } });
    return { answer: { status: 401 } };
  };
  await pair.identity('updateUser', { parameters: { id }, body: { title: 'Head of accounts' } });
  await until(async () => (await peopleOf(pair)).get('emil.nowak@acme.example')?.title === 'Head of accounts');
  await until(
    () => standing(pair, id),
    (row) => row?.status === 'provisioned',
  );
  expect((await app()).configuration).toMatchObject({ apiStatus: 'enabled', held: null });
});

it('SCIM disabled in the middle of a bulk assignment and enabled again: the same people, no twins', async () => {
  const before = await peopleOf(pair);
  let changed = 0;
  let disabled: Promise<unknown> | undefined;
  await pair.identity('startBulk', { body: { who: { kind: 'everyone' }, operation: 'remove-app', app: pair.app } });
  await until(counts, (all) => all.provisioned === 0 && all.moving === 0);
  proxy.spoil = ({ method }) => {
    if (method === 'PATCH') changed += 1;
    if (changed === 15 && !disabled) disabled = pair.workspace('disableScim', { body: { reason: 'a test' } });
    return undefined;
  };
  await pair.identity('startBulk', { body: { ...everybody, app: pair.app } });
  const held = await until(stillness);
  expect(held?.configuration.held).toMatch(/SCIM is disabled|revoked/);
  expect((await pair.workspace('scim')).card.state).toBe('available');
  expect(new Set((await peopleOf(pair)).keys())).toEqual(new Set(before.keys()));
  const { token } = await pair.workspace('enableScim');
  expect(await enable('acme', token)).toMatchObject({ apiStatus: 'enabled', held: null });
  await provisioned(41);
  const after = await peopleOf(pair);
  expect([...after].map(([name, { id }]) => [name, id]).sort()).toEqual(
    [...before].map(([name, { id }]) => [name, id]).sort(),
  );
  expect(
    [...after.values()].filter(({ status, source }) => source.kind === 'scim' && status === 'deactivated'),
  ).toEqual([...before.values()].filter(({ userName }) => /^[0-9a-f]{8}-/.test(userName)));
  const ada = await standing(pair, await userId(pair.identity, 'ada.byron'));
  expect(ada).toMatchObject({ status: 'provisioned', remoteId: before.get('ada.byron@acme.example')?.id });
});
