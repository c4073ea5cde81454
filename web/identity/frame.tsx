/*
 * The signed-in app: the shell with its rail and one event stream. Who is no admin sees only their own places.
 * Reach: talks to the own origin.
 */
import { Menu } from '@mantine/core';
import {
  IconApps,
  IconBook2,
  IconHome,
  IconLayoutGrid,
  IconListCheck,
  IconMail,
  IconShield,
  IconUsers,
} from '@tabler/icons-react';
import { Link, Outlet } from 'react-router';
import { identityRoutes as routes } from '../../src/contract/identity.ts';
import { eventsPath } from '../../src/contract/sign-in.ts';
import {
  allowed,
  LiveProvider,
  type LiveTopics,
  type PlaceGroup,
  Shell,
  type SignedIn,
  SignedInGate,
  useRoute,
  useSignOut,
} from '../ui/index.ts';
import { say } from './words.ts';

/** Which resources each event makes stale. */
const TOPICS: LiveTopics = {
  users: [['users'], ['roles'], ['groups'], ['dashboard'], ['my'], ['article']],
  apps: [['apps'], ['roles'], ['dashboard'], ['my'], ['article']],
  tasks: [['tasks'], ['users'], ['apps'], ['dashboard'], ['my'], ['article']],
  jobs: [['bulk'], ['users'], ['dashboard'], ['article']],
};

function counted(count: number | undefined): { count?: number } {
  return count === undefined ? {} : { count };
}

function useAdminPlaces(enabled: boolean): PlaceGroup[] {
  const dashboard = useRoute(routes.dashboard, { enabled });
  const roles = useRoute(routes.roles, { enabled });
  if (!enabled) return [];
  const { users, apps, pendingApprovals, held = [] } = dashboard.data ?? {};
  return [
    {
      places: [
        { to: '/users', label: say('place.users'), icon: IconUsers, ...counted(users) },
        { to: '/roles', label: say('place.roles'), icon: IconShield, ...counted(roles.data?.roles.length) },
        { to: '/apps', label: say('place.apps'), icon: IconApps, ...counted(apps) },
        {
          to: '/approvals',
          label: say('place.approvals'),
          icon: IconListCheck,
          ...counted(pendingApprovals),
          ...(held.length > 0 ? { note: say('place.held') } : {}),
        },
      ],
    },
  ];
}

function usePlaces({ me, session }: SignedIn): PlaceGroup[] {
  const admin = useAdminPlaces(allowed(routes.dashboard, me.role));
  const mailbox = { to: '/dev/mail', label: say('place.mailbox'), icon: IconMail };
  return [
    ...admin,
    {
      ...(admin.length > 0 ? { label: say('place.organization') } : {}),
      places: [
        ...(admin.length > 0 ? [{ to: '/', label: say('place.dashboard'), icon: IconHome }] : []),
        { to: '/my', label: say('place.my'), icon: IconLayoutGrid },
        { to: '/article', label: say('place.article'), icon: IconBook2 },
        ...(session.mailbox ? [mailbox] : []),
      ],
    },
  ];
}

function SignedInFrame({ signedIn }: { signedIn: SignedIn }) {
  const signOut = useSignOut();
  const { me, tenant } = signedIn;
  const items = (
    <>
      <Menu.Item component={Link} to="/my">
        {say('place.my')}
      </Menu.Item>
      <Menu.Item component={Link} to="/password">
        {say('account.password')}
      </Menu.Item>
      <Menu.Divider />
    </>
  );
  return (
    <LiveProvider address={eventsPath} topics={TOPICS}>
      <Shell
        tenant={tenant.name}
        groups={usePlaces(signedIn)}
        account={{ name: me.name, email: me.email, items }}
        onSignOut={signOut}
      >
        <Outlet context={signedIn} />
      </Shell>
    </LiveProvider>
  );
}

export function Frame() {
  return <SignedInGate>{(signedIn) => <SignedInFrame signedIn={signedIn} />}</SignedInGate>;
}
