/* The answer that both tabs show. Pure. */
import type { workspaceRoutes } from '../../../src/contract/workspace.ts';
import type { AnswerOf } from '../../ui/index.ts';

export type ScimDetails = AnswerOf<typeof workspaceRoutes.scim>;
