import { afterEach, describe, expect, test } from 'vitest';
import { createReranker, type RerankerOptions } from '../../shared/adapters/rerank/reranker.ts';
import { failure } from '../support/llm-rig.ts';
import { type ModelServer, type Script, startModelServer } from '../support/model-server.ts';

let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const DOCUMENTS = ['jazz', 'tea', 'bridges'];
const RESULTS = [
  { index: 2, relevance_score: 0.9 },
  { index: 0, relevance_score: 0.2 },
];

async function rig(script: Script, options: Partial<RerankerOptions> = {}) {
  const started = await startModelServer(script);
  server = started;
  const sleeps: number[] = [];
  const logged: string[] = [];
  const reranker = createReranker({
    provider: 'openai',
    baseUrl: new URL('/', started.baseUrl).href,
    apiKey: 'sk-rerank-0123456789',
    model: 'test-rerank',
    sleep: async (ms) => sleeps.push(ms),
    random: () => 0,
    log: (level, event, fields) => logged.push(`${level} ${event} ${JSON.stringify(fields)}`),
    ...options,
  });
  const ask = (limit = 2, signal?: AbortSignal) => reranker.rerank('what music', DOCUMENTS, limit, signal);
  return { ask, reranker, sleeps, logged, requests: started.requests };
}

const FLAT = { model: 'test-rerank', query: 'what music', documents: DOCUMENTS, top_n: 2 };
const NESTED = {
  model: 'test-rerank',
  input: { query: 'what music', documents: DOCUMENTS },
  parameters: { top_n: 2, return_documents: false },
};
const ANSWERS = { flat: { results: RESULTS }, nested: { output: { results: RESULTS } } };

test.each([
  ['openai', '/rerank', FLAT, ANSWERS.flat],
  ['dashscope', '/api/v1/services/rerank/text-rerank/text-rerank', NESTED, ANSWERS.nested],
  ['lindormai', '/dashscope/compatible-api/v1/reranks', FLAT, ANSWERS.flat],
] as const)('%s is asked at %s in its own shape', async (provider, path, body, json) => {
  const { ask, requests } = await rig([{ json }], { provider });
  expect(await ask()).toEqual([
    { index: 2, score: 0.9 },
    { index: 0, score: 0.2 },
  ]);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({
    path,
    body,
    headers: { authorization: 'Bearer sk-rerank-0123456789', 'content-type': 'application/json' },
  });
});

describe('Lindorm’s AI service', () => {
  const onlyOld: Script = ({ path }) =>
    path.startsWith('/dashscope/api/v1/')
      ? { json: ANSWERS.nested }
      : { status: 404, json: { message: 'no such path' } };

  test('is asked at its other path where the first is not there, and from then on only there', async () => {
    const { ask, requests } = await rig(onlyOld, { provider: 'lindormai' });
    expect(await ask()).toEqual([
      { index: 2, score: 0.9 },
      { index: 0, score: 0.2 },
    ]);
    await ask();
    expect(requests.map(({ path }) => path)).toEqual([
      '/dashscope/compatible-api/v1/reranks',
      '/dashscope/api/v1/services/rerank/text-rerank/text-rerank',
      '/dashscope/api/v1/services/rerank/text-rerank/text-rerank',
    ]);
    expect(requests[1]?.body).toEqual(NESTED);
  });

  test('gets the account in its headers, and no bearer token without a key', async () => {
    const { ask, requests } = await rig([{ json: ANSWERS.flat }], {
      provider: 'lindormai',
      apiKey: undefined,
      headers: { 'x-ld-ak': 'root', 'x-ld-sk': 'secret' },
    });
    await ask();
    expect(requests[0]?.headers).toMatchObject({ 'x-ld-ak': 'root', 'x-ld-sk': 'secret' });
    expect(requests[0]?.headers.authorization).toBeUndefined();
  });

  test('is given up when neither path is there', async () => {
    const { ask, requests } = await rig([{ status: 404, json: {} }], { provider: 'lindormai' });
    expect((await failure(ask())).code).toBe('rerank_unavailable');
    expect(requests).toHaveLength(2);
  });
});

