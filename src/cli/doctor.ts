// `rollcall doctor`: looks at what a server needs and says of each thing whether it is right, and if not what to do.

import type { Command } from 'commander';
import { readSettings, type Settings } from '../config.ts';
import { openConfiguredDatabase } from '../open-database.ts';
import { createMailDoor } from '../outbound/mail.ts';
import { createSealer } from '../secrets/seal.ts';
import type { TenantDatabase } from '../store/database.ts';
import { replicaState } from '../store/migrate.ts';
import { createWorkspaceStore } from '../store/workspace/index.ts';
import { isWebStale } from '../web-build.ts';
import { CommandFailure } from './output.ts';
import { reach } from './reach.ts';
import { unusedTokens } from './unused-tokens.ts';

interface Finding {
  what: string;
  ok: boolean;
  /** Nothing is wrong, but a person should look. */
  heed?: boolean;
  sentence: string;
}

/** Asked in no tenant's name, so that the tenants' own server answers. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** What stands beside the one server, when something does. */
async function others(settings: Settings, pool: TenantDatabase): Promise<Finding[]> {
  const found: Finding[] = [];
  const { controlUrl, replicaUrl } = settings.database;
  if (controlUrl !== undefined) {
    const [control] = await pool.control.query("select current_setting('server_version') as version");
    const sentence = `On a server of its own, PostgreSQL ${control?.['version']}.`;
    found.push({ what: 'control database', ok: true, sentence });
  }
  if (replicaUrl !== undefined) found.push({ what: 'replica', ...(await lagOf(replicaUrl)) });
  return found;
}

/** A replica that is not one, or is away, loses nothing: reads go to the server itself. It should be known all the same. */
async function lagOf(url: string): Promise<{ ok: boolean; sentence: string }> {
  try {
    const { follows, behind } = await replicaState(url);
    if (!follows) return { ok: false, sentence: 'DATABASE_REPLICA_URL names a server that follows no other.' };
    return { ok: true, sentence: `Follows; what it shows last was written ${behind ?? 0} seconds ago.` };
  } catch (error) {
    return {
      ok: false,
      sentence: `The replica does not answer, its reads go to the server: ${(error as Error).message}`,
    };
  }
}

async function database(settings: Settings): Promise<Finding[]> {
  try {
    const opened = await openConfiguredDatabase(settings, () => new Date());
    const pool = opened.connect('rollcall_workspace', 1);
    try {
      const [[server] = []] = await pool.batch(nobody, [
        { text: "select current_setting('server_version') as version, current_user as role" },
      ]);
      const [clock] = await pool.control.query<{ at: Date }>('select clock_timestamp() as at');
      const skewMs = Math.abs(Date.now() - (clock?.at.getTime() ?? 0));
      return [
        {
          what: 'database',
          ok: true,
          sentence: `PostgreSQL ${server?.['version']}${opened.isEmbedded ? ', embedded' : ''}; the application works as ${server?.['role']}.`,
        },
        ...(await others(settings, pool)),
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
        { what: 'scim tokens', ...(await unusedTokens(createWorkspaceStore(pool), new Date())) },
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
        { what: 'workspace', ...(await reach(settings.workspace.publicUrl, 'PUBLIC_URL')) },
        { what: 'identity provider', ...(await reach(settings.identity.publicUrl, 'IDENTITY_PUBLIC_URL')) },
      ];
      if (command.optsWithGlobals()['json']) console.log(JSON.stringify(findings, null, 2));
      else
        for (const { what, ok, heed, sentence } of findings)
          console.log(`${!ok ? '●─×○' : heed ? '●─│○' : '●──●'} ${what.padEnd(18)}${sentence}`);
      if (findings.some(({ ok }) => !ok)) throw new CommandFailure('failed', 'Something needs attention, see above.');
    });
}
