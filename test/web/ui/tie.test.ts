// The tie says its state by form alone: which points are filled and what lies between them, never by colour only.

import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { TieMark, type TieState, TieWide } from '../../../web/ui/tie.tsx';

const states: readonly [TieState, string][] = [
  ['agree', 'filled line filled'],
  ['moving', 'filled dashes hollow'],
  ['pending', 'filled line hollow'],
  ['held', 'filled line hollow'],
  ['apart', 'filled line hollow'],
  ['only-left', 'filled hollow'],
  ['only-right', 'hollow filled'],
];

function formOf(markup: string): string {
  return [...markup.matchAll(/<circle[^>]*fill="(\w+)"|<path ([^>]*)/g)]
    .map(([, fill, path]) => {
      if (path !== undefined) return path.includes('stroke-dasharray') ? 'dashes' : 'line';
      return fill === 'none' ? 'hollow' : 'filled';
    })
    .join(' ');
}

describe('the tie', () => {
  it.each(states)('%s: %s', (state, form) => {
    expect(formOf(renderToStaticMarkup(createElement(TieMark, { state })))).toBe(form);
  });

  it('draws no two states alike', () => {
    const drawings = states.map(([state]) =>
      renderToStaticMarkup(createElement(TieMark, { state })).replace(/data-tie="[^"]*"/, ''),
    );
    expect(new Set(drawings).size).toBe(states.length);
  });

  it('names both ends when it is wide', () => {
    const markup = renderToStaticMarkup(createElement(TieWide, { state: 'agree', left: 'OneLogin', right: 'A <b>' }));
    expect(markup).toContain('OneLogin');
    expect(markup).toContain('A &lt;b&gt;');
  });
});
