import { describe, expect, test } from 'vitest';
import { readRelevantProfile } from '../../shared/app/pick-slots.ts';
import type { Deps } from '../../shared/app/ports.ts';
import { type SearchProfilesRequest, searchProfiles } from '../../shared/app/search-profiles.ts';
import { PROFILE_SEARCH_MODES } from '../../shared/app/search-profiles-modes.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import { ANN } from './fixture.ts';
import { openProfileBench, PROFILE, slot } from './search-profiles-fixture.ts';

async function search(
  deps: Deps,
  mode: SearchProfilesRequest['mode'],
  more: Partial<SearchProfilesRequest> = {},
) {
  const { profiles, degraded } = await searchProfiles({ scope: ANN, query: 'songs', mode, ...more }, deps);
  const rounded = (value: number | null) => (value === null ? null : Math.round(value * 1e4) / 1e4);
  return {
    ids: profiles.map(({ slot: found }) => found.id),
    scores: profiles.map(({ score }) => rounded(score)),
    cosines: profiles.map(({ cosine }) => rounded(cosine)),
    degraded,
  };
}

test('no mode but llm calls a model, and that one calls it once', async () => {
  const { bench, deps } = await openProfileBench();
  bench.model = () => ({ picked: [0] });
  for (const mode of PROFILE_SEARCH_MODES.filter((name) => name !== 'llm')) await search(deps, mode);
  expect(bench.asked).toEqual([]);
  await search(deps, 'llm');
  expect(bench.asked).toEqual(['profile_pick']);
});

test('an empty query is refused', async () => {
  const { deps } = await openProfileBench();
  await expect(search(deps, 'fusion', { query: ' \n' })).rejects.toMatchObject({ code: 'invalid_request' });
});

test('a user never seen has an empty answer, without a call to any service', async () => {
  const { deps, embedder, reranker } = await openProfileBench();
  const nobody = { projectId: 'shop', userId: 'nobody' };
  expect(await search(deps, 'hybrid', { scope: nobody })).toMatchObject({ ids: [], degraded: [] });
  expect([embedder.texts, reranker.asked]).toEqual([[], []]);
});

describe('by embedding', () => {
  test('scores are cosines, and those from the threshold upwards are found, best first', async () => {
    const { deps } = await openProfileBench();
    expect(await search(deps, 'embedding')).toEqual({
      ids: ['jazz', 'guitar'],
      scores: [0.8, 0.6],
      cosines: [0.8, 0.6],
      degraded: [],
    });
    expect((await search(deps, 'embedding', { minScore: 0.7 })).ids).toEqual(['jazz']);
    expect(await search(deps, 'embedding', { minScore: -1 })).toMatchObject({
      ids: ['jazz', 'guitar', 'job', 'city'],
      scores: [0.8, 0.6, 0, -0.6],
    });
  });

  test('at most as many as wanted are found, within the topics and sub-topics asked for', async () => {
    const { deps } = await openProfileBench();
    const all = { minScore: -1 };
    expect((await search(deps, 'embedding', { ...all, maxResults: 1 })).ids).toEqual(['jazz']);
    expect((await search(deps, 'embedding', { ...all, topics: ['work', ' contact_info '] })).ids).toEqual([
      'job',
      'city',
    ]);
    expect((await search(deps, 'embedding', { ...all, subTopics: ['hobby', 'city'] })).ids).toEqual([
      'guitar',
      'city',
    ]);
    expect((await search(deps, 'embedding', { ...all, topics: ['work'], subTopics: ['city'] })).ids).toEqual(
      [],
    );
  });

  test('when the service is away, words take its place and the answer says so', async () => {
    const { deps, embedder, bench } = await openProfileBench();
    embedder.down = true;
    expect(await search(deps, 'embedding', { query: 'Who plays guitar?' })).toMatchObject({
      ids: ['guitar'],
      cosines: [null],
      degraded: ['embedding: the service is away'],
    });
    expect(bench.logged).toContain('profile_search_degraded');
  });

  test('without a service for profiles, words take its place and the answer says so', async () => {
    const { deps } = await openProfileBench({ slotEmbedder: null });
    expect(await search(deps, 'embedding', { query: 'jazz' })).toMatchObject({
      ids: ['jazz'],
      degraded: ['embedding: no embedding service is configured for profiles'],
    });
  });
});

describe('by fusion', () => {
  test('words and meaning are fused by rank, whatever is found by one of them alone', async () => {
    const { deps } = await openProfileBench();
    expect(await search(deps, 'fusion', { query: 'songs in Porto' })).toEqual({
      ids: ['city', 'jazz', 'guitar'],
      scores: [0.032, 0.0164, 0.0161],
      cosines: [-0.6, 0.8, 0.6],
      degraded: [],
    });
  });

  test('the threshold keeps out what only meaning finds', async () => {
    const { deps } = await openProfileBench();
    expect((await search(deps, 'fusion', { query: 'songs in Porto', minScore: 0.9 })).ids).toEqual(['city']);
  });
});

