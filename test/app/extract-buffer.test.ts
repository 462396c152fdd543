import { beforeEach, describe, expect, test } from 'vitest';
import { extractBuffer } from '../../shared/app/extract-buffer.ts';
import { flushBuffer } from '../../shared/app/flush-buffer.ts';
import { ingestBlob } from '../../shared/app/ingest-blob.ts';
import { createUser, livingMemory } from '../../shared/app/users.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import type { Scope } from '../../shared/domain/scope.ts';
import { ANN, type Bench, chat, MINUTE, openBench, repeatCapitals, rowCount, START_MS } from './fixture.ts';

const LIFE = { ...ANN, life: 1 };
let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
  bench.model = repeatCapitals;
});

const insert = async (text: string, scope: Scope = ANN) =>
  (await ingestBlob({ scope, content: chat(text), fields: null }, bench.deps)).blobId;
const extract = (more: { flush?: boolean; blobIds?: string[]; scope?: Scope } = {}) =>
  extractBuffer(
    { scope: ANN, type: 'chat', flush: true, deadlineMs: bench.nowMs + 10 * MINUTE, ...more },
    bench.deps,
  );
const memos = async () => (await livingMemory(ANN, bench.deps)).slots.map(({ content }) => content);
const waiting = async () => (await bench.deps.store.blobs.waiting(LIFE, 'chat')).map(({ id }) => id);
const failing = (code: 'llm_output_invalid' | 'llm_unavailable' | 'llm_rejected') => () => {
  throw new MemoryError(code, 'scripted');
};

describe('a buffer', () => {
  test('becomes profile, event, gists and one receipt in one model call', async () => {
    await insert('I like JAZZ');
    bench.nowMs += 1;
    await insert('and TEA');
    const { results, stop } = await extract();
    expect(stop.kind).toBe('drained');
    expect(results).toHaveLength(1);
    expect(bench.asked).toEqual(['memory_extraction']);
    expect(await memos()).toEqual(['JAZZ; TEA']);
    expect((await bench.deps.store.timeline.newestGists(LIFE, 0, 10)).map(({ text }) => text)).toEqual([
      'likes TEA',
      'likes JAZZ',
    ]);
    const [usage] = await bench.executor.query('SELECT receipt FROM usage_receipts', []);
    expect(JSON.parse(String(usage?.['receipt']))).toMatchObject({
      blobs: 2,
      steps: { memory_extraction: { calls: 1, inputTokens: 10, outputTokens: 1 } },
    });
    expect(await waiting()).toEqual([]);
  });

  test('is asked about a second time only where a fact meets a slot', async () => {
    await insert('I like JAZZ');
    await extract();
    await insert('I like TEA');
    await extract();
    expect(bench.asked).toEqual(['memory_extraction', 'memory_extraction', 'profile_merge', 'profile_merge']);
    expect(await memos()).toEqual(['JAZZ; TEA']);
  });

  test('below its threshold is left alone unless it is flushed', async () => {
    await insert('I like JAZZ');
    expect((await extract({ flush: false })).stop.kind).toBe('drained');
    expect(bench.asked).toEqual([]);
  });

  test('is extracted for chosen messages only', async () => {
    await insert('I like JAZZ');
    const tea = await insert('I like TEA');
    await extract({ blobIds: [tea] });
    expect(await memos()).toEqual(['TEA']);
    expect(await waiting()).toHaveLength(1);
  });

  test('gives a message over the budget in pieces, nothing cut away', async () => {
    bench = await openBench({ batchTokens: 20 });
    bench.model = repeatCapitals;
    const words = ['JAZZ', 'TEA', 'GOLF', 'OPERA', 'CHESS', 'RUGBY', 'BIRDS', 'WINE'];
    await insert(words.map((word) => `I am very fond of ${word}.`).join(' '));
    const { results } = await extract();
    expect(results.length).toBeGreaterThan(2);
    expect(await memos()).toEqual(['JAZZ; TEA; GOLF; OPERA; CHESS; RUGBY; BIRDS; WINE']);
    expect((await livingMemory(ANN, bench.deps)).progress).toEqual({});
  });
});

