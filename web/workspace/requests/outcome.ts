/* How a request's outcome is drawn. Pure. */
import type { RequestRow } from '../../../src/contract/workspace.ts';
import type { TieState } from '../../ui/index.ts';

export const OUTCOME_TIE: Readonly<Record<RequestRow['outcome'], TieState>> = {
  applied: 'agree',
  unchanged: 'only-left',
  pending: 'moving',
  refused: 'apart',
};

export function statusTone(status: number): 'held' | undefined {
  return status >= 400 ? 'held' : undefined;
}
