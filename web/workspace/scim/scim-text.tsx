/* What the SCIM card says in each of its states. Reach: pure. */
import { Link } from 'react-router';
import type { ScimCard } from '../../../src/contract/workspace.ts';
import { CopyField, Tie, When } from '../../ui/index.ts';
import { PlanCommand } from '../settings/plan-command.tsx';
import { WhoCan } from '../settings/who-can.tsx';
import { say, sayRich } from '../words.ts';
import { PausedText } from './pause.tsx';
import css from './scim.module.css';

/** What must be true before SCIM can be connected, and what is. */
function Conditions() {
  return (
    <ul className={css['conditions']}>
      <li>
        <Tie state="agree">{say('scim.condition.plan')}</Tie>
      </li>
      <li>
        <Tie state="only-right">{say('scim.condition.saml')}</Tie>
      </li>
    </ul>
  );
}

function Waiting({ card }: { card: ScimCard }) {
  return (
    <>
      <p>{sayRich('scim.waiting.for', { hint: card.tokenHint ?? '' })}</p>
      <CopyField label={say('scim.baseUrl')} value={card.baseUrl} />
      <p>
        {say('scim.waiting.lost')} <Link to="/settings/integrations/scim/tokens">{say('scim.waiting.new')}</Link>
      </p>
    </>
  );
}

export function ScimText({ card, client }: { card: ScimCard; client: string }) {
  switch (card.state) {
    case 'locked-plan':
      return <PlanCommand what={say('scim.plan')} />;
    case 'locked-sso':
      return (
        <>
          <p>{say('scim.sso')}</p>
          <Conditions />
        </>
      );
    case 'locked-role':
      return (
        <>
          <p>{say('scim.what')}</p>
          <WhoCan names={card.whoCan} />
        </>
      );
    case 'available':
      return <p>{say('scim.what')}</p>;
    case 'waiting':
      return <Waiting card={card} />;
    case 'attention':
      return (
        <p>
          {card.attention} <Link to="/settings/integrations/scim">{say('scim.attention.see')}</Link>
        </p>
      );
    case 'paused':
      return <PausedText card={card} />;
    case 'connected':
      return (
        <p>
          {sayRich('scim.connected.last', { client })} <When at={card.lastRequestAt} />.{' '}
          {sayRich('scim.connected.people', { n: card.people })} {sayRich('scim.connected.groups', { n: card.groups })}
        </p>
      );
  }
}
