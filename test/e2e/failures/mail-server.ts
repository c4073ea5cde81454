// An SMTP server that counts what really arrived. Talks to: loopback.

import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
  readonly url: string;
  /** Accepted mails: recipient and text, in order. */
  readonly accepted: { to: string; text: string }[];
  /** Asked for every mail that was taken whole: false lets the sender wait for an answer that never comes. */
  answers: (to: string) => boolean;
  close(): Promise<void>;
}

export async function openMailServer(): Promise<MailServer> {
  const accepted: MailServer['accepted'] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? '';
        if (!mailServer.answers(to)) return;
        accepted.push({ to, text: Buffer.concat(chunks).toString() });
        done(null);
      });
    },
  });
  // A sender that was killed resets its connection.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as { port: number };
  const mailServer: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    accepted,
    answers: () => true,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return mailServer;
}
