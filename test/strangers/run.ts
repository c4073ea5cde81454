// Test suites and clients that nobody here wrote, against a real server: RFC 7643, RFC 7644, and the types that a workspace
// defines itself. `npm run test:strangers`. Each runs on a connection that nobody pinned and on one pinned to the interop
// profile. Anything but the result in expected.json fails: a new failure, a failure that went away, another number of
// passes, another check skipped. So does a stranger that could not run. Talks to: package registries, processes, loopback.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, startServer } from '../server.ts';
import { until } from '../until.ts';
import { installJava, visit } from './java.ts';
import { installPython, sanity, scim2 } from './python.ts';
import { type Connection, differences, type Expected, type Result } from './result.ts';

const examples = join(import.meta.dirname, '../../docs/examples/agent');
const agents = [[join(examples, 'schema.json'), join(examples, 'resource-type.json')]];
/** scim-sanity's agents are those of an older draft, under the same name and URN. */
const olderAgents = ['agent', 'application'].map((each) =>
  ['schema', 'type'].map((part) => join(import.meta.dirname, `older-agents/${each}-${part}.json`)),
);

const expected: Record<string, Expected> = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
const pins = ['unpinned', 'interop'] as const;

interface Stranger {
  readonly name: string;
  readonly needs: string;
  readonly types: readonly (readonly string[])[];
  install(): string;
  run(installed: string, connection: Connection): Result | Promise<Result>;
}

const scratch = mkdtempSync(join(tmpdir(), 'rollcall-strangers-'));
const once = (install: () => string) => {
  let installed: string | undefined;
  return () => {
    installed ??= install();
    return installed;
  };
};
const installPythonOnce = once(() => installPython(join(scratch, 'python')));
const installJavaOnce = once(() => installJava(scratch));

const strangers: readonly Stranger[] = [
  { name: 'scim2-cli', needs: 'python3 with venv', types: agents, install: installPythonOnce, run: scim2 },
  { name: 'scim-sanity', needs: 'python3 with venv', types: olderAgents, install: installPythonOnce, run: sanity },
  ...[
    { name: 'scim2-sdk-client', program: 'Visit.java' },
    { name: 'scim-sdk-client', program: 'BulkVisit.java' },
  ].map(({ name, program }) => ({
    ...{ name, needs: 'java 17 and mvn', types: agents, install: installJavaOnce },
    run: (classPath: string, connection: Connection) => visit(program, classPath, connection),
  })),
];

interface Place {
  readonly slug: string;
  readonly pin: (typeof pins)[number];
  readonly types: Stranger['types'];
}

/** A workspace whose connection is pinned or not, with types of its own. */
async function connect(server: Server, { slug, pin, types }: Place): Promise<Connection> {
  await server.command('workspace', 'create', slug, '--name', slug);
  const connection: Connection = JSON.parse(await server.command('token', 'create', slug, '--json'));
  for (const [schema = '', type = ''] of types) {
    await server.command('schema', 'add', slug, schema);
    await server.command('resource-type', 'add', slug, type);
  }
  if (pin !== 'unpinned') await server.command('connection', 'pin', '--workspace', slug, '--client', pin);
  const ask = async (path: string) => {
    const headers = { authorization: `Bearer ${connection.token}` };
    return (await (await fetch(`${connection.baseUrl}${path}`, { headers })).json()) as Record<string, unknown>;
  };
  // A running server knows what a command changed within a second.
  await until(async () => (await ask('/ResourceTypes'))['totalResults'] === 2 + types.length);
  await until(
    async () => (await ask('/ServiceProviderConfig'))['interopProfileConformant'] === (pin === 'interop' || undefined),
  );
  return connection;
}

async function visitBy(server: Server, stranger: Stranger): Promise<string[]> {
  let installed: string;
  try {
    installed = stranger.install();
  } catch (error) {
    return [`${stranger.name}: NOT RUN. It needs ${stranger.needs}: ${String(error)}`];
  }
  const wrong: string[] = [];
  for (const pin of pins) {
    const name = `${stranger.name}, ${pin}`;
    const connection = await connect(server, { slug: `${stranger.name}-${pin}`, pin, types: stranger.types });
    const result = await stranger.run(installed, connection);
    console.log(`${name}: ${result.passed} passed, ${result.failures.length} failed, ${result.skipped.length} skipped`);
    wrong.push(...differences(name, result, expected[name]));
  }
  return wrong;
}

const server = await startServer({
  arguments: ['--no-demo', '--only', 'workspace'],
  environment: { SCIM_RATE: 'off' },
  // Python's resolver does not know names below localhost.
  workspaceOrigin: (port) => `http://localhost:${port}`,
});
try {
  const wrong: string[] = [];
  for (const stranger of strangers) wrong.push(...(await visitBy(server, stranger)));
  for (const line of wrong) console.error(line);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} finally {
  await server.remove();
  rmSync(scratch, { recursive: true, force: true });
}
