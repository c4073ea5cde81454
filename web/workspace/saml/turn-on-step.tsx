/*
 * Step 5: on, or off again. On wants a passed test by the admin who acts, so that nobody turns on what they cannot use;
 * off asks what becomes of SCIM while that is enabled. Reach: own origin.
 */
import { Button, Radio } from '@mantine/core';
import { useState } from 'react';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  Band,
  ConfirmDialog,
  CopyField,
  FormActions,
  Ledger,
  LedgerRow,
  Loaded,
  ProblemNote,
  Section,
  TieMark,
  useRoute,
  useSignedIn,
  useWrite,
} from '../../ui/index.ts';
import { isEnabled } from '../scim/details.ts';
import { say, sayRich } from '../words.ts';
import css from './saml.module.css';
import type { StepProps } from './step.ts';

const SCIM_CHOICES = ['keep', 'disable'] as const;

function TurnOffDialog({ scimOn, onClose }: { scimOn: boolean; onClose: () => void }) {
  const { tenant } = useSignedIn();
  const [scim, setScim] = useState<(typeof SCIM_CHOICES)[number]>();
  const turnOff = useWrite(routes.turnOffSaml, ['integrations', 'scim', 'article']);
  return (
    <ConfirmDialog
      opened
      title={say('saml.turnOff.title', { workspace: tenant.name })}
      confirm={say('saml.turnOff')}
      busy={turnOff.isPending || (scimOn && scim === undefined)}
      error={turnOff.error}
      onConfirm={() => turnOff.mutate({ body: scim === undefined ? {} : { scim } }, { onSuccess: onClose })}
      onCancel={onClose}
    >
      <p>{say('saml.turnOff.what')}</p>
      {scimOn ? (
        <Radio.Group
          label={say('saml.turnOff.scim')}
          value={scim ?? ''}
          onChange={(value) => setScim(SCIM_CHOICES.find((choice) => choice === value))}
        >
          {SCIM_CHOICES.map((choice) => (
            <Radio key={choice} value={choice} label={say(`saml.turnOff.${choice}`)} mt="sm" />
          ))}
        </Radio.Group>
      ) : null}
    </ConfirmDialog>
  );
}

function On({ saml }: { saml: StepProps['saml'] }) {
  const [asking, setAsking] = useState(false);
  const integrations = useRoute(routes.integrations);
  return (
    <>
      <Band tone="agree" mark={<TieMark state="agree" />}>
        {sayRich('saml.on.what', { idp: saml.card.idpName ?? say('idp') })}
      </Band>
      <CopyField label={say('saml.give.signIn')} value={saml.give.signInUrl} />
      <Loaded query={integrations}>
        {({ scim }) => (
          <FormActions>
            <Button onClick={() => setAsking(true)}>{say('saml.turnOff')}</Button>
            {asking ? <TurnOffDialog scimOn={isEnabled(scim.state)} onClose={() => setAsking(false)} /> : null}
          </FormActions>
        )}
      </Loaded>
    </>
  );
}

function Off({ saml, onNext }: StepProps) {
  const turnOn = useWrite(routes.turnOnSaml, ['integrations', 'scim', 'article']);
  if (!saml.testedByMe) {
    return (
      <>
        <p>{say('saml.turnOn.first')}</p>
        <FormActions>
          <Button onClick={() => onNext('test')}>{say('saml.step.test')}</Button>
        </FormActions>
      </>
    );
  }
  return (
    <>
      <p>{sayRich('saml.turnOn.what', { idp: saml.card.idpName ?? say('idp') })}</p>
      {turnOn.error === null ? null : <ProblemNote error={turnOn.error} />}
      <FormActions>
        <Button variant="filled" onClick={() => turnOn.mutate({})} disabled={turnOn.isPending}>
          {say('saml.turnOn')}
        </Button>
      </FormActions>
    </>
  );
}

function Attempts({ saml }: { saml: StepProps['saml'] }) {
  if (saml.attempts.length === 0) return null;
  return (
    <Section title={say('saml.attempts')}>
      <div className={css['attempts']}>
        <Ledger label={say('saml.attempts')}>
          {saml.attempts.map((attempt) => (
            <LedgerRow
              key={attempt.id}
              at={attempt.at}
              as="moment"
              state={attempt.outcome === 'refused' ? 'apart' : 'agree'}
              word={say(`saml.outcome.${attempt.outcome}`)}
            >
              {attempt.nameId === null ? null : <strong>{attempt.nameId} </strong>}
              {attempt.sentence}
            </LedgerRow>
          ))}
        </Ledger>
      </div>
    </Section>
  );
}

export function TurnOnStep(props: StepProps) {
  return (
    <>
      {props.saml.card.state === 'on' ? <On saml={props.saml} /> : <Off {...props} />}
      <Attempts saml={props.saml} />
    </>
  );
}
