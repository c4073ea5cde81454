// `rollcall db`: what is done to a database once, by hand.

import type { Command } from 'commander';
import { readSettings } from '../config.ts';
import { openConfiguredDatabase } from '../open-database.ts';
import { distribute, distributionStatements } from '../store/distribute.ts';
import { CommandFailure } from './output.ts';

function login(url: string | undefined): string {
  return decodeURIComponent(new URL(url ?? 'postgresql://rollcall@localhost').username) || 'rollcall';
}

export function registerDb(program: Command): void {
  program
    .command('db')
    .description('the database')
    .command('distribute')
    .description('spread the tenants of a Citus coordinator over its workers; says what it would do')
    .option('--apply', 'do it')
    .action(async (options: { apply?: true }, command: Command) => {
      const settings = readSettings();
      const json = command.optsWithGlobals()['json'] === true;
      if (!options.apply) {
        const statements = distributionStatements(login(settings.databaseUrl));
        if (json) console.log(JSON.stringify({ applied: false, statements }));
        else
          console.log(
            `${statements.map((statement) => `${statement};`).join('\n')}\n-- Nothing was done. With --apply it is.`,
          );
        return;
      }
      if (settings.databaseUrl === undefined)
        throw new CommandFailure(
          'usage',
          'The embedded database cannot be spread. Set DATABASE_URL to the coordinator.',
        );
      const opened = await openConfiguredDatabase(settings, () => new Date());
      try {
        const statements: string[] = [];
        await distribute(opened.url, (statement) => statements.push(statement));
        if (json) console.log(JSON.stringify({ applied: true, statements }));
        else console.log(`${[...statements, `Done: ${statements.length} statements.`].join('\n')}`);
      } finally {
        await opened.close();
      }
    });
}
