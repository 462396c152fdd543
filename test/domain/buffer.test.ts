import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  backoffMs,
  batchCap,
  flushDue,
  isPoison,
  remindersDue,
  shardOf,
} from '../../shared/domain/buffer.ts';

const MINUTE = 60_000;

describe('the moment of a flush', () => {
  test('is the end of the interval, rounded up to the minute', () => {
    expect(flushDue(0, 3_600)).toBe(60 * MINUTE);
    expect(flushDue(1, 3_600)).toBe(61 * MINUTE);
  });

  test('is rounded up to the second where the interval is below a minute', () => {
    expect(flushDue(1, 5)).toBe(6_000);
  });

  test('is guarded by a second reminder when a worker could sleep through it', () => {
    expect(remindersDue(0, 60)).toEqual([MINUTE, 15 * MINUTE]);
    expect(remindersDue(0, 900)).toEqual([15 * MINUTE]);
  });

  test('never lies beyond the last reminder', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 100_000 }), (acceptedMs, intervalS) => {
        const dues = remindersDue(acceptedMs, intervalS);
        expect(Math.max(...dues)).toBeGreaterThanOrEqual(flushDue(acceptedMs, intervalS));
        expect(Math.max(...dues)).toBeGreaterThanOrEqual(acceptedMs + 15 * MINUTE);
      }),
    );
  });
});

describe('backing off', () => {
  test('doubles from a minute to an hour', () => {
    expect([1, 2, 3, 6, 7, 100].map((n) => backoffMs(0, n))).toEqual(
      [1, 2, 4, 32, 60, 60].map((minutes) => minutes * MINUTE),
    );
  });

  test('is short while a batch is halved, so that the poison does not hold up the rest', () => {
    expect([3, 4, 10].map((n) => backoffMs(n, 0))).toEqual([4 * MINUTE, MINUTE, MINUTE]);
  });
});

describe('halving', () => {
  test('begins after three failures', () => {
    expect(batchCap({ attempts: 2, triedIn: 8 })).toBe(Number.POSITIVE_INFINITY);
    expect(batchCap({ attempts: 3, triedIn: 8 })).toBe(4);
    expect(batchCap({ attempts: 4, triedIn: 3 })).toBe(2);
    expect(batchCap({ attempts: 5, triedIn: 1 })).toBe(1);
  });

  test('ends with one blob alone after at most as many steps as the size has bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (size) => {
        let blob = { attempts: 3, triedIn: size };
        while (!isPoison(blob)) blob = { attempts: blob.attempts + 1, triedIn: batchCap(blob) };
        expect(blob.attempts).toBeLessThanOrEqual(3 + Math.ceil(Math.log2(size)));
      }),
    );
  });

  test('calls nobody poison who never failed alone', () => {
    expect(isPoison({ attempts: 9, triedIn: 2 })).toBe(false);
    expect(isPoison({ attempts: 2, triedIn: 1 })).toBe(false);
    expect(isPoison({ attempts: 3, triedIn: 1 })).toBe(true);
  });
});

describe('shards', () => {
  test('are the same for the same user wherever it is asked', () => {
    expect(shardOf('shop', 'ann', 16)).toBe(shardOf('shop', 'ann', 16));
  });

  test('share users evenly', () => {
    const load = new Array<number>(16).fill(0);
    for (let n = 0; n < 16_000; n += 1) {
      const shard = shardOf('shop', `user-${n}`, 16);
      load[shard] = (load[shard] ?? 0) + 1;
    }
    expect(Math.min(...load)).toBeGreaterThan(850);
    expect(Math.max(...load)).toBeLessThan(1_150);
  });
});
