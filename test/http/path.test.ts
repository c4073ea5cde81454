// The path of a request's URL, beside the platform's own parser.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pathnameOf } from '../../src/http/path.ts';

it('is the path that URL finds', () => {
  const urls = fc.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ['http', 'https'] });
  fc.assert(
    fc.property(urls, (url) => {
      const { href, pathname } = new URL(url);
      expect(pathnameOf(href)).toBe(pathname);
    }),
  );
});

it.each([
  ['http://a', '/'],
  ['http://a?b=/c', '/'],
  ['http://[::1]:80/b//c%2F?d#e', '/b//c%2F'],
])('of %s is %s', (url, path) => {
  expect(pathnameOf(new URL(url).href)).toBe(path);
});
