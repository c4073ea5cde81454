// What a database must be before it is used, and that a migration runs once whoever comes first.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrate, type RoleFacts, roleProblem, type ServerFacts, serverProblem } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { databaseAddress, onServer } from '../servers.ts';

const now = () => new Date('2026-11-25T09:00:00Z');
let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

describe('a server', () => {
  const good: ServerFacts = { version: 150_018, name: '15.18', fsync: 'on', synchronousCommit: 'on' };
  it.each<[Partial<ServerFacts>, RegExp | undefined]>([
    [{}, undefined],
    [{ version: 149_999, name: '14.99' }, /PostgreSQL 14\.99; Rollcall needs 15/],
    [{ fsync: 'off' }, /fsync=off/],
    [{ synchronousCommit: 'off' }, /synchronous_commit=off/],
    [{ synchronousCommit: 'remote_apply' }, undefined],
  ])('%j', (facts, sentence) => {
    const problem = serverProblem({ ...good, ...facts });
    if (sentence) expect(problem).toMatch(sentence);
    else expect(problem).toBeUndefined();
  });
});

describe('migrating', () => {
  it('an unreachable server is one sentence', async () => {
    await expect(migrate('postgresql://nobody@127.0.0.1:1/none', now)).rejects.toThrow(
      /^The database at 127\.0\.0\.1:1 cannot be reached: /,
    );
  });

  it('five at once run each migration once', async () => {
    const serverUrl = inject('database').servers.tenants.url;
    const name = `migrate_${process.pid}`;
    await onServer(serverUrl, `create database ${name}`);
    try {
      const done = await Promise.all(Array.from({ length: 5 }, () => migrate(databaseAddress(serverUrl, name), now)));
      expect(done.map(({ applied }) => applied).sort()).toEqual([0, 0, 0, 0, migrations.length]);
    } finally {
      await onServer(serverUrl, `drop database ${name} with (force)`);
    }
  });

  it('are numbered from 1 without a gap', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, at) => at + 1));
  });

  it('a database of a later version is refused', async () => {
    await test.asOwner(
      "insert into control.migration (number, name, applied_at) values (9999, 'of the future', now())",
    );
    await expect(migrate(test.url, now)).rejects.toThrow(/migration 9999.*later version/);
    await test.asOwner('delete from control.migration where number = 9999');
  });

  it.each<[RoleFacts, RegExp | undefined]>([
    [{ name: 'rollcall_workspace', superuser: false, bypass: false }, undefined],
    [{ name: 'rollcall_workspace', superuser: true, bypass: false }, /is a superuser/],
    [{ name: 'rollcall_workspace', superuser: false, bypass: true }, /has BYPASSRLS/],
    [{ name: 'somebody', superuser: false, bypass: false }, /is not rollcall_workspace/],
  ])('N01: connections that work as %j', (effective, sentence) => {
    const problem = roleProblem('rollcall_workspace', effective);
    if (sentence) expect(problem).toMatch(sentence);
    else expect(problem).toBeUndefined();
  });

  it('N01: a role of ours that was given BYPASSRLS is refused at the start', async () => {
    const serverUrl = inject('database').servers.tenants.url;
    await onServer(serverUrl, 'alter role rollcall_queue bypassrls');
    try {
      await expect(migrate(test.url, now)).rejects.toThrow(/BYPASSRLS/);
    } finally {
      await onServer(serverUrl, 'alter role rollcall_queue nobypassrls');
    }
  });
});
