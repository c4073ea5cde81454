// `rollcall doctor`: looks at what a server needs and says of each thing whether it is right, and if not what to do.

import type { Command } from 'commander';
import { readSettings, type Settings } from '../config.ts';
import { openConfiguredDatabase } from '../open-database.ts';
import { createMailDoor } from '../outbound/mail.ts';
import { createSealer } from '../secrets/seal.ts';
import { isWebStale } from '../web-build.ts';
import { CommandFailure } from './output.ts';

interface Finding {
  what: string;
  ok: boolean;
  sentence: string;
}

async function database(settings: Settings): Promise<Finding[]> {
  try {
    const opened = await openConfiguredDatabase(settings, () => new Date());
    const pool = opened.connect('rollcall_workspace', 1);
    try {
      const [server] = await pool.control.query(
        "select current_setting('server_version') as version, current_user as role",
      );
      const [clock] = await pool.control.query<{ at: Date }>('select clock_timestamp() as at');
      const skewMs = Math.abs(Date.now() - (clock?.at.getTime() ?? 0));
      return [
        {
          what: 'database',
          ok: true,
          sentence: `PostgreSQL ${server?.['version']}${opened.isEmbedded ? ', embedded' : ''}; the application works as ${server?.['role']}.`,
        },
        { what: 'migrations', ok: true, sentence: 'The schema is the one of this version.' },
        {
          what: 'clock',
          ok: skewMs < 5_000,
          sentence:
            skewMs < 5_000
              ? 'This machine and the database agree on the time.'
              : `This machine and the database differ by ${Math.round(skewMs / 1_000)} seconds.`,
        },
        {
          what: 'secret key',
          ok: true,
          sentence: `Stored credentials are sealed with the key ${createSealer(opened.secretKey).keyId}.`,
        },
      ];
    } finally {
      await pool.close();
      await opened.close();
    }
  } catch (error) {
    return [{ what: 'database', ok: false, sentence: (error as Error).message }];
  }
}

async function mail(settings: Settings): Promise<Finding> {
  if (settings.smtpUrl === undefined)
    return { what: 'mail', ok: true, sentence: 'No SMTP_URL: mails are read on the mailbox page, on localhost only.' };
  const door = createMailDoor(settings.smtpUrl, settings.mailFrom);
  try {
    await door.verify();
    return { what: 'mail', ok: true, sentence: 'The SMTP server lets us in.' };
  } catch (error) {
    return { what: 'mail', ok: false, sentence: `The SMTP server does not: ${(error as Error).message}` };
  } finally {
    door.close();
  }
}

async function site(what: string, publicUrl: string): Promise<Finding> {
  try {
    const answer = await fetch(`${publicUrl}/healthz`, { signal: AbortSignal.timeout(5_000), redirect: 'manual' });
    const ok = answer.status === 200;
    return {
      what,
      ok,
      sentence: ok
        ? `Answers at ${publicUrl}.`
        : `${publicUrl} answers with ${answer.status}: something else listens there.`,
    };
  } catch {
    return {
      what,
      ok: true,
      sentence: `Nothing answers at ${publicUrl}; the server is not running, or the name does not lead here.`,
    };
  }
}

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look at what a server needs')
    .action(async (_options: object, command: Command) => {
      const settings = readSettings();
      const findings: Finding[] = [
        {
          what: 'node',
          ok: Number(process.versions.node.split('.')[0]) >= 24,
          sentence: `Node ${process.versions.node}.`,
        },
        ...(await database(settings)),
        await mail(settings),
        { what: 'web app', ok: true, sentence: isWebStale() ? 'Will be built at the next start.' : 'Built.' },
        await site('workspace', settings.workspace.publicUrl),
        await site('identity provider', settings.identity.publicUrl),
      ];
      if (command.optsWithGlobals()['json']) console.log(JSON.stringify(findings, null, 2));
      else
        for (const { what, ok, sentence } of findings)
          console.log(`${ok ? '●──●' : '●─×○'} ${what.padEnd(18)}${sentence}`);
      if (findings.some(({ ok }) => !ok)) throw new CommandFailure('failed', 'Something needs attention, see above.');
    });
}
