// What a stranger's run came to, and how it differs from expected.json. Pure but for `run`, which starts a process.
import { spawnSync } from 'node:child_process';

export interface Result {
  readonly passed: number;
  readonly failures: readonly string[];
  /** Skipped by the stranger itself: a name each. */
  readonly skipped: readonly string[];
}

export interface Expected {
  readonly passed: number;
  readonly deviations: readonly { readonly failure: string; readonly times: number; readonly why: string }[];
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
}

export interface Connection {
  readonly baseUrl: string;
  readonly token: string;
}

/** Standard output and standard error of a program; throws when there is no such program. */
export function run(program: string, words: readonly string[], environment: Record<string, string> = {}): string {
  const done = spawnSync(program, words, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 600_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.error) throw done.error;
  return `${done.stdout}${done.stderr}`;
}

/** The lines that say how a result is not the expected one. */
export function differences(name: string, result: Result, expected: Expected | undefined): string[] {
  if (!expected) return [`${name}: nothing is expected of it`];
  const failures = expected.deviations.flatMap(({ failure, times }) => Array.from({ length: times }, () => failure));
  return [
    ...(result.passed === expected.passed ? [] : [`${name}: ${result.passed} passed, ${expected.passed} expected`]),
    ...compared(`${name} failed in`, result.failures, failures),
    ...compared(
      `${name} skipped`,
      result.skipped,
      expected.skipped.map((each) => each.name),
    ),
  ];
}

function compared(what: string, found: readonly string[], expected: readonly string[]): string[] {
  const [one, other] = [[...found].sort(), [...expected].sort()];
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  return [`${what}:\n  ${one.join('\n  ')}\nexpected:\n  ${other.join('\n  ')}`];
}
