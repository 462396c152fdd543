import { describe, expect, test } from 'vitest';
import { type ReadContextRequest, readContext } from '../../shared/app/read-context.ts';
import { DAY_MS } from '../../shared/domain/time.ts';
import { type Bench, count, NOW_MS, openBench, unavailable } from './retrieval-fixture.ts';

const REQUEST: ReadContextRequest = {
  scope: { projectId: 'shop', userId: 'ann' },
  maxTokens: 1000,
  chats: [],
  preferTopics: [],
  onlyTopics: [],
  maxSubtopicSize: null,
  topicLimits: {},
  profileEventRatio: 0.6,
  timeRangeDays: 180,
  similarityThreshold: 0.2,
  fillWindowWithEvents: false,
  customPrompt: '{profile_section}|{event_section}',
};
const read = async (bench: Bench, more: Partial<ReadContextRequest> = {}) =>
  (await readContext({ ...REQUEST, ...more }, bench.deps)).context;
const asking = (content: string) => [{ content }];

describe('the context of a user', () => {
  test('is the profile, newest first, and the newest events by day', async () => {
    const bench = await openBench();
    await bench.know([
      { topic: 'work', subTopic: 'title', content: 'cook' },
      { topic: 'home', subTopic: 'city', content: 'Rome' },
    ]);
    await bench.remember([
      { text: 'moved to Rome', happenedFrom: '2026-11-01', mentionedOn: '2026-11-20' },
      { text: 'started as a cook', mentionedOn: '2026-11-10' },
    ]);
    expect(await read(bench)).toBe(
      '- home::city: Rome\n- work::title: cook|2026-11-01\n- moved to Rome\n2026-11-10\n- started as a cook',
    );
  });

  test('stands in the frame of the language, which is not counted', async () => {
    const bench = await openBench();
    await bench.know([{ topic: 'work', subTopic: 'title', content: 'cook' }]);
    const context = await read(bench, { customPrompt: null, maxTokens: 20 });
    expect(context.startsWith('---\n# Memory\n')).toBe(true);
    expect(context).toContain('## User Current Profile:\n- work::title: cook\n\n## Past Events:\n\n---\n');
  });

  test('has empty sections for a user never seen', async () => {
    expect(await read(await openBench(), { chats: asking('guitar?') })).toBe('- |');
  });

  test('has empty sections for a deleted user, whatever rows are still being removed', async () => {
    const bench = await openBench();
    await bench.remember([{ text: 'bought a guitar' }]);
    await bench.know([], 0);
    expect(await read(bench, { chats: asking('guitar?') })).toBe('- |');
  });

  test('shows the events that answer the last three messages', async () => {
    const bench = await openBench();
    await bench.know([]);
    await bench.remember([{ text: 'bought a guitar' }, { text: 'baked bread' }, { text: 'ran a marathon' }]);
    const chats = ['what about my marathon?', 'bread?', 'hm', 'guitar!'].map((content) => ({ content }));
    expect(await read(bench, { chats })).toBe('- |- bought a guitar\n- baked bread');
    expect(bench.embedded).toEqual(['bread?\nhm\nguitar!']);
  });

  test('takes blank messages for none and embeds nothing', async () => {
    const bench = await openBench();
    await bench.know([]);
    await bench.remember([{ text: 'baked bread' }]);
    expect(await read(bench, { chats: asking('  \n ') })).toBe('- |- baked bread');
    expect(bench.embedded).toEqual([]);
  });

  test('leaves out events created before the time range, with and without a conversation', async () => {
    const bench = await openBench();
    await bench.know([]);
    await bench.remember([{ text: 'old guitar', createdMs: NOW_MS - 10 * DAY_MS }, { text: 'new guitar' }]);
    const request = { timeRangeDays: 5 };
    expect(await read(bench, request)).toBe('- |- new guitar');
    expect(await read(bench, { ...request, chats: asking('guitar') })).toBe('- |- new guitar');
    expect(await read(bench, { timeRangeDays: 0 })).toBe('- |');
  });

  test('works without embeddings and says so', async () => {
    const bench = await openBench({ embedder: { embed: unavailable } });
    await bench.know([]);
    await bench.remember([{ text: 'bought a guitar' }]);
    expect(await readContext({ ...REQUEST, chats: asking('guitar?') }, bench.deps)).toEqual({
      context: '- |- bought a guitar',
      degraded: ['embedding: gone for now'],
    });
  });

  test('is the same for the same memory and question', async () => {
    const bench = await openBench();
    await bench.know([{}, {}]);
    await bench.remember(Array.from({ length: 40 }, (_, index) => ({ text: `guitar lesson ${index}` })));
    const request = { chats: asking('guitar'), maxTokens: 200 };
    expect(await read(bench, request)).toBe(await read(bench, request));
  });
});

