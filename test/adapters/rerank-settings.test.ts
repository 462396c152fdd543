import { expect, test } from 'vitest';
import { configSchema } from '../../shared/config.ts';
import { rerankerOf } from '../../shared/runtime/reranker.ts';
import { startModelServer } from '../support/model-server.ts';

const reranker = (settings: object) => rerankerOf(configSchema.parse(settings), () => undefined);

test('there is no rerank service unless one is named or has a key', () => {
  expect(reranker({})).toBeNull();
  expect(reranker({ rerank_provider: 'dashscope' })).toBeNull();
  expect(reranker({ rerank_provider: 'dashscope', rerank_api_key: 'key' })).not.toBeNull();
});

test.each([
  ['openai', '/rerank'],
  ['lindormai', '/dashscope/compatible-api/v1/reranks'],
])('a key alone does not tell where the service of %s is', (provider, path) => {
  expect(() => reranker({ rerank_provider: provider, rerank_api_key: 'key' })).toThrow(
    `rerank_provider ${provider} needs rerank_base_url, the address in front of ${path}.`,
  );
});

test('Lindorm’s account is sent to Lindorm and to nobody else', async () => {
  const server = await startModelServer([{ json: { results: [{ index: 0, score: 1 }] } }]);
  const account = { rerank_base_url: server.baseUrl, lindorm_username: 'root', lindorm_password: 'pass' };
  await reranker(account)?.rerank('q', ['d'], 1);
  await reranker({ ...account, rerank_provider: 'openai' })?.rerank('q', ['d'], 1);
  expect(server.requests.map(({ headers }) => [headers['x-ld-ak'], headers['x-ld-sk']])).toEqual([
    ['root', 'pass'],
    [undefined, undefined],
  ]);
  expect(server.requests[0]?.body['model']).toBe('qwen3-rerank');
  await server.close();
});
