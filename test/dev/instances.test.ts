import { describe, expect, test } from 'vitest';
import { fixturePlatforms } from './fixture-platform.ts';

/** Holds every `/wait` of the probe until opened. */
function closedGate(): { promise: Promise<void>; open: () => void } {
  let open: () => void = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

describe('instances', () => {
  const start = fixturePlatforms();
  const returned = async (answer: Promise<{ body: Buffer }>) => JSON.parse((await answer).body.toString());

  test('an idle instance is used again, with what it remembers', async () => {
    const { platform, probe } = await start();

    expect(await returned(platform.invoke('scripted', '{}'))).toEqual({ invoked: 1 });
    expect(await returned(platform.invoke('scripted', '{}'))).toEqual({ invoked: 2 });
    expect(probe.initialized).toBe(1);
  });

  test('requests at the same time run in instances of their own, each initialized once', async () => {
    const { platform, probe } = await start({ maxInstances: 3 });
    const gate = closedGate();
    probe.gate = gate.promise;

    const answers = [1, 2, 3].map(() => returned(platform.invoke('scripted', '{"rawPath":"/wait"}')));
    await expect.poll(() => probe.deliveries.length).toBe(3);
    gate.open();

    expect(await Promise.all(answers)).toEqual([{ invoked: 1 }, { invoked: 1 }, { invoked: 1 }]);
    expect(probe.initialized).toBe(3);
  });

  test('beyond the limit a request waits for an instance to be free', async () => {
    const { platform, probe } = await start({ maxInstances: 1 });
    const gate = closedGate();
    probe.gate = gate.promise;

    const first = returned(platform.invoke('scripted', '{"rawPath":"/wait","n":1}'));
    const second = returned(platform.invoke('scripted', '{"rawPath":"/wait","n":2}'));
    await expect.poll(() => probe.deliveries.length).toBe(1);
    gate.open();

    expect(await Promise.all([first, second])).toEqual([{ invoked: 1 }, { invoked: 2 }]);
    expect(probe.deliveries.map(({ event }) => event)).toMatchObject([{ n: 1 }, { n: 2 }]);
  });

  test('a failure does not cost the instance', async () => {
    const { platform, probe } = await start();

    await platform.invoke('scripted', '{"rawPath":"/throw"}');

    expect(await returned(platform.invoke('scripted', '{}'))).toEqual({ invoked: 2 });
    expect(probe.initialized).toBe(1);
  });

  test('closing waits for running invocations and then stops every instance', async () => {
    const { platform, probe } = await start();
    const gate = closedGate();
    probe.gate = gate.promise;
    const answers = [1, 2].map(() => fetch(`${platform.url}/wait`));
    await expect.poll(() => probe.deliveries.length).toBe(2);

    const closed = platform.close();
    expect(probe.stopped).toBe(0);
    gate.open();
    await closed;

    expect((await Promise.all(answers)).map((answer) => answer.status)).toEqual([200, 200]);
    expect(probe.stopped).toBe(2);
    await expect(fetch(`${platform.url}/wait`)).rejects.toThrow('fetch failed');
  });

  test('closing does not wait for ever', async () => {
    const { platform, timers, probe, logged } = await start();
    const cut = expect(fetch(`${platform.url}/hang`)).rejects.toThrow('fetch failed');
    await expect.poll(() => probe.deliveries.length).toBe(1);

    const closed = platform.close();
    await timers.armed(10_000);
    timers.advance(10_000);
    await closed;
    await cut;

    expect(logged.map(({ event }) => event)).toContain('closed_while_running');
  });
});

describe('an instance that fails to start', () => {
  const start = fixturePlatforms('broken-start');

  test('tells it as an initialization error and is replaced by a new one', async () => {
    const { platform } = await start();

    const first = await platform.invoke('broken-start', '{}');
    const second = await fetch(platform.url);

    expect(first).toMatchObject({ status: 200, headers: { 'x-fc-error-type': 'InitializationError' } });
    expect(JSON.parse(first.body.toString())).toMatchObject({ errorMessage: 'no configuration' });
    expect([second.status, await second.text()]).toEqual([200, 'started']);
  });
});
