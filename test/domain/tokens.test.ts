import fc from 'fast-check';
import { get_encoding } from 'tiktoken';
import { describe, expect, test } from 'vitest';
import { isSingleTokenHan } from '../../shared/domain/single-token-han.ts';
import { estimateTokens } from '../../shared/domain/tokens.ts';
import { chineseText, codeText, emojiText, englishText, mixedText } from './natural-text.ts';

const encoding = get_encoding('o200k_base');
const count = (text: string): number => encoding.encode_ordinary(text).length;
function neverBelow(text: string): void {
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(count(text));
}

describe('the estimate of tokens', () => {
  test.each([
    ['English', englishText, 1.4],
    ['Chinese', chineseText, 1.4],
    ['mixed text', mixedText, 1.4],
    ['code', codeText, 1.8],
    ['text with emoji', emojiText, 1.6],
  ])('is never below the truth on %s, and not far above', (_, texts, ratio) => {
    let [estimated, real] = [0, 0];
    fc.assert(
      fc.property(texts, (text) => {
        neverBelow(text);
        estimated += estimateTokens(text);
        real += count(text);
      }),
      { seed: 1, numRuns: 500 },
    );
    expect(estimated / real).toBeLessThan(ratio);
  });

  test.each(['binary', 'grapheme'] as const)('is never below the truth on random unicode (%s)', (unit) => {
    fc.assert(fc.property(fc.string({ unit, maxLength: 80 }), neverBelow), { seed: 1, numRuns: 3000 });
  });

  test('is never below the truth on rare characters, runs and blanks', () => {
    for (const text of [
      '魑魅魍魉饕餮',
      '-'.repeat(300),
      ' '.repeat(300),
      '\n\n\t \r\n',
      '1234567890'.repeat(20),
      'é'.repeat(9),
    ]) {
      neverBelow(text);
    }
  });

  test('is never below the truth on any single character of the basic plane', () => {
    const below: string[] = [];
    for (let code = 0; code < 0x10000; code += 1) {
      const character = String.fromCodePoint(code);
      if (estimateTokens(character) - 1 < count(character)) below.push(code.toString(16));
    }
    expect(below).toEqual([]);
  });

  test('is 0 for an empty text', () => {
    expect(estimateTokens('')).toBe(0);
  });
});

test('the list of Chinese characters of one token is the tokenizer’s', () => {
  const differing: string[] = [];
  for (let code = 0x4e00; code <= 0x9fff; code += 1) {
    const character = String.fromCodePoint(code);
    if (isSingleTokenHan(code) !== (count(character) === 1)) differing.push(character);
  }
  expect(differing).toEqual([]);
  expect([isSingleTokenHan(0x41), isSingleTokenHan(0x1f600)]).toEqual([false, false]);
});
