import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { createOpenSearch } from '../../shared/adapters/search/opensearch.ts';
import { assertIndex, createIndex, planIndex } from '../../shared/adapters/search/opensearch-index.ts';
import { createSearchClient, type SearchServer } from '../../shared/adapters/search/search-client.ts';
import { vectorField } from '../../shared/adapters/search/vector-space.ts';
import type { LifeScope } from '../../shared/domain/scope.ts';
import { searchContract } from '../adapters/search-contract.ts';

const SPACE = { model: 'three-numbers', dimension: 3 };
const ANN: LifeScope = { projectId: 'shop', userId: 'ann', life: 1 };
const WITHIN = { scope: ANN, sinceMs: 0, limit: 10 };

const open: { index: string; close: () => Promise<void> }[] = [];

function newIndex(changes: Partial<SearchServer> = {}) {
  const client = createSearchClient({ settings: 'opensearch', url: inject('openSearchUrl'), ...changes });
  const index = `test_${randomBytes(6).toString('hex')}_gists`;
  open.push({ index, close: () => client.close() });
  return { client, index };
}

async function raw(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${inject('openSearchUrl')}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, unknown>;
}

afterEach(async () => {
  for (const { index, close } of open.splice(0)) {
    await raw('DELETE', `/${index}_1?ignore_unavailable=true`);
    await close();
  }
});

/** Writes wait for a refresh; by default one comes every second. */
async function quickIndex() {
  const target = { ...newIndex(), space: SPACE };
  await createIndex(target);
  await raw('PUT', `/${target.index}/_settings`, { index: { refresh_interval: '20ms' } });
  return target;
}

searchContract('OpenSearch', async () => ({
  search: createOpenSearch(await quickIndex()),
  close: async () => {},
}));

describe('the OpenSearch index', () => {
  test('is created once, and found ready by everybody after', async () => {
    const target = { ...newIndex(), space: SPACE };
    expect(await planIndex(target)).toEqual([`PUT /${target.index}_1`]);

    const done = await Promise.all([createIndex(target), createIndex(target), createIndex(target)]);

    expect(done[0]).toEqual([`PUT /${target.index}_1`]);
    expect(await createIndex(target)).toEqual([]);
    await assertIndex(target);
  });

  test('takes the first model later than its words', async () => {
    const without = { ...newIndex(), space: null };
    await createIndex(without);
    const search = createOpenSearch(without);
    await search.put(ANN, [{ id: 'a', text: 'guitar', createdMs: 1, vector: null }]);
    await assertIndex(without);
    const withModel = { ...without, space: SPACE };
    await expect(assertIndex(withModel)).rejects.toThrow('Run npm run migrate');

    expect(await createIndex(withModel)).toEqual([`PUT /${without.index}/_mapping ${vectorField(SPACE)}`]);

    await createOpenSearch(withModel).put(ANN, [
      { id: 'a', text: 'guitar', createdMs: 1, vector: [0, 1, 0] },
    ]);
    expect(await createOpenSearch(withModel).vectorSearch([0, 1, 0], WITHIN)).toEqual([
      { id: 'a', score: 1 },
    ]);
  });

  test.each([
    ['dimension', { model: 'three-numbers', dimension: 4 }],
    ['model', { model: 'three-others', dimension: 3 }],
  ])('made for one model refuses another %s, unless one more is asked for', async (_, space) => {
    const target = await quickIndex();
    const search = createOpenSearch(target);
    await search.put(ANN, [{ id: 'a', text: 'guitar', createdMs: 1, vector: [0, 1, 0] }]);
    const other = { ...target, space };

    for (const step of [assertIndex, planIndex, createIndex]) {
      await expect(step(other)).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('npm run reembed'),
      });
    }

    await createIndex(other, true);
    const vector = [1, 0, 0, 0].slice(0, space.dimension);
    await createOpenSearch(other).put(ANN, [{ id: 'a', text: 'guitar', createdMs: 1, vector }]);
    expect(await search.vectorSearch([0, 1, 0], WITHIN)).toEqual([{ id: 'a', score: 1 }]);
    expect(await createOpenSearch(other).vectorSearch(vector, WITHIN)).toEqual([{ id: 'a', score: 1 }]);
  });

  test('refuses an index of a newer version, and one that something else made', async () => {
    const newer = { ...newIndex(), space: null };
    await createIndex(newer);
    await raw('PUT', `/${newer.index}/_mapping`, { _meta: { version: 99 } });
    await expect(assertIndex(newer)).rejects.toMatchObject({ code: 'schema_newer' });

    const foreign = { ...newIndex(), space: null };
    await raw('PUT', `/${foreign.index}`, { mappings: { properties: { title: { type: 'text' } } } });
    await expect(createIndex(foreign)).rejects.toThrow('opensearch_index_prefix');
    await raw('DELETE', `/${foreign.index}`);
  });

  test('keeps each user in one shard', async () => {
    const target = await quickIndex();
    const search = createOpenSearch(target);
    await search.put(
      ANN,
      Array.from({ length: 50 }, (_, n) => ({ id: `d${n}`, text: 'guitar', createdMs: 1, vector: null })),
    );

    const shards = (await raw('GET', `/_cat/shards/${target.index}?format=json`)) as unknown as {
      prirep: string;
      docs: string;
    }[];
    const counts = shards.filter(({ prirep }) => prirep === 'p').map(({ docs }) => Number(docs));
    expect(counts.sort()).toEqual([0, 0, 50]);
  });

  test('finds what was put as soon as the put has ended, at the usual pace of refreshes', async () => {
    const target = { ...newIndex(), space: SPACE };
    await createIndex(target);
    const search = createOpenSearch(target);

    await search.put(ANN, [{ id: 'a', text: 'guitar', createdMs: 1, vector: [1, 0, 0] }]);

    expect((await search.textSearch('guitar', WITHIN)).map(({ id }) => id)).toEqual(['a']);
    expect(await search.vectorSearch([1, 0, 0], WITHIN)).toEqual([{ id: 'a', score: 1 }]);
  });

  test('forgets also what a broken-off write left unrefreshed', async () => {
    const target = await quickIndex();
    await raw('PUT', `/${target.index}/_settings`, { index: { refresh_interval: '-1' } });
    const search = createOpenSearch(target);
    const writing = search.put(ANN, [{ id: 'a', text: 'guitar', createdMs: 1, vector: null }]);
    // Waits for a refresh that only the deletion brings about.
    const stored = async () =>
      ((await raw('GET', `/${target.index}/_stats/indexing`)) as Stats)._all.primaries;
    while ((await stored()).indexing.index_total === 0);

    await search.removeLife(ANN);
    await writing;

    await raw('POST', `/${target.index}/_refresh`);
    expect(await raw('GET', `/${target.index}/_count`)).toMatchObject({ count: 0 });
  });

  test('scores are cosines, and those of words come from the numbers of one user', async () => {
    const search = createOpenSearch(await quickIndex());
    await search.put(ANN, [
      { id: 'a', text: 'guitar lesson', createdMs: 1, vector: [1, 0, 0] },
      { id: 'b', text: 'slept', createdMs: 1, vector: [0.6, 0.8, 0] },
      { id: 'c', text: 'slept well', createdMs: 1, vector: [-0.6, 0.8, 0] },
    ]);

    const cosines = await search.vectorSearch([1, 0, 0], WITHIN);
    expect(cosines.map(({ id, score }) => [id, Number(score.toFixed(3))])).toEqual([
      ['a', 1],
      ['b', 0.6],
      ['c', -0.6],
    ]);
    const [hit] = await search.textSearch('guitar', WITHIN);
    // ln(1 + 2.5 / 1.5) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / (5 / 3)))
    expect(Number(hit?.score.toFixed(4))).toBe(0.9066);
  });

  test('takes very long texts and vectors without a direction', async () => {
    const search = createOpenSearch(await quickIndex());
    const text = `guitar ${Array.from({ length: 20_000 }, (_, n) => `word${n}`).join(' ')}`;
    await search.put(ANN, [{ id: 'a', text, createdMs: 1, vector: [0, 0, 0] }]);
    expect((await search.textSearch('guitar', WITHIN)).map(({ id }) => id)).toEqual(['a']);
    expect(await search.vectorSearch([1, 0, 0], WITHIN)).toEqual([]);
    expect(await search.vectorSearch([0, 0, 0], WITHIN)).toEqual([]);
  });
});

