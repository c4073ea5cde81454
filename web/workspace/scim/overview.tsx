/* The connection's health, what it has proved to work, where it is reached, and its end. Reach: own origin. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { Band, Body, CopyField, Facts, HourBars, HourTable, Section, Tie, TieMark, When } from '../../ui/index.ts';
import { say, sayRich } from '../words.ts';
import { ClientSection } from './client-section.tsx';
import { isEnabled, type ScimDetails } from './details.ts';
import { DisableDialog } from './disable-dialog.tsx';
import { PausedText, PauseSection, ResumeButton } from './pause.tsx';
import css from './scim.module.css';

function Health({ details }: { details: ScimDetails }) {
  const { card, lastError } = details;
  if (card.state === 'paused') {
    return (
      <Band tone="held" mark={<TieMark state="held" />} action={<ResumeButton />}>
        <PausedText card={card} />
      </Band>
    );
  }
  if (card.attention !== null) {
    return (
      <Band tone="heed" mark={<TieMark state="pending" />}>
        <strong>{card.attention}</strong>
      </Band>
    );
  }
  if (card.state !== 'connected') return <p>{say(card.state === 'waiting' ? 'scim.waiting.long' : 'scim.what')}</p>;
  return (
    <Band tone="agree" mark={<TieMark state="agree" />}>
      <strong>
        {sayRich(lastError === null ? 'scim.health.good' : 'scim.health.working', {
          client: card.client ?? say('idp'),
        })}
      </strong>
    </Band>
  );
}

function LastError({ error }: { error: ScimDetails['lastError'] }) {
  if (error === null) return say('scim.noError');
  return (
    <>
      <Link to={`/requests/${error.requestId}`}>{error.detail}</Link> <When at={error.at} />
    </>
  );
}

function Operations({ details }: { details: ScimDetails }) {
  return (
    <ul className={css['operations']}>
      {details.operationsSeen.map((seen) => (
        <li key={seen.operation}>
          <Tie state={seen.at === null ? 'only-right' : 'agree'}>{seen.operation}</Tie>
          {seen.at === null ? say('scim.notSeen') : <When at={seen.at} />}
        </li>
      ))}
    </ul>
  );
}

function EndSection() {
  const [asking, setAsking] = useState(false);
  return (
    <div className={css['danger']}>
      <p>{say('scim.end.what')}</p>
      <Button onClick={() => setAsking(true)}>{say('scim.disable')}</Button>
      <DisableDialog opened={asking} onClose={() => setAsking(false)} />
    </div>
  );
}

function Reach({ details }: { details: ScimDetails }) {
  return (
    <Section title={say('scim.reach')}>
      <div className={css['pair']}>
        <CopyField label={say('scim.baseUrl')} value={details.card.baseUrl} />
        <CopyField label={say('scim.orgId')} value={details.card.orgId} />
      </div>
    </Section>
  );
}

export function Overview({ details }: { details: ScimDetails }) {
  const { card } = details;
  if (!isEnabled(card.state)) {
    return (
      <Body>
        <Health details={details} />
        <p>
          <Link to="/settings/integrations#scim">{say('scim.card')}</Link>
        </p>
        <Reach details={details} />
      </Body>
    );
  }
  return (
    <Body>
      <Health details={details} />
      <Section title={say('scim.facts')}>
        <Facts
          facts={[
            { term: say('scim.lastRequest'), value: <When at={card.lastRequestAt} /> },
            { term: say('scim.lastSuccess'), value: <When at={details.lastSuccessAt} /> },
            { term: say('scim.lastError'), value: <LastError error={details.lastError} /> },
            { term: say('scim.people'), value: card.people },
            { term: say('scim.groups'), value: card.groups },
            {
              term: say('scim.enabledBy'),
              value: card.enabledBy ?? '–',
              note: <When at={card.enabledAt} as="moment" />,
            },
          ]}
        />
      </Section>
      <Section title={say('scim.day')}>
        <HourBars hours={card.requestsByHour} />
        <HourTable hours={card.requestsByHour} />
      </Section>
      {details.operationsSeen.length === 0 ? null : (
        <Section title={say('scim.seen')}>
          <Operations details={details} />
        </Section>
      )}
      <Reach details={details} />
      <ClientSection details={details} />
      <Section title={say('scim.danger')}>
        {card.state === 'paused' ? null : <PauseSection />}
        <EndSection />
      </Section>
    </Body>
  );
}
