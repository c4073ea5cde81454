// Replays every recorded conversation of every client over the entrance, against the real store. A bug report becomes one
// more file: `given` in words, then exchanges of a request and what to expect.
// `save` keeps a value of the answer for later exchanges ("${ada}"); an expected object may leave out members, an expected
// array may not; null means that the member must be absent.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld, type World } from '../http/scim/world.ts';

interface Exchange {
  request: { method: string; path: string; headers?: Record<string, string>; body?: unknown };
  expect: { status: number; body?: unknown; headers?: Record<string, string> };
  save?: Record<string, string>;
}

interface Conversation {
  given: string;
  exchanges: Exchange[];
}

const folder = import.meta.dirname;
const files = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => join(name, file)));

let database: TestDatabase;
let world: World;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
});
afterAll(() => database.drop());

describe.each(files)('%s', (file) => {
  const conversation = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Conversation;
  test(conversation.given, async () => {
    const workspace = world.workspace(file.replace(/[^a-z0-9]+/g, '-').replace(/-json$/, ''));
    const saved = new Map<string, string>();
    for (const [index, exchange] of conversation.exchanges.entries()) {
      const { method, path, headers, body } = fill(exchange.request, saved) as Exchange['request'];
      const answer = await workspace.send(method, path, body, { 'content-type': 'application/json', ...headers });
      const where = `exchange ${index + 1}: ${method} ${path}`;
      expect(world.errors, where).toEqual([]);
      expect({ where, status: answer.status, body: answer.status >= 400 ? answer.body : undefined }).toMatchObject({
        where,
        status: exchange.expect.status,
      });
      if (exchange.expect.body !== undefined) compare(answer.body, fill(exchange.expect.body, saved), where);
      for (const [name, value] of Object.entries(exchange.expect.headers ?? {})) {
        expect(answer.headers.get(name), `${where} ${name}`).toBe(fill(value, saved));
      }
      for (const [name, at] of Object.entries(exchange.save ?? {})) {
        saved.set(name, String(at.split('.').reduce((value, key) => value[key], answer.body)));
      }
    }
  });
});

function fill(value: unknown, saved: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{(\w+)\}/g, (_, name: string) => saved.get(name) ?? `(no ${name})`);
  if (Array.isArray(value)) return value.map((each) => fill(each, saved));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, saved)]));
}

function compare(actual: unknown, expected: unknown, where: string): void {
  if (Array.isArray(expected)) {
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
