import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { terms } from '../../shared/domain/segment.ts';

describe('terms of a text', () => {
  test('are lower-case stems without English stop words', () => {
    expect(terms("What did Caroline's friends paint at the Lakes?")).toEqual([
      'carolin',
      'friend',
      'paint',
      'lake',
    ]);
  });

  test('keep numbers, also inside words', () => {
    expect(terms('Moved in 2023 with 3 cats and an iPhone15')).toEqual([
      'move',
      '2023',
      '3',
      'cat',
      'iphone15',
    ]);
  });

  test('are Chinese characters and pairs of neighbours, without function words', () => {
    expect(terms('我在成都吃火锅')).toEqual(['成', '成都', '吃', '火', '锅', '吃火', '火锅']);
  });

  test('meet between a Chinese statement and a question that is cut differently', () => {
    const statement = terms('我最喜欢在周末弹吉他，特别是爵士乐');
    expect(terms('爵士音乐和吉他').filter((term) => statement.includes(term))).toEqual([
      '爵',
      '士',
      '爵士',
      '乐',
      '吉',
      '吉他',
    ]);
  });

  test('keep a Chinese negation', () => {
    expect(terms('他不喜欢猫')).not.toEqual(terms('他喜欢猫'));
  });

  test('take both scripts from one text, in reading order', () => {
    expect(terms('用户买了Apple的手机')).toEqual(['买', 'appl', '手', '机', '手机']);
  });

  test('treat full-width and half-width forms alike', () => {
    expect(terms('ＡＢＣ １２３')).toEqual(['abc', '123']);
  });

  test('keep accents and emoji', () => {
    expect(terms('Café 🎸')).toEqual(['café', '🎸']);
  });

  test('are none for empty text, blanks and punctuation', () => {
    expect([terms(''), terms('  \n'), terms('!? "*" -- ，。')]).toEqual([[], [], []]);
  });

  test('are the same on every call, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(terms(text)).toEqual(terms(text));
      }),
    );
  });

  test('are never longer than forty characters', () => {
    expect(terms('x'.repeat(500)).map((term) => term.length)).toEqual([40]);
  });
});
