/* I9: the modal in which a bulk operation is verified: what will happen, who is skipped and why. Reach: own origin. */
import { type BulkBody, identityRoutes as routes } from '../../../src/contract/identity.ts';
import { type AnswerOf, ConfirmDialog, useWrite } from '../../ui/index.ts';
import { say } from './words.ts';

type Preview = AnswerOf<typeof routes.bulkPreview>;

interface ConfirmBulkProps {
  preview: Preview;
  body: BulkBody;
  onStarted: (id: string) => void;
  onCancel: () => void;
}

/** Above this many people the count is typed. */
const MANY = 100;

export function ConfirmBulk({ preview, body, onStarted, onCancel }: ConfirmBulkProps) {
  const start = useWrite(routes.startBulk, ['bulk', 'users', 'dashboard']);
  const { sentence, people, mails, effects, skipped, unknown } = preview;
  return (
    <ConfirmDialog
      opened
      title={say('confirm.title')}
      confirm={say('confirm')}
      busyLabel={say('confirming')}
      busy={start.isPending}
      error={start.error}
      tone={body.operation === 'suspend' || body.operation === 'remove-app' ? 'danger' : 'plain'}
      {...(people > MANY ? { typed: String(people) } : {})}
      onConfirm={() => start.mutate({ body }, { onSuccess: ({ id }) => onStarted(id) })}
      onCancel={onCancel}
    >
      <p>
        <strong>{sentence}</strong>
      </p>
      {mails > 0 ? <p>{say('confirm.mails', { n: mails })}</p> : null}
      {effects.length > 0 ? (
        <>
          <h3>{say('confirm.effects')}</h3>
          <ul>
            {effects.map((effect) => (
              <li key={effect}>{effect}</li>
            ))}
          </ul>
        </>
      ) : null}
      {skipped.length > 0 ? (
        <details>
          <summary>{say('confirm.skipped', { n: skipped.length })}</summary>
          <ul>
            {skipped.map(({ name, reason }) => (
              <li key={`${name} ${reason}`}>
                {name}: {reason}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {unknown.length > 0 ? (
        <>
          <p>{say('preview.unknown', { n: unknown.length })}</p>
          <ul>
            {unknown.map(({ line, text }) => (
              <li key={line}>{say('preview.line', { line, text })}</li>
            ))}
          </ul>
        </>
      ) : null}
    </ConfirmDialog>
  );
}