describe('the budget of a context', () => {
  async function full(): Promise<Bench> {
    const bench = await openBench();
    await bench.know(
      Array.from({ length: 60 }, (_, index) => ({ content: `likes 爵士乐 and thing ${index}!` })),
    );
    await bench.remember(
      Array.from({ length: 120 }, (_, index) => ({
        text: `played guitar 弹吉他 for the ${index}th time`,
        mentionedOn: `2026-11-${String(1 + (index % 20)).padStart(2, '0')}`,
      })),
    );
    return bench;
  }
  async function sizes(bench: Bench, more: Partial<ReadContextRequest>): Promise<[number, number]> {
    const [profile = '', events = ''] = (await read(bench, { chats: asking('guitar'), ...more })).split('|');
    return [count(profile), count(events)];
  }

  test.each([50, 200, 500, 1000])(
    'of %i tokens is never exceeded by the real count, and little is left',
    async (maxTokens) => {
      const [profile, events] = await sizes(await full(), { maxTokens });
      expect(profile).toBeLessThanOrEqual(0.6 * maxTokens);
      expect(events).toBeLessThanOrEqual(0.4 * maxTokens);
      expect(profile + events).toBeGreaterThan(maxTokens - 60);
    },
  );

  test('goes to profiles alone at a ratio of 1, unless events may fill the window', async () => {
    const bench = await full();
    expect((await sizes(bench, { profileEventRatio: 1, maxTokens: 200 }))[1]).toBe(0);
    const [profile, events] = await sizes(bench, {
      profileEventRatio: 1,
      maxTokens: 2000,
      fillWindowWithEvents: true,
    });
    expect(events).toBeGreaterThan(0);
    expect(profile + events).toBeLessThanOrEqual(2000);
  });

  test('gives events what profiles left only when they may fill the window', async () => {
    const bench = await openBench();
    await bench.know([{ content: 'short' }]);
    await bench.remember(
      Array.from({ length: 60 }, (_, index) => ({ text: `guitar lesson number ${index} in town` })),
    );
    const kept = await sizes(bench, { maxTokens: 300 });
    const filled = await sizes(bench, { maxTokens: 300, fillWindowWithEvents: true });
    expect(kept[1]).toBeLessThanOrEqual(120);
    expect(filled[1]).toBeGreaterThan(250);
  });

  test.each([0, -5])('of %i gives empty sections', async (maxTokens) => {
    expect(await read(await full(), { maxTokens })).toBe('|');
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses a ratio of %d', async (profileEventRatio) => {
    await expect(read(await openBench(), { profileEventRatio })).rejects.toThrow('profile_event_ratio');
  });

  test('is filled by topics asked for, in the order preferred', async () => {
    const bench = await openBench();
    await bench.know([
      { topic: 'work', subTopic: 'a', content: '1' },
      { topic: 'home', subTopic: 'b', content: '2' },
      { topic: 'pets', subTopic: 'c', content: '3' },
    ]);
    const request = { onlyTopics: ['work', 'pets'], preferTopics: ['work'] };
    expect(await read(bench, request)).toBe('- work::a: 1\n- pets::c: 3|');
  });
});

test('neither searches nor embeds where no token is left for events', async () => {
  const bench = await openBench({ search: { textSearch: unavailable, vectorSearch: unavailable } });
  await bench.know([{ topic: 'work', subTopic: 'a', content: '1' }]);
  const request = { ...REQUEST, chats: asking('guitar'), profileEventRatio: 1 };
  expect(await readContext(request, bench.deps)).toEqual({ context: '- work::a: 1|', degraded: [] });
  expect(bench.embedded).toEqual([]);
});
