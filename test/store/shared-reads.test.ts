// Reads that share a transaction: each gets its own answer, nobody another's error, tenants never meet, and what waits goes
// together.

import { expect, test } from 'vitest';
import type { Row, Statement } from '../../src/store/database.ts';
import { createSharedReads } from '../../src/store/shared-reads.ts';

function world() {
  const batches: { tenant: string; texts: string[]; finish: () => void }[] = [];
  const read = createSharedReads(async (tenant: string, statements: readonly Statement[]): Promise<Row[][]> => {
    const texts = statements.map(({ text }) => text);
    await new Promise<void>((resolve) => batches.push({ tenant, texts, finish: resolve }));
    if (texts.includes('fails')) throw new Error('no');
    return texts.map((text) => [{ answer: `${tenant} ${text}` }]);
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const finishAll = async () => {
    for (let left = 20; left > 0; left -= 1) {
      for (const { finish } of batches) finish();
      await turn();
    }
  };
  return { batches, read, turn, finishAll };
}

test('those of one moment go together, by tenant, and each gets its own answer', async () => {
  const { batches, read, finishAll } = world();
  const all = ['a', 'b'].flatMap((tenant) => ['1', '2', '3'].map((text) => read(tenant, { text })));
  await finishAll();
  expect(batches.map(({ tenant, texts }) => [tenant, ...texts])).toEqual([
    ['a', '1', '2', '3'],
    ['b', '1', '2', '3'],
  ]);
  expect((await Promise.all(all)).map(([row]) => row!['answer'])).toEqual(['a 1', 'a 2', 'a 3', 'b 1', 'b 2', 'b 3']);
});

test('two are under way at a time; what comes meanwhile goes in the next', async () => {
  const { batches, read, turn, finishAll } = world();
  const all: Promise<Row[]>[] = [];
  for (const text of ['1', '2', '3', '4', '5']) {
    all.push(read('a', { text }));
    await turn();
  }
  expect(batches.map(({ texts }) => texts)).toEqual([['1'], ['2']]);
  await finishAll();
  expect(batches.map(({ texts }) => texts)).toEqual([['1'], ['2'], ['3', '4', '5']]);
  expect(await Promise.all(all)).toHaveLength(5);
});

test('where one fails, the others are asked on their own', async () => {
  const { batches, read, finishAll } = world();
  const good = read('a', { text: 'good' });
  const bad = read('a', { text: 'fails' });
  const refused = expect(bad).rejects.toThrow('no');
  await finishAll();
  await refused;
  expect((await good)[0]!['answer']).toBe('a good');
  expect(batches.map(({ texts }) => texts)).toEqual([['good', 'fails'], ['good'], ['fails']]);
});

test('no more than 32 go together, in the order in which they were asked', async () => {
  const { batches, read, turn, finishAll } = world();
  const all = Array.from({ length: 70 }, (_, n) => read('a', { text: String(n) }));
  await turn();
  expect(batches).toHaveLength(2);
  await finishAll();
  expect(batches.map(({ texts }) => texts.length)).toEqual([32, 32, 6]);
  expect((await Promise.all(all)).map(([row]) => row!['answer'])).toEqual(all.map((_, n) => `a ${n}`));
});

test('one that is alone has its own error, and asks once', async () => {
  const { batches, read, finishAll } = world();
  const refused = expect(read('a', { text: 'fails' })).rejects.toThrow('no');
  await finishAll();
  await refused;
  expect(batches).toHaveLength(1);
});

test('after a failure and after a rest the line goes on as before', async () => {
  const { batches, read, turn, finishAll } = world();
  for (let round = 0; round < 3; round += 1) {
    const bad = expect(read('a', { text: 'fails' })).rejects.toThrow('no');
    const good = [read('a', { text: `${round}` }), read('b', { text: `${round}` })];
    await turn();
    const late = read('a', { text: 'late' });
    await finishAll();
    await bad;
    expect((await Promise.all([...good, late])).map(([row]) => row!['answer'])).toEqual([
      `a ${round}`,
      `b ${round}`,
      'a late',
    ]);
  }
  expect(batches.filter(({ tenant }) => tenant === 'b').map(({ texts }) => texts)).toEqual([['0'], ['1'], ['2']]);
});

test('one that has ended makes place for one, while another is still under way', async () => {
  const { batches, read, turn, finishAll } = world();
  const all: Promise<Row[]>[] = [];
  const ask = async (text: string) => {
    all.push(read('a', { text }));
    await turn();
  };
  await ask('1');
  await ask('2');
  batches[0]!.finish();
  await turn();
  for (const text of ['3', '4', '5']) await ask(text);
  expect(batches.map(({ texts }) => texts)).toEqual([['1'], ['2'], ['3']]);
  await finishAll();
  expect(batches.map(({ texts }) => texts)).toEqual([['1'], ['2'], ['3'], ['4', '5']]);
  expect(await Promise.all(all)).toHaveLength(5);
});

test('what is asked within one turn of the event loop waits for its end, not for the next', async () => {
  const { batches, read, turn, finishAll } = world();
  const first = read('a', { text: '1' });
  expect(batches).toEqual([]);
  const second = read('a', { text: '2' });
  await turn();
  expect(batches.map(({ texts }) => texts)).toEqual([['1', '2']]);
  await finishAll();
  await Promise.all([first, second]);
});
