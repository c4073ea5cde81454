/* The places of admins: for anybody else, who can. Reach: own origin. */
import { Outlet } from 'react-router';
import { identityRoutes as routes } from '../../src/contract/identity.ts';
import { allowed, Body, isProblem, NotAllowed, PageHeader, useRoute, useSignedIn } from '../ui/index.ts';
import { say } from './words.ts';

/** The refusal of the server carries the names. */
function Refused() {
  const dashboard = useRoute(routes.dashboard);
  const who = isProblem(dashboard.error) ? dashboard.error.whoCan : [];
  return (
    <>
      <PageHeader title={say('admins.title')} />
      <Body>
        <NotAllowed what={say('admins.what')} who={who} />
      </Body>
    </>
  );
}

export function AdminsOnly() {
  const signedIn = useSignedIn();
  return allowed(routes.dashboard, signedIn.me.role) ? <Outlet context={signedIn} /> : <Refused />;
}
