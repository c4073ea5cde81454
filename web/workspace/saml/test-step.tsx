/*
 * Step 4: a sign-in that enables nothing. The browser goes to the identity provider and comes back to this step, which
 * shows every check with what was expected and what came. Reach: own origin, then the identity provider.
 */
import { Button } from '@mantine/core';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { Band, Facts, FormActions, ProblemNote, Section, Tie, TieMark, useWrite, When } from '../../ui/index.ts';
import { say } from '../words.ts';
import css from './saml.module.css';
import type { StepProps } from './step.ts';

type Attempt = NonNullable<StepProps['saml']['lastTest']>;

function Check({ check }: { check: Attempt['checks'][number] }) {
  const differs = !check.passed && (check.expected !== null || check.received !== null);
  return (
    <li>
      <Tie state={check.passed ? 'agree' : 'apart'}>{check.name}</Tie>
      <span>{check.sentence}</span>
      {differs ? (
        <dl className={css['differs']}>
          <dt>{say('saml.test.expected')}</dt>
          <dd>
            <code>{check.expected ?? '–'}</code>
          </dd>
          <dt>{say('saml.test.received')}</dt>
          <dd>
            <code>{check.received ?? '–'}</code>
          </dd>
        </dl>
      ) : null}
    </li>
  );
}

function AttemptStory({ attempt }: { attempt: Attempt }) {
  const passed = attempt.outcome !== 'refused';
  return (
    <>
      <Band tone={passed ? 'agree' : 'held'} mark={<TieMark state={passed ? 'agree' : 'apart'} />}>
        <strong>{attempt.sentence}</strong> <When at={attempt.at} />
      </Band>
      <Section title={say('saml.test.checks')}>
        <ul className={css['checks']}>
          {attempt.checks.map((check) => (
            <Check key={check.name} check={check} />
          ))}
        </ul>
      </Section>
      <Section title={say('saml.test.said')}>
        <Facts
          facts={[
            { term: 'NameID', value: attempt.nameId === null ? '–' : <code>{attempt.nameId}</code> },
            { term: say('saml.test.person'), value: attempt.person?.name ?? say('saml.test.nobody') },
            ...attempt.attributes.map((attribute) => ({ term: attribute.name, value: attribute.values.join(', ') })),
          ]}
        />
      </Section>
    </>
  );
}

export function TestStep({ saml, onNext }: StepProps) {
  const test = useWrite(routes.testSaml);
  if (saml.take === null) {
    return (
      <>
        <p>{say('saml.test.first')}</p>
        <FormActions>
          <Button onClick={() => onNext('take')}>{say('saml.step.take')}</Button>
        </FormActions>
      </>
    );
  }
  const start = () => test.mutate({}, { onSuccess: ({ startUrl }) => window.location.assign(startUrl) });
  return (
    <>
      <p>{say('saml.test.what')}</p>
      {test.error === null ? null : <ProblemNote error={test.error} />}
      <FormActions>
        <Button
          variant={saml.testedByMe ? 'default' : 'filled'}
          onClick={start}
          disabled={test.isPending || test.isSuccess}
        >
          {say(saml.lastTest === null ? 'saml.test.start' : 'saml.test.again')}
        </Button>
        {saml.testedByMe ? (
          <Button variant="filled" onClick={() => onNext('on')}>
            {say('continue')}
          </Button>
        ) : null}
      </FormActions>
      {saml.lastTest === null ? null : <AttemptStory attempt={saml.lastTest} />}
    </>
  );
}
