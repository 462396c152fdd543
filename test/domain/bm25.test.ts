import { describe, expect, test } from 'vitest';
import { bm25, inverseFrequency } from '../../shared/domain/bm25.ts';

const doc = (id: string, text: string) => ({ id, terms: text.split(' ') });

describe('bm25', () => {
  test('gives the scores of the formula', () => {
    const found = bm25(['cat'], [doc('a', 'cat sat'), doc('b', 'cat cat sat mat')], {
      documents: 10,
      averageLength: 3,
    });
    expect(found.map(({ id, score }) => [id, Number(score.toFixed(4))])).toEqual([
      ['b', 1.8626],
      ['a', 1.7155],
    ]);
  });

  test('puts a document with a rare term above one with a common term', () => {
    const documents = [doc('common', 'ann works'), doc('other', 'ann sleeps'), doc('rare', 'guitar here')];
    const found = bm25(['ann', 'guitar'], documents, { documents: 10, averageLength: 2 });
    expect(found.map(({ id }) => id)).toEqual(['rare', 'common', 'other']);
  });

  test('counts a query term once however often the query repeats it', () => {
    const documents = [doc('a', 'cat')];
    const collection = { documents: 3, averageLength: 1 };
    expect(bm25(['cat', 'cat'], documents, collection)).toEqual(bm25(['cat'], documents, collection));
  });

  test('leaves out documents without a query term', () => {
    expect(bm25(['dog'], [doc('a', 'cat')], { documents: 1, averageLength: 1 })).toEqual([]);
  });

  test('weighs a term that every document has by little, and never by less than nothing', () => {
    expect([inverseFrequency(1, 10), inverseFrequency(10, 10)].map((x) => Number(x.toFixed(4)))).toEqual([
      1.9924, 0.0465,
    ]);
  });
});
