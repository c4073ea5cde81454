// scim2-cli (with scim2-tester) and scim-sanity. Talks to: PyPI through pip (pinned versions, into a scratch folder),
// processes, loopback.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, type Result, run } from './result.ts';

const packages = [
  ...['scim2-cli==0.6.0', 'scim2-tester==0.5.2', 'scim2-client==0.13.2', 'scim2-models==0.12.3'],
  ...['httpx==0.28.1', 'scim-sanity==0.7.4'],
];

/** Returns where the programs are. */
export function installPython(folder: string): string {
  run('python3', ['-m', 'venv', folder]);
  const programs = join(folder, 'bin');
  const said = run(join(programs, 'pip'), ['install', '--quiet', ...packages]);
  if (/error/i.test(said)) throw new Error(said);
  return programs;
}

/** Its models refuse a service provider configuration that says more than RFC 7643; so it is told that one by a file. */
async function configuration(folder: string, { baseUrl, token }: Connection): Promise<string> {
  const response = await fetch(`${baseUrl}/ServiceProviderConfig`, { headers: { authorization: `Bearer ${token}` } });
  const { interopProfileConformant: _, ...known } = (await response.json()) as Record<string, unknown>;
  const file = join(folder, 'service-provider-config.json');
  writeFileSync(file, JSON.stringify(known));
  return file;
}

export async function scim2(programs: string, connection: Connection): Promise<Result> {
  const { baseUrl, token } = connection;
  const adapter = join(import.meta.dirname, 'python/scim2_with_dates.py');
  const file = await configuration(programs, connection);
  const text = run(join(programs, 'python'), [adapter, '-u', baseUrl, '-c', file, 'test', '-v'], {
    SCIM_CLI_HEADERS: `Authorization: Bearer ${token}`,
  });
  const verdicts = [...text.matchAll(/^([A-Z]{4,}) ([a-z_]+)(?:\n {2}(.*))?$/gm)];
  const told = (status: RegExp) => verdicts.filter(([, found = '']) => status.test(found));
  return {
    passed: told(/^SUCCESS$/).length,
    failures: told(/^(?!SUCCESS|SKIPPED)/).map(([, , title, reason]) => `${title}: ${reason}`),
    skipped: told(/^SKIPPED$/).map(([, , title, reason]) => `${title}: ${reason}`),
  };
}

export function sanity(programs: string, { baseUrl, token }: Connection): Result {
  const text = run(join(programs, 'scim-sanity'), ['probe', baseUrl, '--token', token, '--i-accept-side-effects']);
  const told = (status: string) => [...text.matchAll(new RegExp(`^ +\\[(?:${status})\\] (.*)$`, 'gm'))];
  return {
    passed: told('PASS').length,
    failures: told('FAIL|ERR |WARN').map(([, name]) => name ?? ''),
    skipped: told('SKIP').map(([, name]) => name ?? ''),
  };
}
