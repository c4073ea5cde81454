// Commands for daily work on a workspace: `workspace`, `admin`, `token`, `people`. They work beside a running server and
// without one: both reach the same database.

import type { Command } from 'commander';
import { Option } from 'commander';
import { createAccounts } from '../accounts/sign-in.ts';
import { readSettings, type Settings } from '../config.ts';
import { openConfiguredDatabase } from '../open-database.ts';
import { createId } from '../secrets/identifier.ts';
import { managerKey, personType, teamType, toPerson } from '../service-provider/scim/person.ts';
import { createToken, openScim } from '../service-provider/scim-setup.ts';
import type { Actor } from '../service-provider/workspace.ts';
import { createAccountStore, noteSignInName } from '../store/accounts.ts';
import type { TenantDatabase } from '../store/database.ts';
import { createDirectory } from '../store/scim/directory.ts';
import { createWorkspaceStore } from '../store/workspace/index.ts';
import { insertPerson } from '../store/workspace/people.ts';
import { CommandFailure, printRows } from './output.ts';

export interface Session {
  settings: Settings;
  database: TenantDatabase;
  store: ReturnType<typeof createWorkspaceStore>;
  actor: Actor;
  json: boolean;
}

function wantsJson(command: Command): boolean {
  return command.optsWithGlobals()['json'] === true;
}

export async function withDatabase(command: Command, work: (session: Session) => Promise<void>): Promise<void> {
  const settings = readSettings();
  const now = () => new Date();
  const opened = await openConfiguredDatabase(settings, now);
  const database = opened.connect('rollcall_workspace', 2);
  try {
    const actor: Actor = { person: null, name: 'the command line', at: now() };
    await work({ settings, database, store: createWorkspaceStore(database), actor, json: wantsJson(command) });
  } finally {
    await database.close();
    await opened.close();
  }
}

export async function tenantOf({ store }: Session, slug: string): Promise<string> {
  const tenant = await store.tenantBySlug(slug);
  if (tenant === undefined)
    throw new CommandFailure('not-found', `There is no workspace named ${slug}. See: rollcall workspace list`);
  return tenant;
}

function registerWorkspace(program: Command): void {
  const workspace = program.command('workspace').description('workspaces');
  workspace
    .command('create <slug>')
    .description('make a workspace')
    .requiredOption('--name <name>', 'its name')
    .addOption(new Option('--plan <plan>').choices(['free', 'plus']).default('free'))
    .action((slug: string, options: { name: string; plan: 'free' | 'plus' }, command: Command) =>
      withDatabase(command, async ({ store, settings, actor, json }) => {
        await store.createWorkspace({ slug, name: options.name, plan: options.plan }, actor.at);
        const address = `${settings.workspace.publicUrl}/${slug}`;
        if (json) console.log(JSON.stringify({ slug, name: options.name, plan: options.plan, address }));
        else
          console.log(
            `Made ${options.name} at ${address}. Invite its first admin: rollcall admin invite ${slug} --name ... --email ...`,
          );
      }),
    );
  workspace
    .command('list')
    .description('every workspace')
    .action((_options: object, command: Command) =>
      withDatabase(command, async ({ store, json }) => {
        const rows = [];
        for (const { tenant, slug } of await store.workspaces()) rows.push({ ...(await store.settings(tenant)), slug });
        printRows(
          rows.map(({ slug, name, plan }) => ({ slug, name, plan })),
          json,
          'There is no workspace yet.',
        );
      }),
    );
  workspace
    .command('plan <slug> <plan>')
    .description('change the plan: free or plus')
    .action((slug: string, plan: string, _options: object, command: Command) =>
      withDatabase(command, async (session) => {
        if (plan !== 'free' && plan !== 'plus')
          throw new CommandFailure('usage', `The plan is free or plus, not ${plan}.`);
        await session.store.updateSettings(await tenantOf(session, slug), { plan });
        if (session.json) console.log(JSON.stringify({ slug, plan }));
        else console.log(`${slug} is on ${plan === 'plus' ? 'Plus' : 'Free'} now.`);
      }),
    );
}

