/* How an app's API stands, as tie and word. Pure. */
import type { App } from '../../../src/contract/identity.ts';
import { Tie, type TieState } from '../../ui/index.ts';
import { say } from './words.ts';

const TIE: Readonly<Record<App['apiStatus'], TieState>> = {
  enabled: 'agree',
  disabled: 'only-left',
  failing: 'held',
};

export function ApiState({ status, long }: { status: App['apiStatus']; long?: 'long' }) {
  return <Tie state={TIE[status]}>{say(long === undefined ? `api.${status}` : `head.api.${status}`)}</Tie>;
}
