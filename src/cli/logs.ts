// `rollcall logs tail`: a workspace's SCIM requests as sentences, as they come, from whichever process took them.

import { type Command, InvalidArgumentError } from 'commander';
import { registeredTypes } from '../scim/schema/registered.ts';
import type { LoggedRequest } from '../service-provider/scim/request-log.ts';
import { plainText, sentenceOf } from '../service-provider/scim/sentence.ts';
import { createTail } from '../service-provider/scim/tail.ts';
import { createRequestLog } from '../store/scim/request-log.ts';
import { tenantOf, withDatabase } from './admin.ts';

const lookEveryMs = 500;

function told(request: LoggedRequest): string {
  const { client, remoteAddress, tokenHint, facts } = request;
  return plainText(
    sentenceOf({ client, remoteAddress, facts, ...(tokenHint === null ? {} : { tokenHint }) }, registeredTypes),
  );
}

function line(request: LoggedRequest, json: boolean): string {
  const { id, at, method, path, status, durationMs, remoteAddress } = request;
  if (json) {
    const what = { id, at, method, path, status, durationMs: Math.round(durationMs), remoteAddress };
    return JSON.stringify({ ...what, client: request.client, sentence: told(request) });
  }
  return `${at}  ${status}  ${told(request)}`;
}

function count(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It is a number from 0 to 9999.');
  return Number(text);
}

/** Resolves at the first interrupt. */
function interrupted(): Promise<'interrupted'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'));
  });
}

export function registerLogs(program: Command): void {
  program
    .command('logs')
    .description('what SCIM clients asked')
    .command('tail')
    .description('requests as they come; with --json one object a line')
    .requiredOption('--workspace <slug>')
    .option('--lines <n>', 'how many of before to begin with', count, 10)
    .option('--no-follow', 'say what is there and end')
    .action((options: { workspace: string; lines: number; follow: boolean }, command: Command) =>
      withDatabase(command, async (session) => {
        const tenant = await tenantOf(session, options.workspace);
        const tail = createTail(createRequestLog(session.database), tenant, options.lines);
        const over = interrupted();
        for (;;) {
          for (const request of await tail.look()) console.log(line(request, session.json));
          if (!options.follow) return;
          const pause = new Promise<'again'>((resolve) => setTimeout(resolve, lookEveryMs, 'again'));
          if ((await Promise.race([over, pause])) === 'interrupted') return;
        }
      }),
    );
}
