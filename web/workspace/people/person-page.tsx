/*
 * S4: a person. Every attribute says where it came from; the life is a list of sentences that lead to their requests.
 * Reach: own origin.
 */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useParams } from 'react-router';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  type AnswerOf,
  Avatar,
  allowed,
  Band,
  Body,
  ConfirmDialog,
  Ledger,
  LedgerRow,
  LoadedPage,
  PageHeader,
  ProblemNote,
  Section,
  Sentence,
  TieMark,
  useRoute,
  useSignedIn,
  useWrite,
  When,
} from '../../ui/index.ts';
import { say, sayRich } from '../words.ts';
import { Attributes } from './attributes.tsx';
import css from './people.module.css';
import { PersonState } from './person-state.tsx';

type Story = AnswerOf<typeof routes.person>;

function DeactivatedBand({ story }: { story: Story }) {
  if (story.deactivated === null) return null;
  return (
    <Band tone="heed" mark={<TieMark state="only-left" />}>
      {sayRich('person.deactivated', { by: story.deactivated.by })} <When at={story.deactivated.at} as="moment" />
    </Band>
  );
}

/** Deactivate and reactivate, by an admin, of people whom no identity provider manages. */
function LifeActions({ story }: { story: Story }) {
  const { me } = useSignedIn();
  const [asking, setAsking] = useState(false);
  const deactivate = useWrite(routes.deactivatePerson, ['members']);
  const reactivate = useWrite(routes.reactivatePerson, ['members']);
  const { person, sessions } = story;
  if (!allowed(routes.deactivatePerson, me.role) || person.id === me.id) return null;
  if (person.source.kind === 'scim')
    return say('person.managed', { client: person.source.client ?? say('source.idp') });
  const call = { params: { id: person.id } };
  if (person.status === 'deactivated') {
    return (
      <>
        {reactivate.error === null ? null : <ProblemNote error={reactivate.error} />}
        <Button onClick={() => reactivate.mutate(call)} disabled={reactivate.isPending}>
          {say('person.reactivate')}
        </Button>
      </>
    );
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>{say('person.deactivate')}</Button>
      <ConfirmDialog
        opened={asking}
        title={say('person.deactivate.title', { name: person.displayName })}
        confirm={say('person.deactivate')}
        busy={deactivate.isPending}
        error={deactivate.error}
        onConfirm={() => deactivate.mutate(call, { onSuccess: () => setAsking(false) })}
        onCancel={() => setAsking(false)}
      >
        <p>{say('person.deactivate.what', { n: sessions })}</p>
      </ConfirmDialog>
    </>
  );
}

function Life({ story }: { story: Story }) {
  const { me } = useSignedIn();
  const reads = allowed(routes.request, me.role);
  return (
    <Section title={say('person.life')}>
      <div className={css['life']}>
        <Ledger label={say('person.life')}>
          {story.life.map((event) => (
            <LedgerRow
              key={event.id}
              at={event.at}
              as="moment"
              state="agree"
              word={say('outcome.applied')}
              {...(reads && event.requestId !== null ? { to: `/requests/${event.requestId}` } : {})}
            >
              <Sentence parts={event.sentence} />
            </LedgerRow>
          ))}
        </Ledger>
      </div>
    </Section>
  );
}

function PersonStory({ story }: { story: Story }) {
  const { person } = story;
  return (
    <>
      <PageHeader
        title={person.displayName}
        mark={<Avatar name={person.displayName} size="large" />}
        crumbs={[{ to: '/people', label: say('people.title') }]}
        state={<PersonState status={person.status} managed={person.source.kind === 'scim'} />}
        actions={<LifeActions story={story} />}
      >
        {[person.title, person.department, say('person.sessions', { n: story.sessions })]
          .filter((part) => part !== null)
          .join(' · ')}
      </PageHeader>
      <Body>
        <DeactivatedBand story={story} />
        <div className={css['columns']}>
          <Section title={say('person.about')}>
            <Attributes story={story} />
          </Section>
          <Life story={story} />
        </div>
      </Body>
    </>
  );
}

export function PersonPage() {
  const { id = '' } = useParams();
  const story = useRoute(routes.person, { params: { id } });
  return (
    <LoadedPage query={story} title={say('person.title')} crumbs={[{ to: '/people', label: say('people.title') }]}>
      {(data) => <PersonStory story={data} />}
    </LoadedPage>
  );
}
