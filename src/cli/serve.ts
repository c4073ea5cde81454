// `rollcall serve`: starts the server and stops it gracefully.

import type { Command } from 'commander';
import { Option } from 'commander';
import { readSettings } from '../config.ts';
import { startServer } from '../main.ts';
import type { End } from '../store/accounts.ts';
import { buildWebWhenStale } from '../web-build.ts';

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('start the workspace app and the identity provider')
    .addOption(new Option('--only <end>', 'start one of them alone').choices(['workspace', 'identity']))
    .option('--no-demo', 'start empty; a first admin then needs the printed code')
    .action(async (options: { only?: End; demo: boolean }) => {
      const settings = readSettings();
      await buildWebWhenStale((sentence) => console.log(sentence));
      const server = await startServer(settings, {
        only: options.only,
        demo: options.demo ? 'seed' : 'none',
        say: (line) => console.log(line),
      });
      console.log('\n  Stop with Ctrl+C: requests in flight are finished first.\n');
      let stopping = false;
      const stop = async () => {
        if (stopping) return;
        stopping = true;
        await server.stop();
        process.exit(0);
      };
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
    });
}
