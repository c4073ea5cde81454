// `connection`: which client the SCIM connection of a workspace is spoken to as, and whether it is paused. Talks to: the
// database.

import type { Command } from 'commander';
import { clientProfiles, profileOf } from '../profiles/clients/index.ts';
import { pinClient } from '../service-provider/scim-setup.ts';
import { tenantOf, withDatabase } from './admin.ts';
import { CommandFailure } from './output.ts';

export function registerConnection(program: Command): void {
  const connection = program.command('connection').description('the SCIM connection of a workspace');
  connection
    .command('pause <workspace>')
    .description('answer every request 503 and change nothing, until it is resumed')
    .action((slug: string, _options: object, command: Command) =>
      withDatabase(command, async (session) => {
        if (!(await session.store.pauseScim(await tenantOf(session, slug), session.actor)))
          throw new CommandFailure('conflict', `SCIM of ${slug} is not enabled, or is paused already.`);
        console.log(session.json ? JSON.stringify({ workspace: slug, paused: true }) : `SCIM of ${slug} is paused.`);
      }),
    );
  connection
    .command('resume <workspace>')
    .description('take requests again')
    .action((slug: string, _options: object, command: Command) =>
      withDatabase(command, async (session) => {
        if (!(await session.store.resumeScim(await tenantOf(session, slug))))
          throw new CommandFailure('conflict', `SCIM of ${slug} is not paused.`);
        console.log(session.json ? JSON.stringify({ workspace: slug, paused: false }) : `SCIM of ${slug} goes on.`);
      }),
    );
  connection
    .command('pin')
    .description('say which client it is, or auto: recognise it from its requests')
    .requiredOption('--workspace <slug>', 'the workspace')
    .requiredOption('--client <id>', `auto, ${clientProfiles.map(({ id }) => id).join(', ')}`)
    .action((options: { workspace: string; client: string }, command: Command) =>
      withDatabase(command, async (session) => {
        const { workspace: slug } = options;
        const client = options.client === 'auto' ? null : options.client;
        await pinClient(session.store, await tenantOf(session, slug), client);
        if (session.json) console.log(JSON.stringify({ workspace: slug, client, pinned: client !== null }));
        else if (client === null) console.log(`The client of ${slug} is recognised from its requests.`);
        else console.log(`${slug} is spoken to as ${profileOf(client)?.name}, whatever its requests look like.`);
      }),
    );
}
