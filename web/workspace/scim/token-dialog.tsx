/* The new token with base URL and OrgID, and where the identity provider asks for them. Reach: pure. */
import type { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { type AnswerOf, SecretDialog } from '../../ui/index.ts';
import { say, sayRich } from '../words.ts';

export interface TokenDialogProps {
  token: AnswerOf<typeof routes.createToken>;
  idpName: string | null;
  onDone: () => void;
}

export function TokenDialog({ token, idpName, onDone }: TokenDialogProps) {
  return (
    <SecretDialog
      title={say('token.title')}
      lead={say('token.lead')}
      secretLabel={say('token.label')}
      secret={token.token}
      beside={[
        { label: say('scim.baseUrl'), value: token.baseUrl },
        { label: say('scim.orgId'), value: token.orgId },
      ]}
      hint={sayRich('token.hint', { idp: idpName ?? say('idp') })}
      onDone={onDone}
    />
  );
}
