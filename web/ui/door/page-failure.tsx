/* What stands where a page could not be shown: an unknown address, or code that failed. Pure. */
import { Button } from '@mantine/core';
import { Link, useRouteError } from 'react-router';
import { ProblemNote } from '../state/problem-note.tsx';
import { Door } from './door.tsx';
import { say } from './words.ts';

export function PageFailure() {
  const error = useRouteError();
  const failed = error instanceof Error;
  return (
    <Door title={say(failed ? 'failure.title' : 'notFound.title')} lead={failed ? undefined : say('notFound.lead')}>
      {failed ? <ProblemNote error={error} onRetry={() => window.location.reload()} /> : null}
      <Button component={Link} to="/">
        {say('failure.home')}
      </Button>
    </Door>
  );
}
