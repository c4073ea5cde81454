// The command line. Wires and runs commands; no logic.

import { Command, CommanderError, Option } from 'commander';
import { registerAdminCommands } from './cli/admin.ts';
import { registerConnection } from './cli/connection.ts';
import { registerDb } from './cli/db.ts';
import { registerDoctor } from './cli/doctor.ts';
import { registerLogs } from './cli/logs.ts';
import { CommandFailure, report } from './cli/output.ts';
import { registerResourceTypes } from './cli/resource-types.ts';
import { registerServe } from './cli/serve.ts';

const program = new Command('rollcall')
  .description(
    'Both ends of user provisioning: a workspace app filled by SCIM and SAML, and the identity provider that fills it.',
  )
  .addOption(new Option('--json', 'answer as JSON, stable for programs'))
  .showHelpAfterError('Run with --help to see the commands.')
  .exitOverride();
registerServe(program);
registerAdminCommands(program);
registerResourceTypes(program);
registerConnection(program);
registerDoctor(program);
registerLogs(program);
registerDb(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    process.exitCode = report(
      error instanceof Error ? error : new CommandFailure('failed', String(error)),
      process.argv.includes('--json'),
    );
  }
}
