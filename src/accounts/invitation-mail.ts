// The mails that carry a one-time link, plain text, one action each. Pure.

import type { LinkKind, MailDraft } from './account.ts';

export interface MailFacts {
  kind: Exclude<LinkKind, 'sign-in'>;
  /** The mail's purpose for ever; asked for twice, it is written once. */
  reason: string;
  recipient: string;
  name: string;
  /** Workspace or organization. */
  tenant: string;
  /** Who invites; undefined when nobody does (a forgotten password). */
  from?: string;
  link: string;
}

export function linkMail({ kind, reason, recipient, name, tenant, from, link }: MailFacts): MailDraft {
  if (kind === 'invitation') {
    return {
      reason,
      recipient,
      subject: from ? `${from} invites you to ${tenant}` : `You are invited to ${tenant}`,
      body: `Hello ${name},\n\n${from ? `${from} invites` : 'You are invited'}${from ? ' you' : ''} to ${tenant}. Choose a password and you are in:\n\n${link}\n\nThe link works once and for seven days. If you did not expect it, do nothing: nothing happens without it.\n`,
    };
  }
  return {
    reason,
    recipient,
    subject: `Choose a new password for ${tenant}`,
    body: `Hello ${name},\n\nsomebody, probably you, asked for a new password at ${tenant}. Choose it here:\n\n${link}\n\nThe link works once and for one hour. If it was not you, do nothing: your password stays as it is.\n`,
  };
}
