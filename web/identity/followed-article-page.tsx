/* The article's rows that are done at this end, and where. Reach: own origin. */
import { identityRoutes as routes } from '../../src/contract/identity.ts';
import { ArticlePage, useRoute } from '../ui/index.ts';

/** The first app is the one the article is about. */
function placesOf(app: string | undefined): Readonly<Partial<Record<number, string>>> {
  const page = app === undefined ? '/apps' : `/apps/${app}`;
  const tab = (name: string) => (app === undefined ? '/apps' : `${page}/${name}`);
  return {
    6: '/apps',
    7: page,
    8: tab('configuration'),
    9: tab('configuration'),
    10: tab('configuration'),
    11: tab('configuration'),
    12: tab('provisioning'),
    13: tab('provisioning'),
    15: '/users',
    16: tab('users'),
    17: '/bulk/new',
  };
}

export function FollowedArticlePage() {
  const apps = useRoute(routes.apps);
  const first = apps.data?.apps.find(({ connector }) => connector === 'rollcall') ?? apps.data?.apps[0];
  return <ArticlePage route={routes.article} end="identity" places={placesOf(first?.id)} />;
}