test('results come best first, at most as many as wanted, with either name of the score', async () => {
  const results = [
    { index: 1, score: 0.1 },
    { index: 0, score: 0.7 },
    { index: 2, score: 0.4 },
  ];
  const { ask } = await rig([{ json: { results } }]);
  expect(await ask(2)).toEqual([
    { index: 0, score: 0.7 },
    { index: 2, score: 0.4 },
  ]);
});

test('results that name no document or no score, or the same document again, are left out', async () => {
  const results = [
    { index: 0, relevance_score: 0.5 },
    { index: 0, relevance_score: 0.6 },
    { index: 3, relevance_score: 0.9 },
    { index: -1, relevance_score: 0.9 },
    { index: '1', relevance_score: 0.9 },
    { index: 1, relevance_score: null },
    { relevance_score: 0.9 },
    null,
  ];
  const { ask } = await rig([{ json: { results } }]);
  expect(await ask(3)).toEqual([{ index: 0, score: 0.5 }]);
});

test('no documents, no call', async () => {
  const { reranker, requests } = await rig([{ json: ANSWERS.flat }]);
  expect(await reranker.rerank('what music', [], 10)).toEqual([]);
  expect(requests).toHaveLength(0);
});

describe('failures', () => {
  test.each([
    ['a wrong key', { status: 401, json: { error: { message: 'no' } } }, 1],
    ['an unknown model', { status: 400, json: { code: 'ModelNotFound', message: 'no such model' } }, 1],
    ['an outage', { status: 503, text: '' }, 3],
    ['a page of HTML with 200', { text: '<html></html>' }, 3],
    ['no results with 200', { json: { data: [] } }, 3],
    ['a code with 200', { json: { code: 'InvalidApiKey', message: 'Invalid API-key provided.' } }, 1],
    ['a code with 200 that waiting heals', { json: { code: 'Throttling.RateQuota', message: 'slow' } }, 3],
    ['a closed connection', { fault: 'drop' }, 3],
  ] as const)('%s leaves reranking unavailable', async (_what, reply, calls) => {
    const { ask, requests } = await rig([reply]);
    expect((await failure(ask())).code).toBe('rerank_unavailable');
    expect(requests).toHaveLength(calls);
  });

  test('a code with a good status is named, results beside it are not believed', async () => {
    const { ask } = await rig([{ json: { code: 'Arrearage', message: 'overdue', ...ANSWERS.flat } }]);
    const error = await failure(ask());
    expect(error.message).toBe('the rerank provider cannot be used: it answered 401 Arrearage (overdue)');
  });

  test('a passing failure is retried, honouring retry-after', async () => {
    const { ask, sleeps, logged } = await rig([
      { status: 429, headers: { 'retry-after': '2' }, json: {} },
      { json: ANSWERS.flat },
    ]);
    expect(await ask()).toHaveLength(2);
    expect(sleeps).toEqual([2_250]);
    expect(logged).toEqual([
      'warn provider_retry {"step":"rerank","status":429,"reason":"it answered 429","wait_ms":2250}',
    ]);
  });

  test('what was asked and the key stay out of errors', async () => {
    const reply = { status: 400, json: { message: 'cannot rerank "what music" with sk-rerank-0123456789' } };
    const { ask } = await rig([reply]);
    const error = await failure(ask());
    expect(error.message).not.toMatch(/sk-rerank/);
  });

  test('no answer within the time for a call leaves reranking unavailable', async () => {
    const { ask } = await rig([{ fault: 'request' }], { timeoutMs: 50, maxRetries: 0 });
    expect((await failure(ask())).message).toContain('no answer within 50 ms');
  });

  test('the time of the caller is kept', async () => {
    const { ask, requests } = await rig([{ json: ANSWERS.flat }]);
    expect((await failure(ask(2, AbortSignal.abort()))).code).toBe('out_of_time');
    expect(requests).toHaveLength(0);
  });
});
