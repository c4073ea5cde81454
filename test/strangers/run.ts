// Test suites that nobody here wrote, against a real server. RFC 7643 and RFC 7644. `npm run test:strangers`.
// Anything but the result in expected.json fails: a new failure, a failure that went away, another number of passes.
// Talks to: PyPI through pip (pinned versions, into a scratch folder), processes, loopback.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, startServer } from '../server.ts';

const packages = [
  ...['scim2-cli==0.6.0', 'scim2-tester==0.5.2', 'scim2-client==0.13.2', 'scim2-models==0.12.3'],
  ...['httpx==0.28.1', 'scim-sanity==0.7.4'],
];

interface Expected {
  readonly passed: number;
  readonly deviations: readonly { readonly failure: string; readonly times: number; readonly why: string }[];
}

interface Result {
  readonly passed: number;
  readonly failures: readonly string[];
}

interface Connection {
  readonly baseUrl: string;
  readonly token: string;
}

const expected: Record<string, Expected> = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));

function run(program: string, words: readonly string[], environment: Record<string, string> = {}): string {
  const done = spawnSync(program, words, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 300_000,
  });
  if (done.error) throw done.error;
  return `${done.stdout}${done.stderr}`;
}

function install(folder: string): string {
  run('python3', ['-m', 'venv', folder]);
  const programs = join(folder, 'bin');
  const said = run(join(programs, 'pip'), ['install', '--quiet', ...packages]);
  if (/error/i.test(said)) throw new Error(said);
  return programs;
}

async function connect(server: Server, workspace: string): Promise<Connection> {
  await server.command('workspace', 'create', workspace, '--name', workspace);
  return JSON.parse(await server.command('token', 'create', workspace, '--json'));
}

function scim2(programs: string, { baseUrl, token }: Connection): Result {
  const text = run(join(programs, 'scim2'), ['-u', baseUrl, 'test', '-v'], {
    SCIM_CLI_HEADERS: `Authorization: Bearer ${token}`,
  });
  const failed = [...text.matchAll(/^(?!SUCCESS)[A-Z]{4,} ([a-z_]+)\n +(.*)$/gm)];
  return {
    passed: [...text.matchAll(/^SUCCESS [a-z_]+$/gm)].length,
    failures: failed.map(([, title, reason]) => `${title}: ${reason}`),
  };
}

function sanity(programs: string, { baseUrl, token }: Connection): Result {
  const text = run(join(programs, 'scim-sanity'), [...['probe', baseUrl, '--token', token, '--i-accept-side-effects']]);
  return {
    passed: [...text.matchAll(/^ +\[PASS\]/gm)].length,
    failures: [...text.matchAll(/^ +\[(?:FAIL|ERR |WARN)\] (.*)$/gm)].map(([, name]) => name ?? ''),
  };
}

/** The lines that say how a result is not the expected one. */
function differences(name: string, { passed, failures }: Result): string[] {
  const { passed: expectedPasses, deviations } = expected[name] ?? { passed: 0, deviations: [] };
  const known = deviations.flatMap(({ failure, times }) => Array.from({ length: times }, () => failure)).sort();
  const found = [...failures].sort();
  const lines = passed === expectedPasses ? [] : [`${name}: ${passed} passed, ${expectedPasses} expected`];
  return JSON.stringify(known) === JSON.stringify(found)
    ? lines
    : [...lines, `${name} failed in:\n  ${found.join('\n  ')}\nexpected:\n  ${known.join('\n  ')}`];
}

const folder = mkdtempSync(join(tmpdir(), 'rollcall-strangers-'));
const programs = install(folder);
const server = await startServer({
  arguments: ['--no-demo', '--only', 'workspace'],
  environment: { SCIM_RATE: 'off' },
  // Python's resolver does not know names below localhost.
  workspaceOrigin: (port) => `http://localhost:${port}`,
});
try {
  const results = {
    'scim2-cli': scim2(programs, await connect(server, 'tester')),
    'scim-sanity': sanity(programs, await connect(server, 'sanity')),
  };
  const wrong = Object.entries(results).flatMap(([name, result]) => differences(name, result));
  for (const [name, { passed, failures }] of Object.entries(results))
    console.log(`${name}: ${passed} passed, ${failures.length} failed`);
  for (const line of wrong) console.error(line);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} finally {
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
}
