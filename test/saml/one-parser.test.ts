// S01: one reader for everything that is believed. A second parser with its own view of a document is the classic hole.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Refusal } from '../../src/saml/checks.ts';
import { gate } from '../../src/saml/response/gate.ts';
import { ASSERTION_XML, responseXml } from './documents.ts';
import { encode } from './identities.ts';

const folder = new URL('../../src/', import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const importing = (library: RegExp) =>
  sources.filter((name) => library.test(readFileSync(new URL(name, folder), 'utf8'))).sort();

it.each([
  ['saxes', /from 'saxes'/, ['saml/xml/reader.ts']],
  ['xmldom, which only feeds xml-crypto', /from '@xmldom\/xmldom'/, ['saml/signature/xml-signature.ts']],
  ['any other', /from '(xpath|xml2js|fast-xml-parser|xmldom|sax|libxml2?-?\w*|node-html-parser)'/, []],
])('parsers of XML: %s', (_title, library, files) => {
  expect(importing(library)).toEqual(files);
});

it('an unsigned response does not leave the gate', () => {
  expect(() => gate(encode(responseXml(ASSERTION_XML)))).toThrow(Refusal);
});
