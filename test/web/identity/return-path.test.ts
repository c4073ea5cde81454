// Where a sign-in goes on: never to another origin, however the address spells it.

import { describe, expect, it } from 'vitest';
import { returnPath } from '../../../web/identity/door/return-path.ts';

const origin = 'http://identity.localhost:8081';

describe('a path of this origin is followed', () => {
  it.each([
    ['/acme/saml/sso?SAMLRequest=a%2Bb&RelayState=x', '/acme/saml/sso?SAMLRequest=a%2Bb&RelayState=x'],
    ['/', '/'],
    ['/a/../b', '/b'],
  ])('%s', (text, expected) => {
    expect(returnPath(text, origin)).toBe(expected);
  });
});

describe('everything else is not', () => {
  it.each([
    null,
    '',
    'acme',
    '//elsewhere.example/',
    '/\\elsewhere.example/',
    '/\t/elsewhere.example/',
    'https://elsewhere.example/',
    'javascript:alert(1)',
    '\\\\elsewhere.example',
  ])('%s', (text) => {
    expect(returnPath(text, origin)).toBeUndefined();
  });
});
