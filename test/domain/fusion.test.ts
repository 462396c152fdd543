import { expect, test } from 'vitest';
import { reciprocalRankFusion } from '../../shared/domain/fusion.ts';

test('sums one over sixty plus the rank across the rankings', () => {
  const scores = reciprocalRankFusion([{ ids: ['a', 'b'] }, { ids: ['b', 'c'] }]);
  expect([...scores].map(([id, score]) => [id, Number(score.toFixed(6))])).toEqual([
    ['a', 0.016393],
    ['b', 0.032522],
    ['c', 0.016129],
  ]);
});

test('multiplies a ranking by its weight', () => {
  const scores = reciprocalRankFusion([{ ids: ['a'] }, { ids: ['b'], weight: 2 }]);
  expect((scores.get('b') ?? 0) / (scores.get('a') ?? 1)).toBe(2);
});

test('gives nothing for no rankings', () => {
  expect(reciprocalRankFusion([]).size).toBe(0);
});
