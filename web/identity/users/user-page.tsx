/* I6: one user: attributes, applications, roles, groups, what happened. The tab stands in the address. Reach: own origin. */
import { useState } from 'react';
import { useParams } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { type AnswerOf, Avatar, LoadedPage, PageFailure, PageHeader, TabLinks, useRoute } from '../../ui/index.ts';
import css from '../identity.module.css';
import { SaveSlot } from '../save-bar.tsx';
import { useAnnounceProvisioned } from '../subject-state.tsx';
import { ActivityTab } from './activity-tab.tsx';
import { ApplicationsTab } from './applications-tab.tsx';
import { UserState } from './attributes.tsx';
import { InfoTab } from './info-tab.tsx';
import { UserGroupsTab, UserRolesTab } from './memberships-tab.tsx';
import { UserActions } from './user-actions.tsx';
import { say } from './words.ts';

export type UserStory = AnswerOf<typeof routes.user>;

const TABS = {
  info: InfoTab,
  applications: ApplicationsTab,
  roles: UserRolesTab,
  groups: UserGroupsTab,
  activity: ActivityTab,
};
type TabName = keyof typeof TABS;
const NAMES = Object.keys(TABS) as TabName[];

function Story({ story, tab }: { story: UserStory; tab: TabName }) {
  const { user, assignments } = story;
  useAnnounceProvisioned(assignments);
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const Tab = TABS[tab];
  return (
    <SaveSlot value={slot}>
      <PageHeader
        title={user.displayName}
        mark={<Avatar name={user.displayName} size="large" />}
        crumbs={[{ to: '/users', label: say('users.all') }]}
        state={<UserState status={user.status} />}
        actions={
          <>
            <UserActions user={user} />
            <span ref={setSlot} className={css['slot']} />
          </>
        }
      >
        {[user.title, user.department].filter((part) => part !== null).join(' · ')}
      </PageHeader>
      <TabLinks
        label={say('user.tabs')}
        tabs={NAMES.map((name) => ({
          to: name === 'info' ? `/users/${user.id}` : `/users/${user.id}/${name}`,
          label: say(`user.${name}`),
          end: true,
        }))}
      />
      <Tab key={user.id} story={story} />
    </SaveSlot>
  );
}

export function UserPage() {
  const { id = '', tab = 'info' } = useParams();
  const story = useRoute(routes.user, { params: { id } });
  const name = NAMES.find((each) => each === tab);
  if (name === undefined) return <PageFailure />;
  return (
    <LoadedPage query={story} title={say('users.user')} crumbs={[{ to: '/users', label: say('users.title') }]}>
      {(data) => <Story story={data} tab={name} />}
    </LoadedPage>
  );
}
