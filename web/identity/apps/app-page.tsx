/* I4: one app. The tab stands in the address; a hold is a band over every tab. Reach: own origin. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import {
  type AnswerOf,
  Avatar,
  Band,
  Body,
  LoadedPage,
  PageFailure,
  PageHeader,
  TabLinks,
  TieMark,
  useRoute,
} from '../../ui/index.ts';
import css from '../identity.module.css';
import { SaveSlot } from '../save-bar.tsx';
import { AccessTab } from './access-tab.tsx';
import { ApiState } from './api-state.tsx';
import { AppGroupsTab } from './app-groups-tab.tsx';
import { AppUsersTab } from './app-users-tab.tsx';
import { ConfigurationTab } from './configuration-tab.tsx';
import { AppInfoTab } from './info-tab.tsx';
import { ParametersTab } from './parameters-tab.tsx';
import { ProvisioningTab } from './provisioning-tab.tsx';
import { SsoTab } from './sso-tab.tsx';
import { say } from './words.ts';

export type AppDetail = AnswerOf<typeof routes.app>;

const TABS = {
  info: AppInfoTab,
  configuration: ConfigurationTab,
  parameters: ParametersTab,
  sso: SsoTab,
  access: AccessTab,
  provisioning: ProvisioningTab,
  users: AppUsersTab,
  groups: AppGroupsTab,
};
type TabName = keyof typeof TABS;
const NAMES = Object.keys(TABS) as TabName[];
const COUNTED = ['provisioned', 'pending', 'failed', 'held', 'moving'] as const;

function countsSentence({ app: { counts } }: AppDetail): string {
  return COUNTED.filter((name) => counts[name] > 0 || name === 'provisioned')
    .map((name) => say(`head.${name}`, { n: counts[name] }))
    .join(' · ');
}

function HeldBand({ detail, tab }: { detail: AppDetail; tab: TabName }) {
  const { app, configuration } = detail;
  if (configuration.held === null) return null;
  return (
    <Body>
      <Band
        tone="held"
        mark={<TieMark state="held" />}
        action={
          tab === 'configuration' ? undefined : (
            <Button component={Link} to={`/apps/${app.id}/configuration`}>
              {say('held.review')}
            </Button>
          )
        }
      >
        <strong>{configuration.held}</strong> {say('held.safe')}
      </Band>
    </Body>
  );
}

function Detail({ detail, tab }: { detail: AppDetail; tab: TabName }) {
  const { app } = detail;
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const Tab = TABS[tab];
  return (
    <SaveSlot value={slot}>
      <HeldBand detail={detail} tab={tab} />
      <PageHeader
        title={app.name}
        mark={<Avatar name={app.name} size="large" />}
        crumbs={[{ to: '/apps', label: say('company') }]}
        state={<ApiState status={app.apiStatus} long="long" />}
        actions={<span ref={setSlot} className={css['slot']} />}
      >
        {countsSentence(detail)}
      </PageHeader>
      <TabLinks
        label={say('tabs')}
        tabs={NAMES.map((name) => ({
          to: name === 'info' ? `/apps/${app.id}` : `/apps/${app.id}/${name}`,
          label: say(`tab.${name}`),
          end: true,
          ...(name === 'users' ? { count: app.users } : {}),
        }))}
      />
      <Tab key={app.id} detail={detail} />
    </SaveSlot>
  );
}

export function AppPage() {
  const { id = '', tab = 'info' } = useParams();
  const app = useRoute(routes.app, { params: { id } });
  const name = NAMES.find((each) => each === tab);
  if (name === undefined) return <PageFailure />;
  return (
    <LoadedPage query={app} title={say('app')} crumbs={[{ to: '/apps', label: say('company') }]}>
      {(detail) => <Detail detail={detail} tab={name} />}
    </LoadedPage>
  );
}
