// Commands for what a workspace defines itself: `schema` and `resource-type`, from the JSON documents of RFC 7643 sections
// 6 and 7. They take effect in every running server within a second.

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { ScimError } from '../scim/errors.ts';
import { isObject, type JsonObject, parseJson } from '../scim/json.ts';
import { createResourceTypeStore } from '../store/workspace/resource-types.ts';
import { type Session, tenantOf, withDatabase } from './admin.ts';
import { CommandFailure, printRows } from './output.ts';

function readDocument(file: string): JsonObject {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    throw new CommandFailure('usage', `The file ${file} cannot be read.`);
  }
  try {
    const document = parseJson(text);
    if (isObject(document)) return document;
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
  }
  throw new CommandFailure('usage', `The file ${file} does not hold one JSON object.`);
}

/** Runs `work` with the workspace's store of definitions, then says what was done. */
async function define(
  command: Command,
  slug: string,
  said: string,
  work: (store: ReturnType<typeof createResourceTypeStore>, tenant: string, session: Session) => Promise<void>,
): Promise<void> {
  await withDatabase(command, async (session) => {
    await work(createResourceTypeStore(session.database), await tenantOf(session, slug), session);
    console.log(session.json ? JSON.stringify({ done: said }) : said);
  });
}

export function registerResourceTypes(program: Command): void {
  const schema = program.command('schema').description('the SCIM schemas of a workspace');
  schema
    .command('add <workspace> <file>')
    .description('add a schema from its JSON document (RFC 7643 section 7); - reads from standard input')
    .option('--extends <types...>', 'resource types it extends, such as User')
    .action((slug: string, file: string, options: { extends?: string[] }, command: Command) => {
      const document = readDocument(file);
      return define(command, slug, `Added ${document['id']}.`, (store, tenant, { actor }) =>
        store.addSchema(tenant, document, options.extends ?? [], actor.at),
      );
    });
  schema
    .command('remove <workspace> <id>')
    .description('remove a schema the workspace defined')
    .action((slug: string, id: string, _options: object, command: Command) =>
      define(command, slug, `Removed ${id}.`, (store, tenant) => store.removeSchema(tenant, id)),
    );
  schema
    .command('list <workspace>')
    .description('every schema')
    .action((slug: string, _options: object, command: Command) =>
      withDatabase(command, async (session) => {
        const types = await createResourceTypeStore(session.database).types(await tenantOf(session, slug));
        const rows = types.schemas.map(({ id, attributes }) => ({ id, attributes: attributes.length }));
        printRows(rows, session.json, 'No schemas.');
      }),
    );
  const type = program.command('resource-type').description('the SCIM resource types of a workspace');
  type
    .command('add <workspace> <file>')
    .description('add a resource type from its JSON document (RFC 7643 section 6); its schema comes first')
    .action((slug: string, file: string, _options: object, command: Command) => {
      const document = readDocument(file);
      return define(
        command,
        slug,
        `Added ${document['name']} at ${document['endpoint']}.`,
        (store, tenant, { actor }) => store.addType(tenant, document, actor.at),
      );
    });
  type
    .command('remove <workspace> <name>')
    .description('remove a resource type the workspace defined, once nothing of it is there')
    .action((slug: string, name: string, _options: object, command: Command) =>
      define(command, slug, `Removed ${name}.`, (store, tenant) => store.removeType(tenant, name)),
    );
  type
    .command('list <workspace>')
    .description('every resource type')
    .action((slug: string, _options: object, command: Command) =>
      withDatabase(command, async (session) => {
        const types = await createResourceTypeStore(session.database).types(await tenantOf(session, slug));
        const rows = types.all.map(({ name, endpoint, schema: own, extensions }) => ({
          ...{ name, endpoint: `/${endpoint}`, schema: own.id, extensions: extensions.map((each) => each.schema.id) },
        }));
        printRows(rows, session.json, 'No resource types.');
      }),
    );
}
