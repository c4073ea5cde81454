/* S1: sign in by password. A workspace's own address also offers its identity provider. Reach: own origin. */
import { Link, Navigate } from 'react-router';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { Door, PasswordForm, useArrive, useRoute } from '../../ui/index.ts';
import { say } from '../words.ts';

export function SignInPage() {
  const arrive = useArrive();
  const session = useRoute(routes.session);
  if (session.data?.setupNeeded) return <Navigate to="/setup" replace />;
  return (
    <Door
      title={say('signIn.title')}
      lead={say('signIn.lead')}
      foot={session.data?.mailbox ? <Link to="/dev/mail">{say('place.mailbox')}</Link> : undefined}
    >
      <PasswordForm onSignedIn={arrive} />
    </Door>
  );
}
