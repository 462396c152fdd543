import { describe, expect, test } from 'vitest';
import { type RetrieveGistsRequest, retrieveGists } from '../../shared/app/retrieve-gists.ts';
import { ANN, type Bench, NOW_MS, openBench, unavailable } from './retrieval-fixture.ts';

const REQUEST: RetrieveGistsRequest = {
  scope: ANN,
  query: '',
  sinceMs: 0,
  nowMs: NOW_MS,
  timeZone: 'UTC',
  wanted: 50,
  similarityThreshold: 0.2,
};

async function retrieve(bench: Bench, query: string, more: Partial<RetrieveGistsRequest> = {}) {
  const { gists, degraded } = await retrieveGists({ ...REQUEST, query, ...more }, bench.deps);
  return { texts: gists.map(({ gist }) => gist.text), degraded };
}

describe('the retrieval of gists', () => {
  test('finds by words and by meaning', async () => {
    const bench = await openBench();
    await bench.remember([
      { text: 'baked bread' },
      { text: 'bought a guitar' },
      { text: 'met Carl while running' },
    ]);
    expect(await retrieve(bench, 'which instrument?')).toEqual({ texts: ['bought a guitar'], degraded: [] });
    expect((await retrieve(bench, 'who is Carl?')).texts[0]).toBe('met Carl while running');
  });

  test('drops what only meaning finds below the threshold, and keeps what words find', async () => {
    const bench = await openBench();
    await bench.remember([{ text: 'baked bread' }, { text: 'a guitar, and bread too' }]);
    const strict = { similarityThreshold: 0.9 };
    expect((await retrieve(bench, 'instrument', strict)).texts).toEqual([]);
    expect((await retrieve(bench, 'bread', { similarityThreshold: 1 })).texts).toHaveLength(2);
  });

  test('raises what happened on the day the question names, as of the asking day', async () => {
    const bench = await openBench();
    await bench.remember([
      { text: 'went running along the river', mentionedOn: '2026-11-02' },
      { text: 'went running up the hill', mentionedOn: '2026-11-18' },
      { text: 'went running in the park', mentionedOn: '2026-11-20' },
    ]);
    expect((await retrieve(bench, '上周三 running')).texts[0]).toBe('went running up the hill');
  });

  test('leaves out hits that the store does not have', async () => {
    const bench = await openBench();
    await bench.deps.search.put(ANN, [{ id: 'ghost', text: 'guitar', createdMs: NOW_MS, vector: null }]);
    expect(await retrieve(bench, 'guitar')).toEqual({ texts: [], degraded: [] });
  });

  test('leaves out what was created before the window', async () => {
    const bench = await openBench();
    await bench.remember([
      { text: 'old guitar', createdMs: 5 },
      { text: 'new guitar', createdMs: 10 },
    ]);
    expect((await retrieve(bench, 'guitar', { sinceMs: 6 })).texts).toEqual(['new guitar']);
  });

  test('says the same only once', async () => {
    const bench = await openBench();
    await bench.remember([{ text: 'Bought a guitar.' }, { text: 'bought the guitar' }]);
    expect((await retrieve(bench, 'guitar')).texts).toHaveLength(1);
  });

  test('embeds a query once, also when asked for twice at the same time', async () => {
    const bench = await openBench();
    await Promise.all([retrieve(bench, 'guitar'), retrieve(bench, 'guitar')]);
    await retrieve(bench, 'guitar');
    expect(bench.embedded).toEqual(['guitar']);
  });
});

describe('the retrieval of gists without', () => {
  test('an embedding service searches words only and says so', async () => {
    const bench = await openBench({ embedder: null });
    await bench.remember([{ text: 'bought a guitar' }]);
    expect(await retrieve(bench, 'guitar')).toEqual({
      texts: ['bought a guitar'],
      degraded: ['embedding: no embedding service is configured'],
    });
  });

  test('an embedding service gives what the words leave to the newest gists', async () => {
    const bench = await openBench({ embedder: null });
    await bench.remember([{ text: 'bought a guitar' }, { text: 'baked bread' }, { text: 'went for a run' }]);
    expect((await retrieve(bench, 'guitar')).texts).toEqual([
      'bought a guitar',
      'went for a run',
      'baked bread',
    ]);
  });

  test('an embedding service that answers says why, logs it, and asks it again the next time', async () => {
    let calls = 0;
    const bench = await openBench({
      embedder: {
        async embed(texts) {
          calls += 1;
          if (calls === 1) return unavailable();
          return texts.map(() => [1, 0, 0]);
        },
      },
    });
    await bench.remember([{ text: 'bought a guitar' }]);
    expect(await retrieve(bench, 'guitar')).toEqual({
      texts: ['bought a guitar'],
      degraded: ['embedding: gone for now'],
    });
    expect(bench.logged).toEqual(['retrieval_degraded']);
    expect((await retrieve(bench, 'guitar')).degraded).toEqual([]);
  });

  test('a word search still searches by meaning', async () => {
    const bench = await openBench({ search: { textSearch: unavailable } });
    await bench.remember([{ text: 'bought a guitar' }, { text: 'baked bread' }]);
    expect(await retrieve(bench, 'instrument')).toEqual({
      texts: ['bought a guitar'],
      degraded: ['search: gone for now'],
    });
  });

  test('any search gives the newest gists and says so', async () => {
    const bench = await openBench({ search: { textSearch: unavailable, vectorSearch: unavailable } });
    await bench.remember([{ text: 'first' }, { text: 'second' }]);
    expect(await retrieve(bench, 'guitar')).toEqual({
      texts: ['second', 'first'],
      degraded: ['search: gone for now'],
    });
  });
});
