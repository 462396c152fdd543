import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatReply, embeddingReply, type ModelServer, startModelServer } from '../support/model-server.ts';
import { chat, type Rig, startRig } from './rig.ts';

/** Directions: music, food; the text about both lies half way between. */
function vectorOf(text: string): number[] {
  const vector = [/cello|music/.test(text) ? 1 : 0, /soup|food/.test(text) ? 1 : 0, 0];
  return vector[0] === 0 && vector[1] === 0 ? [0, 0, 1] : vector;
}

const entry = (text: string, happened: string | null) => ({
  text,
  kind: 'event',
  mentioned_on: '2026-03-10',
  happened_from: happened,
  happened_to: happened,
});

/** One answer for each conversation, told apart by a word in it. */
const ANSWERS = {
  cello: {
    entries: [entry('The user played the cello.', '2026-03-01')],
    facts: [{ topic: 'interest', sub_topic: 'music', memo: 'Plays the cello' }],
    tags: [{ tag: 'emotion', value: 'happy' }],
  },
  soup: {
    entries: [entry('The user cooked soup with music on.', '2026-03-09')],
    facts: [],
    tags: [{ tag: 'emotion', value: 'calm' }],
  },
};

let model: ModelServer;
let rig: Rig;
let user: string;
beforeAll(async () => {
  model = await startModelServer(({ path, body }) => {
    if (path.endsWith('/embeddings')) {
      const texts = [body['input']].flat() as string[];
      return embeddingReply(texts.map(vectorOf));
    }
    const asked = JSON.stringify(body['messages']).includes('I played the cello') ? 'cello' : 'soup';
    return chatReply(ANSWERS[asked]);
  });
  rig = await startRig({
    MEMOBASE_LLM_BASE_URL: model.baseUrl,
    MEMOBASE_EMBEDDING_BASE_URL: model.baseUrl,
    MEMOBASE_EMBEDDING_DIM: '3',
  });
  const { body } = await rig.call('POST', '/users', {});
  user = (body.data as { id: string }).id;
  for (const text of ['I played the cello.', 'I cooked soup.']) {
    await rig.call('POST', `/blobs/insert/${user}`, chat(text));
    await rig.call('POST', `/users/buffer/${user}/chat?wait_process=true`);
  }
});
afterAll(async () => {
  await rig.close();
  await model.close();
});

interface Found {
  readonly events: {
    event_data: { event_tip: string };
    gist_data?: { content: string };
    similarity: number | null;
  }[];
  readonly gists: { gist_data: { content: string }; similarity: number }[];
}
async function search(path: string): Promise<Found> {
  const { body } = await rig.call('GET', path);
  expect(body).toMatchObject({ errno: 0 });
  return body.data;
}
const tipsOf = ({ events }: Found) => events.map(({ event_data }) => event_data.event_tip.split(' [')[0]);

describe('searching the timeline', () => {
  test('gists come best first with real cosines, in both lists', async () => {
    const { gists, events } = await search(`/users/event_gist/search/${user}?query=music`);
    expect(gists.map(({ gist_data }) => gist_data.content)).toEqual([
      '- The user played the cello.',
      '- The user cooked soup with music on.',
    ]);
    expect(gists[0]?.similarity).toBeCloseTo(1, 5);
    expect(gists[1]?.similarity).toBeCloseTo(Math.SQRT1_2, 5);
    expect(events).toEqual(gists);
  });

  test('a threshold means the cosine: only what is strictly above it is found', async () => {
    const { gists } = await search(`/users/event_gist/search/${user}?query=music&similarity_threshold=0.71`);
    expect(gists).toHaveLength(1);
    expect((await search(`/users/event_gist/search/${user}?query=music&topk=0`)).gists).toEqual([]);
    expect((await search(`/users/event_gist/search/${user}?query=music&time_range_in_days=0`)).gists).toEqual(
      [],
    );
  });

  test('events come by their best gist, and filters by tag, topic and happening day narrow them', async () => {
    const path = `/users/event/search/${user}?query=music`;
    expect(tipsOf(await search(path))).toEqual([
      '- The user played the cello.',
      '- The user cooked soup with music on.',
    ]);
    expect(tipsOf(await search(`${path}&tags=emotion&tag_values=emotion=calm`))).toEqual([
      '- The user cooked soup with music on.',
    ]);
    expect(tipsOf(await search(`${path}&topics=interest&sub_topics=music`))).toEqual([
      '- The user played the cello.',
    ]);
    expect(tipsOf(await search(`${path}&happened_from=2026-03-02&happened_to=2026-03-31`))).toEqual([
      '- The user cooked soup with music on.',
    ]);
  });

  test('tag search asks for all of the tags and values, newest first', async () => {
    const path = `/users/event_tags/search/${user}`;
    expect((await search(`${path}?tags=emotion`)).events).toHaveLength(2);
    expect((await search(`${path}?tags=emotion,nonexistent`)).events).toEqual([]);
    expect(tipsOf(await search(`${path}?tag_values=emotion=happy`))).toEqual([
      '- The user played the cello.',
    ]);
    expect((await search(`${path}?tag_values=emotion=sad`)).events).toEqual([]);
    expect((await search(path)).events).toHaveLength(2);
    expect((await search(`${path}?topk=1`)).events).toHaveLength(1);
  });

  test('a missing query is 422, a day that does not exist too', async () => {
    expect((await rig.call('GET', `/users/event/search/${user}`)).status).toBe(422);
    expect(
      (await rig.call('GET', `/users/event/search/${user}?query=a&happened_from=2026-02-30`)).status,
    ).toBe(422);
  });
});
