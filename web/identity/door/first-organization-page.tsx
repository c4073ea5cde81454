/* The first organization of an empty server. Reach: own origin. */
import { SetupPage } from '../../ui/index.ts';

export function FirstOrganizationPage() {
  return <SetupPage tenant="organization" />;
}
