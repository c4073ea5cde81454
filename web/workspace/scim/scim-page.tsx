/* S11: the SCIM connection in detail: overview and tokens. Reach: own origin. */
import { Navigate, useParams } from 'react-router';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { LoadedPage, PageHeader, TabLinks, Tie, type TieState, useRoute } from '../../ui/index.ts';
import { say } from '../words.ts';
import type { ScimDetails } from './details.ts';
import { Overview } from './overview.tsx';
import { Tokens } from './tokens.tsx';

const HEALTH: Readonly<
  Partial<
    Record<
      ScimDetails['card']['state'],
      [TieState, 'scim.waiting' | 'scim.connected' | 'scim.attention' | 'scim.paused']
    >
  >
> = {
  waiting: ['moving', 'scim.waiting'],
  connected: ['agree', 'scim.connected'],
  attention: ['pending', 'scim.attention'],
  paused: ['held', 'scim.paused'],
};

const CRUMBS = [
  { to: '/settings', label: say('settings.title') },
  { to: '/settings/integrations', label: say('settings.integrations') },
];

function Details({ details, tab }: { details: ScimDetails; tab: string }) {
  const health = HEALTH[details.card.state];
  const live = details.tokens.filter((token) => token.revokedAt === null).length;
  return (
    <>
      <PageHeader
        title={say('scim.title')}
        crumbs={CRUMBS}
        state={health === undefined ? say('scim.off') : <Tie state={health[0]}>{say(health[1])}</Tie>}
      />
      <TabLinks
        label={say('scim.title')}
        tabs={[
          { to: '/settings/integrations/scim', label: say('scim.overview'), end: true },
          { to: '/settings/integrations/scim/tokens', label: say('scim.tokens'), count: live },
        ]}
      />
      {tab === 'tokens' ? <Tokens details={details} /> : <Overview details={details} />}
    </>
  );
}

export function ScimPage() {
  const { tab = 'overview' } = useParams();
  const details = useRoute(routes.scim);
  if (tab !== 'overview' && tab !== 'tokens') return <Navigate to="/settings/integrations/scim" replace />;
  return (
    <LoadedPage query={details} title={say('scim.title')} crumbs={CRUMBS}>
      {(data) => <Details details={data} tab={tab} />}
    </LoadedPage>
  );
}
