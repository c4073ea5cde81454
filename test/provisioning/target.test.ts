// What an administrator types, in any spelling.

import { describe, expect, it } from 'vitest';
import { normalizeBaseUrl, normalizeCredential, normalizeOrgId } from '../../src/provisioning/target/spelling.ts';

describe('OrgID', () => {
  it.each([
    ['acme', 'acme'],
    ['  ACME ', 'acme'],
    ['acme.example.com', 'acme'],
    ['https://acme.example.com/', 'acme'],
    ['https://acme.example.com', 'acme'],
    ['https://rollcall.example/acme/scim/v2', 'acme'],
    ['http://localhost:8080/acme/scim/v2/', 'acme'],
    ['http://localhost:8080/acme', 'acme'],
    ['rollcall.example/acme', 'acme'],
    ['big-corp-2', 'big-corp-2'],
    ['', undefined],
    ['a', undefined],
    ['acme_corp', undefined],
    ['two words', undefined],
    ['http://localhost:8080/', undefined],
  ])('%j is %j', (typed, expected) => {
    expect(normalizeOrgId(typed)).toBe(expected);
  });
});

describe('credential', () => {
  const token = 'rollcall_scim_abc_123';
  it.each([
    [token, token],
    [`Bearer ${token}`, token],
    [`bearer ${token}`, token],
    [`Authorization: Bearer ${token}`, token],
    [`Authorization: ${token}`, token],
    [`authorization:Bearer ${token}`, token],
    [`Authorization ${token}`, token],
    [`  "${token}"\n`, token],
    ['', undefined],
    ['Authorization:', undefined],
    ['two words', undefined],
    ['tökén', undefined],
    [`${token}\r\nX-Evil: 1`, undefined],
  ])('%j is %j', (typed, expected) => {
    expect(normalizeCredential(typed)).toBe(expected);
  });
});

describe('base URL', () => {
  it.each([
    ['https://app.example/scim/v2', 'https://app.example/scim/v2'],
    ['https://app.example/scim/v2/', 'https://app.example/scim/v2'],
    ['https://APP.example/scim/v2?x=1#y', 'https://app.example/scim/v2'],
    ['https://app.example', 'https://app.example'],
    ['ftp://app.example', undefined],
    ['app.example/scim', undefined],
  ])('%j is %j', (typed, expected) => {
    expect(normalizeBaseUrl(typed)).toBe(expected);
  });
});
