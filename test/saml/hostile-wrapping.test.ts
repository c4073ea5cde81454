// S01-S04: signature wrapping. The eight classic transpositions, each for a signed response and a signed assertion, and
// the hiding places of later years. The attacker holds one valid response of their own and wants another name.

import { DOMParser, type Document, type Element, XMLSerializer } from '@xmldom/xmldom';
import { describe, it } from 'vitest';
import type { CheckName } from '../../src/saml/checks.ts';
import { signedAfter } from './documents.ts';
import { expectRefused } from './refusals.ts';

const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';

interface Parts {
  readonly document: Document;
  readonly response: Element;
  readonly assertion: Element;
  readonly signature: Element;
}

function open(place: 'response' | 'assertion'): Parts {
  const document = new DOMParser().parseFromString(signedAfter(place), 'text/xml');
  const response = document.documentElement!;
  const assertion = response.getElementsByTagNameNS(ASSERTION, 'Assertion').item(0)!;
  const signature = response.getElementsByTagNameNS(XMLDSIG, 'Signature').item(0)!;
  return { document, response, assertion, signature };
}

/** A copy of `element` under another name and ID, without signature. */
function evilTwin(element: Element, id = '_evil'): Element {
  const twin = element.cloneNode(true) as Element;
  twin.setAttribute('ID', id);
  for (const signature of [...twin.getElementsByTagNameNS(XMLDSIG, 'Signature')])
    signature.parentNode!.removeChild(signature);
  for (const nameId of [...twin.getElementsByTagNameNS(ASSERTION, 'NameID')]) nameId.textContent = 'admin@acme.example';
  return twin;
}

function wrapped({ document }: Parts, namespace: string, name: string, content: Element): Element {
  const wrapper = document.createElementNS(namespace, name);
  wrapper.appendChild(content);
  return wrapper;
}

type Twist = (parts: Parts) => Element;

/** Of a signed response: the whole original is kept somewhere inside an evil response. */
const aroundResponse =
  (keep: (evil: Element, original: Element, parts: Parts) => void): Twist =>
  (parts) => {
    const evil = evilTwin(parts.response);
    evil.getElementsByTagNameNS(ASSERTION, 'Assertion').item(0)!.setAttribute('ID', '_evil-assertion');
    keep(evil, parts.response.cloneNode(true) as Element, parts);
    return evil;
  };

const RESPONSE_TWISTS: [string, CheckName, Twist][] = [
  [
    'XSW1: the original response inside the signature of the evil one',
    'assertion-count',
    aroundResponse((evil, original, parts) => {
      const signature = parts.signature.cloneNode(true) as Element;
      signature.appendChild(original);
      evil.appendChild(signature);
    }),
  ],
  [
    'XSW2: the original response beside a detached signature',
    'assertion-count',
    aroundResponse((evil, original, parts) => {
      evil.appendChild(original);
      evil.appendChild(parts.signature.cloneNode(true) as Element);
    }),
  ],
  [
    'the original response in Extensions',
    'assertion-count',
    aroundResponse((evil, original, parts) => {
      evil.appendChild(wrapped(parts, PROTOCOL, 'samlp:Extensions', original));
    }),
  ],
  [
    'XSW3: an evil assertion before the original',
    'assertion-count',
    ({ response, assertion }) => {
      response.insertBefore(evilTwin(assertion), assertion);
      return response;
    },
  ],
  [
    'XSW4: an evil assertion around the original',
    'assertion-count',
    ({ response, assertion }) => {
      const evil = evilTwin(assertion);
      response.replaceChild(evil, assertion);
      evil.appendChild(assertion);
      return response;
    },
  ],
  [
    'XSW7: the original assertion in Extensions',
    'assertion-count',
    (parts) => {
      const evil = evilTwin(parts.assertion);
      parts.response.replaceChild(evil, parts.assertion);
      parts.response.appendChild(wrapped(parts, PROTOCOL, 'samlp:Extensions', parts.assertion));
      return parts.response;
    },
  ],
  [
    'XSW8: the original assertion in an Object of the signature',
    'assertion-count',
    (parts) => {
      const evil = evilTwin(parts.assertion);
      parts.response.replaceChild(evil, parts.assertion);
      parts.signature.appendChild(wrapped(parts, XMLDSIG, 'ds:Object', parts.assertion));
      return parts.response;
    },
  ],
  [
    'the assertion exchanged, the signature kept',
    'signature',
    ({ response, assertion }) => {
      response.replaceChild(evilTwin(assertion), assertion);
      return response;
    },
  ],
];

