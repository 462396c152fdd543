import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashedEmbedding } from '../../bench/retrieval/hashed-embedding.ts';
import { type ReplayServer, startReplayServer } from '../../bench/retrieval/replay-server.ts';

let replay: ReplayServer;
beforeAll(async () => {
  replay = await startReplayServer(
    [
      {
        id: 'c',
        speakers: ['甲', '乙'],
        sessions: [
          {
            index: 1,
            date_time: '2024-05-01T10:00:00',
            turns: [
              { dia_id: 'D1:1', speaker: '甲', text: '我在学  大提琴' },
              { dia_id: 'D1:2', speaker: '乙', text: '真好啊' },
            ],
            facts: [
              { text: '甲在学大提琴。', speaker: '甲', evidence: ['D1:1'] },
              { text: '乙觉得很好。', speaker: '乙', evidence: ['D1:1', 'D1:2'] },
            ],
          },
        ],
        questions: [],
      },
    ],
    64,
  );
});
afterAll(() => replay.close());

async function post(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${replay.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

async function complete(name: string, content: string): Promise<unknown> {
  const { body } = await post('/chat/completions', {
    model: 'm',
    messages: [{ role: 'user', content }],
    response_format: { type: 'json_schema', json_schema: { name } },
  });
  const { choices } = body as { choices: [{ message: { content: string } }] };
  return JSON.parse(choices[0].message.content);
}

test('an extraction gets the facts whose last evidence turn stands in the prompt', async () => {
  expect(await complete('memory_extraction', '[2024-05-01] 甲: 我在学\n大提琴')).toEqual({
    entries: [
      {
        text: '甲在学大提琴。',
        kind: 'event',
        mentioned_on: '2024-05-01',
        happened_from: null,
        happened_to: null,
      },
    ],
    facts: [],
    tags: [],
  });
});

test('other schemas get an empty answer that is valid, and every call is counted by schema', async () => {
  const before = replay.chatCalls()['profile_merge'] ?? 0;
  expect(await complete('profile_merge', 'x')).toEqual({ decisions: [] });
  expect(replay.chatCalls()['profile_merge']).toBe(before + 1);
});

test('embeddings come one per text, in order', async () => {
  const { body } = await post('/embeddings', { model: 'm', input: ['大提琴', 'cello'] });
  const { data } = body as { data: { index: number; embedding: number[] }[] };
  expect(data.map(({ index }) => index)).toEqual([0, 1]);
  expect(data[1]?.embedding).toEqual(hashedEmbedding('cello', 64));
});

test('a request of another form is refused and the server goes on', async () => {
  expect((await post('/embeddings', { input: 7 })).status).toBe(400);
  expect((await post('/nothing', {})).status).toBe(404);
});

test('texts that share words or pairs of Chinese characters are nearer than others', () => {
  const cosine = (a: string, b: string): number => {
    const [left, right] = [hashedEmbedding(a, 512), hashedEmbedding(b, 512)];
    return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
  };
  expect(cosine('她在学大提琴', '大提琴课')).toBeGreaterThan(cosine('她在学大提琴', '周末爬山'));
  expect(cosine('the cello', 'The CELLO')).toBeCloseTo(1);
});
