/* The answer that both tabs show, and what its states have in common. Pure. */
import type { ScimCard, workspaceRoutes } from '../../../src/contract/workspace.ts';
import type { AnswerOf } from '../../ui/index.ts';

export type ScimDetails = AnswerOf<typeof workspaceRoutes.scim>;

/** SCIM is enabled, however it fares: it can be disabled, and tokens can be made. */
export function isEnabled(state: ScimCard['state']): boolean {
  return state === 'waiting' || state === 'connected' || state === 'attention' || state === 'paused';
}
