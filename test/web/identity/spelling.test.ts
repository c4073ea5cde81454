// What an administrator types about an app, shown as it will be read: the same readings the server makes.

import { describe, expect, it } from 'vitest';
import { normalizeCredential, normalizeOrgId } from '../../../src/provisioning/target/spelling.ts';
import { createScimToken, tokenHint } from '../../../src/secrets/scim-token.ts';
import { hintOf, readCredential, readOrgId } from '../../../web/identity/apps/spelling.ts';

describe('an OrgID in any spelling', () => {
  it.each([
    ['acme', 'acme'],
    [' Acme ', 'acme'],
    ['acme.example.com', 'acme'],
    ['https://acme.example.com/', 'acme'],
    ['https://app.example.com/acme/scim/v2', 'acme'],
    ['app.example.com/acme', 'acme'],
    ['http://workspace.localhost:8080/acme/scim/v2?x=y', 'acme'],
    ['', undefined],
    ['a_b', undefined],
    ['https://', undefined],
  ])('%s', (typed, expected) => {
    expect(readOrgId(typed)).toBe(expected);
    expect(normalizeOrgId(typed)).toBe(expected);
  });
});

describe('a credential in any spelling', () => {
  it.each([
    ['t', 't'],
    ['Bearer t', 't'],
    ['bearer: t', 't'],
    ['Authorization: Bearer t', 't'],
    ['Authorization:t', 't'],
    ['"t"', 't'],
    ['two words', undefined],
    ['', undefined],
  ])('%s', (typed, expected) => {
    expect(readCredential(typed)).toBe(expected);
    expect(normalizeCredential(typed)).toBe(expected);
  });

  it.each([
    ['a token of ours', createScimToken()],
    ['any other', 'another-kind-of-token'],
    ['one that only begins like ours', 'rollcall_scim_x'],
  ])('the hint of %s', (_what, text) => {
    expect(hintOf(text)).toBe(tokenHint(text));
  });
});
