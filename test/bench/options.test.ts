import { expect, test } from 'vitest';
import { budgetOf, levelName, readOptions } from '../../bench/retrieval/options.ts';

test('without options the Chinese set is asked at shares of its memory, in Chinese, with hashed words', () => {
  const options = readOptions([]);
  expect(options.data).toMatch(/bench[\\/]retrieval[\\/]zh$/);
  expect(options).toMatchObject({
    language: 'zh',
    levels: [
      { kind: 'share', percent: 10 },
      { kind: 'share', percent: 20 },
      { kind: 'share', percent: 40 },
    ],
    store: 'sqlite',
    search: null,
    embeddings: { enabled: true, url: null, dimension: 512 },
  });
});

test('other data is asked in English at 500, 1000 and 2000 tokens', () => {
  const { language, levels } = readOptions(['--data', 'somewhere']);
  expect(language).toBe('en');
  expect(levels.map(levelName)).toEqual(['500', '1000', '2000']);
});

test('a share is of the whole memory, a number of tokens is itself', () => {
  expect(budgetOf({ kind: 'share', percent: 12.5 }, 1_000)).toBe(125);
  expect(budgetOf({ kind: 'tokens', tokens: 500 }, 1_000)).toBe(500);
});

test('a wrong value names its option', () => {
  expect(() => readOptions(['--budgets', '500,lots'])).toThrow(
    /--budgets takes numbers above 0; got 500,lots/,
  );
  expect(() => readOptions(['--language', 'fr'])).toThrow(/--language takes en or zh; got fr/);
});
