// Who an assertion speaks of: NameID, attributes, session (core 2.4, 2.7). Pure.
// Values are taken letter by letter: no trimming, no folding of case or width. Two spellings are two people.

import { ASSERTION, NAME_ID_FORMATS } from '../names.ts';
import { childNamed, childrenNamed, type XmlElement } from '../xml/tree.ts';

export interface SamlAttribute {
  readonly name: string;
  readonly friendlyName?: string;
  readonly values: readonly string[];
}

export interface Subject {
  /** Undefined when there is none that can be used. */
  readonly nameId: string | undefined;
  readonly nameIdFormat: string;
  /** In the order of the assertion. A list and not an object: names come from outside and may be `__proto__`. */
  readonly attributes: readonly SamlAttribute[];
  readonly sessionIndex: string | undefined;
}

const NAME_ID_LENGTH = 256;

export function readSubject(assertion: XmlElement): Subject {
  const subject = childNamed(assertion, ASSERTION, 'Subject');
  const nameId = subject && childNamed(subject, ASSERTION, 'NameID');
  const usable =
    nameId && nameId.children.length === 0 && nameId.text.trim() !== '' && nameId.text.length <= NAME_ID_LENGTH;
  return {
    nameId: usable ? nameId.text : undefined,
    nameIdFormat: nameId?.attributes.get('Format') ?? NAME_ID_FORMATS.unspecified,
    attributes: childrenNamed(assertion, ASSERTION, 'AttributeStatement')
      .flatMap((statement) => childrenNamed(statement, ASSERTION, 'Attribute'))
      .map(readAttribute),
    sessionIndex: childNamed(assertion, ASSERTION, 'AuthnStatement')?.attributes.get('SessionIndex'),
  };
}

function readAttribute(attribute: XmlElement): SamlAttribute {
  const friendlyName = attribute.attributes.get('FriendlyName');
  return {
    name: attribute.attributes.get('Name') ?? '',
    ...(friendlyName === undefined ? {} : { friendlyName }),
    values: childrenNamed(attribute, ASSERTION, 'AttributeValue').map(({ text }) => text),
  };
}
