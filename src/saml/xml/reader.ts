// The one XML parser of this folder: saxes, streaming, strict, within budgets. Pure.
// Everything that is not elements, attributes and text is refused (DOCTYPE, entities, processing instructions,
// comments), because each has been a way to make two readers see two documents.
// Budgets abort inside the parser: with namespaces saxes is quadratic in depth, so a check afterwards is too late.

import { SaxesParser, type SaxesTagNS } from 'saxes';
import { Refusal } from '../checks.ts';
import type { XmlElement } from './tree.ts';

const XML_LIMITS = {
  characters: 256 * 1024,
  elements: 2000,
  depth: 48,
  attributesPerElement: 64,
  namespaceDeclarationsPerElement: 32,
  // In the whole document: what comes after the gate works in proportion to these.
  attributes: 4000,
  namespaceDeclarations: 1000,
  cdataSections: 500,
} as const;

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/**
 * The root element of `text`.
 * Throws Refusal: `size`, `budget`, `markup` (a construct SAML has no use for), `encoding`, or `xml` (not well-formed,
 * undeclared prefix, relative namespace). Metadata, which people edit by hand, may have its comments ignored.
 */
export function readXml(text: string, comments: 'refused' | 'ignored' = 'refused'): XmlElement {
  if (text.length > XML_LIMITS.characters) {
    throw new Refusal('size', `The document is longer than ${XML_LIMITS.characters} characters.`);
  }
  const parser = new SaxesParser({ xmlns: true, position: false });
  refuseForeignMarkup(parser);
  if (comments === 'ignored') parser.off('comment');
  spendBudgets(parser);
  const root = collectElements(parser);
  parser.on('error', (error) => {
    throw new Refusal('xml', `The document is not well-formed XML: ${error.message}`);
  });
  parser.write(text).close();
  return root();
}

function refuseForeignMarkup(parser: SaxesParser<{ xmlns: true }>): void {
  const refuse = (construct: string) => () => {
    throw new Refusal('markup', `The document contains a ${construct}; SAML messages need none and it is refused.`);
  };
  parser.on('doctype', refuse('DOCTYPE'));
  parser.on('processinginstruction', refuse('processing instruction'));
  parser.on('comment', refuse('comment'));
  parser.on('xmldecl', ({ version = '', encoding }) => {
    if (version !== '1.0') throw new Refusal('xml', 'Only XML 1.0 is read.', { expected: '1.0', received: version });
    if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') {
      throw new Refusal('encoding', 'Only UTF-8 is read.', { expected: 'UTF-8', received: encoding });
    }
  });
}

function spend(used: number, budget: keyof typeof XML_LIMITS, what: string): void {
  if (used > XML_LIMITS[budget]) {
    throw new Refusal('budget', `The document has more than ${XML_LIMITS[budget]} ${what}.`);
  }
}

/**
 * Counts before the parser does its work on an element: at its name and at each attribute. Depth is the collector's.
 */
function spendBudgets(parser: SaxesParser<{ xmlns: true }>): void {
  let elements = 0;
  const attributes = { all: 0, here: 0 };
  const declarations = { all: 0, here: 0 };
  parser.on('opentagstart', () => {
    spend(++elements, 'elements', 'elements');
    attributes.here = 0;
    declarations.here = 0;
  });
  parser.on('attribute', ({ name, prefix }) => {
    if (prefix === 'xmlns' || name === 'xmlns') {
      spend(++declarations.here, 'namespaceDeclarationsPerElement', 'namespace declarations in one element');
      spend(++declarations.all, 'namespaceDeclarations', 'namespace declarations');
    } else {
      spend(++attributes.here, 'attributesPerElement', 'attributes in one element');
      spend(++attributes.all, 'attributes', 'attributes');
    }
  });
}

function collectElements(parser: SaxesParser<{ xmlns: true }>): () => XmlElement {
  const open: OpenElement[] = [];
  let root: OpenElement | undefined;
  const append = (text: string) => {
    const parent = open.at(-1);
    if (parent) parent.text += text;
  };
  parser.on('opentag', (tag) => {
    const element = openElement(tag);
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
    spend(open.length, 'depth', 'levels of elements');
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', append);
  let sections = 0;
  parser.on('cdata', (text) => {
    spend(++sections, 'cdataSections', 'CDATA sections');
    append(text);
  });
  return () => {
    if (!root) throw new Refusal('xml', 'The document has no element.');
    return root;
  };
}

function openElement(tag: SaxesTagNS): OpenElement {
  for (const [prefix, uri] of Object.entries(tag.ns)) refuseRelativeNamespace(prefix, uri);
  const allAttributes = Object.values(tag.attributes).filter(
    ({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns',
  );
  const attributes = allAttributes
    .filter(({ prefix }) => prefix === '')
    .map(({ name, value }) => [name, value] as const);
  return {
    namespace: tag.uri,
    local: tag.local,
    attributes: new Map(attributes),
    allAttributes: allAttributes.map(({ name, local, value }) => ({ name, local, value })),
    children: [],
    text: '',
  };
}

/** Relative namespace names make canonicalization fail or differ between implementations (xml-exc-c14n section 1.3). */
function refuseRelativeNamespace(prefix: string, uri: string): void {
  const undeclaresDefault = prefix === '' && uri === '';
  if (!undeclaresDefault && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(uri)) {
    throw new Refusal('xml', `The namespace of prefix "${prefix}" is not an absolute URI.`, { received: uri });
  }
}
