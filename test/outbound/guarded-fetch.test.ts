// The outbound guard (properties O01-O10, O14): what is refused, and that nothing reaches a listener that must not be
// reached. Real sockets on loopback; no name is resolved outside this machine.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAllowedAddress } from '../../src/outbound/address-rules.ts';
import { createOutbound } from '../../src/outbound/guarded-fetch.ts';
import { OutboundError, parseTarget } from '../../src/outbound/target.ts';

const closed = { allow: [] };
const local = { allow: ['127.0.0.0/8', '::1/128'] };

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.9',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    '2001:db8::1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    '2001::1',
    '192.88.99.1',
    'localhost',
    '',
    'not an address',
    '1.2.3.4.5',
  ])('O01: %s is refused', (address) => {
    expect(isAllowedAddress(address, closed)).toBe(false);
  });

  it.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('O01: %s is allowed', (address) => {
    expect(isAllowedAddress(address, closed)).toBe(true);
  });

  it('O01: what the operator lists is allowed, and nothing beside it', () => {
    expect(isAllowedAddress('10.1.2.3', { allow: ['10.1.0.0/16'] })).toBe(true);
    expect(isAllowedAddress('10.2.2.3', { allow: ['10.1.0.0/16'] })).toBe(false);
  });
});

describe('target addresses', () => {
  it.each([
    'http://app.example/scim',
    'ftp://app.example/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'unix:/app.sock',
    'javascript:alert(1)',
    'https://user:secret@app.example/',
    'https://app.example/#x',
    'https://app.example\\@evil.example/',
    'https://app.example/ x',
    'https://app.example/\r\nHost: evil',
    'https://app.example:22/',
    'https://app.example:25/',
    'app.example',
    '',
    '//app.example/',
    'http://localhost.evil.example/',
    'gopher://app.example/',
  ])('O10, O14: %j is refused', (address) => {
    expect(() => parseTarget(address, local)).toThrow(OutboundError);
  });

  it('O06: plain http is for localhost alone, and there only where loopback is allowed', () => {
    expect(() => parseTarget('http://workspace.localhost:8080/', closed)).toThrow(OutboundError);
    expect(parseTarget('http://workspace.localhost:8080/', local).port).toBe('8080');
  });
});

describe('fetching', () => {
  let server: Server;
  let address: string;
  let hits = 0;
  let connections = 0;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end('ok');
  beforeAll(async () => {
    server = createServer((request, response) => {
      hits += 1;
      answer(request, response);
    });
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const fetchLocal = createOutbound(local).fetch;
  const port = () => new URL(address).port;

  it.each([
    (p: string) => `https://127.0.0.1:${p}/`,
    (p: string) => `https://2130706433:${p}/`,
    (p: string) => `https://0x7f000001:${p}/`,
    (p: string) => `https://0177.0.0.1:${p}/`,
    (p: string) => `https://127.1:${p}/`,
    (p: string) => `https://[::1]:${p}/`,
    (p: string) => `https://[::ffff:127.0.0.1]:${p}/`,
    (p: string) => `https://[::ffff:7f00:1]:${p}/`,
    (p: string) => `https://localhost:${p}/`,
    (p: string) => `https://x.localhost:${p}/`,
  ])('O02, O03: no spelling of loopback is connected to (%#)', async (spelling) => {
    const before = connections;
    await expect(createOutbound(closed).fetch({ method: 'GET', url: spelling(port()) })).rejects.toMatchObject({
      kind: 'refused',
    });
    expect(hits).toBe(before);
  });

  it('reaches what is allowed', async () => {
    answer = (_request, response) => response.setHeader('x-test', 'yes').end('hello');
    expect(await fetchLocal({ method: 'GET', url: `${address}/a` })).toMatchObject({
      status: 200,
      body: 'hello',
      headers: { 'x-test': 'yes' },
    });
  });

  it('O05: a redirect is an answer and is not followed', async () => {
    const before = hits;
    answer = (_request, response) => response.writeHead(302, { location: `${address}/elsewhere` }).end();
    expect((await fetchLocal({ method: 'GET', url: `${address}/a` })).status).toBe(302);
    expect(hits).toBe(before + 1);
  });

  it('O08: an answer that does not end is cut at the limit', async () => {
    answer = (_request, response) => {
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    };
    await expect(fetchLocal({ method: 'GET', url: address, maxBytes: 100_000 })).rejects.toMatchObject({
      kind: 'too-large',
    });
  });

  it('O08: what is counted is the unpacked size', async () => {
    answer = (_request, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync('0'.repeat(5_000_000)));
    await expect(fetchLocal({ method: 'GET', url: address })).rejects.toMatchObject({ kind: 'too-large' });
  });

  it('O08: headers beyond 16 KiB are refused', async () => {
    answer = (_request, response) => response.setHeader('x-long', 'x'.repeat(20_000)).end();
    await expect(fetchLocal({ method: 'GET', url: address })).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('O08: a server that never answers is given up', async () => {
    answer = () => {};
    await expect(fetchLocal({ method: 'GET', url: address, timeoutMs: 200 })).rejects.toMatchObject({
      kind: 'timeout',
    });
  });

  it('a connection cut before the answer is unreachable, in words', async () => {
    answer = (request) => request.socket.destroy();
    await expect(fetchLocal({ method: 'POST', url: address, body: '{}' })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('closed the connection'),
    });
  });

  it.each([
    ['x', 'a\r\nHost: evil'],
    ['x\n', 'a'],
    ['x y', 'a'],
  ])('O10: a header that would break the request is refused (%#)', async (name, value) => {
    const before = hits;
    await expect(fetchLocal({ method: 'GET', url: address, headers: { [name]: value } })).rejects.toMatchObject({
      kind: 'refused',
    });
    expect(hits).toBe(before);
  });

  it('O11: a proxy of the environment is not used', async () => {
    answer = (_request, response) => response.end('direct');
    process.env['HTTP_PROXY'] = 'http://localhost:1';
    try {
      expect((await fetchLocal({ method: 'GET', url: address })).body).toBe('direct');
    } finally {
      delete process.env['HTTP_PROXY'];
    }
  });
});
