// Statements that leave together with one Sync: what each is answered, and what a failure among them leaves. Talks to: Postgres.

import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Departures, openDepartures } from '../../src/store/flight.ts';
import { types } from '../../src/store/pool.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { runs } from '../runs.ts';

let test: TestDatabase;
let client: pg.Client;
let departures: Departures;

beforeAll(async () => {
  test = await createTestDatabase();
  client = new pg.Client({ connectionString: test.url, pipeline: true } as pg.ClientConfig);
  await client.connect();
  departures = openDepartures(client, { types, isSyncedEach: false });
});
afterAll(async () => {
  await client.end();
  await test.drop();
});

const send = (text: string, values: readonly unknown[] = [], name = '') => departures.send({ text, values, name });
const settled = async (...sent: Promise<unknown>[]) =>
  (await Promise.allSettled(sent)).map((each) =>
    each.status === 'fulfilled' ? 'done' : (each.reason as { code: string }).code,
  );

describe('statements that leave together', () => {
  it('are answered each with its own rows, in order', async () => {
    const answers = await Promise.all([
      send('select 1 as one'),
      send('create temporary table flight (n integer)'),
      send('insert into flight select generate_series(1, 3) returning n'),
      send('select $1::text as text, n from flight order by n', ['x']),
    ]);
    expect(answers.map(({ command }) => command)).toEqual(['SELECT', 'CREATE', 'INSERT', 'SELECT']);
    expect(answers.map(({ rows }) => rows.length)).toEqual([1, 0, 3, 3]);
    expect(answers[3]?.rows[2]).toEqual({ text: 'x', n: 3 });
  });

  it('may be empty', async () => {
    const [nothing, something] = await Promise.all([send(''), send('select 1 as one')]);
    expect(nothing).toEqual({ rows: [], command: '' });
    expect(something.rows).toEqual([{ one: 1 }]);
  });

  it('take one Sync: what is ready for a query says so once', async () => {
    let ready = 0;
    const count = () => {
      ready += 1;
    };
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
    connection.on('readyForQuery', count);
    await Promise.all([send('select 1'), send('select 2'), send('select 3')]);
    connection.off('readyForQuery', count);
    expect(ready).toBe(1);
  });

  it('of which one fails: those before it are answered, those behind it were not run', async () => {
    await send('begin');
    expect(await settled(send('select 1'), send('select 1/0'), send('select 2'), send('commit'))).toEqual([
      ...['done', '22012', '25P02', '25P02'],
    ]);
    expect(await settled(send('select 3'))).toEqual(['25P02']);
    await send('rollback');
    const [before, after] = [send('select 7 as n'), settled(send('select 1/0'))];
    expect(await before).toEqual({ rows: [{ n: 7 }], command: 'SELECT' });
    expect(await after).toEqual(['22012']);
    expect((await send('select 4 as n')).rows).toEqual([{ n: 4 }]);
  });

  it('a named one is prepared once, and its columns are told once', async () => {
    const named = () => send('select $1::integer as n, now() as at', [1], 'flight_named');
    const [first] = await Promise.all([named(), named()]);
    const again = await named();
    expect(Object.keys(again.rows[0]!)).toEqual(Object.keys(first!.rows[0]!));
    expect(again.rows[0]?.['at']).toBeInstanceOf(Date);
    const kept = await send("select name from pg_prepared_statements where name = 'flight_named'");
    expect(kept.rows).toHaveLength(1);
  });

  it.each([
    ['it cannot be parsed', 'selec 1', []],
    ['it cannot be run', 'select 1 / $1::integer as n', [0]],
  ])('a named one that fails at first (%s) can be sent again', async (_why, text, values) => {
    const name = `flight_${values.length}`;
    expect((await settled(send(text, values, name)))[0]).toMatch(/^\w{5}$/);
    expect((await send('select 1 / $1::integer as n', [1], name)).rows).toEqual([{ n: 1 }]);
  });

  it('a named one that another kept from being run is prepared when it is', async () => {
    const text = 'select 7 as n';
    expect(await settled(send('select 1/0'), send(text, [], 'flight_later'))).toEqual(['22012', '25P02']);
    expect((await send(text, [], 'flight_later')).rows).toEqual([{ n: 7 }]);
  });

  it('a name that means another text by now is prepared anew', async () => {
    expect((await send('select 1 as n', [], 'flight_text')).rows).toEqual([{ n: 1 }]);
    expect((await send('select 2 as other', [], 'flight_text')).rows).toEqual([{ other: 2 }]);
  });

  it('outside of a transaction, one that fails only as it is committed has failed', async () => {
    await send('create temporary table flight_late (n integer unique deferrable initially deferred)');
    expect(await settled(send('insert into flight_late values (1), (1)'))).toEqual(['23505']);
    expect(await settled(send('insert into flight_late values (1)'), send('commit'))).toEqual(['done', 'done']);
  });

  it('with a Sync each, where a router decides at each', async () => {
    const each = openDepartures(client, { types, isSyncedEach: true });
    const [bad, good] = ['select 1/0', 'select 5'].map((text) => each.send({ text, values: [], name: '' }));
    expect(await settled(bad!, good!)).toEqual(['22012', 'done']);
  });

  it('when the connection ends, none waits for ever', async () => {
    const other = new pg.Client({ connectionString: test.url, pipeline: true } as pg.ClientConfig);
    other.on('error', () => {});
    await other.connect();
    const cut = openDepartures(other, { types, isSyncedEach: false });
    const outcome = settled(
      ...['select pg_terminate_backend(pg_backend_pid())', 'select 1'].map((text) =>
        cut.send({ text, values: [], name: '' }),
      ),
    );
    expect(await outcome).toEqual(['57P01', '57P01']);
  });
});

describe('values', () => {
  const text = fc.string({ unit: 'binary' }).map((each) => each.replaceAll('\0', '').toWellFormed());
  it('come back as they were bound', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          ...{ text, texts: fc.array(fc.option(text)), json: fc.dictionary(text, text), flag: fc.boolean() },
          ...{ at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }), n: fc.integer() },
          bytes: fc.uint8Array().map((each) => Buffer.from(each)),
        }),
        async (given) => {
          const { rows } = await send(
            `select $1::text as text, $2::text[] as texts, $3::jsonb as json, $4::boolean as flag, $5::timestamptz as at,
               $6::integer as n, $7::bytea as bytes, ($8::bytea[])[1] as first, $9::text as nothing`,
            [
              ...[given.text, given.texts, given.json, given.flag, given.at, given.n, given.bytes, [given.bytes]],
              undefined,
            ],
          );
          expect(rows).toEqual([{ ...given, json: { ...given.json }, first: given.bytes, nothing: null }]);
        },
      ),
      { numRuns: runs(200) },
    );
  });
});
