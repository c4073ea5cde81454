// S37: what our identity provider signs, judged by a verifier that shares no code with us: xmlsec1, where it is installed.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createErrorResponse, createResponse } from '../../src/saml/response/create-response.ts';
import { verifyResponse } from '../../src/saml/response/verify-response.ts';
import { edit } from './documents.ts';
import { encode, expected, signInAnswer, signingKey, strangersKey } from './identities.ts';

const xmlsec1 = spawnSync('xmlsec1', ['--version']).status === 0;
const needs = xmlsec1 ? 'xmlsec1' : 'xmlsec1 (not on this machine: not run)';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-xmlsec-'));
  writeFileSync(join(folder, 'pinned.pem'), signingKey.certificatePem);
  writeFileSync(join(folder, 'stranger.pem'), strangersKey.certificatePem);
});
afterAll(() => rmSync(folder, { recursive: true }));

const SIGNATURE_OF = {
  Response: "/*/*[local-name()='Signature']",
  Assertion: "/*/*[local-name()='Assertion']/*[local-name()='Signature']",
};

/** Whether xmlsec1 accepts the signature of that element with that certificate and no other key. */
function verifies(xml: string, part: keyof typeof SIGNATURE_OF, certificate = 'pinned.pem'): boolean {
  const file = join(folder, 'response.xml');
  writeFileSync(file, xml);
  const ids = [
    '--id-attr:ID',
    'urn:oasis:names:tc:SAML:2.0:protocol:Response',
    '--id-attr:ID',
    'urn:oasis:names:tc:SAML:2.0:assertion:Assertion',
  ];
  const key = ['--pubkey-cert-pem', join(folder, certificate), '--enabled-key-data', 'rsa'];
  const at = ['--node-xpath', SIGNATURE_OF[part]];
  return spawnSync('xmlsec1', ['--verify', ...ids, ...key, ...at, file]).status === 0;
}

const HARD_TO_CANONICALIZE = ['<&>"\'', 'tab\tline\nreturn\r', '𝔸 ß İ é e\u0301', ']]>', '  two  spaces  ', '\u00a0'];

describe.skipIf(!xmlsec1)(`S37 responses of our identity provider, verified by ${needs}`, () => {
  const attributes = [{ name: 'hard', values: HARD_TO_CANONICALIZE }];
  const xml = createResponse({ ...signInAnswer, nameId: 'Ada & <Lovelace>', attributes });

  it.each(['Response', 'Assertion'] as const)('accepts the signature of the %s', (part) => {
    expect(verifies(xml, part)).toBe(true);
  });

  it('accepts a signed refusal', () => {
    const refusal = createErrorResponse({
      ...signInAnswer,
      status: 'responder',
      subStatus: 'authnFailed',
      message: 'No & no',
    });
    expect(verifies(refusal, 'Response')).toBe(true);
  });

  it.each([
    ['Response', 'Destination="https://rollcall', 'Destination="https://evil'],
    ['Response', 'Ada &amp;', 'Eve &amp;'],
    ['Assertion', 'Ada &amp;', 'Eve &amp;'],
    ['Assertion', 'Audience>https://rollcall', 'Audience>https://evil'],
  ] as const)('rejects the %s after %j became %j', (part, from, to) => {
    expect(verifies(edit(xml, from, to), part)).toBe(false);
  });

  it.each(['Response', 'Assertion'] as const)(
    'rejects the signature of the %s with a stranger’s certificate',
    (part) => {
      expect(verifies(xml, part, 'stranger.pem')).toBe(false);
    },
  );

  it('S38 canonicalizes as libxml2 does, whatever the text', () => {
    const hard = [...'<&>"\'\t\n\r ]aé𝔸\u0085\u00a0\u0301\u2028\ue000'];
    const text = fc.string({ unit: fc.constantFrom(...hard), maxLength: 20 });
    fc.assert(
      fc.property(text, text, fc.array(text, { minLength: 1, maxLength: 3 }), (nameId, name, values) => {
        const written = createResponse({ ...signInAnswer, nameId: `x${nameId}`, attributes: [{ name, values }] });
        expect(verifies(written, 'Response')).toBe(true);
        expect(verifies(written, 'Assertion')).toBe(true);
        expect(verifyResponse(encode(written), expected).ok).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('says REFERENCE when the content was changed', () => {
    const file = join(folder, 'bent.xml');
    writeFileSync(file, edit(xml, 'Ada &amp;', 'Eve &amp;'));
    const { stderr } = spawnSync('xmlsec1', [
      '--verify',
      '--id-attr:ID',
      'urn:oasis:names:tc:SAML:2.0:assertion:Assertion',
      '--pubkey-cert-pem',
      join(folder, 'pinned.pem'),
      '--node-xpath',
      SIGNATURE_OF.Assertion,
      file,
    ]);
    expect(stderr.toString()).toMatch(/data do not match|digest/i);
  });
});
