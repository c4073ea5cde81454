// `connection pin`: which client the SCIM connection of a workspace is spoken to as. Talks to: the database.

import type { Command } from 'commander';
import { clientProfiles, profileOf } from '../profiles/clients/index.ts';
import { pinClient } from '../service-provider/scim-setup.ts';
import { tenantOf, withDatabase } from './admin.ts';

export function registerConnection(program: Command): void {
  program
    .command('connection')
    .description('the SCIM connection of a workspace')
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
