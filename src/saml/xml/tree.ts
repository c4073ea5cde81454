// A parsed element, and the few questions the SAML readers ask of it. Pure.
// Every question takes namespace and local name together: a prefix is spelling, and a local name in a foreign
// namespace is a different element.

export interface XmlElement {
  readonly namespace: string;
  readonly local: string;
  /** Attributes in no namespace, by name. A prefixed attribute never appears here. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Every attribute as written, prefixed ones included, namespace declarations excluded. */
  readonly allAttributes: readonly { readonly name: string; readonly local: string; readonly value: string }[];
  readonly children: readonly XmlElement[];
  /** The character data directly inside, CDATA sections included, children's text excluded. */
  readonly text: string;
}

export const isNamed = (element: XmlElement, namespace: string, local: string): boolean =>
  element.namespace === namespace && element.local === local;

export const childrenNamed = (element: XmlElement, namespace: string, local: string): XmlElement[] =>
  element.children.filter((child) => isNamed(child, namespace, local));

/** The first child of that name; whether a second one is legal is the caller's question. */
export const childNamed = (element: XmlElement, namespace: string, local: string): XmlElement | undefined =>
  element.children.find((child) => isNamed(child, namespace, local));

/**
 * The element and everything under it, in document order. Iterative: depth is bounded by the reader, not by the stack.
 */
export function* descendants(root: XmlElement): Generator<XmlElement> {
  const waiting = [root];
  for (let element = waiting.pop(); element; element = waiting.pop()) {
    yield element;
    for (let index = element.children.length - 1; index >= 0; index--) waiting.push(element.children[index]!);
  }
}
