// What our identity provider says: sign-ins and refusals, read back by our own service provider.

import { describe, expect, it } from 'vitest';
import { createErrorResponse, createResponse, type ErrorResponse } from '../../src/saml/response/create-response.ts';
import { verifyResponse } from '../../src/saml/response/verify-response.ts';
import { readXml } from '../../src/saml/xml/reader.ts';
import { descendants } from '../../src/saml/xml/tree.ts';
import { encode, expected, NOW, signInAnswer } from './identities.ts';
import { expectRefused } from './refusals.ts';

const namesOf = (xml: string) => [...descendants(readXml(xml))].map(({ local }) => local);

describe('a sign-in', () => {
  it('is signed twice, each signature right after an Issuer as the schema wants', () => {
    const names = namesOf(createResponse(signInAnswer));
    const after = names.flatMap((name, index) => (name === 'Signature' ? [names[index - 1]] : []));
    expect(after).toEqual(['Issuer', 'Issuer']);
  });

  it('counts from half a minute before to five minutes after', () => {
    const xml = createResponse(signInAnswer);
    expect(xml).toContain('<saml:Conditions NotBefore="2026-11-25T09:59:30Z" NotOnOrAfter="2026-11-25T10:05:00Z">');
  });

  it('leaves out attributes without values, and the statement when none is left', () => {
    const attributes = [{ name: 'title', values: [] }];
    expect(namesOf(createResponse({ ...signInAnswer, attributes }))).not.toContain('AttributeStatement');
  });

  it('carries the end of the session', () => {
    const sessionNotOnOrAfter = new Date('2026-11-25T18:00:00Z');
    const verdict = verifyResponse(encode(createResponse({ ...signInAnswer, sessionNotOnOrAfter })), expected);
    expect(verdict).toMatchObject({ ok: true, sessionNotOnOrAfter });
  });

  it('that answers no request says so by silence, and our service provider refuses it', () => {
    const xml = createResponse({ ...signInAnswer, inResponseTo: undefined });
    expect(xml).not.toContain('InResponseTo');
    expectRefused(xml, ['in-response-to']);
  });
});

describe('a refusal', () => {
  const refusal: ErrorResponse = {
    ...signInAnswer,
    status: 'responder',
    subStatus: 'requestDenied',
    message: 'Ask <your> admin',
  };

  it('is signed and holds no assertion', () => {
    const names = namesOf(createErrorResponse(refusal));
    expect(names).toContain('Signature');
    expect(names).not.toContain('Assertion');
  });

  it('tells the service provider why', () => {
    const verdict = verifyResponse(encode(createErrorResponse(refusal)), expected);
    expect(verdict.ok ? [] : verdict.reasons).toMatchObject([
      { check: 'status', sentence: 'The identity provider reports a failure: RequestDenied (Ask <your> admin).' },
    ]);
  });

  it('needs neither an inner status nor a message', () => {
    const { subStatus: _, message: __, ...bare } = refusal;
    const verdict = verifyResponse(encode(createErrorResponse(bare)), { ...expected, now: NOW });
    expect(verdict.ok ? [] : verdict.reasons).toMatchObject([
      { check: 'status', sentence: 'The identity provider reports a failure: Responder.' },
    ]);
  });
});
