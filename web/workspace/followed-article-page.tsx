/* The article's rows that are done at this end, and where. Reach: own origin. */
import { workspaceRoutes as routes } from '../../src/contract/workspace.ts';
import { ArticlePage } from '../ui/index.ts';

const PLACES = {
  0: '/settings/integrations/saml',
  1: '/settings',
  2: '/settings/integrations',
  3: '/settings/integrations#scim',
  4: '/settings/integrations#scim',
  5: '/settings/integrations#scim',
  14: '/settings/integrations#scim',
} as const;

export function FollowedArticlePage() {
  return <ArticlePage route={routes.article} end="workspace" places={PLACES} />;
}