async function inviteAdmin(
  session: Session,
  slug: string,
  { name, email }: { name: string; email: string },
): Promise<void> {
  const { database, actor, settings, json } = session;
  const tenant = await tenantOf(session, slug);
  const accountStore = createAccountStore('workspace', database);
  const known = await accountStore.accountByName(tenant, email);
  const person = known?.person ?? createId(actor.at);
  if (!known) {
    await database.withTenant(tenant, (transaction) =>
      insertPerson(transaction, { id: person, name, email, role: 'admin' }, actor.at),
    );
    await noteSignInName('workspace', database.control, tenant, email);
  } else if (known.role === 'member' && !(await session.store.setRole(tenant, person, 'admin', actor))) {
    throw new CommandFailure('conflict', `${email} was removed from ${slug}, and a removed account gets no role.`);
  }
  const accounts = createAccounts({ store: accountStore, now: () => actor.at });
  const link = `${settings.workspace.publicUrl}/link/${await accounts.createLink({ tenant, person }, 'invitation')}`;
  if (json) console.log(JSON.stringify({ id: person, link }));
  else console.log(`${name} is an admin of ${slug}. This link sets the password, once and for seven days:\n${link}`);
}

function registerTokens(program: Command): void {
  const token = program.command('token').description('API tokens of the SCIM connection');
  token
    .command('create <workspace>')
    .description('make a token; enables SCIM when it is not, past the steps of the screens')
    .action((slug: string, _options: object, command: Command) =>
      withDatabase(command, async (session) => {
        const { store, settings, actor, json } = session;
        const tenant = await tenantOf(session, slug);
        const connection = await store.scimConnection(tenant);
        const { publicUrl } = settings.workspace;
        const made =
          connection?.state === 'enabled'
            ? await createToken(store, tenant, publicUrl, actor)
            : await openScim(store, tenant, publicUrl, actor);
        if (json) console.log(JSON.stringify({ token: made.token, baseUrl: made.baseUrl, id: made.id }));
        else
          console.log(
            `Base URL  ${made.baseUrl}\nToken     ${made.token}\nIt is shown this once. Rollcall keeps only its fingerprint.`,
          );
      }),
    );
  token
    .command('list <workspace>')
    .description('its tokens, by their last four characters')
    .action((slug: string, _options: object, command: Command) =>
      withDatabase(command, async (session) => {
        const tokens = await session.store.tokens(await tenantOf(session, slug));
        printRows(
          tokens.map(({ id, hint, createdAt, createdBy, lastUsedAt, revokedAt }) => ({
            ...{ id, hint, createdAt: createdAt.toISOString(), createdBy },
            ...{ lastUsedAt: lastUsedAt?.toISOString() ?? null, revokedAt: revokedAt?.toISOString() ?? null },
          })),
          session.json,
          'There is no token.',
        );
      }),
    );
  token
    .command('revoke <workspace> <id>')
    .description('end a token at once')
    .action((slug: string, id: string, _options: object, command: Command) =>
      withDatabase(command, async (session) => {
        const tenant = await tenantOf(session, slug);
        const known = (await session.store.tokens(tenant)).find((each) => each.id === id || each.hint === id);
        if (!known) throw new CommandFailure('not-found', `There is no token ${id}. See: rollcall token list ${slug}`);
        await session.store.revokeToken(tenant, known.id, session.actor);
        if (session.json) console.log(JSON.stringify({ id: known.id, revoked: true }));
        else console.log(`The token ending ${known.hint} is revoked.`);
      }),
    );
}

function registerPeople(program: Command): void {
  program
    .command('people')
    .description('people of a workspace')
    .command('list <workspace>')
    .description('everybody with the ten attributes')
    .action((slug: string, _options: object, command: Command) =>
      withDatabase(command, async (session) => {
        const tenant = await tenantOf(session, slug);
        const directory = createDirectory(session.database, {
          person: personType.name,
          team: teamType.name,
          members: 'members',
          manager: managerKey,
        });
        const rows: Record<string, unknown>[] = [];
        for (let page = 1; ; page += 1) {
          const { people } = await directory.people(tenant, { search: '', page, perPage: 200 });
          for (const person of people.map(toPerson)) {
            rows.push({
              ...{
                displayName: person.displayName,
                title: person.title,
                email: person.email,
                teams: person.teams.map(({ name }) => name),
              },
              ...{
                managerName: person.manager.name,
                managerEmail: person.manager.email,
                employeeType: person.employeeType,
              },
              ...{
                location: person.location,
                department: person.department,
                startDate: person.startDate,
                status: person.status,
              },
            });
          }
          if (people.length < 200) break;
        }
        printRows(rows, session.json, 'Nobody is here yet.');
      }),
    );
}

export function registerAdminCommands(program: Command): void {
  registerWorkspace(program);
  program
    .command('admin')
    .description('administrators')
    .command('invite <workspace>')
    .description('make somebody an admin; prints the link that sets their password')
    .requiredOption('--name <name>')
    .requiredOption('--email <email>')
    .action((slug: string, options: { name: string; email: string }, command: Command) =>
      withDatabase(command, (session) => inviteAdmin(session, slug, options)),
    );
  registerTokens(program);
  registerPeople(program);
}
