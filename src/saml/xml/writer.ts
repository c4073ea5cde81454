// XML out: a tree of plain values, written with everything escaped in one place. Pure.
// Element and attribute names are ours and constant; text and attribute values may come from anybody. There is no way
// to put ready-made markup into the tree. The same writer makes the HTML of the POST binding (see post-binding.ts).

export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly content: readonly (XmlNode | string)[];
}

type Content = XmlNode | string | undefined | false;

/** An element; attributes that are undefined and content that is undefined or false are left out. */
export function element(name: string, attributes: XmlNode['attributes'] = {}, ...content: Content[]): XmlNode {
  return { name, attributes, content: content.filter((part) => part !== undefined && part !== false) };
}

export function writeXml(node: XmlNode | string): string {
  if (typeof node === 'string') return escapeText(node);
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeAttribute(value)}"`))
    .join('');
  if (node.content.length === 0) return `<${node.name}${attributes}/>`;
  return `<${node.name}${attributes}>${node.content.map(writeXml).join('')}</${node.name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

const escapeText = (text: string): string =>
  representable(text).replace(/[&<>\r]/g, (character) => ESCAPES[character]!);

const escapeAttribute = (text: string): string =>
  representable(text).replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character]!);

/** XML 1.0 cannot carry most control characters, not even as references: each becomes U+FFFD, as do lone surrogates. */
function representable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters meant.
  return text.toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD');
}
