/* Approve, skip and retry tasks; what came of it is said to readers of the screen. Reach: own origin. */
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { useAnnounce, useWrite } from '../../ui/index.ts';
import { say } from './words.ts';

const STALE = ['users', 'apps', 'dashboard', 'article'];

export type Decision = 'approved' | 'skipped' | 'retried';

export function useDecide() {
  const announce = useAnnounce();
  const approve = useWrite(routes.approve, STALE);
  const skip = useWrite(routes.skip, STALE);
  const retry = useWrite(routes.retry, STALE);
  const writes = { approved: approve, skipped: skip, retried: retry };
  return {
    busy: approve.isPending || skip.isPending || retry.isPending,
    error: approve.error ?? skip.error ?? retry.error,
    decide: (decision: Decision, ids: string[], done?: () => void) =>
      writes[decision].mutate(
        { body: { ids } },
        {
          onSuccess: ({ count }) => {
            announce(count === 0 ? say('done.late') : say(`done.${decision}`, { n: count }));
            done?.();
          },
        },
      ),
  };
}
