// Mail: by SMTP where SMTP_URL names a server; without one, mails stay in the database and are read on the mailbox page.
// Talks to: an SMTP server.

import { createTransport } from 'nodemailer';

export interface Mail {
  /** Stable over retries: becomes the Message-ID. */
  id: string;
  recipient: string;
  subject: string;
  body: string;
}

export interface MailDoor {
  /** True when mails really leave; false when the mailbox page is where they are read. */
  readonly leaves: boolean;
  /** Resolves once the server has accepted the mail for delivery. @throws Error with the server's words */
  send(mail: Mail): Promise<void>;
  /** Signs in to the server without sending. @throws Error with the server's words */
  verify(): Promise<void>;
  close(): void;
}

/** @param smtpUrl such as `smtps://user:password@mail.example:465` @param from sender, such as `Rollcall <no-reply@people.example>` */
export function createMailDoor(smtpUrl: string | undefined, from: string): MailDoor {
  if (smtpUrl === undefined) return { leaves: false, send: async () => {}, verify: async () => {}, close: () => {} };
  const transport = createTransport(
    { url: smtpUrl, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 },
    { from },
  );
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    leaves: true,
    async send({ id, recipient, subject, body }) {
      await transport.sendMail({ to: recipient, subject, text: body, messageId: `<${id}@${domain}>` });
    },
    async verify() {
      await transport.verify();
    },
    close: () => transport.close(),
  };
}
