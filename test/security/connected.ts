// Workspaces with SAML on and SCIM connected, with a client that speaks to them and browsers that are signed in.

import type { TenantDatabase } from '../../src/store/database.ts';
import type { Answer } from '../http/browser.ts';
import { createWorld, origin, type World } from '../http/workspace/world.ts';

export type Connected = ReturnType<typeof createConnected>;
export type ConnectedWorkspace = Awaited<ReturnType<Connected['workspace']>>;

export function createConnected(database: TenantDatabase) {
  const world = createWorld(database);
  return {
    world,
    async workspace(slug: string) {
      const made = await world.workspace(slug);
      const { tenant, people } = made;
      await world.end.store.updateSaml(
        tenant,
        { state: 'on', turnedOnAt: world.clock.now },
        { person: null, name: 'test', at: world.clock.now },
      );
      const admin = await world.browserOf(tenant, people.admin);
      const { token, id: tokenId } = (await admin.send('POST', '/api/scim/enable')).body as {
        token: string;
        id: string;
      };
      const connection = (await world.end.store.scimConnection(tenant))!.id;
      return { ...made, world, admin, connection, token, tokenId, scim: clientOf(world, slug, token) };
    },
  };
}

/** Speaks SCIM to one workspace; headers given replace the credential. */
export function clientOf(world: Pick<World, 'end'>, slug: string, token: string) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const request = new Request(`${origin}/${slug}/scim/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await world.end.fetch(request, { incoming: { socket: { remoteAddress: '203.0.113.7' } } });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
}
