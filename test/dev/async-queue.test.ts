import { expect, test } from 'vitest';
import { fixturePlatforms } from './fixture-platform.ts';

const start = fixturePlatforms();
const ASYNC = { async: true };

test('a failed invocation is tried again with a doubling pause until it succeeds', async () => {
  const { platform, timers, probe } = await start({ asyncRetries: 3 });
  probe.failures = 2;

  await platform.invoke('scripted', '{"job":1}', ASYNC);
  await timers.armed(500);
  timers.advance(500);
  await timers.armed(1000);
  timers.advance(1000);
  await platform.settled();

  expect(probe.deliveries.map((delivery) => delivery.retryCount)).toEqual([0, 1, 2]);
  expect(new Set(probe.deliveries.map((delivery) => delivery.requestId)).size).toBe(1);
});

test('an invocation that keeps failing is given up after its retries, and that is logged', async () => {
  const { platform, timers, probe, logged } = await start({ asyncRetries: 1 });
  probe.failures = 9;

  await platform.invoke('scripted', '{}', ASYNC);
  await timers.armed(500);
  timers.advance(500);
  await platform.settled();

  expect(probe.deliveries).toHaveLength(2);
  expect(logged.filter(({ event }) => event === 'async_given_up')).toMatchObject([
    { fields: { function: 'scripted', retryCount: 1, reason: 'asked to fail' } },
  ]);
});

test('without retries a failed invocation runs once', async () => {
  const { platform, probe } = await start({ asyncRetries: 0 });
  probe.failures = 1;

  await platform.invoke('scripted', '{}', ASYNC);
  await platform.settled();

  expect(probe.deliveries).toHaveLength(1);
});

test('an invocation that grew too old is not tried again', async () => {
  const { platform, timers, probe, logged } = await start({ asyncMaxAgeMs: 400 });
  probe.failures = 1;

  await platform.invoke('scripted', '{}', ASYNC);
  await timers.armed(500);
  timers.advance(500);
  await platform.settled();

  expect(probe.deliveries).toHaveLength(1);
  expect(logged.at(-1)).toMatchObject({ event: 'async_given_up', fields: { reason: 'too old' } });
});

test('a share of the invocations, chosen by chance, is delivered twice', async () => {
  const chances = [0.019, 0.02];
  const { platform, probe } = await start({ duplicateShare: 0.02, random: () => chances.shift() ?? 1 });

  await platform.invoke('scripted', '{"job":"lucky"}', ASYNC);
  await platform.invoke('scripted', '{"job":"usual"}', ASYNC);
  await platform.settled();

  expect(probe.deliveries.map((delivery) => delivery.event)).toEqual([
    { job: 'lucky' },
    { job: 'lucky' },
    { job: 'usual' },
  ]);
});

test('closing gives up what waits for another try', async () => {
  const { platform, timers, probe, logged } = await start();
  probe.failures = 1;

  await platform.invoke('scripted', '{}', ASYNC);
  await timers.armed(500);
  await platform.close();
  timers.advance(500);
  await platform.settled();

  expect(probe.deliveries).toHaveLength(1);
  expect(logged.at(-1)).toMatchObject({
    event: 'async_given_up',
    fields: { reason: 'the platform is closing' },
  });
});
