// Two client libraries in Java: the UnboundID SCIM 2 SDK, led through a life by java/Visit.java, and the SCIM-SDK of
// Captain-P-Goldfish, led by java/BulkVisit.java. Talks to: Maven Central through mvn (pinned versions), processes, loopback.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, type Result, run } from './result.ts';

const folder = join(import.meta.dirname, 'java');

/** Returns the class path. */
export function installJava(scratch: string): string {
  const file = join(scratch, 'classpath');
  const said = run('mvn', [
    ...['--quiet', '--batch-mode', '--file', join(folder, 'pom.xml')],
    ...['dependency:build-classpath', `-Dmdep.outputFile=${file}`],
  ]);
  if (/ERROR/.test(said)) throw new Error(said);
  return readFileSync(file, 'utf8');
}

/** What a program of the folder, started from its source, said of each of its steps. */
export function visit(program: string, classPath: string, { baseUrl, token }: Connection): Result {
  const text = run('java', ['-cp', classPath, join(folder, program), baseUrl, token]);
  const passed = [...text.matchAll(/^PASS .*$/gm)].length;
  const failures = [...text.matchAll(/^FAIL (.*)$/gm)].map(([, name]) => name ?? '');
  if (passed + failures.length === 0) throw new Error(text);
  return { passed, failures, skipped: [] };
}
