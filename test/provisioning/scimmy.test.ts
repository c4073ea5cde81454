// A counterpart that is not ours: scimmy-routers on express 4, over real HTTP through the guarded door. Users and groups
// created, updated, renamed, deactivated, deleted.

import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import SCIMMY from 'scimmy';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOutbound } from '../../src/outbound/guarded-fetch.ts';
import { desiredUser, type SourceUser } from '../../src/provisioning/desired.ts';
import { type Link, type ProvisioningSettings, planUser } from '../../src/provisioning/plan.ts';
import { runChecks } from '../../src/provisioning/target/checks.ts';
import { createScimClient } from '../../src/provisioning/target/client.ts';
import { deliverGroup } from '../../src/provisioning/target/deliver-group.ts';
import { deliverUser } from '../../src/provisioning/target/deliver-user.ts';

type Stored = Record<string, unknown> & { id: string };
type Application = RequestListener & { use(path: string, handler: unknown): void };

const require = createRequire(import.meta.url);
const express = require('express') as () => Application;
const token = 'a-token-for-scimmy';
const users = new Map<string, Stored>();
const groups = new Map<string, Stored>();
const outbound = createOutbound({ allow: ['127.0.0.0/8'] });
let server: Server;
let baseUrl: string;

interface Query {
  id?: string;
  filter?: { match(values: Stored[]): Stored[] };
}

function declare(type: unknown, all: Map<string, Stored>, key: string): void {
  const resource = SCIMMY.Resources.declare(type as never) as unknown as {
    ingress(handler: (query: Query, data: Stored) => Stored): typeof resource;
    egress(handler: (query: Query) => Stored | Stored[]): typeof resource;
    degress(handler: (query: Query) => void): typeof resource;
  };
  const find = (id: string) => {
    const found = all.get(id);
    if (!found) throw new SCIMMY.Types.Error(404, null as never, `${id} is not here`);
    return found;
  };
  resource
    .ingress(({ id }, data) => {
      const taken = [...all.values()].some((each) => each.id !== id && each[key] === data[key]);
      if (taken) throw new SCIMMY.Types.Error(409, 'uniqueness', `${key} is taken`);
      const stored = { ...(JSON.parse(JSON.stringify(data)) as Stored), id: id ?? String(all.size + 1) };
      all.set(stored.id, stored);
      return stored;
    })
    .egress(({ id, filter }) => (id === undefined ? (filter?.match([...all.values()]) ?? [...all.values()]) : find(id)))
    .degress(({ id }) => void all.delete(find(id ?? '').id));
}

beforeAll(async () => {
  const { default: Routers } = (await import('scimmy-routers')) as unknown as {
    default: new (options: object) => unknown;
  };
  SCIMMY.Schemas.User.extend(SCIMMY.Schemas.EnterpriseUser as never, false as never);
  declare(SCIMMY.Resources.User, users, 'userName');
  declare(SCIMMY.Resources.Group, groups, 'displayName');
  const app = express();
  const handler = (request: { header(name: string): string | undefined }) => {
    if (request.header('authorization') !== `Bearer ${token}`) throw new Error('Not with this token.');
    return 'us';
  };
  app.use('/scim', new Routers({ type: 'bearer', handler }));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://localhost:${(server.address() as AddressInfo).port}/scim`;
});
afterAll(() => {
  outbound.close();
  server.close();
});

const settings: ProvisioningSettings = {
  ...{ enabled: true, approveCreate: false, approveUpdate: false, approveDelete: false },
  ...{ onDelete: 'delete', onUnassign: 'suspend', onSuspend: 'suspend' },
};
const ada: SourceUser = {
  ...{ id: 'u1', userName: 'ada@acme.example', displayName: 'Ada Byron', givenName: 'Ada', familyName: 'Byron' },
  ...{ email: 'ada@acme.example', title: 'Engineer', department: 'Sea', employeeType: 'Permanent', location: 'London' },
  ...{ startDate: '2020-02-01', isSuspended: false, manager: null, overrides: {} },
};
let link: Link | undefined;
const client = () =>
  createScimClient({ exchange: outbound.fetch, baseUrl, credential: token, name: 'Scimmy', now: () => new Date() });

