/* The SAML card: locked by the plan, off, begun, or on. Reach: pure. */
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { workspaceRoutes as routes, type SamlCard as SamlCardData } from '../../../src/contract/workspace.ts';
import { allowed, Card, Tie, TieWide, useSignedIn, When } from '../../ui/index.ts';
import { PlanCommand } from '../settings/plan-command.tsx';
import { WhoCan } from '../settings/who-can.tsx';
import { say } from '../words.ts';

function SamlState({ card }: { card: SamlCardData }) {
  if (card.state === 'on') return <Tie state="agree">{say('saml.on')}</Tie>;
  if (card.state === 'draft') return <Tie state="moving">{say('saml.draft')}</Tie>;
  return say(card.state === 'locked-plan' ? 'card.locked' : 'saml.off');
}

function SamlText({ card }: { card: SamlCardData }) {
  if (card.state === 'locked-plan') return <PlanCommand what={say('saml.plan')} />;
  if (card.state !== 'on') return <p>{say('saml.what')}</p>;
  return (
    <p>
      {card.certificateExpiresAt === null ? null : (
        <>
          {say('saml.certificateUntil')} <When at={card.certificateExpiresAt} as="day" />.{' '}
        </>
      )}
      {card.lastSignInAt === null ? (
        say('saml.noSignIn')
      ) : (
        <>
          {say('saml.lastSignIn', { name: card.lastSignInName ?? '' })} <When at={card.lastSignInAt} />.
        </>
      )}
    </p>
  );
}

export function SamlCard({ card }: { card: SamlCardData }) {
  const { me, tenant } = useSignedIn();
  const admin = allowed(routes.saml, me.role);
  const label = card.state === 'on' ? 'saml.manage' : card.state === 'draft' ? 'saml.continue' : 'saml.setUp';
  const button = (
    <Button component={Link} to="/settings/integrations/saml" variant={card.state === 'on' ? 'default' : 'filled'}>
      {say(label)}
    </Button>
  );
  return (
    <Card
      id="saml"
      title={say('saml.title')}
      state={<SamlState card={card} />}
      stateName={card.state}
      actions={admin && card.state !== 'locked-plan' ? button : undefined}
    >
      {card.state === 'on' ? <TieWide state="agree" left={card.idpName ?? say('idp')} right={tenant.name} /> : null}
      <SamlText card={card} />
      {admin ? null : <WhoCan names={card.whoCan} />}
    </Card>
  );
}
