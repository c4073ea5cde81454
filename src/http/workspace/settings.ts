// Settings and members of the workspace, for their screens.

import { mayCall } from '../../contract/route.ts';
import type { workspaceRoutes } from '../../contract/workspace.ts';
import type { Handlers } from '../api.ts';
import { Problem } from '../problem.ts';
import { actorOf, type WorkspaceApiPorts } from './ports.ts';

type Part = Pick<
  Handlers<typeof workspaceRoutes>,
  | 'settings'
  | 'updateSettings'
  | 'members'
  | 'invite'
  | 'resendInvitation'
  | 'changeRole'
  | 'signInOptions'
  | 'signInRefusal'
  | 'article'
>;

async function tenantOf(ports: WorkspaceApiPorts, slug: string): Promise<string> {
  const tenant = await ports.store.tenantBySlug(slug);
  if (tenant === undefined) throw new Problem('not-found', `There is no workspace at the address ${slug}.`);
  return tenant;
}

/** Rows of the article this end can judge from its own state (0 to 5 and 14). */
async function articleSteps(ports: WorkspaceApiPorts, tenant: string) {
  const [saml, scim, settings] = await Promise.all([
    ports.store.saml(tenant),
    ports.store.scimConnection(tenant),
    ports.store.settings(tenant),
  ]);
  const statistics = scim && (await ports.requestLog.statistics(tenant, scim.id, ports.now()));
  const isEnabled = scim?.state === 'enabled';
  const hasSpoken = isEnabled && statistics?.last != null && new Date(statistics.last.at) >= scim.enabledAt;
  const done: Record<number, boolean> = {
    0: settings.plan === 'plus' && saml.state === 'on',
    1: scim !== undefined,
    2: scim !== undefined,
    3: scim !== undefined,
    4: isEnabled,
    5: isEnabled,
    14: hasSpoken,
  };
  return Array.from({ length: 18 }, (_, row) => ({ row, done: done[row] ?? false, mine: row in done }));
}

export function settingsHandlers(ports: WorkspaceApiPorts): Part {
  const { store, byHand, announcer } = ports;
  return {
    async settings({ account }) {
      const { name, slug, plan } = await store.settings(account.tenant);
      return { name, slug, plan, address: `${ports.site.publicUrl}/${slug}` };
    },
    async updateSettings({ account, body }) {
      await store.updateSettings(account.tenant, body);
    },
    async members({ account }) {
      const members = await store.members(account.tenant);
      return {
        members: members.map(({ active, signedIn, ...member }) => ({
          ...member,
          status: active ? (signedIn ? ('active' as const) : ('invited' as const)) : ('deactivated' as const),
        })),
      };
    },
    async invite({ account, body }) {
      const id = await byHand.invite(account.tenant, body, actorOf(ports, account));
      announcer.announce(account.tenant, 'people');
      return { id };
    },
    async resendInvitation({ account, parameters }) {
      const sent = await byHand.resendInvitation(account.tenant, parameters['id'] ?? '', actorOf(ports, account));
      if (!sent) throw new Problem('not-found', 'There is nobody with this id whose invitation could be sent.');
    },
    async changeRole({ account, parameters, body }) {
      if (!(await store.setRole(account.tenant, parameters['id'] ?? '', body.role, actorOf(ports, account)))) {
        throw new Problem('not-found', 'There is no member with this id.');
      }
      announcer.announce(account.tenant, 'people');
    },
    async signInOptions({ parameters }) {
      const slug = (parameters['slug'] ?? '').toLowerCase();
      const tenant = await tenantOf(ports, slug);
      const [{ name }, saml] = await Promise.all([store.settings(tenant), store.saml(tenant)]);
      const startUrl = `${ports.site.publicUrl}/${slug}/saml/start`;
      return {
        slug,
        name,
        saml: saml.state === 'on' ? { idpName: saml.idpName ?? 'your identity provider', startUrl } : null,
      };
    },
    async signInRefusal({ parameters, query }) {
      const tenant = await tenantOf(ports, query.slug.toLowerCase());
      const id = parameters['id'] ?? '';
      const attempt = /^[0-9a-f-]{36}$/.test(id) ? await store.attempt(tenant, id) : undefined;
      if (attempt?.outcome !== 'refused') throw new Problem('not-found', 'There is no refused sign-in with this id.');
      return { sentence: attempt.sentence, at: attempt.at.toISOString() };
    },
    async article({ account }) {
      const steps = await articleSteps(ports, account.tenant);
      return { steps, otherEnd: mayCall('admin', account.role) ? ports.signIn.otherEnd : null };
    },
  };
}
