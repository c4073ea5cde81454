/* S7: the settings and their tabs. Reach: pure. */
import { Outlet } from 'react-router';
import { PageHeader, TabLinks, useSignedIn } from '../../ui/index.ts';
import { say } from '../words.ts';

export function SettingsFrame() {
  const signedIn = useSignedIn();
  return (
    <>
      <PageHeader title={say('settings.title')} />
      <TabLinks
        label={say('settings.title')}
        tabs={[
          { to: '/settings', label: say('settings.general'), end: true },
          { to: '/settings/members', label: say('settings.members') },
          { to: '/settings/integrations', label: say('settings.integrations') },
        ]}
      />
      <Outlet context={signedIn} />
    </>
  );
}