describe('hybrid', () => {
  test('the nearest by meaning go to the rerank service, whose order and scores stand', async () => {
    const { deps, reranker } = await openProfileBench();
    expect(await search(deps, 'hybrid')).toEqual({
      ids: ['guitar', 'jazz'],
      scores: [0.33, 0.27],
      cosines: [0.6, 0.8],
      degraded: [],
    });
    expect(reranker.asked).toEqual([
      {
        query: 'songs',
        documents: ['interest, music: Likes jazz', 'interest, hobby: Plays the guitar'],
        limit: 2,
      },
    ]);
  });

  test('only as many candidates as asked for are reranked', async () => {
    const { deps, reranker } = await openProfileBench();
    expect((await search(deps, 'hybrid', { embeddingCandidates: 1 })).ids).toEqual(['jazz']);
    expect(reranker.asked[0]?.documents).toHaveLength(1);
  });

  test('without a rerank service the candidates are fused with words, and the answer says so', async () => {
    const { deps } = await openProfileBench({ reranker: null });
    expect(await search(deps, 'hybrid', { query: 'songs for the guitar' })).toEqual({
      ids: ['guitar', 'jazz'],
      scores: [0.0325, 0.0164],
      cosines: [0.6, 0.8],
      degraded: ['rerank: no rerank service is configured'],
    });
  });

  test('with both services away, words alone answer, and both reasons are given', async () => {
    const { deps, embedder, reranker } = await openProfileBench();
    embedder.down = true;
    reranker.down = true;
    expect(await search(deps, 'hybrid', { query: 'Where in Porto?' })).toMatchObject({
      ids: ['city'],
      degraded: ['embedding: the service is away', 'rerank: the service is away'],
    });
  });
});

describe('with rerank', () => {
  test('whole topics are compared, and the slots of a topic stay together, the newest first', async () => {
    const { deps, reranker, embedder } = await openProfileBench();
    expect(await search(deps, 'rerank', { maxResults: 1 })).toEqual({
      ids: ['guitar', 'jazz'],
      scores: [0.61, 0.61],
      cosines: [null, null],
      degraded: [],
    });
    expect(reranker.asked[0]?.documents).toContain(
      'interest, hobby: Plays the guitar\ninterest, music: Likes jazz',
    );
    expect(embedder.texts).toEqual([]);
  });

  test('slots are compared one by one on request', async () => {
    const { deps } = await openProfileBench();
    expect((await search(deps, 'rerank', { combineByTopic: false, maxResults: 2 })).ids).toEqual([
      'city',
      'job',
    ]);
  });

  test('when the service is away, all the slots are ranked by meaning and words, and the answer says so', async () => {
    const { deps, reranker } = await openProfileBench();
    reranker.down = true;
    expect(await search(deps, 'rerank', { maxResults: 2 })).toMatchObject({
      ids: ['jazz', 'guitar'],
      cosines: [0.8, 0.6],
      degraded: ['rerank: the service is away'],
    });
  });

  test('a hundred documents at most are sent', async () => {
    const { deps, reranker, save } = await openProfileBench();
    await save(Array.from({ length: 130 }, (_, n) => slot(`s${n}`, `topic ${n}`, 'x', 'y', n)));
    await search(deps, 'rerank');
    expect(reranker.asked[0]?.documents).toHaveLength(100);
    expect(reranker.asked[0]?.documents[0]).toBe('topic 129, x: y');
  });
});

describe('by a model', () => {
  test('it gets the slots numbered by topic and picks in its own order; numbers that are not there do no harm', async () => {
    const { bench, deps } = await openProfileBench();
    let user = '';
    bench.model = (request) => {
      user = request.user;
      return { picked: [3, 99, 2, -1, 3] };
    };
    expect(await search(deps, 'llm')).toEqual({
      ids: ['job', 'jazz'],
      scores: [null, null],
      cosines: [null, null],
      degraded: [],
    });
    expect(user).toBe(
      '<known_profile>\n[0] contact_info::city: Lives in Porto\n[1] interest::hobby: Plays the guitar\n' +
        '[2] interest::music: Likes jazz\n[3] work::company: Works at Birch Ltd\n</known_profile>\n' +
        '<conversation>\nuser: songs\n</conversation>',
    );
  });

  test('it may pick nothing', async () => {
    const { bench, deps } = await openProfileBench();
    bench.model = () => ({ picked: [] });
    expect(await search(deps, 'llm')).toMatchObject({ ids: [], degraded: [] });
  });

  test('when it fails, all are kept, the likeliest by their words first, and the answer says so', async () => {
    const { bench, deps } = await openProfileBench();
    bench.model = () => {
      throw new MemoryError('llm_unavailable', 'no model today');
    };
    expect(await search(deps, 'llm', { query: 'jazz' })).toMatchObject({
      ids: ['jazz', 'city', 'job', 'guitar'],
      degraded: ['llm: no model today'],
    });
  });

  const RULES = {
    preferTopics: [],
    onlyTopics: [],
    maxSubtopicSize: null,
    topicLimits: {},
    topk: null,
    maxTokens: null,
  };
  const chats = [{ role: 'user' as const, content: 'songs' }];

  test('a profile for a conversation is picked among the topics asked for, then limited by the rules', async () => {
    const { bench, deps } = await openProfileBench();
    bench.model = () => ({ picked: [0, 1] });
    const read = (rules: object) =>
      readRelevantProfile({ scope: ANN, chats, rules: { ...RULES, ...rules } }, deps);
    const picked = await read({ onlyTopics: ['interest'] });
    expect(picked.slots.map(({ id }) => id)).toEqual(['guitar', 'jazz']);
    expect((await read({ onlyTopics: ['interest'], topk: 1 })).slots.map(({ id }) => id)).toEqual(['guitar']);
  });

  test('a profile for a conversation is whole when the model fails', async () => {
    const { bench, deps } = await openProfileBench();
    bench.model = () => ({ picked: 'none' });
    const { slots, degraded } = await readRelevantProfile({ scope: ANN, chats, rules: RULES }, deps);
    expect(slots).toHaveLength(PROFILE.length);
    expect(degraded).toEqual([expect.stringMatching(/^llm: /)]);
  });
});
