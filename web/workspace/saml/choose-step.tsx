/* Step 1: which identity provider it is, so that the next step speaks its words. Reach: own origin. */
import { Button, Radio } from '@mantine/core';
import { useState } from 'react';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { Form, FormActions, useWrite } from '../../ui/index.ts';
import { say } from '../words.ts';
import { IDENTITY_PROVIDERS } from './identity-providers.ts';
import css from './saml.module.css';
import type { StepProps } from './step.ts';

export function ChooseStep({ saml, onNext }: StepProps) {
  const [kind, setKind] = useState(saml.card.idpKind ?? '');
  const choose = useWrite(routes.chooseIdentityProvider, ['integrations']);
  return (
    <Form
      onSubmit={() => choose.mutate({ body: { kind } }, { onSuccess: () => onNext('give') })}
      error={choose.error}
      label={say('saml.step.choose')}
    >
      <Radio.Group label={say('saml.choose.which')} value={kind} onChange={setKind} name="kind">
        <div className={css['providers']}>
          {IDENTITY_PROVIDERS.map((provider) => (
            <Radio key={provider.kind} value={provider.kind} label={provider.name} />
          ))}
        </div>
      </Radio.Group>
      <FormActions>
        <Button type="submit" variant="filled" disabled={kind === '' || choose.isPending}>
          {say('continue')}
        </Button>
      </FormActions>
    </Form>
  );
}