describe('two flushes at once', () => {
  test('of one user make one event, one set of facts, one model bill', async () => {
    await insert('I like JAZZ');
    const flush = () =>
      flushBuffer(
        { scope: ANN, type: 'chat', wait: true, deadlineMs: bench.nowMs + 10 * MINUTE },
        bench.deps,
      );
    await Promise.all([flush(), flush()]);
    expect(bench.asked).toEqual(['memory_extraction']);
    expect(await rowCount(bench, 'events')).toBe(1);
    expect(await rowCount(bench, 'gists')).toBe(1);
    expect(await rowCount(bench, 'usage_receipts')).toBe(1);
    expect(await memos()).toEqual(['JAZZ']);
  });

  test('count once even where both hold the lease', async () => {
    await insert('I like JAZZ');
    const { leases } = bench.deps.store;
    const blind = {
      ...leases,
      latest: async () => null,
      claim: async (...[, , lease]: Parameters<typeof leases.claim>) => lease,
    };
    const deps = { ...bench.deps, store: { ...bench.deps.store, leases: blind } };
    const request = { scope: ANN, type: 'chat', flush: true, deadlineMs: bench.nowMs + 10 * MINUTE } as const;
    await Promise.all([extractBuffer(request, deps), extractBuffer(request, deps)]);
    expect(bench.asked).toEqual(['memory_extraction', 'memory_extraction']);
    expect(await rowCount(bench, 'events')).toBe(1);
    expect(await rowCount(bench, 'usage_receipts')).toBe(1);
    expect(await memos()).toEqual(['JAZZ']);
  });
});

describe('a failure', () => {
  test('of the world puts the batch off and blames nobody', async () => {
    await insert('I like JAZZ');
    bench.model = failing('llm_unavailable');
    expect((await extract()).stop).toMatchObject({ kind: 'failed', error: { code: 'llm_unavailable' } });
    const [blob] = await bench.deps.store.blobs.waiting(LIFE, 'chat');
    expect(blob).toMatchObject({ attempts: 0, deferrals: 1, dueMs: START_MS + MINUTE });
  });

  test('of the content is halved until the poison is alone, and the rest goes on', async () => {
    for (const text of ['I like JAZZ', 'I like POISON', 'I like TEA', 'I like GOLF']) {
      bench.nowMs += 1;
      await insert(text);
    }
    bench.model = (request) =>
      request.user.includes('POISON') ? failing('llm_output_invalid')() : repeatCapitals(request);
    let rounds = 0;
    while ((await waiting()).length > 0 && rounds < 20) {
      rounds += 1;
      bench.nowMs += 2 * 60 * MINUTE;
      await extract();
    }
    expect(await memos()).toEqual(['JAZZ; TEA; GOLF']);
    expect(await rowCount(bench, 'dead_letters')).toBe(1);
    expect(rounds).toBeLessThan(10);
  });

  test('of one piece is forgotten once a piece of the same message got through', async () => {
    bench = await openBench({ batchTokens: 20 });
    const id = await insert(
      'I am very fond of JAZZ. I am very fond of TEA. I am very fond of GOLF and of CHESS.',
    );
    for (let n = 0; n < 2; n += 1) {
      bench.model = failing('llm_output_invalid');
      await extract();
    }
    let calls = 0;
    bench.model = (request) => {
      calls += 1;
      return calls === 1 ? repeatCapitals(request) : failing('llm_output_invalid')();
    };
    await extract();
    expect(await bench.deps.store.blobs.waiting(LIFE, 'chat')).toMatchObject([{ id, attempts: 1 }]);
  });
});

describe('what only an operator can repair', () => {
  test('pauses the whole project and costs the messages nothing', async () => {
    const bob = { projectId: 'shop', userId: 'bob' };
    await createUser(bob, {}, bench.deps);
    await insert('I like JAZZ');
    await insert('I like TEA', bob);
    bench.model = failing('llm_rejected');
    await extract();
    expect((await extract({ scope: bob })).stop).toEqual({
      kind: 'paused',
      reason: 'llm_rejected: scripted',
    });
    expect(await bench.deps.store.blobs.waiting(LIFE, 'chat')).toMatchObject([{ attempts: 0, deferrals: 0 }]);
  });

  test('is tried again after the pause, and the pause ends with the first success', async () => {
    await insert('I like JAZZ');
    bench.model = failing('llm_rejected');
    await extract();
    bench.nowMs += 11 * MINUTE;
    bench.model = repeatCapitals;
    expect((await extract()).stop.kind).toBe('drained');
    expect(await memos()).toEqual(['JAZZ']);
    expect(await bench.deps.store.projects.paused('shop')).toBeNull();
  });
});

test('a batch is not begun that could outlast the function', async () => {
  await insert('I like JAZZ');
  const request = { scope: ANN, type: 'chat', flush: true, deadlineMs: bench.nowMs + 59_000 } as const;
  expect((await extractBuffer(request, bench.deps)).stop.kind).toBe('out_of_time');
  expect(bench.asked).toEqual([]);
});
