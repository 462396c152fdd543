import { expect, test } from 'vitest';
import { canonicalName, type IncomingRequest, toHttpEvent } from '../../scripts/dev/http-event.ts';

const invocation = { accountId: '1000', requestId: '1-a-b-c', nowMs: 1_767_323_045_678 };

function request(overrides: Partial<IncomingRequest>): IncomingRequest {
  return {
    method: 'POST',
    target: '/',
    rawHeaders: [],
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
    httpVersion: '1.1',
    ...overrides,
  };
}

test('a JSON request becomes a version 1 event', () => {
  const event = toHttpEvent(
    request({
      target: '/api/v1/users/%E6%97%A0?topk=3',
      rawHeaders: [
        'host',
        'memory.example.com:8019',
        'content-type',
        'application/json',
        'user-agent',
        'sdk/1',
      ],
      body: Buffer.from('{"名":1}'),
    }),
    invocation,
  );

  expect(event).toEqual({
    version: 'v1',
    rawPath: '/api/v1/users/%E6%97%A0',
    headers: { Host: 'memory.example.com:8019', 'Content-Type': 'application/json', 'User-Agent': 'sdk/1' },
    queryParameters: { topk: '3' },
    body: '{"名":1}',
    isBase64Encoded: false,
    requestContext: {
      accountId: '1000',
      domainName: 'memory.example.com',
      domainPrefix: 'memory',
      requestId: '1-a-b-c',
      time: '2026-01-02T03:04:05Z',
      timeEpoch: '1767323045678',
      http: {
        method: 'POST',
        path: '/api/v1/users/无',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'sdk/1',
      },
    },
  });
});

test('a repeated header or query key arrives once, its values joined by a comma', () => {
  const event = toHttpEvent(
    request({ target: '/x?t=a&t=b%2Cc&&u=', rawHeaders: ['x-tag', 'one', 'X-Tag', 'two'] }),
    invocation,
  );

  expect(event.headers).toEqual({ 'X-Tag': 'one,two' });
  expect(event.queryParameters).toEqual({ t: 'a,b,c', u: '' });
});

test.each([
  ['authorization', 'Authorization'],
  ['x-fc-REQUEST-id', 'X-Fc-Request-Id'],
  ['ETag', 'Etag'],
  ['x-2fa-code', 'X-2fa-Code'],
])('the header name %s is written %s', (sent, seen) => {
  expect(canonicalName(sent)).toBe(seen);
});

test.each(['text/plain', 'application/json; charset=utf-8', 'Application/LD+JSON', 'application/xml'])(
  'a body of type %s travels as text',
  (type) => {
    const event = toHttpEvent(
      request({ rawHeaders: ['Content-Type', type], body: Buffer.from('hé') }),
      invocation,
    );

    expect(event).toMatchObject({ body: 'hé', isBase64Encoded: false });
  },
);

test.each(['application/x-www-form-urlencoded', 'application/octet-stream', 'application/jsonl', ''])(
  'a body of type "%s" travels as base64',
  (type) => {
    const rawHeaders = type === '' ? [] : ['Content-Type', type];
    const event = toHttpEvent(request({ rawHeaders, body: Buffer.from([0xff, 0x00]) }), invocation);

    expect(event).toMatchObject({ body: '/wA=', isBase64Encoded: true });
  },
);

test('a path that is not valid percent-encoding is passed on as it came', () => {
  const event = toHttpEvent(request({ target: '/a%ZZ' }), invocation);

  expect(event.rawPath).toBe('/a%ZZ');
  expect(event.requestContext.http.path).toBe('/a%ZZ');
});
