import { afterEach, expect, test } from 'vitest';
import { createOpenAiEmbedder, type OpenAiEmbedderOptions } from '../../shared/adapters/embeddings/openai.ts';
import { failure } from '../support/llm-rig.ts';
import {
  embeddingReply,
  errorReply,
  type ModelServer,
  type Script,
  startModelServer,
} from '../support/model-server.ts';

let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function rig(script: Script, options: Partial<OpenAiEmbedderOptions> = {}) {
  const started = await startModelServer(script);
  server = started;
  const sleeps: number[] = [];
  const embedder = createOpenAiEmbedder({
    baseUrl: started.baseUrl,
    apiKey: 'key',
    model: 'bge-m3',
    dimension: 2,
    sleep: async (ms) => sleeps.push(ms),
    random: () => 0,
    log: () => undefined,
    ...options,
  });
  const embed = (texts: readonly string[], signal?: AbortSignal) => embedder.embed(texts, 'document', signal);
  return { embed, sleeps, requests: started.requests };
}

test('texts become vectors of unit length, in their own order', async () => {
  const { embed, requests } = await rig([
    {
      json: {
        data: [
          { index: 1, embedding: [0, 2] },
          { index: 0, embedding: [3, 4] },
        ],
      },
    },
  ]);
  expect(await embed(['one', 'two'])).toEqual([
    [0.6, 0.8],
    [0, 1],
  ]);
  expect(requests[0]?.path).toBe('/v1/embeddings');
  expect(requests[0]?.body).toEqual({ model: 'bge-m3', input: ['one', 'two'], encoding_format: 'float' });
});

test('a server that leaves the index out keeps the order of the request', async () => {
  const { embed } = await rig([{ json: { data: [{ embedding: [1, 0] }, { embedding: [0, 1] }] } }]);
  expect(await embed(['one', 'two'])).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

test('many texts go out in batches', async () => {
  const { embed, requests } = await rig(
    ({ body }) => embeddingReply((body['input'] as string[]).map((text) => [Number(text), 0])),
    { batchSize: 2 },
  );
  expect(await embed(['1', '2', '3', '4', '5'])).toHaveLength(5);
  expect(requests.map(({ body }) => body['input'])).toEqual([['1', '2'], ['3', '4'], ['5']]);
});

test('no texts, no call', async () => {
  const { embed, requests } = await rig([embeddingReply([])]);
  expect(await embed([])).toEqual([]);
  expect(requests).toHaveLength(0);
});

test.each([
  ['text-embedding-3-small', undefined, 2],
  ['text-embedding-v3', undefined, 2],
  ['text-embedding-v4', undefined, 2],
  ['text-embedding-ada-002', undefined, undefined],
  ['text-embedding-v2', undefined, undefined],
  ['bge-m3', true, 2],
  ['text-embedding-3-large', false, undefined],
])('the dimension is asked of %s with sendDimensions %s: %s', async (model, sendDimensions, dimensions) => {
  const { embed, requests } = await rig([embeddingReply([[1, 0]])], { model, sendDimensions });
  await embed(['one']);
  expect(requests[0]?.body['dimensions']).toBe(dimensions);
});

test('vectors of another length are a mistake in the configuration that names the key and both lengths', async () => {
  const { embed } = await rig([embeddingReply([[1, 0, 0]])]);
  const error = await failure(embed(['one']));
  expect(error.code).toBe('config_invalid');
  expect(error.message).toContain('embedding_dim is 2, but the embedding model answers vectors of 3 numbers');
});

test.each([
  ['fewer vectors than texts', [[1, 0]], 'answered 1 vectors for 2 texts'],
  [
    'zeros',
    [
      [1, 0],
      [0, 0],
    ],
    'zeros',
  ],
  [
    'a null among the numbers',
    [
      [1, null],
      [1, 0],
    ],
    'finite',
  ],
  [
    'words',
    [
      ['1', '0'],
      [1, 0],
    ],
    'finite',
  ],
])('%s are refused', async (_what, vectors, words) => {
  const { embed } = await rig([embeddingReply(vectors)]);
  const error = await failure(embed(['one', 'two']));
  expect(error.code).toBe('embedding_unavailable');
  expect(error.message).toContain(words);
});

test('two vectors for one text and none for the other are refused', async () => {
  const { embed } = await rig([
    {
      json: {
        data: [
          { index: 0, embedding: [1, 0] },
          { index: 0, embedding: [1, 0] },
        ],
      },
    },
  ]);
  expect((await failure(embed(['one', 'two']))).code).toBe('embedding_unavailable');
});

test('a passing failure is retried, honouring retry-after', async () => {
  const { embed, sleeps } = await rig([
    { status: 429, headers: { 'retry-after': '2' }, json: {} },
    embeddingReply([[1, 0]]),
  ]);
  expect(await embed(['one'])).toEqual([[1, 0]]);
  expect(sleeps).toEqual([2_250]);
});

test.each([
  ['a wrong key', errorReply(401, { message: 'no' }), 1],
  ['an unknown model', errorReply(404, { message: 'no' }), 1],
  ['an outage', errorReply(503, { message: 'no' }), 3],
  ['a page of HTML with 200', { text: '<html></html>' }, 3],
])('%s leaves the embeddings unavailable', async (_what, reply, calls) => {
  const { embed, requests } = await rig([reply]);
  expect((await failure(embed(['one']))).code).toBe('embedding_unavailable');
  expect(requests).toHaveLength(calls);
});

test('no answer within the time for a call leaves the embeddings unavailable', async () => {
  const { embed } = await rig([{ fault: 'request' }], { timeoutMs: 50, maxRetries: 0 });
  const error = await failure(embed(['one']));
  expect(error.code).toBe('embedding_unavailable');
  expect(error.message).toContain('no answer within 50 ms');
});

test('the time of the caller is kept', async () => {
  const { embed, requests } = await rig([embeddingReply([[1, 0]])]);
  expect((await failure(embed(['one'], AbortSignal.abort()))).code).toBe('out_of_time');
  expect(requests).toHaveLength(0);
});
