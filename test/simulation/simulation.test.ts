import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MUTATIONS } from '../../scripts/mutations/list.ts';
import { runSeed } from './run.ts';

const SEEDS = 300;
const PER_TEST = 50;
/** Generous: a busy machine must not decide the verdict. */
const TEST_LIMIT_MS = 600_000;

describe('under crashes, freezes, lost answers, outages and clock steps', () => {
  for (let from = 1; from <= SEEDS; from += PER_TEST) {
    test(
      `nothing is lost and nothing doubled in seeds ${from} to ${from + PER_TEST - 1}`,
      async () => {
        for (let seed = from; seed < from + PER_TEST; seed += 1) {
          const { violations } = await runSeed(seed);
          if (violations.length === 0) continue;
          const { trace } = await runSeed(seed, { trace: true });
          expect.fail(`seed ${seed}:\n${violations.join('\n')}\n\n${trace.slice(-80).join('\n')}`);
        }
      },
      TEST_LIMIT_MS,
    );
  }

  test('a seed takes the same steps every time', async () => {
    const first = await runSeed(7, { trace: true });
    const second = await runSeed(7, { trace: true });
    expect(second.trace).toEqual(first.trace);
    expect(first.trace.length).toBeGreaterThan(100);
  });
});

test('every mutation still finds its place in the source exactly once', () => {
  const places = MUTATIONS.map(({ name, file, find }) => [
    name,
    readFileSync(file, 'utf8').split(find).length - 1,
  ]);
  expect(places.filter(([, times]) => times !== 1)).toEqual([]);
  expect(MUTATIONS.length).toBeGreaterThanOrEqual(12);
});