const ASSERTION_TWISTS: [string, CheckName, Twist][] = [
  [
    'XSW3: an evil assertion before the original',
    'assertion-count',
    ({ response, assertion }) => {
      response.insertBefore(evilTwin(assertion), assertion);
      return response;
    },
  ],
  [
    'XSW3 reversed: an evil assertion after the original',
    'assertion-count',
    ({ response, assertion }) => {
      response.appendChild(evilTwin(assertion));
      return response;
    },
  ],
  [
    'XSW4: an evil assertion around the original',
    'assertion-count',
    ({ response, assertion }) => {
      const evil = evilTwin(assertion);
      response.replaceChild(evil, assertion);
      evil.appendChild(assertion);
      return response;
    },
  ],
  [
    'XSW5: the signature in the evil assertion, the original at the end',
    'assertion-count',
    ({ response, assertion, signature }) => {
      const evil = evilTwin(assertion);
      response.replaceChild(evil, assertion);
      evil.appendChild(signature);
      response.appendChild(assertion);
      return response;
    },
  ],
  [
    'XSW6: the original inside the signature of the evil assertion',
    'assertion-count',
    ({ response, assertion, signature }) => {
      const evil = evilTwin(assertion);
      response.replaceChild(evil, assertion);
      evil.appendChild(signature);
      signature.appendChild(assertion);
      return response;
    },
  ],
  [
    'XSW7: the evil assertion in Extensions, with the ID of the original',
    'ids',
    (parts) => {
      const evil = evilTwin(parts.assertion, '_a1');
      parts.response.insertBefore(wrapped(parts, PROTOCOL, 'samlp:Extensions', evil), parts.assertion);
      return parts.response;
    },
  ],
  [
    'XSW8: the original in an Object of the evil assertion’s signature',
    'assertion-count',
    (parts) => {
      const evil = evilTwin(parts.assertion);
      parts.response.replaceChild(evil, parts.assertion);
      evil.appendChild(parts.signature);
      parts.signature.appendChild(wrapped(parts, XMLDSIG, 'ds:Object', parts.assertion));
      return parts.response;
    },
  ],
  [
    'the original in Advice of the evil assertion',
    'assertion-count',
    (parts) => {
      const evil = evilTwin(parts.assertion);
      parts.response.replaceChild(evil, parts.assertion);
      evil.appendChild(wrapped(parts, ASSERTION, 'saml:Advice', parts.assertion));
      return parts.response;
    },
  ],
  [
    'the original in the KeyInfo of the evil assertion’s signature',
    'assertion-count',
    (parts) => {
      const evil = evilTwin(parts.assertion);
      parts.response.replaceChild(evil, parts.assertion);
      evil.appendChild(parts.signature);
      parts.signature.lastChild!.appendChild(parts.assertion);
      return parts.response;
    },
  ],
  [
    'the original in Extensions, a response around it',
    'assertion-count',
    (parts) => {
      parts.response.removeChild(parts.assertion);
      parts.response.appendChild(wrapped(parts, PROTOCOL, 'samlp:Extensions', parts.assertion));
      return parts.response;
    },
  ],
  [
    'only an encrypted assertion in name',
    'assertion-count',
    (parts) => {
      parts.response.appendChild(parts.document.createElementNS(ASSERTION, 'saml:EncryptedAssertion'));
      return parts.response;
    },
  ],
  [
    'the signature moved up into the response',
    'signature-shape',
    ({ response, signature }) => {
      response.insertBefore(signature, response.firstChild);
      return response;
    },
  ],
  [
    'the signature moved down into the subject',
    'signature-shape',
    ({ response, assertion, signature }) => {
      assertion.getElementsByTagNameNS(ASSERTION, 'Subject').item(0)!.appendChild(signature);
      return response;
    },
  ],
  [
    'a second signature in the assertion',
    'signature-shape',
    ({ response, assertion, signature }) => {
      assertion.appendChild(signature.cloneNode(true));
      return response;
    },
  ],
  [
    'a second subject',
    'structure',
    ({ response, assertion }) => {
      const subject = assertion.getElementsByTagNameNS(ASSERTION, 'Subject').item(0)!;
      assertion.insertBefore(evilTwin(subject), subject);
      return response;
    },
  ],
  [
    'the assertion exchanged, its ID kept',
    'signature',
    ({ response, assertion, signature }) => {
      const evil = evilTwin(assertion, '_a1');
      response.replaceChild(evil, assertion);
      evil.appendChild(signature);
      return response;
    },
  ],
];

const written = (element: Element) => new XMLSerializer().serializeToString(element);

describe('S02 wrapping of a signed response', () => {
  it.each(RESPONSE_TWISTS)('refuses %s', (_title, check, twist) => {
    expectRefused(written(twist(open('response'))), [check]);
  });
});

describe('S02 wrapping of a signed assertion', () => {
  it.each(ASSERTION_TWISTS)('refuses %s', (_title, check, twist) => {
    expectRefused(written(twist(open('assertion'))), [check]);
  });
});
