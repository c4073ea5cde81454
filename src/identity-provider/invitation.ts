// An invitation: a one-time link and the mail that carries it, made before the transaction that writes both.

import { linkMail } from '../accounts/invitation-mail.ts';
import { linkLifetimeMs } from '../accounts/sign-in.ts';
import { digestOf, randomTenantSecret } from '../secrets/digest.ts';
import type { Invitation } from './directory.ts';

export interface InvitationFacts {
  tenant: string;
  /** The organization's name. */
  tenantName: string;
  /** Who invites. */
  from: string;
  publicUrl: string;
  at: Date;
  /** The mail's purpose for ever. */
  reason: string;
}

export function createInvitation(person: { name: string; email: string }, facts: InvitationFacts): Invitation {
  const token = randomTenantSecret(facts.tenant);
  return {
    digest: digestOf(token),
    at: facts.at,
    expiresAt: new Date(facts.at.getTime() + linkLifetimeMs.invitation),
    mail: linkMail({
      kind: 'invitation',
      reason: facts.reason,
      recipient: person.email,
      name: person.name,
      tenant: facts.tenantName,
      from: facts.from,
      link: `${facts.publicUrl}/link/${token}`,
    }),
  };
}
