// Every handler of the identity provider's route table.

import { Refusal } from '../../accounts/refusal.ts';
import type { identityRoutes } from '../../contract/identity.ts';
import { mayCall } from '../../contract/route.ts';
import type { Handlers } from '../api.ts';
import { signInHandlers } from '../sign-in.ts';
import { appHandlers } from './apps.ts';
import { bulkHandlers } from './bulk.ts';
import { groupRoleHandlers } from './groups-roles.ts';
import type { IdentityApiPorts } from './ports.ts';
import { showUser } from './shown.ts';
import { taskHandlers } from './tasks.ts';
import { userHandlers } from './users.ts';

type Part = Pick<Handlers<typeof identityRoutes>, 'dashboard' | 'myApps' | 'article'>;

function overviewHandlers(ports: IdentityApiPorts): Part {
  const { overview, directory } = ports;
  return {
    async dashboard({ account }) {
      const { oldestPendingAt, ...counts } = await overview.dashboard(account.tenant);
      return { ...counts, oldestPendingAt: oldestPendingAt?.toISOString() ?? null };
    },
    async myApps({ account }) {
      const [apps, user] = await Promise.all([
        overview.portal(account.tenant, account.person),
        directory.user(account.tenant, account.person),
      ]);
      if (!user) throw new Refusal('not-found', 'There is no such user.');
      return { apps, profile: showUser(user) };
    },
    async article({ account }) {
      const rows = await overview.article(account.tenant);
      const steps = Array.from({ length: 18 }, (_, row) => ({ row, done: rows[row] ?? false, mine: row in rows }));
      return { steps, otherEnd: mayCall('admin', account.role) ? ports.signIn.otherEnd : null };
    },
  };
}

export function identityHandlers(ports: IdentityApiPorts): Handlers<typeof identityRoutes> {
  return {
    ...signInHandlers(ports.signIn),
    ...overviewHandlers(ports),
    ...userHandlers(ports),
    ...groupRoleHandlers(ports),
    ...appHandlers(ports),
    ...taskHandlers(ports),
    ...bulkHandlers(ports),
  };
}
