/*
 * S9: SAML SSO in five steps, choose, give, take, test, turn on. What is done is read from the server, so leaving half way
 * loses nothing; the address holds the step. Reach: own origin.
 */
import { Link } from 'react-router';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { type AnswerOf, Body, Loaded, PageHeader, Tie, useAddress, useRoute } from '../../ui/index.ts';
import { PlanCommand } from '../settings/plan-command.tsx';
import { say } from '../words.ts';
import { ChooseStep } from './choose-step.tsx';
import { GiveStep } from './give-step.tsx';
import css from './saml.module.css';
import { TakeStep } from './take-step.tsx';
import { TestStep } from './test-step.tsx';
import { TurnOnStep } from './turn-on-step.tsx';

type Saml = AnswerOf<typeof routes.saml>;

const STEPS = [
  { name: 'choose', Step: ChooseStep, done: (saml: Saml) => saml.card.idpKind !== null },
  { name: 'give', Step: GiveStep, done: (saml: Saml) => saml.take !== null },
  { name: 'take', Step: TakeStep, done: (saml: Saml) => saml.take !== null },
  { name: 'test', Step: TestStep, done: (saml: Saml) => saml.testedByMe || saml.card.state === 'on' },
  { name: 'on', Step: TurnOnStep, done: (saml: Saml) => saml.card.state === 'on' },
] as const;

/** Where one left off: the first step that is not done, or the last. */
function currentStep(saml: Saml) {
  return STEPS.find((step) => !step.done(saml)) ?? STEPS[4];
}

function StepList({ saml, current }: { saml: Saml; current: string }) {
  const address = useAddress();
  return (
    <nav aria-label={say('saml.steps')}>
      <ol className={css['steps']}>
        {STEPS.map((step, index) => (
          <li key={step.name}>
            <Link
              to={address.with({ step: step.name, attempt: undefined })}
              aria-current={step.name === current ? 'step' : undefined}
            >
              <span className={css['number']} data-done={step.done(saml)} aria-hidden="true">
                {index + 1}
              </span>
              {say(`saml.step.${step.name}`)}
              {step.done(saml) ? <span className={css['unseen']}>, {say('saml.step.done')}</span> : null}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Wizard({ saml }: { saml: Saml }) {
  const address = useAddress();
  // Back from a test sign-in, the address names the attempt: its checks stand in the test's step.
  const asked = address.get('step') ?? (address.get('attempt') === undefined ? undefined : 'test');
  const { name, Step } = STEPS.find((each) => each.name === asked) ?? currentStep(saml);
  return (
    <div className={css['wizard']}>
      <StepList saml={saml} current={name} />
      <section aria-labelledby="step" className={css['step']}>
        <h2 id="step">{say(`saml.step.${name}`)}</h2>
        <Step saml={saml} onNext={(step) => address.replace({ step, attempt: undefined })} />
      </section>
    </div>
  );
}

export function SamlPage() {
  const saml = useRoute(routes.saml);
  const state = saml.data?.card.state;
  return (
    <>
      <PageHeader
        title={say('saml.title')}
        crumbs={[
          { to: '/settings', label: say('settings.title') },
          { to: '/settings/integrations', label: say('settings.integrations') },
        ]}
        state={state === 'on' ? <Tie state="agree">{say('saml.on')}</Tie> : undefined}
      />
      <Body>
        <Loaded query={saml}>
          {(data) =>
            data.card.state === 'locked-plan' ? <PlanCommand what={say('saml.plan')} /> : <Wizard saml={data} />
          }
        </Loaded>
      </Body>
    </>
  );
}
