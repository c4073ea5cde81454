// Messages of the screens: placeholders, plurals, strong words, and the pseudo-language.

import { describe, expect, it, vi } from 'vitest';

const words = {
  plain: 'Sign in',
  named: 'Join {tenant}',
  people: { one: '{n} person', other: '{n} people' },
  rich: '<b>{by}</b> set <c>{value}</c>',
} as const;

async function load(search: string) {
  vi.resetModules();
  vi.stubGlobal('window', { location: { search } });
  const kept = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  const { createSay } = await import('../../../web/ui/words/catalogue.ts');
  const { createSayRich } = await import('../../../web/ui/words/rich.tsx');
  return { say: createSay(words), sayRich: createSayRich(words) };
}

describe('messages', () => {
  it('fill placeholders and choose the plural', async () => {
    const { say } = await load('');
    expect(say('plain')).toBe('Sign in');
    expect(say('named', { tenant: 'Acme' })).toBe('Join Acme');
    expect([0, 1, 2, 1200].map((n) => say('people', { n }))).toEqual([
      '0 people',
      '1 person',
      '2 people',
      '1,200 people',
    ]);
  });

  it('leave a name that looks like a placeholder or a tag as it is', async () => {
    const { say, sayRich } = await load('');
    expect(say('named', { tenant: '{tenant} <b>x</b>' })).toBe('Join {tenant} <b>x</b>');
    expect(sayRich('rich', { by: '<c>Ada</c>', value: '{by}' })).toMatchObject([
      '',
      { type: 'strong', props: { children: '<c>Ada</c>' } },
      ' set ',
      { type: 'code', props: { children: '{by}' } },
      '',
    ]);
  });

  it('are accented, longer and bracketed in en-XA, but never their arguments', async () => {
    const { say, sayRich } = await load('?lang=en-XA');
    expect(say('plain')).toBe('⟦Šîgñ îñ···⟧');
    expect(say('named', { tenant: 'Acme' })).toMatch(/^⟦Jöîñ Acme·+⟧$/);
    expect(sayRich('rich', { by: 'Ada', value: 'CTO' })).toMatchObject([
      '⟦',
      { type: 'strong', props: { children: 'Ada' } },
      ' šéţ '.replace('ţ', 't'),
      { type: 'code', props: { children: 'CTO' } },
      expect.stringMatching(/^·+⟧$/),
    ]);
  });
});
