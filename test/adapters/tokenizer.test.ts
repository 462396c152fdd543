import { expect, test } from 'vitest';
import { loadTokenizer } from '../../shared/adapters/tokenizer/tiktoken.ts';

test('English and Chinese text is counted in o200k_base tokens', async () => {
  const tokenizer = await loadTokenizer();
  expect(tokenizer.count('hello world')).toBe(2);
  expect(tokenizer.count('')).toBe(0);
  expect(tokenizer.count('我最喜欢在周末弹吉他')).toBe(9);
});

test('a special token in a text counts as the plain characters it is', async () => {
  const tokenizer = await loadTokenizer();
  expect(tokenizer.count('<|endoftext|>')).toBe(7);
  expect(tokenizer.count('<|endofprompt|>')).toBe(7);
});

test('half an emoji does not stop the count', async () => {
  const tokenizer = await loadTokenizer();
  expect(tokenizer.count('\ud83d')).toBe(1);
});

test('the tables are loaded once', async () => {
  expect(await loadTokenizer()).toBe(await loadTokenizer());
});

test('letters without end are counted in slices, never below the exact count', async () => {
  const tokenizer = await loadTokenizer();
  expect(tokenizer.count('a'.repeat(20_000))).toBe(2_520);
  expect(tokenizer.count('啊'.repeat(20_000))).toBe(20_000);
});
