/* The first workspace of an empty server. Reach: own origin. */
import { SetupPage } from '../../ui/index.ts';

export function FirstWorkspacePage() {
  return <SetupPage tenant="workspace" />;
}
