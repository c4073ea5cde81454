// Ids in a request that name nothing of this organization: the foreign key refuses them, and the refusal says of what.
// Somebody else's id is refused by the same key in the same words (N05). Pure.

import { Refusal } from '../../accounts/refusal.ts';
import { violatedConstraint } from '../database.ts';

const words: Record<string, string> = { person: 'user', team: 'group', role: 'role', app: 'app' };

/** For the ties of people, teams, roles and apps. @throws Refusal `not-found`; the error itself when it is another */
export function refuseUnknown(error: unknown): never {
  const [, column = ''] = /_tenant_(person|team|role|app)_fkey/.exec(violatedConstraint(error)) ?? [];
  const what = words[column];
  if (what === undefined) throw error;
  throw new Refusal('not-found', `There is no such ${what}.`);
}
