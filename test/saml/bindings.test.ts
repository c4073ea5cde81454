// S25 and the outward halves of the bindings: RelayState, the self-submitting page, escaping.

import { describe, expect, it } from 'vitest';
import { type PostForm, postBindingPage } from '../../src/saml/binding/post-binding.ts';
import { safeRelayState } from '../../src/saml/binding/relay-state.ts';
import { ACS, encode } from './identities.ts';

describe('S25 RelayState', () => {
  it.each(['/', '/people', '/people/42?tab=life&x=1#top', '/a//b', '/a:b@c', '/%2F%2Fevil', `/${'a'.repeat(79)}`])(
    'keeps %j',
    (path) => expect(safeRelayState(path)).toBe(path),
  );

  it.each([
    ['/a/../b', '/b'],
    ['/./a', '/a'],
    ['/%2e%2e/a', '/a'],
  ])('resolves %j to %j', (given, path) => expect(safeRelayState(given)).toBe(path));

  const HOSTILE = [
    undefined,
    '',
    'evil',
    'evil.example',
    '//evil.example',
    '///evil.example',
    '////evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '\\\\evil.example',
    '/\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r/evil.example',
    '\t//evil.example',
    ' //evil.example',
    ' /people',
    '/ /evil.example',
    'https://evil.example',
    'HTTPS://evil.example',
    'http:evil.example',
    'https:/evil.example',
    'https:\\\\evil.example',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://evil.example',
    'blob:x',
    'mailto:x@y',
    '@evil.example',
    '.evil.example',
    ':evil.example',
    '?next=//evil.example',
    '#//evil.example',
    './/evil.example',
    '..//evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/%2E%2E//evil.example',
    '/./\\evil.example',
    '/..\\evil.example',
    '/a\\..\\..\\evil.example',
    '/\u0000/evil.example',
    '/\u000b/evil.example',
    '/\u00a0/evil.example',
    '/\u2028/evil.example',
    '/\uff0fevil.example',
    '\uff0f\uff0fevil.example',
    '/\u3002evil',
    '/é',
    '/people\u202e',
    '/people\\',
    '/a b',
    '/\u007f',
    `/${'a'.repeat(80)}`,
    'x'.repeat(5000),
    '/people\u0085',
    '/\ufeff/evil.example',
  ];
  it.each(HOSTILE)('answers / for %j', (given) => expect(safeRelayState(given)).toBe('/'));
  it('has sixty of them', () => expect(HOSTILE.length).toBeGreaterThanOrEqual(60));
});

describe('the page of the POST binding', () => {
  const form: PostForm = {
    action: ACS,
    parameter: 'SAMLResponse',
    xml: '<a/>',
    relayState: '/people',
    nonce: 'bm9uY2U=',
    words: { title: 'Signing you in', button: 'Continue' },
  };

  it('posts the message by script, or by a visible button', () => {
    expect(postBindingPage(form)).toBe(
      '<!doctype html><html lang="en"><head><meta charset="utf-8"/><title>Signing you in</title></head><body>' +
        `<form method="post" action="${ACS}"><input type="hidden" name="SAMLResponse" value="${encode('<a/>')}"/>` +
        '<input type="hidden" name="RelayState" value="/people"/><p>Signing you in</p><button type="submit">Continue</button></form>' +
        '<script nonce="bm9uY2U=">document.forms[0].submit()</script></body></html>',
    );
  });

  it('leaves RelayState out when there is none', () => {
    const { relayState: _, ...without } = form;
    expect(postBindingPage(without)).not.toContain('RelayState');
  });

  it('escapes every value', () => {
    const evil = `"'><script>alert(1)</script>`;
    const page = postBindingPage({
      ...form,
      action: `${ACS}?${evil}`,
      relayState: evil,
      nonce: evil,
      words: { title: evil, button: evil },
    });
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toContain(`"'>`);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '/relative', ''])('refuses to post to %j', (action) => {
    expect(() => postBindingPage({ ...form, action })).toThrow(TypeError);
  });
});