interface Stats extends Record<string, unknown> {
  readonly _all: { readonly primaries: { readonly indexing: { readonly index_total: number } } };
}

describe('a search service that cannot be used', () => {
  test('is named with its address when nothing listens there', async () => {
    const { client, index } = newIndex({ url: 'http://127.0.0.1:9' });
    const failure = createOpenSearch({ client, index, space: SPACE }).textSearch('guitar', WITHIN);
    await expect(failure).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(
        /^The search service at http:\/\/127\.0\.0\.1:9 .*Check opensearch_url\.$/,
      ),
    });
  });

  test('is named when its host does not exist', async () => {
    const { client, index } = newIndex({ url: 'http://no-such-host.invalid:9200' });
    await expect(createIndex({ client, index, space: null })).rejects.toThrow('no-such-host.invalid');
  });

  test('is told apart from one that speaks TLS', async () => {
    const url = inject('openSearchUrl').replace('http:', 'https:');
    const { client, index } = newIndex({ url });
    await expect(createIndex({ client, index, space: null })).rejects.toThrow(url);
  });

  test('says that the index is missing, and how to get one', async () => {
    const { client, index } = newIndex();
    const search = createOpenSearch({ client, index, space: SPACE });
    const message = `has no index ${index}. Run npm run migrate.`;
    await expect(search.textSearch('guitar', WITHIN)).rejects.toThrow(message);
    await expect(search.vectorSearch([1, 0, 0], WITHIN)).rejects.toThrow(message);
    await expect(search.removeLife(ANN)).rejects.toThrow(message);
    const document = { id: 'a', text: 'guitar', createdMs: 1, vector: null };
    await expect(search.put(ANN, [document])).rejects.toThrow('Run npm run migrate');
    expect(await raw('GET', `/${index}`)).toMatchObject({ status: 404 });
    await expect(assertIndex({ client, index, space: SPACE })).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
});
