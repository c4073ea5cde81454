/* What happened to a user, here and at the apps, as sentences. Pure. */
import { Body, Empty, Ledger, LedgerRow } from '../../ui/index.ts';
import type { UserStory } from './user-page.tsx';
import { say } from './words.ts';

export function ActivityTab({ story: { activity } }: { story: UserStory }) {
  if (activity.length === 0) {
    return (
      <Body>
        <Empty title={say('activity.empty')}>{say('activity.empty.why')}</Empty>
      </Body>
    );
  }
  return (
    <Ledger label={say('user.activity')}>
      {activity.map(({ at, sentence }) => (
        <LedgerRow key={`${at} ${sentence}`} at={at} as="moment" state="agree" word={say('activity.done')}>
          {sentence}
        </LedgerRow>
      ))}
    </Ledger>
  );
}
