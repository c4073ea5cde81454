/*
 * S10: the SCIM card. Exactly one state is shown and stands in `data-state`; while a dialog is open it is that dialog's
 * name. Connected, its only action is Disable SCIM; paused, Resume stands before it. Reach: own origin.
 * The token lives in this component's memory and nowhere else: it is gone with the dialog.
 */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { workspaceRoutes as routes, type ScimCard as ScimCardData } from '../../../src/contract/workspace.ts';
import {
  type AnswerOf,
  allowed,
  Card,
  ConfirmDialog,
  HourBars,
  Tie,
  TieWide,
  useSignedIn,
  useWrite,
} from '../../ui/index.ts';
import { say } from '../words.ts';
import { isEnabled } from './details.ts';
import { DisableDialog } from './disable-dialog.tsx';
import { ResumeButton } from './pause.tsx';
import { ScimText } from './scim-text.tsx';
import { TokenDialog } from './token-dialog.tsx';

type NewToken = AnswerOf<typeof routes.enableScim>;
type Stage = 'card' | 'confirming' | 'disabling';

function ScimState({ state }: { state: ScimCardData['state'] }) {
  if (state === 'waiting') return <Tie state="moving">{say('scim.waiting')}</Tie>;
  if (state === 'connected') return <Tie state="agree">{say('scim.connected')}</Tie>;
  if (state === 'attention') return <Tie state="pending">{say('scim.attention')}</Tie>;
  if (state === 'paused') return <Tie state="held">{say('scim.paused')}</Tie>;
  return say(state === 'available' ? 'scim.off' : 'card.locked');
}

const WIDE = { waiting: 'moving', connected: 'agree', attention: 'pending', paused: 'held' } as const;

function CardActions({
  state,
  onConnect,
  onDisable,
}: {
  state: ScimCardData['state'];
  onConnect: () => void;
  onDisable: () => void;
}): ReactNode {
  const { me } = useSignedIn();
  if (isEnabled(state)) {
    if (!allowed(routes.disableScim, me.role)) return undefined;
    return (
      <>
        {state === 'paused' ? <ResumeButton /> : null}
        <Button onClick={onDisable}>{say('scim.disable')}</Button>
      </>
    );
  }
  if (state === 'available') {
    return (
      <Button variant="filled" onClick={onConnect}>
        {say('scim.connect')}
      </Button>
    );
  }
  if (state === 'locked-sso') {
    return (
      <Button component={Link} to="/settings/integrations/saml">
        {say('scim.setUpSaml')}
      </Button>
    );
  }
  return undefined;
}

function EnableDialog(props: {
  card: ScimCardData;
  onToken: (token: NewToken) => void;
  onClose: () => void;
  opened: boolean;
}) {
  const { tenant } = useSignedIn();
  const enable = useWrite(routes.enableScim, ['integrations', 'article']);
  const close = () => {
    enable.reset();
    props.onClose();
  };
  const confirm = () => {
    enable.mutate(
      {},
      {
        onSuccess: (token) => {
          enable.reset();
          props.onToken(token);
        },
      },
    );
  };
  return (
    <ConfirmDialog
      opened={props.opened}
      title={say('scim.enable.title', { workspace: tenant.name })}
      confirm={say('scim.enable')}
      busyLabel={say('scim.enabling')}
      busy={enable.isPending}
      error={enable.error}
      tone="plain"
      onConfirm={confirm}
      onCancel={close}
    >
      <ul>
        <li>{say('scim.enable.may')}</li>
        <li>{say('scim.enable.fields')}</li>
        <li>{say('scim.enable.match', { n: props.card.peopleHere })}</li>
        <li>{say('scim.enable.nothing')}</li>
      </ul>
    </ConfirmDialog>
  );
}

export function ScimCard({ card, idpName }: { card: ScimCardData; idpName: string | null }) {
  const { tenant } = useSignedIn();
  const [stage, setStage] = useState<Stage>('card');
  const [token, setToken] = useState<NewToken>();
  const on = isEnabled(card.state);
  const wide = WIDE[card.state as keyof typeof WIDE];
  const client = card.client ?? idpName ?? say('idp');
  const close = () => setStage('card');
  const stateName = token !== undefined ? 'token' : stage === 'confirming' ? 'confirming' : card.state;
  return (
    <Card
      id="scim"
      title={on ? <Link to="/settings/integrations/scim">{say('scim.title')}</Link> : say('scim.title')}
      state={<ScimState state={card.state} />}
      stateName={stateName}
      actions={
        <>
          <CardActions
            state={card.state}
            onConnect={() => setStage('confirming')}
            onDisable={() => setStage('disabling')}
          />
          {card.state === 'connected' && card.requestsByHour.length > 0 ? (
            <HourBars hours={card.requestsByHour} size="small" />
          ) : null}
        </>
      }
    >
      {wide === undefined ? null : <TieWide state={wide} left={client} right={tenant.name} />}
      <ScimText card={card} client={client} />
      <EnableDialog
        card={card}
        opened={stage === 'confirming'}
        onClose={close}
        onToken={(made) => {
          setToken(made);
          close();
        }}
      />
      <DisableDialog opened={stage === 'disabling'} onClose={close} />
      {token === undefined ? null : <TokenDialog token={token} idpName={idpName} onDone={() => setToken(undefined)} />}
    </Card>
  );
}
