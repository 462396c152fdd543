import { expect, test } from 'vitest';
import { fixturePlatforms } from './fixture-platform.ts';

const start = fixturePlatforms();
const timer = { triggerName: 'sweep', intervalMs: 60_000, payload: '{"all":true}' };

test('a timer calls its function once per interval', async () => {
  const { platform, timers, probe } = await start({ timer });

  timers.advance(60_000);
  await platform.settled();
  timers.advance(60_000);
  await platform.settled();

  expect(probe.deliveries.map(({ event }) => event)).toEqual([
    { triggerTime: '2026-01-02T03:05:05Z', triggerName: 'sweep', payload: '{"all":true}' },
    { triggerTime: '2026-01-02T03:06:05Z', triggerName: 'sweep', payload: '{"all":true}' },
  ]);
});

test('a timer can be fired by hand', async () => {
  const { platform, probe } = await start({ timer });

  platform.tick('scripted');
  await platform.settled();

  expect(probe.deliveries).toMatchObject([{ event: { triggerTime: '2026-01-02T03:04:05Z' } }]);
});

test('a closed platform fires no more', async () => {
  const { platform, timers, probe } = await start({ timer });

  await platform.close();
  timers.advance(120_000);
  await platform.settled();

  expect(probe.deliveries).toEqual([]);
});

test('a function without a timer cannot be fired', async () => {
  const { platform } = await start();

  expect(() => platform.tick('scripted')).toThrow("function 'scripted' has no timer trigger");
});
