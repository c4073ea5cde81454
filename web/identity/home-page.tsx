/* The first page: the dashboard for admins, my apps for everybody else. Pure. */
import { identityRoutes as routes } from '../../src/contract/identity.ts';
import { allowed, useSignedIn } from '../ui/index.ts';
import { Dashboard } from './dashboard.tsx';
import { MyAppsPage } from './my-apps-page.tsx';

export function HomePage() {
  const { me } = useSignedIn();
  return allowed(routes.dashboard, me.role) ? <Dashboard /> : <MyAppsPage />;
}
