import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embeddingReply, type ModelServer, startModelServer } from '../support/model-server.ts';
import { chat, type Rig, startRig } from './rig.ts';

/** A vector for everything about music, another for the rest. */
const vectorOf = (text: string) => (/jazz|songs/i.test(text) ? [0.8, 0.6] : [0, 1]);

let models: ModelServer;
let rig: Rig;
let user = '';

beforeAll(async () => {
  models = await startModelServer(({ path, body }) => {
    if (path === '/v1/embeddings') return embeddingReply((body['input'] as string[]).map(vectorOf));
    const documents = body['documents'] as string[];
    const results = documents.map((text, index) => ({ index, relevance_score: text.length / 1000 }));
    return { json: { results } };
  });
  rig = await startRig({
    MEMOBASE_EMBEDDING_BASE_URL: models.baseUrl,
    MEMOBASE_EMBEDDING_MODEL: 'two',
    MEMOBASE_EMBEDDING_DIM: '2',
    MEMOBASE_RERANK_PROVIDER: 'openai',
    MEMOBASE_RERANK_BASE_URL: models.baseUrl,
  });
  const { body } = await rig.call('POST', '/users', {});
  user = (body.data as { id: string }).id;
  await rig.call('POST', `/blobs/insert/${user}`, chat('I love listening to jazz.', 'I live in Porto.'));
  await rig.call('POST', `/users/buffer/${user}/chat?wait_process=true`);
});
afterAll(async () => {
  await rig.close();
  await models.close();
});

interface Found {
  readonly profiles: readonly {
    readonly content: string;
    readonly attributes: { readonly topic: string };
    readonly score: number | null;
    readonly similarity: number | null;
  }[];
  readonly degraded: readonly string[];
}

async function search(parameters: Record<string, string>): Promise<Found> {
  const { body } = await rig.call(
    'GET',
    `/users/profile/search/${user}?${new URLSearchParams(parameters).toString()}`,
  );
  expect(body.errno).toBe(0);
  return body.data as Found;
}
const contents = ({ profiles }: Found) => profiles.map(({ content }) => content);
const embedded = () =>
  models.requests
    .filter(({ path }) => path === '/v1/embeddings')
    .flatMap(({ body }) => body['input'] as string[]);

describe('profile search over HTTP', () => {
  test('slots are embedded when they are learnt, not when they are searched', async () => {
    expect(embedded()).toContain('contact info, city: Porto');
    const before = embedded().length;
    await search({ query: 'songs', mode: 'embedding' });
    expect(embedded().slice(before)).toEqual(['songs']);
  });

  test('by embedding, similarities are cosines and the threshold means what it says', async () => {
    const found = await search({ query: 'songs', mode: 'embedding', min_score: '0.99' });
    expect(contents(found)).toEqual([expect.stringMatching(/jazz/i)]);
    expect(found.profiles[0]).toMatchObject({ score: 1, similarity: 1 });
    const all = await search({ query: 'songs', mode: 'embedding', min_score: '0' });
    expect(all.profiles.map(({ similarity }) => similarity)).toEqual([1, 0.6]);
    expect(all.degraded).toEqual([]);
  });

  test('fusion is the default and finds by words as well', async () => {
    const found = await search({ query: 'Porto songs' });
    expect(contents(found).sort()).toEqual([expect.stringMatching(/jazz/i), 'Porto']);
    expect(contents(await search({ query: 'Porto songs', topics: 'contact_info' }))).toEqual(['Porto']);
  });

  test('hybrid and rerank take the scores of the rerank service', async () => {
    for (const mode of ['hybrid', 'rerank']) {
      const found = await search({ query: 'songs', mode, max_results: '1' });
      expect(found.profiles).toHaveLength(1);
      expect(found.profiles[0]?.score).toBeGreaterThan(0.02);
      expect(found.degraded).toEqual([]);
    }
  });

  test('the model picks on request', async () => {
    const found = await search({ query: 'Who loves jazz?', mode: 'llm' });
    expect(contents(found)).toEqual([expect.stringMatching(/jazz/i)]);
    expect(found).toMatchObject({ degraded: [], profiles: [{ score: null, similarity: null }] });
  });

  test.each([
    ['', 'query must not be empty: say what to look for.'],
    ['query=x&max_results=0', 'max_results must be above 0; got 0.'],
  ])('the parameters "%s" are an application error', async (parameters, errmsg) => {
    const { body } = await rig.call('GET', `/users/profile/search/${user}?${parameters}`);
    expect(body).toMatchObject({ data: null, errno: 400, errmsg });
  });

  test('an unknown mode is a 422', async () => {
    expect((await rig.call('GET', `/users/profile/search/${user}?query=x&mode=best`)).status).toBe(422);
  });
});

describe('the profile of the wire protocol', () => {
  const chats = encodeURIComponent(JSON.stringify([{ role: 'user', content: 'Where is Porto?' }]));
  const read = async (parameters: string) =>
    contents((await rig.call('GET', `/users/profile/${user}?${parameters}`)).body.data as Found);

  test('is whole for a conversation, unless the caller asks for the model’s pick', async () => {
    expect(await read(`chats_str=${chats}`)).toHaveLength(2);
    expect(await read(`chats_str=${chats}&pick=llm`)).toEqual(['Porto']);
  });

  test('refuses a conversation that is not one, whether or not anything is picked', async () => {
    const { body } = await rig.call('GET', `/users/profile/${user}?chats_str=%7B`);
    expect(body).toMatchObject({ errno: 400, errmsg: 'chats_str is not valid JSON.' });
  });
});
