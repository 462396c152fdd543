import { afterEach, describe, expect, test } from 'vitest';
import { cosineOfDistanceScore, createLindormSearch } from '../../shared/adapters/search/lindorm.ts';
import { assertLindormIndex, lindormIndexName } from '../../shared/adapters/search/lindorm-index.ts';
import { createSearchClient } from '../../shared/adapters/search/search-client.ts';
import type { LifeScope } from '../../shared/domain/scope.ts';
import { type RecordingServer, type Reply, startRecordingServer } from '../support/recording-server.ts';

const ANN: LifeScope = { projectId: 'shop', userId: 'ann', life: 2 };
const WITHIN = { scope: ANN, sinceMs: 1_700_000_000_000, limit: 7 };
const VECTORS = { model: 'm', dimension: 3, column: 'vector' } as const;
const INDEX = lindormIndexName('memobase');

let server: RecordingServer | undefined;
afterEach(() => server?.close());

async function openWith(...replies: Reply[]) {
  server = await startRecordingServer(...replies);
  const client = createSearchClient({
    settings: 'lindorm_search',
    url: server.url,
    username: 'root',
    password: '0815',
  });
  const search = createLindormSearch({ client, index: INDEX, vectors: VECTORS });
  return { client, search, requests: server.requests };
}

const hits = (...found: [string, number][]): Reply => ({
  body: { hits: { hits: found.map(([gist_id, _score]) => ({ _score, _source: { gist_id } })) } },
});

describe('search on Lindorm', () => {
  test('asks for words with hard conditions beside them, at the partition of the user', async () => {
    const { search, requests } = await openWith(hits(['g2', 4.5], ['g1', 1.25]));

    const found = await search.textSearch('  周末弹吉他？ ', WITHIN);

    expect(found).toEqual([
      { id: 'g2', score: 4.5 },
      { id: 'g1', score: 1.25 },
    ]);
    expect(requests).toEqual([
      {
        method: 'POST',
        target: '/memobase.gists.srh_gists/_search?routing=ann~2',
        authorization: 'Basic cm9vdDowODE1',
        body: {
          size: 7,
          _source: ['gist_id'],
          query: {
            bool: {
              must: [{ match: { text: { query: '周末弹吉他？' } } }],
              filter: [
                { term: { project_id: 'shop' } },
                { term: { user_key: 'ann~2' } },
                { range: { created_ms: { gte: 1_700_000_000_000 } } },
              ],
            },
          },
        },
      },
    ]);
  });

  test('asks for vectors with the same conditions and options that are strings', async () => {
    const { search, requests } = await openWith(hits(['g1', 1], ['g2', 0.5]));

    const found = await search.vectorSearch([0.6, 0.8, 0], WITHIN);

    expect(found).toEqual([
      { id: 'g1', score: 1 },
      { id: 'g2', score: 0 },
    ]);
    expect(requests[0]?.target).toBe('/memobase.gists.srh_gists/_search?routing=ann~2');
    expect(requests[0]?.body).toEqual({
      size: 7,
      _source: ['gist_id'],
      query: {
        knn: {
          vector: {
            vector: [0.6, 0.8, 0],
            k: 7,
            filter: {
              bool: {
                filter: [
                  { term: { project_id: 'shop' } },
                  { term: { user_key: 'ann~2' } },
                  { range: { created_ms: { gte: 1_700_000_000_000 } } },
                ],
              },
            },
          },
        },
      },
      ext: { lvector: { filter_type: 'efficient_filter', ef_search: '200', k_expand_scope: '1000' } },
    });
  });

  test('sends the end of a long conversation, and nothing for an empty one', async () => {
    const { search, requests } = await openWith(hits());
    expect(await search.textSearch(' \n ', WITHIN)).toEqual([]);
    expect(requests).toEqual([]);

    await search.textSearch(`${'a'.repeat(5_000)} the end`, WITHIN);

    expect(JSON.stringify(requests[0]?.body)).toContain(`"query":"${'a'.repeat(1_992)} the end"`);
  });

  test('writes nothing: the index follows the table', async () => {
    const { search, requests } = await openWith({ body: {} });
    await search.put(ANN, [{ id: 'a', text: 'guitar', createdMs: 1, vector: [1, 0, 0] }]);
    await search.remove(ANN, ['a']);
    await search.removeLife(ANN);
    expect(requests).toEqual([]);
  });

  test('refuses a vector of another length before it is stored', async () => {
    const { search } = await openWith({ body: {} });
    await expect(
      search.put(ANN, [{ id: 'a', text: 'guitar', createdMs: 1, vector: [1, 0] }]),
    ).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining('embedding_dim') });
    await expect(search.vectorSearch([1, 0], WITHIN)).rejects.toThrow('embedding_dim');
  });

  test.each([
    [1, 1],
    [0.5, 0],
    [1 / 3, -1],
    [0.625, 0.4],
  ])('score %d is cosine %d', (score, cosine) => {
    expect(cosineOfDistanceScore(score)).toBeCloseTo(cosine, 12);
  });
});

describe('the index of Lindorm', () => {
  const mapping = (properties: object): Reply => ({ body: { [INDEX]: { mappings: { properties } } } });
  const check = async (reply: Reply, vectors: typeof VECTORS | null = VECTORS) => {
    const { client } = await openWith(reply);
    return assertLindormIndex(client, INDEX, vectors);
  };

  test('is accepted with vectors of the configured dimension, or without any', async () => {
    const user_key = { type: 'keyword' };
    await check(mapping({ user_key, vector: { type: 'knn_vector', dimension: 3 } }));
    await check(mapping({ user_key }), null);
    await check({ body: {} });
  });

  test.each([
    ['another dimension', { vector: { dimension: 4 } }, 'vectors of 4 dimensions in vector'],
    ['no vectors', {}, 'no vectors in vector'],
  ])('with %s is refused with the way out', async (_, fields, message) => {
    await expect(check(mapping({ user_key: {}, ...fields }))).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(new RegExp(`${message}.*DROP INDEX srh_gists ON gists`)),
    });
  });

  test('that is missing is said to be missing', async () => {
    const body = { error: { type: 'index_not_found_exception', reason: 'no such index' }, status: 404 };
    await expect(check({ status: 404, body })).rejects.toThrow(
      'There is no search index memobase.gists.srh_gists. Switch on the search engine',
    );
  });
});