async function bring(
  user: SourceUser,
  standing: 'entitled' | 'unassigned' | 'deleted',
  by: 'PATCH' | 'PUT',
): Promise<void> {
  const { capabilities } = await runChecks({
    exchange: outbound.fetch,
    name: 'Scimmy',
    baseUrl,
    credential: token,
    nobody: 'nobody',
    now: () => new Date(),
  });
  const plan = planUser(
    { standing, isSuspended: user.isSuspended, desired: desiredUser(user, capabilities), link, mayBeThere: false },
    settings,
  );
  const result = await deliverUser({
    client: client(),
    plan,
    link,
    externalId: user.id,
    updateBy: by,
    ownerOf: async () => undefined,
  });
  link = result.link;
}

it('passes the five checks, and with a wrong token all but the last two', async () => {
  const input = { exchange: outbound.fetch, name: 'Scimmy', baseUrl, nobody: 'nobody', now: () => new Date() };
  const { checks, capabilities } = await runChecks({ ...input, credential: token });
  expect(checks.map(({ passed }) => passed)).toEqual([true, true, true, true, true]);
  expect(capabilities.schemas).toContain('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User');
  const wrong = await runChecks({ ...input, credential: 'wrong' });
  expect(wrong.checks.find(({ name }) => name === 'credential')?.passed).toBe(false);
});

it('a user is created', async () => {
  await bring(ada, 'entitled', 'PATCH');
  expect([...users.values()]).toMatchObject([
    {
      ...{ userName: 'ada@acme.example', externalId: 'u1', active: true, title: 'Engineer', userType: 'Permanent' },
      name: { givenName: 'Ada', familyName: 'Byron' },
      emails: [{ value: 'ada@acme.example', type: 'work', primary: true }],
      addresses: [{ locality: 'London' }],
    },
  ]);
});

it.each(['PATCH', 'PUT'] as const)('and updated by %s', async (by) => {
  await bring(
    { ...ada, title: `Countess by ${by}`, location: null, email: `ada.${by.toLowerCase()}@acme.example` },
    'entitled',
    by,
  );
  const user = [...users.values()][0];
  expect(user).toMatchObject({
    title: `Countess by ${by}`,
    emails: [{ value: `ada.${by.toLowerCase()}@acme.example` }],
  });
  expect(user?.['addresses'] ?? []).toEqual([]);
});

it('a group is created, filled, renamed and emptied', async () => {
  const confirmed: { person: string; remoteId: string }[] = [];
  const member = { person: 'u1', remoteId: link?.remoteId ?? '' };
  const confirm = async (_id: string, added: readonly (typeof member)[], removed: readonly (typeof member)[]) => {
    confirmed.push(...added);
    for (const each of removed)
      confirmed.splice(
        confirmed.findIndex(({ person }) => person === each.person),
        1,
      );
  };
  const deliver = (
    displayName: string,
    members: (typeof member)[],
    groupLink?: { remoteId: string; displayName: string },
  ) =>
    deliverGroup({
      client: client(),
      group: { id: 'g1', displayName, members },
      link: groupLink,
      confirmed: [...confirmed],
      updateBy: 'PATCH',
      onDelete: 'delete',
      confirm,
    });
  const made = await deliver('Leads', [member]);
  expect([...groups.values()]).toMatchObject([{ displayName: 'Leads', members: [{ value: link?.remoteId }] }]);
  await deliver('Heads', [], made.link);
  expect([...groups.values()]).toMatchObject([{ displayName: 'Heads' }]);
  expect([...groups.values()][0]?.['members'] ?? []).toEqual([]);
});

it('deactivated, activated again, and deleted', async () => {
  await bring(ada, 'unassigned', 'PATCH');
  expect([...users.values()][0]).toMatchObject({ active: false });
  await bring(ada, 'entitled', 'PATCH');
  expect([...users.values()][0]).toMatchObject({ active: true, title: 'Engineer' });
  await bring(ada, 'deleted', 'PATCH');
  expect(users.size).toBe(0);
  expect(link).toBeUndefined();
});
