/*
 * The signed-in app: asks who is there, sends everyone else to the door, then the shell with its rail and one event stream.
 * Reach: talks to the own origin.
 */
import { Menu } from '@mantine/core';
import { IconBook2, IconListDetails, IconMail, IconSettings, IconUsers, IconUsersGroup } from '@tabler/icons-react';
import { Link, Outlet } from 'react-router';
import { eventsPath } from '../../src/contract/sign-in.ts';
import { workspaceRoutes as routes } from '../../src/contract/workspace.ts';
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
  people: [['people'], ['members'], ['teams'], ['article']],
  teams: [['teams'], ['people']],
  requests: [['requests'], ['scim'], ['integrations'], ['article']],
  connection: [['scim'], ['integrations'], ['article']],
  saml: [['saml'], ['integrations'], ['article']],
};

function useCounts() {
  const people = useRoute(routes.people, { query: { perPage: 1 } });
  const teams = useRoute(routes.teams);
  return { people: people.data?.total, teams: teams.data?.teams.length };
}

function usePlaces(signedIn: SignedIn): PlaceGroup[] {
  const counts = useCounts();
  const requests = { to: '/requests', label: say('place.requests'), icon: IconListDetails };
  const mailbox = { to: '/dev/mail', label: say('place.mailbox'), icon: IconMail };
  return [
    {
      places: [
        {
          to: '/people',
          label: say('place.people'),
          icon: IconUsers,
          ...(counts.people === undefined ? {} : { count: counts.people }),
        },
        {
          to: '/teams',
          label: say('place.teams'),
          icon: IconUsersGroup,
          ...(counts.teams === undefined ? {} : { count: counts.teams }),
        },
        ...(allowed(routes.requests, signedIn.me.role) ? [requests] : []),
      ],
    },
    {
      label: say('place.workspace'),
      places: [
        { to: '/settings', label: say('place.settings'), icon: IconSettings },
        { to: '/article', label: say('place.article'), icon: IconBook2 },
        ...(signedIn.session.mailbox ? [mailbox] : []),
      ],
    },
  ];
}

function SignedInFrame({ signedIn }: { signedIn: SignedIn }) {
  const signOut = useSignOut();
  const { me, tenant } = signedIn;
  const items = (
    <>
      <Menu.Item component={Link} to={`/people/${me.id}`}>
        {say('account.profile')}
      </Menu.Item>
      {me.maySetPassword ? (
        <Menu.Item component={Link} to="/password">
          {say('account.password')}
        </Menu.Item>
      ) : null}
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
