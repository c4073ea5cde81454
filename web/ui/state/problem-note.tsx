/*
 * A failure beside its cause: a plain sentence, what to do, the code and the request's id, Copy details, Retry.
 * Reach: talks to the clipboard. The sentence is the server's `detail` (RFC 9457); 403 and 402 have their own looks.
 */
import { Button } from '@mantine/core';
import { isProblem, Problem, type ProblemName } from '../api.ts';
import { CopyButton } from '../form/copy.tsx';
import { TieMark } from '../tie.tsx';
import { say } from '../words/words.ts';
import { NotAllowed } from './empty.tsx';
import css from './state.module.css';

function asProblem(error: Error): Problem {
  return isProblem(error) ? error : new Problem(0, { type: '/problems/unexpected-answer', detail: error.message });
}

/** The sentence a person reads, and what they can do; never an empty text. */
function problemWords(problem: Problem): { sentence: string; fix: string | undefined } {
  if (problem.kind === 'unreachable')
    return { sentence: say('problem.unreachable'), fix: say('problem.unreachable.fix') };
  if (problem.kind === 'unexpected-answer')
    return { sentence: say('problem.unexpected'), fix: say('problem.unexpected.fix') };
  if (problem.detail !== '') return { sentence: problem.detail, fix: undefined };
  if (problem.status === 404) return { sentence: say('problem.notFound'), fix: undefined };
  return { sentence: say(problem.status >= 500 ? 'problem.server' : 'problem.title'), fix: undefined };
}

/** For support: what was said, where, without anything of the page's content. */
function problemDetails(problem: Problem): string {
  const { kind, status, detail, requestId, errors } = problem;
  return JSON.stringify({ kind, status, detail, requestId, errors, page: window.location.pathname }, null, 2);
}

/** Answers that are part of the ordinary day: their sentence is enough, support has nothing to look up. */
const EXPECTED: readonly ProblemName[] = [
  'sign-in-failed',
  'sign-in-locked',
  'deactivated',
  'link-spent',
  'plan-required',
  'conflict',
  'precondition',
  'invalid-request',
];

export interface ProblemNoteProps {
  error: Error;
  onRetry?: () => void;
}

export function ProblemNote({ error, onRetry }: ProblemNoteProps) {
  const problem = asProblem(error);
  if (problem.kind === 'not-allowed') {
    return <NotAllowed what={problemWords(problem).sentence} who={problem.whoCan} />;
  }
  const { sentence, fix } = problemWords(problem);
  const expected = EXPECTED.includes(problem.kind);
  return (
    <div className={css['problem']} role="alert" data-view="problem">
      <TieMark state="apart" />
      <div className={css['problemText']}>
        <p className={css['problemSentence']}>{sentence}</p>
        {fix === undefined ? null : <p>{fix}</p>}
        {expected ? null : (
          <p className={css['problemCode']}>
            {[problem.kind, problem.requestId].filter((part) => part !== undefined).join(' · ')}
          </p>
        )}
      </div>
      {expected && onRetry === undefined ? null : (
        <div className={css['problemActions']}>
          {expected ? null : <CopyButton text={problemDetails(problem)} label={say('problem.copy')} size="xs" />}
          {onRetry === undefined ? null : (
            <Button size="xs" onClick={onRetry}>
              {say('retry')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
