import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { takeBatch } from '../../shared/domain/batch.ts';
import { type Blob, blobLines, blobText } from '../../shared/domain/blob.ts';
import type { Cursor } from '../../shared/domain/memory.ts';

const LONE_SURROGATE = /\p{Surrogate}/u;
const DAY_MS = Date.UTC(2026, 0, 5, 12);
const count = (text: string): number => Math.ceil(text.length / 4);

const take = (owner: string, blobs: readonly Blob[], progress: Record<string, Cursor>, budget: number) =>
  takeBatch({ owner, blobs, progress, budget, timeZone: 'UTC', count });

function chat(id: string, ...texts: readonly string[]): Blob {
  const messages = texts.map((content) => ({ role: 'user' as const, content, alias: null, created_at: 'T' }));
  return { id, type: 'chat', data: { messages }, createdMs: DAY_MS, fields: null };
}

/** Takes batch after batch as extraction does, until nothing is left. */
function takeAll(blobs: readonly Blob[], budget: number) {
  const batches = [];
  let open = blobs;
  let progress: Record<string, Cursor> = {};
  for (let rounds = 0; rounds < 5_000; rounds += 1) {
    const batch = take('ann', open, progress, budget);
    if (batch === null) return batches;
    batches.push(batch);
    const done = new Set(batch.items.filter(({ next }) => next === null).map(({ blobId }) => blobId));
    open = open.filter(({ id }) => !done.has(id));
    progress = Object.fromEntries(batch.items.flatMap(({ blobId, next }) => (next ? [[blobId, next]] : [])));
  }
  throw new Error('the batches do not end');
}

describe('a batch', () => {
  test('takes the oldest blobs that fit, whole', () => {
    const blobs = [chat('a', 'x'.repeat(27)), chat('b', 'y'.repeat(27)), chat('c', 'z'.repeat(27))];
    const batch = take('ann', blobs, {}, 20);
    expect(batch?.items.map(({ blobId }) => blobId)).toEqual(['a', 'b']);
    expect(batch?.tokens).toBe(20);
  });

  test('is nothing where nothing waits', () => {
    expect(take('ann', [], {}, 20)).toBeNull();
  });

  test('splits an oversize blob between its messages', () => {
    const batches = takeAll([chat('a', 'one'.repeat(9), 'two'.repeat(9), 'six'.repeat(9))], 20);
    expect(batches.map(({ items }) => items[0]?.text)).toEqual([
      '[T] user: oneoneoneoneoneoneoneoneone\n[T] user: twotwotwotwotwotwotwotwotwo',
      '[T] user: sixsixsixsixsixsixsixsixsix',
    ]);
  });

  test('splits an oversize message at a sentence end and repeats who spoke', () => {
    const batches = takeAll([chat('a', 'I went to Paris. I saw the tower. I liked it very much.')], 10);
    expect(batches.map(({ items }) => items[0]?.text)).toEqual([
      '[T] user: I went to Paris.',
      '[T] user:  I saw the tower.',
      '[T] user:  I liked it very much.',
    ]);
  });

  test('does not tear a character of two code units', () => {
    const batches = takeAll([chat('a', '🎷'.repeat(40))], 7);
    expect(batches.length).toBeGreaterThan(2);
    for (const { items } of batches) expect(items[0]?.text).not.toMatch(LONE_SURROGATE);
  });

  test('has one id for the same content at the same place, and another elsewhere', () => {
    const blobs = [chat('a', 'x'.repeat(200))];
    const first = take('ann', blobs, {}, 20);
    expect(take('ann', blobs, {}, 20)?.id).toBe(first?.id);
    expect(take('ann', blobs, { a: { line: 0, char: 5 } }, 20)?.id).not.toBe(first?.id);
  });

  test('of another owner has another id, whatever ids their blobs chose', () => {
    const blobs = [chat('a', 'hello')];
    expect(take('bob', blobs, {}, 20)?.id).not.toBe(take('ann', blobs, {}, 20)?.id);
  });

  test('goes on with an empty blob', () => {
    expect(take('ann', [chat('a')], {}, 20)?.items).toEqual([{ blobId: 'a', text: '', next: null }]);
  });
});

const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 120 }), { maxLength: 5 });
const blobLists = fc
  .array(texts, { minLength: 1, maxLength: 5 })
  .map((list) => list.map((messages, index) => chat(`b${index}`, ...messages)));

describe('whatever the blobs and the budget', () => {
  test('the pieces together are the whole text, in order', () => {
    fc.assert(
      fc.property(blobLists, fc.integer({ min: 1, max: 60 }), (blobs, budget) => {
        const content = (text: string): string => text.replaceAll('[T] user: ', '').replaceAll('\n', '');
        const pieces = takeAll(blobs, budget).flatMap(({ items }) => items.map(({ text }) => text));
        const whole = blobs.map((blob) => blobText(blobLines(blob, 'UTC')));
        expect(content(pieces.join(''))).toBe(content(whole.join('')));
      }),
    );
  });

  test('no batch exceeds the budget where one character and its speaker fit', () => {
    fc.assert(
      fc.property(blobLists, fc.integer({ min: 5, max: 60 }), (blobs, budget) => {
        for (const { tokens, items } of takeAll(blobs, budget)) {
          expect(tokens).toBeLessThanOrEqual(budget);
          expect(items.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('every blob ends exactly once', () => {
    fc.assert(
      fc.property(blobLists, fc.integer({ min: 1, max: 60 }), (blobs, budget) => {
        const ended = takeAll(blobs, budget).flatMap(({ items }) =>
          items.filter(({ next }) => next === null),
        );
        expect(ended.map(({ blobId }) => blobId)).toEqual(blobs.map(({ id }) => id));
      }),
    );
  });
});
