/*
 * I12: the apps of whoever is signed in, as tiles that open their sign-in addresses, and what apps are told of the person.
 * Reach: own origin.
 */
import { Button } from '@mantine/core';
import { identityRoutes as routes } from '../../src/contract/identity.ts';
import { type AnswerOf, Avatar, Body, Card, Empty, Facts, Loaded, PageHeader, Section, useRoute } from '../ui/index.ts';
import { say as sayApps } from './apps/words.ts';
import css from './identity.module.css';
import { SubjectState } from './subject-state.tsx';
import { profileFacts } from './users/attributes.tsx';
import { say } from './words.ts';

type Answer = AnswerOf<typeof routes.myApps>;
type MyApp = Answer['apps'][number];

function Tile({ app }: { app: MyApp }) {
  const opens = app.ready && app.signInUrl !== null;
  return (
    <Card
      title={
        <span className={css['tile']}>
          <Avatar name={app.name} size="large" />
          {app.name}
        </span>
      }
      state={<SubjectState status={app.status} />}
      stateName={app.status}
      actions={
        opens ? (
          <Button component="a" href={app.signInUrl ?? ''} variant="filled" target="_blank" rel="noopener">
            {sayApps('open', { app: app.name })}
          </Button>
        ) : undefined
      }
    >
      {opens ? null : <p>{say(app.status === 'provisioned' ? 'my.mayNot' : 'my.notReady')}</p>}
    </Card>
  );
}

function Mine({ answer: { apps, profile } }: { answer: Answer }) {
  return (
    <>
      {apps.length === 0 ? (
        <Empty title={say('my.empty')}>{say('my.empty.why')}</Empty>
      ) : (
        <Section title={say('my.apps')}>
          <div className={css['tiles']}>
            {apps.map((app) => (
              <Tile key={app.id} app={app} />
            ))}
          </div>
        </Section>
      )}
      <div className={css['profile']}>
        <Section title={say('my.profile')}>
          <p>{say('my.profile.what')}</p>
          <Facts facts={profileFacts(profile)} />
        </Section>
      </div>
    </>
  );
}

export function MyAppsPage() {
  const mine = useRoute(routes.myApps);
  return (
    <>
      <PageHeader title={say('my.title')}>{say('my.lead')}</PageHeader>
      <Body>
        <Loaded query={mine}>{(answer) => <Mine answer={answer} />}</Loaded>
      </Body>
    </>
  );
}
