import { expect, test } from 'vitest';
import { fixturePlatforms, TIMEOUT_MS } from './fixture-platform.ts';

const start = fixturePlatforms();

test('a request reaches the function as an event and its result comes back as a response', async () => {
  const { platform } = await start();

  const response = await fetch(`${platform.url}/echo?a=1&a=2`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-lower': 'v' },
    body: '{"text":"吉他"}',
  });

  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('x-fc-request-id')).toMatch(/^1-695735a5-[0-9a-f]{8}-[0-9a-f]{12}$/);
  expect(await response.json()).toMatchObject({
    version: 'v1',
    rawPath: '/echo',
    headers: { 'Content-Type': 'application/json', 'X-Lower': 'v' },
    queryParameters: { a: '1,2' },
    body: '{"text":"吉他"}',
    isBase64Encoded: false,
    requestContext: { http: { method: 'POST', path: '/echo', sourceIp: '127.0.0.1' } },
  });
});

test('binary bodies travel both ways', async () => {
  const { platform } = await start();
  const result = {
    statusCode: 201,
    isBase64Encoded: true,
    body: Buffer.from([0, 255, 1]).toString('base64'),
  };

  const response = await fetch(`${platform.url}/result`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify(result),
  });

  expect(response.status).toBe(201);
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 1]);
});

test('a function that throws gives 502 without the cause, which is logged', async () => {
  const { platform, logged } = await start();

  const response = await fetch(`${platform.url}/throw`);

  expect(response.status).toBe(502);
  const requestId = response.headers.get('x-fc-request-id');
  expect(await response.json()).toEqual({
    RequestId: requestId,
    Code: 'InternalServerError',
    Message: 'Internal Server Error',
  });
  expect(logged).toMatchObject([
    {
      event: 'invocation_failed',
      fields: { requestId, errorType: 'RangeError', errorMessage: 'a secret detail' },
    },
  ]);
});

test('a method that the trigger does not list gives 403 and the function does not run', async () => {
  const { platform, probe } = await start();

  const response = await fetch(`${platform.url}/echo`, { method: 'PUT', body: '{}' });

  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ Code: 'AccessDenied' });
  expect(probe.deliveries).toEqual([]);
});

test('a path without a route gives 404', async () => {
  const { platform } = await start({ routes: [{ path: '/api/*', methods: ['GET'] }] });

  const response = await fetch(`${platform.url}/echo`);

  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ Code: 'DomainRouteNotFound' });
});

test('a function that exceeds its time limit gives 504 and loses its instance', async () => {
  const { platform, timers, probe } = await start();

  const hanging = fetch(`${platform.url}/hang`);
  await timers.armed(TIMEOUT_MS);
  await expect.poll(() => probe.deliveries.length).toBe(1);
  timers.advance(TIMEOUT_MS);
  const response = await hanging;

  expect(response.status).toBe(504);
  expect(await response.json()).toMatchObject({ Message: 'Function timed out after 9 seconds' });
  await fetch(`${platform.url}/again`);
  expect(probe.initialized).toBe(2);
});

test('an asynchronous request is accepted with 202 and no body, and runs later', async () => {
  const { platform, probe } = await start();

  const response = await fetch(`${platform.url}/throughput`, {
    method: 'POST',
    headers: { 'X-Fc-Invocation-Type': 'Async' },
  });

  expect(response.status).toBe(202);
  expect(await response.text()).toBe('');
  await platform.settled();
  expect(probe.deliveries).toMatchObject([{ event: { rawPath: '/throughput' }, retryCount: 0 }]);
});

test('HEAD gets the headers of the answer without its body, 204 has no length', async () => {
  const { platform } = await start({
    methods: ['HEAD', 'POST'],
    routes: [{ path: '/*', methods: ['HEAD', 'POST'] }],
  });

  const head = await fetch(`${platform.url}/other`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '13', '']);

  const empty = await fetch(`${platform.url}/result`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"statusCode":204}',
  });
  expect([empty.status, empty.headers.get('content-length')]).toEqual([204, null]);
});

test('a header that HTTP does not allow gives 502', async () => {
  const { platform, logged } = await start();

  const response = await fetch(`${platform.url}/result`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ statusCode: 200, headers: { 'x-broken': 'a\nb' }, body: '' }),
  });

  expect(response.status).toBe(502);
  expect(logged.map(({ event }) => event)).toEqual(['answer_not_sendable']);
});

test('a body over 32 MB is refused with 413', async () => {
  const { platform, probe } = await start();

  const response = await fetch(`${platform.url}/echo`, {
    method: 'POST',
    body: Buffer.alloc(32 * 1024 * 1024 + 1),
  });

  expect(response.status).toBe(413);
  expect(probe.deliveries).toEqual([]);
});

test('a port that is taken is named in the error', async () => {
  const { platform } = await start();
  const { startHttpServer } = await import('../../scripts/dev/http-server.ts');
  const port = Number(new URL(platform.url).port);

  const second = startHttpServer({
    port,
    host: '127.0.0.1',
    maxBodyBytes: 1,
    nextRequestId: () => 'id',
    log: () => {},
    answer: async () => ({ status: 200, headers: {}, body: Buffer.alloc(0) }),
  });

  await expect(second).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
});
