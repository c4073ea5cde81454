/* What every step of the wizard is given. Pure. */
import type { workspaceRoutes } from '../../../src/contract/workspace.ts';
import type { AnswerOf } from '../../ui/index.ts';

export interface StepProps {
  saml: AnswerOf<typeof workspaceRoutes.saml>;
  onNext: (step: 'choose' | 'give' | 'take' | 'test' | 'on') => void;
}
