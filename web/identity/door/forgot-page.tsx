/* Asks for a link that sets a new password, by the user name. Reach: own origin. */
import { ForgotPage as SharedForgotPage } from '../../ui/index.ts';
import { say } from '../words.ts';

export function ForgotPage() {
  return <SharedForgotPage nameLabel={say('signIn.name')} />;
}
