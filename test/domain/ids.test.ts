import fc from 'fast-check';
import { expect, test } from 'vitest';
import { derivedId, digest, timeOrderedId } from '../../shared/domain/ids.ts';

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('every id looks like a version 4 UUID', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 4_095 }), fc.string(), (timeMs, ordinal, seed) => {
      expect(timeOrderedId(timeMs, ordinal, seed)).toMatch(UUID_4);
      expect(derivedId(seed)).toMatch(UUID_4);
    }),
  );
});

test('ids sort by time, then by ordinal', () => {
  const ids = [timeOrderedId(999, 9, 'z'), timeOrderedId(1_000, 0, 'y'), timeOrderedId(1_000, 1, 'x')];
  expect(ids.toSorted()).toEqual(ids);
  expect(timeOrderedId(1_767_571_200_000, 2, 'b').slice(0, 18)).toBe('019b8b74-1800-4002');
});

test('the same batch planned again gives the same ids, another batch others', () => {
  expect(timeOrderedId(5, 1, 'batch')).toBe(timeOrderedId(5, 1, 'batch'));
  expect(timeOrderedId(5, 1, 'batch')).not.toBe(timeOrderedId(5, 1, 'other'));
});

test('no two lists of parts have one digest', () => {
  expect(digest('ab', 'c')).not.toBe(digest('a', 'bc'));
  expect(digest('a', '')).not.toBe(digest('a'));
});
