/*
 * Pausing the connection and going on: what the card and the page say meanwhile, and the question before. Nothing is lost
 * by it and no token ends; that would be disabling. Reach: own origin.
 */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { workspaceRoutes as routes, type ScimCard } from '../../../src/contract/workspace.ts';
import { ConfirmDialog, ProblemNote, useAnnounce, useSignedIn, useWrite, When } from '../../ui/index.ts';
import { say, sayRich } from '../words.ts';
import css from './scim.module.css';

export function PausedText({ card }: { card: ScimCard }) {
  return (
    <p>
      {sayRich('scim.paused.by', { name: card.pausedBy ?? '' })} <When at={card.pausedAt} />. {say('scim.paused.what')}
    </p>
  );
}

export function ResumeButton() {
  const announce = useAnnounce();
  const resume = useWrite(routes.resumeScim, ['integrations']);
  return (
    <>
      <Button
        variant="filled"
        disabled={resume.isPending}
        onClick={() => resume.mutate({}, { onSuccess: () => announce(say('resume.done')) })}
      >
        {say('scim.resume')}
      </Button>
      {resume.error === null ? null : <ProblemNote error={resume.error} />}
    </>
  );
}

function PauseDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { tenant } = useSignedIn();
  const announce = useAnnounce();
  const pause = useWrite(routes.pauseScim, ['integrations']);
  const close = () => {
    pause.reset();
    onClose();
  };
  const paused = () => {
    announce(say('pause.done'));
    close();
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={say('pause.title', { workspace: tenant.name })}
      confirm={say('scim.pause')}
      busyLabel={say('pause.busy')}
      busy={pause.isPending}
      error={pause.error}
      tone="plain"
      onConfirm={() => pause.mutate({}, { onSuccess: paused })}
      onCancel={close}
    >
      <p>{sayRich('pause.stops')}</p>
      <p>{sayRich('pause.stays')}</p>
      <p>{sayRich('pause.long')}</p>
    </ConfirmDialog>
  );
}

export function PauseSection() {
  const [asking, setAsking] = useState(false);
  return (
    <div className={css['danger']}>
      <p>{say('scim.pause.what')}</p>
      <Button onClick={() => setAsking(true)}>{say('scim.pause')}</Button>
      <PauseDialog opened={asking} onClose={() => setAsking(false)} />
    </div>
  );
}
