// S01: whatever is done to a signed response, byte by byte or piece by piece, it is refused or says exactly what it said.
// Nothing that the verdict hands on may come from bytes that no signature covers.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyResponse } from '../../src/saml/response/verify-response.ts';
import { SHAPES, signedAfter } from './documents.ts';
import { encode, expected } from './identities.ts';

/** What a verdict hands on; undefined for a refusal. */
function identity(xml: Buffer | string): unknown {
  const verdict = verifyResponse(Buffer.from(xml).toString('base64'), expected);
  if (!verdict.ok) return undefined;
  const { checks: _, ...handedOn } = verdict;
  return handedOn;
}

describe.each(SHAPES)('S01 mutations of a response, signed: %s', (shape) => {
  const original = Buffer.from(signedAfter(shape));
  const said = identity(original);
  const sameOrRefused = (mutated: Buffer) => {
    const outcome = identity(mutated);
    if (outcome !== undefined) expect(outcome).toEqual(said);
  };
  const position = fc.nat({ max: original.length - 1 });

  it('one byte changed', () => {
    fc.assert(
      fc.property(position, fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const mutated = Buffer.from(original);
        mutated[at]! ^= flip;
        sameOrRefused(mutated);
      }),
      { numRuns: 500 },
    );
  });

  it('a stretch cut out, moved or doubled', () => {
    fc.assert(
      fc.property(position, fc.nat({ max: 400 }), position, (from, length, to) => {
        const piece = original.subarray(from, from + length);
        const rest = Buffer.concat([original.subarray(0, from), original.subarray(from + length)]);
        sameOrRefused(rest);
        sameOrRefused(Buffer.concat([rest.subarray(0, to), piece, rest.subarray(to)]));
        sameOrRefused(Buffer.concat([original.subarray(0, to), piece, original.subarray(to)]));
      }),
      { numRuns: 150 },
    );
  });

  const PIECES = [
    '<!---->',
    '<?x?>',
    '<![CDATA[]]>',
    '&#x20;',
    ' ',
    '\n',
    '<x/>',
    '<saml:NameID>eve</saml:NameID>',
    'xmlns="urn:x"',
  ];
  it('a piece of markup put in', () => {
    fc.assert(
      fc.property(position, fc.constantFrom(...PIECES), (at, piece) => {
        sameOrRefused(Buffer.concat([original.subarray(0, at), Buffer.from(piece), original.subarray(at)]));
      }),
      { numRuns: 250 },
    );
  });

  it('two elements exchanged', () => {
    const elements = [...original.toString().matchAll(/<([a-z]+:\w+)[^<>]*>[^<>]*<\/\1>|<[a-z]+:\w+[^<>]*\/>/g)].map(
      ([text]) => text,
    );
    fc.assert(
      fc.property(fc.constantFrom(...elements), fc.constantFrom(...elements), (one, other) => {
        const mutated = original
          .toString()
          .replace(one, '\u0000')
          .replace(other, () => one)
          .replace('\u0000', () => other);
        sameOrRefused(Buffer.from(mutated));
      }),
      { numRuns: 150 },
    );
  });
});

it('says what it said when the field is cut anywhere: nothing', () => {
  const field = encode(signedAfter('both'));
  fc.assert(
    fc.property(fc.nat({ max: field.length - 1 }), (length) => {
      expect(verifyResponse(field.slice(0, length), expected).ok).toBe(false);
    }),
    { numRuns: 200 },
  );
});

it('never throws, whatever is posted', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.base64String(),
    fc.string({ unit: 'binary' }).map(encode),
  );
  fc.assert(
    fc.property(anything, (field) => {
      expect(verifyResponse(field, expected).ok).toBe(false);
    }),
    { numRuns: 500 },
  );
});
