import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Search, SearchDoc } from '../../shared/app/ports.ts';
import type { LifeScope } from '../../shared/domain/scope.ts';

const ANN: LifeScope = { projectId: 'shop', userId: 'ann', life: 1 };
const OTHERS: readonly LifeScope[] = [
  { projectId: 'shop', userId: 'bob', life: 1 },
  { projectId: 'farm', userId: 'ann', life: 1 },
  { projectId: 'shop', userId: 'ann', life: 2 },
];

function doc(id: string, text: string, more: Partial<SearchDoc> = {}): SearchDoc {
  return { id, text, createdMs: 1_000, vector: null, ...more };
}

/** An index without documents for vectors of three numbers. */
export type OpenSearchIndex = () => Promise<{ search: Search; close: () => Promise<void> }>;

/** What every search adapter has to do, whatever it is built on. */
export function searchContract(name: string, open: OpenSearchIndex): void {
  describe(`${name} as a search index`, () => {
    let search: Search;
    let close: () => Promise<void>;

    beforeEach(async () => {
      ({ search, close } = await open());
    });
    afterEach(() => close());

    const texts = async (query: string, scope = ANN, sinceMs = 0, limit = 10): Promise<string[]> =>
      (await search.textSearch(query, { scope, sinceMs, limit })).map(({ id }) => id);
    const vectors = async (vector: number[], scope = ANN, sinceMs = 0, limit = 10): Promise<string[]> =>
      (await search.vectorSearch(vector, { scope, sinceMs, limit })).map(({ id }) => id);

    test('finds nothing for a user without documents', async () => {
      expect([await texts('guitar'), await vectors([1, 0, 0])]).toEqual([[], []]);
    });

    test('finds English words in another inflection and case', async () => {
      await search.put(ANN, [doc('a', 'Ann enjoys PAINTING lakes'), doc('b', 'Ann bakes bread')]);
      expect(await texts('which lake did she paint?')).toEqual(['a']);
    });

    test('finds Chinese words inside a sentence', async () => {
      await search.put(ANN, [doc('a', '用户最喜欢在周末弹吉他，特别是爵士乐'), doc('b', '用户养了一只猫')]);
      expect([await texts('吉他'), await texts('我养了什么动物')]).toEqual([['a'], ['b']]);
    });

    test.each([
      ['accents', 'Met at the Café Réunion', 'café'],
      ['digits', 'Flight CA1832 leaves at 7', 'ca1832'],
      ['emoji', 'Loves it 🎸', '🎸'],
      ['mixed scripts', '用户买了iPhone15手机', 'iphone15'],
      ['other alphabets', 'Живёт в Москве', 'москве'],
    ])('finds %s', async (_, text, query) => {
      await search.put(ANN, [doc('a', text), doc('b', 'something else')]);
      expect(await texts(query)).toEqual(['a']);
    });

    test('puts the document with the rarer word first', async () => {
      await search.put(ANN, [
        doc('a', 'Ann went home early'),
        doc('b', 'Ann went to work'),
        doc('c', 'Ann bought a violin'),
        doc('d', 'Ann slept'),
      ]);
      expect((await texts('Ann violin'))[0]).toBe('c');
    });

    test.each([
      '',
      '   ',
      '"',
      "'; DROP TABLE x; --",
      'a AND OR NOT NEAR(b)',
      'guitar*',
      'col:guitar',
      '(((',
      '^-+~',
      '\\',
      '%_',
      '\u0000',
      '👩‍👩‍👧',
      '{"a":1}',
      'the of and',
      '的了吗',
      '\ud800',
      'x'.repeat(10_000),
      'word '.repeat(5_000),
    ])('never fails on the query %j', async (query) => {
      await search.put(ANN, [doc('a', `Ann plays guitar ${query.slice(0, 50)}`)]);
      expect((await texts(query)).length).toBeLessThanOrEqual(1);
    });

    test('orders by cosine, whatever the length of the vectors', async () => {
      await search.put(ANN, [
        doc('a', 'one', { vector: [0, 1, 0] }),
        doc('b', 'two', { vector: [3, 4, 0] }),
        doc('c', 'three', { vector: [-1, 0, 0] }),
      ]);
      const hits = await search.vectorSearch([2, 0, 0], { scope: ANN, sinceMs: 0, limit: 10 });
      expect(hits.map(({ id, score }) => [id, Number(score.toFixed(4))])).toEqual([
        ['b', 0.6],
        ['a', 0],
        ['c', -1],
      ]);
    });

    test('finds a document without a vector by its words only', async () => {
      await search.put(ANN, [doc('a', 'guitar')]);
      expect([await texts('guitar'), await vectors([1, 0, 0])]).toEqual([['a'], []]);
    });

    test('keeps the vector when a later put has none', async () => {
      await search.put(ANN, [doc('a', 'guitar', { vector: [1, 0, 0] })]);
      await search.put(ANN, [doc('a', 'violin')]);
      expect([await texts('guitar'), await texts('violin'), await vectors([1, 0, 0])]).toEqual([
        [],
        ['a'],
        ['a'],
      ]);
    });

    test('takes a vector that comes later', async () => {
      await search.put(ANN, [doc('a', 'guitar')]);
      await search.put(ANN, [doc('a', 'guitar', { vector: [1, 0, 0] })]);
      expect(await vectors([1, 0, 0])).toEqual(['a']);
    });

    test('gives the same scores however often the same documents were put', async () => {
      const docs = [
        doc('a', 'guitar and guitar', { vector: [1, 0, 0] }),
        doc('b', 'guitar lesson', { vector: [0, 1, 0] }),
      ];
      const within = { scope: ANN, sinceMs: 0, limit: 10 };
      await search.put(ANN, docs);
      const once = [await search.textSearch('guitar', within), await search.vectorSearch([1, 1, 0], within)];
      await search.put(ANN, docs);
      await search.put(ANN, [...docs, ...docs]);
      expect([
        await search.textSearch('guitar', within),
        await search.vectorSearch([1, 1, 0], within),
      ]).toEqual(once);
    });

    test('never mixes users, projects or lives, in results or in scores', async () => {
      const within = { scope: ANN, sinceMs: 0, limit: 10 };
      await search.put(ANN, [doc('a', 'guitar lesson'), doc('b', 'slept')]);
      const alone = await search.textSearch('guitar', within);
      for (const other of OTHERS) {
        await search.put(other, [doc('a', 'guitar', { vector: [1, 0, 0] }), doc('x', 'guitar guitar')]);
      }
      expect(await search.textSearch('guitar', within)).toEqual(alone);
      expect(await vectors([1, 0, 0])).toEqual([]);
    });

    test('leaves out documents created before the window, and includes its first millisecond', async () => {
      await search.put(ANN, [
        doc('old', 'guitar', { createdMs: 999, vector: [1, 0, 0] }),
        doc('new', 'guitar', { createdMs: 1_000, vector: [1, 0, 0] }),
      ]);
      expect([await texts('guitar', ANN, 1_000), await vectors([1, 0, 0], ANN, 1_000)]).toEqual([
        ['new'],
        ['new'],
      ]);
    });

    test('gives no more hits than asked for, the best ones', async () => {
      const docs = Array.from({ length: 30 }, (_, index) =>
        doc(`d${index}`, `guitar${' filler'.repeat(index)}`, { vector: [1, index / 10, 0] }),
      );
      await search.put(ANN, docs);
      expect([await texts('guitar', ANN, 0, 2), await vectors([1, 0, 0], ANN, 0, 2)]).toEqual([
        ['d0', 'd1'],
        ['d0', 'd1'],
      ]);
    });

    test('forgets removed documents and no others', async () => {
      await search.put(ANN, [
        doc('a', 'guitar', { vector: [1, 0, 0] }),
        doc('b', 'guitar', { vector: [1, 0, 0] }),
      ]);
      await search.remove(ANN, ['a', 'never there']);
      await search.remove(ANN, []);
      expect([await texts('guitar'), await vectors([1, 0, 0])]).toEqual([['b'], ['b']]);
    });

    test('forgets a whole life and no other', async () => {
      const [bob] = OTHERS;
      if (bob === undefined) throw new Error('no other user');
      for (const scope of [ANN, bob]) await search.put(scope, [doc('a', 'guitar', { vector: [1, 0, 0] })]);
      await search.removeLife(ANN);
      expect([await texts('guitar'), await vectors([1, 0, 0])]).toEqual([[], []]);
      expect([await texts('guitar', bob), await vectors([1, 0, 0], bob)]).toEqual([['a'], ['a']]);
    });

    test('takes more documents at once than one statement holds', async () => {
      const docs = Array.from({ length: 620 }, (_, index) =>
        doc(`d${index}`, `guitar number${index}`, { vector: [1, 0, 0] }),
      );
      await search.put(ANN, docs);
      expect([(await texts('guitar', ANN, 0, 1000)).length, await texts('number619')]).toEqual([
        620,
        ['d619'],
      ]);
    });

    test('accepts a document whose text has no words', async () => {
      await search.put(ANN, [doc('a', '...', { vector: [1, 0, 0] })]);
      expect([await texts('...'), await vectors([1, 0, 0])]).toEqual([[], ['a']]);
    });

    test('refuses a vector of another length and says what to set', async () => {
      await expect(search.put(ANN, [doc('a', 'guitar', { vector: [1, 0] })])).rejects.toThrow(
        'embedding_dim',
      );
      await expect(search.vectorSearch([1, 0], { scope: ANN, sinceMs: 0, limit: 1 })).rejects.toThrow(
        'embedding_dim',
      );
    });
  });
}
