/* What can be done about one task, at the end of its row: look at it and approve or skip it, or try it again. Reach: own origin. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Assignment } from '../../../src/contract/identity.ts';
import { ProblemNote } from '../../ui/index.ts';
import { useDecide } from './decide.ts';
import { TaskDialog } from './task-dialog.tsx';
import { say } from './words.ts';

export function TaskActions({ assignment }: { assignment: Assignment }) {
  const [open, setOpen] = useState(false);
  const { decide, busy, error } = useDecide();
  const { id, status, user } = assignment;
  if (status === 'failed')
    return (
      <>
        {error === null ? null : <ProblemNote error={error} />}
        <Button
          size="xs"
          disabled={busy}
          aria-label={say('retry.of', { name: user.name })}
          onClick={() => decide('retried', [id])}
        >
          {say('retry')}
        </Button>
      </>
    );
  if (status !== 'pending-approval') return null;
  return (
    <>
      {error === null ? null : <ProblemNote error={error} />}
      <Button size="xs" aria-label={say('review.of', { name: user.name })} onClick={() => setOpen(true)}>
        {say('review')}
      </Button>
      <Button
        size="xs"
        disabled={busy}
        aria-label={say('skip.of', { name: user.name })}
        onClick={() => decide('skipped', [id])}
      >
        {say('skip')}
      </Button>
      <Button
        size="xs"
        variant="filled"
        disabled={busy}
        aria-label={say('approve.of', { name: user.name })}
        onClick={() => decide('approved', [id])}
      >
        {say('approve')}
      </Button>
      {open ? <TaskDialog id={id} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
