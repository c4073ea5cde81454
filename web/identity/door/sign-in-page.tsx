/*
 * Sign in by user name and password. An app's SAML request that found nobody signed in waits in `?return=`: it is an
 * address of the server and not of this app, so the browser goes there itself. Reach: own origin.
 */
import { Link, Navigate, useSearchParams } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { Door, PasswordForm, ProblemBand, useArrive, useRoute } from '../../ui/index.ts';
import { say } from '../words.ts';
import { returnPath } from './return-path.ts';

export function SignInPage() {
  const arrive = useArrive();
  const [search] = useSearchParams();
  const session = useRoute(routes.session);
  if (session.data?.setupNeeded) return <Navigate to="/setup" replace />;
  const app = search.get('app');
  const back = returnPath(search.get('return'), window.location.origin);
  const signedIn = () => (back === undefined ? arrive() : window.location.assign(back));
  return (
    <Door
      title={say('signIn.title')}
      lead={app === null ? say('signIn.lead') : say('signIn.toContinue', { app })}
      foot={session.data?.mailbox ? <Link to="/dev/mail">{say('place.mailbox')}</Link> : undefined}
    >
      <ProblemBand />
      <PasswordForm nameLabel={say('signIn.name')} onSignedIn={signedIn} />
    </Door>
  );
}
