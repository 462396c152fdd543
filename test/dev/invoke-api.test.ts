import { expect, test } from 'vitest';
import { fixturePlatforms } from './fixture-platform.ts';

const start = fixturePlatforms();

function invocationUrl(url: string, name = 'scripted'): string {
  return `${url}/2023-03-30/functions/${name}/invocations?qualifier=LATEST`;
}

function invokeAsync(url: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(invocationUrl(url), {
    method: 'POST',
    headers: { 'x-fc-invocation-type': 'Async', ...headers },
    body,
  });
}

test('a synchronous call returns what the function returned', async () => {
  const { platform } = await start();

  const response = await fetch(invocationUrl(platform.url), { method: 'POST', body: '{"job":1}' });

  expect(response.status).toBe(200);
  expect(response.headers.get('x-fc-error-type')).toBeNull();
  expect(await response.json()).toEqual({ invoked: 1 });
});

test('the function gets the context of the platform', async () => {
  const { platform } = await start({ memoryMb: 256 });

  const response = await fetch(invocationUrl(platform.url), {
    method: 'POST',
    body: '{"rawPath":"/context"}',
  });

  expect(await response.json()).toMatchObject({
    requestId: response.headers.get('x-fc-request-id'),
    region: 'cn-test',
    function: { name: 'scripted', handler: 'index.handler', memory: 256, timeout: 9 },
    service: { qualifier: 'LATEST' },
    retryCount: 0,
  });
});

test('a function that fails is answered with 200, and a header tells it', async () => {
  const { platform } = await start();

  const response = await fetch(invocationUrl(platform.url), { method: 'POST', body: '{"rawPath":"/throw"}' });

  expect(response.status).toBe(200);
  expect(response.headers.get('x-fc-error-type')).toBe('UnhandledInvocationError');
  const failure = (await response.json()) as { stackTrace: string[] };
  expect(failure).toMatchObject({ errorMessage: 'a secret detail', errorType: 'RangeError' });
  expect(failure.stackTrace[0]).toMatch(/^at handler \(.*scripted\/index\.js:\d+:\d+\)$/);
});

test('an asynchronous call is accepted at once and runs once', async () => {
  const { platform, probe } = await start();

  const response = await invokeAsync(platform.url, '{"job":1}', { 'x-fc-async-task-id': 'job_1' });

  expect(response.status).toBe(202);
  expect(response.headers.get('x-fc-async-task-id')).toBe('job_1');
  await platform.settled();
  expect(probe.deliveries).toMatchObject([
    { event: { job: 1 }, requestId: response.headers.get('x-fc-request-id') },
  ]);
});

test('a task id that was accepted before is a conflict for seven days', async () => {
  const { platform, timers, probe } = await start();
  const sevenDaysMs = 7 * 24 * 3600 * 1000;
  const status = async () =>
    (await invokeAsync(platform.url, '{}', { 'x-fc-async-task-id': 'job_1' })).status;

  expect(await status()).toBe(202);
  timers.advance(sevenDaysMs - 1);
  expect(await status()).toBe(409);
  timers.advance(1);
  expect(await status()).toBe(202);
  await platform.settled();
  expect(probe.deliveries).toHaveLength(2);
});

test('an asynchronous payload may be 128 KB and not one byte more', async () => {
  const { platform } = await start();
  const payload = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));

  const atLimit = await invokeAsync(platform.url, payload(128 * 1024));
  const beyond = await invokeAsync(platform.url, payload(128 * 1024 + 1));

  expect(atLimit.status).toBe(202);
  expect(beyond.status).toBe(413);
  expect(await beyond.json()).toMatchObject({ Code: 'EntityTooLarge' });
});

test('an unknown function is not found', async () => {
  const { platform } = await start();

  const response = await fetch(invocationUrl(platform.url, 'nobody'), { method: 'POST', body: '{}' });

  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({
    Code: 'FunctionNotFound',
    Message: "function 'nobody' does not exist",
  });
});

test.each([{ origin: 'https://evil.example' }, { 'x-forwarded-for': '203.0.113.9' }])(
  'a call that may not come from this machine is refused: %o',
  async (headers) => {
    const { platform, probe } = await start();

    const response = await fetch(invocationUrl(platform.url), { method: 'POST', headers, body: '{}' });

    expect(response.status).toBe(403);
    expect(probe.deliveries).toEqual([]);
  },
);

test('a program that started the platform may call a function without the network', async () => {
  const { platform } = await start();

  const answer = await platform.invoke('scripted', '{}', { async: true, taskId: 'job_2' });
  const repeated = await platform.invoke('scripted', '{}', { async: true, taskId: 'job_2' });
  const direct = await platform.invoke('scripted', Buffer.from('{}'));

  expect([answer.status, repeated.status, direct.status]).toEqual([202, 409, 200]);
});
