// The writer and the reader of XML: what goes in comes out, and nothing that goes in becomes markup.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInstant, writeInstant } from '../../src/saml/instant.ts';
import { readXml } from '../../src/saml/xml/reader.ts';
import { element, writeXml } from '../../src/saml/xml/writer.ts';

describe('what is written is read back', () => {
  it('any text of XML 1.0, in content and in attributes', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that XML 1.0 lacks.
    const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const root = readXml(writeXml(element('a', { b: text }, element('c', {}, text))));
        const readable = text.replace(unwritable, '\uFFFD');
        expect(root.attributes.get('b')).toBe(readable);
        expect(root.children[0]?.text).toBe(readable);
      }),
    );
  });

  it('a lone surrogate becomes U+FFFD', () => {
    expect(writeXml(element('a', {}, 'x\ud800y'))).toBe('<a>x\uFFFDy</a>');
  });

  it('leaves out what is undefined or false', () => {
    expect(writeXml(element('a', { b: undefined, c: '' }, undefined, false, element('d')))).toBe('<a c=""><d/></a>');
  });
});

const many = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => each(index)).join(' ');
const manyAttributes = (count: number) => many(count, (index) => `a${index}=""`);
const manyNamespaces = (count: number) => many(count, (index) => `xmlns:p${index}="u:p"`);

describe('the reader', () => {
  it('joins text around CDATA and children, and keeps names by namespace', () => {
    const root = readXml('<p:a xmlns:p="urn:p" xmlns="urn:d" x="1" p:x="2">a<![CDATA[<b>]]><c/>&amp;</p:a>');
    expect(root).toMatchObject({
      namespace: 'urn:p',
      local: 'a',
      text: 'a<b>&',
      children: [{ namespace: 'urn:d', local: 'c' }],
    });
    expect([...root.attributes]).toEqual([['x', '1']]);
    expect(root.allAttributes.map(({ name }) => name)).toEqual(['x', 'p:x']);
  });

  it('keeps attributes with the names of inherited properties', () => {
    expect(readXml('<a __proto__="1" constructor="2"/>').attributes.get('__proto__')).toBe('1');
  });

  it.each([
    ['2,000 elements', `<a>${'<x/>'.repeat(1999)}</a>`],
    ['48 levels', `${'<x>'.repeat(48)}${'</x>'.repeat(48)}`],
    ['64 attributes', `<a ${manyAttributes(64)}/>`],
    ['32 namespaces', `<a ${manyNamespaces(32)}/>`],
    ['4,000 attributes', `<a>${`<x ${manyAttributes(50)}/>`.repeat(80)}</a>`],
    ['1,000 namespaces', `<a>${`<x ${manyNamespaces(20)}/>`.repeat(50)}</a>`],
    ['500 CDATA sections', `<a>${'<![CDATA[x]]>'.repeat(500)}</a>`],
  ])('S26 reads %s, the most it takes', (_title, xml) => {
    expect(() => readXml(xml)).not.toThrow();
  });
});

describe('SAML instants', () => {
  it.each(['2026-11-25T10:00:00Z', '2024-02-29T23:59:59Z'])('%s is read and written', (text) => {
    expect(writeInstant(readInstant(text)!)).toBe(text);
  });

  it('reads fractions of a second', () => {
    expect(readInstant('2026-11-25T10:00:00.1239999Z')?.getTime()).toBe(Date.parse('2026-11-25T10:00:00.123Z'));
  });

  it.each([
    undefined,
    '',
    'now',
    '2026-11-25',
    '2026-11-25T10:00:00',
    '2026-11-25T10:00:00+00:00',
    '2026-11-25T10:00Z',
    '2026-02-30T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-11-25T24:00:00Z',
    '2026-11-25T10:60:00Z',
    ' 2026-11-25T10:00:00Z',
    '2026-11-25t10:00:00z',
    '20261125T100000Z',
  ])('%j is none', (text) => expect(readInstant(text)).toBeUndefined());
});
