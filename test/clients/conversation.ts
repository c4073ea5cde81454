// Recorded conversations of clients, and how one is replayed. A bug report becomes one more file: `given` in words, then
// exchanges of a request and what to expect. Talks to: the file system.
// `save` keeps a value of the answer for later exchanges ("${ada}"); an expected object may leave out members, an expected
// array may not; null means that the member must be absent, "*" that it must be there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { errorUrn } from '../../src/scim/errors.ts';
import type { Answer } from '../http/scim/world.ts';

/** A header that is null is not sent. */
type Headers = Record<string, string | null>;

export interface Exchange {
  request: { method: string; path: string; headers?: Headers; body?: unknown };
  expect: { status: number; body?: unknown; headers?: Record<string, string> };
  save?: Record<string, string>;
}

export interface Conversation {
  given: string;
  /** Why the client is known before the first exchange: an administrator pinned it, or it was recognised before. */
  known?: 'pinned' | 'before';
  /** Of every request; those of an exchange win. */
  headers?: Headers;
  exchanges: Exchange[];
}

export interface Recording {
  /** Folder and file. */
  readonly file: string;
  /** The folder: a profile's id. */
  readonly client: string;
  readonly conversation: Conversation;
}

/** What a conversation is replayed against: one workspace that nobody has spoken to. */
export interface Site {
  send(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer>;
  /** The client the connection is taken for by now. */
  client(): Promise<string | null>;
  /** Nothing went wrong inside while answering. */
  faults(): readonly unknown[];
}

const folder = import.meta.dirname;

export const recordings: readonly Recording[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: client }) =>
    readdirSync(join(folder, client)).map((file) => ({
      file: `${client}/${file}`,
      client,
      conversation: JSON.parse(readFileSync(join(folder, client, file), 'utf8')) as Conversation,
    })),
  );

export function slugOf({ file }: Recording): string {
  return file.replace(/[^a-z0-9]+/g, '-').replace(/-json$/, '');
}

export async function replay({ conversation, client }: Recording, site: Site): Promise<void> {
  const saved = new Map<string, string>();
  for (const [index, exchange] of conversation.exchanges.entries()) {
    const { method, path, headers, body } = fill(exchange.request, saved) as Exchange['request'];
    const answer = await site.send(method, path, body, headersOf(conversation.headers, headers));
    const where = `exchange ${index + 1}: ${method} ${path}`;
    expect(site.faults(), where).toEqual([]);
    const said = answer.status >= 400 ? ` ${answer.body?.detail}` : '';
    expect(answer.status, where + said).toBe(exchange.expect.status);
    if (answer.status >= 400) requireSentence(answer, where);
    if (exchange.expect.body !== undefined) compare(answer.body, fill(exchange.expect.body, saved), where);
    for (const [name, value] of Object.entries(exchange.expect.headers ?? {})) {
      expect(answer.headers.get(name), `${where} ${name}`).toBe(fill(value, saved));
    }
    for (const [name, at] of Object.entries(exchange.save ?? {})) {
      saved.set(name, String(at.split('.').reduce((value, key) => value[key], answer.body)));
    }
  }
  expect(await site.client(), 'whom it is taken for').toBe(client === 'generic' ? null : client);
}

function headersOf(common: Headers = {}, own: Headers = {}): Record<string, string> {
  const all: Headers = { 'content-type': 'application/json', ...common, ...own };
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** RFC 7644 section 3.12; `detail` is a whole sentence. */
function requireSentence({ body, status }: Answer, where: string): void {
  expect(body, where).toMatchObject({ schemas: [errorUrn], status: String(status) });
  expect(body.detail, where).toMatch(/^["A-Z].{15,}\.$/s);
}

function fill(value: unknown, saved: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{(\w+)\}/g, (_, name: string) => saved.get(name) ?? `(no ${name})`);
  if (Array.isArray(value)) return value.map((each) => fill(each, saved));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, saved)]));
}

function compare(actual: unknown, expected: unknown, where: string): void {
  if (expected === '*') {
    expect(actual, where).toBeDefined();
  } else if (Array.isArray(expected)) {
    expect(actual, where).toHaveLength(expected.length);
    for (const [index, each] of expected.entries()) compare((actual as unknown[])[index], each, `${where}[${index}]`);
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [key, each] of Object.entries(expected)) {
      const value = (actual as Record<string, unknown> | undefined)?.[key];
      if (each === null) expect(value, `${where}.${key}`).toBeUndefined();
      else compare(value, each, `${where}.${key}`);
    }
  } else {
    expect(actual, where).toEqual(expected);
  }
}
