import { describe, expect, test } from 'vitest';
import { shownTokens } from '../../shared/domain/line-tokens.ts';
import type { Slot } from '../../shared/domain/memory.ts';
import {
  cosineScores,
  lexicalScores,
  rankSlots,
  selectSlotsForQuery,
  slotText,
} from '../../shared/domain/slot-ranking.ts';
import { DAY_MS } from '../../shared/domain/time.ts';

const NOW = 1_000 * DAY_MS;

function slot(id: string, topic: string, content: string, ageDays = 0): Slot {
  const updatedMs = NOW - ageDays * DAY_MS;
  const rest = { attributes: {}, hits: 1, tokens: 10, createdMs: updatedMs, updatedMs, sources: [] };
  return { id, topic, subTopic: 'x', content, ...rest };
}

const SLOTS = [
  slot('old', 'life', 'Has a dog called Rex', 400),
  slot('tea', 'taste', 'Drinks green tea', 30),
  slot('coffee', 'taste', 'Gave up coffee', 20),
  slot('job', 'work', 'Builds bridges', 10),
];
const RULES = {
  preferTopics: [],
  onlyTopics: [],
  maxSubtopicSize: null,
  topicLimits: {},
  topk: null,
  maxTokens: null,
};
const select = (query: string, rules: object = {}, slots: readonly Slot[] = SLOTS) =>
  selectSlotsForQuery({ slots, query, vectors: null, nowMs: NOW, rules: { ...RULES, ...rules } }).map(
    ({ id }) => id,
  );

test('a slot is searched by its names and its content, underscores read as blanks', () => {
  expect(slotText({ topic: 'contact_info', subTopic: 'home_town', content: 'Porto' })).toBe(
    'contact info, home town: Porto',
  );
  expect([...lexicalScores(SLOTS, 'her taste in tea').keys()]).toEqual(['tea', 'coffee']);
});

test('Chinese slots are found by Chinese questions', () => {
  const slots = [slot('music', '兴趣爱好', '喜欢爵士乐'), slot('food', '饮食', '不吃花生')];
  expect([...lexicalScores(slots, '他能吃花生酱吗？').keys()]).toEqual(['food']);
});

test('cosines are those of the vectors, best first', () => {
  const bySlot = new Map<string, ArrayLike<number>>([
    ['a', [0, 1]],
    ['b', [0.6, 0.8]],
    ['c', Float32Array.of(-1, 0)],
  ]);
  expect([...cosineScores({ query: [1, 0], bySlot })]).toEqual([
    ['b', 0.6],
    ['a', 0],
    ['c', -1],
  ]);
});

describe('the ranking', () => {
  const order = (query: string, vectors: Parameters<typeof rankSlots>[0]['vectors'] = null) =>
    rankSlots({ slots: SLOTS, query, vectors, nowMs: NOW }).map(({ slot: { id } }) => id);

  test('puts what the query names first, however old, and the rest by recency', () => {
    expect(order('What is the name of the dog?')).toEqual(['old', 'job', 'coffee', 'tea']);
    expect(order('')).toEqual(['job', 'coffee', 'tea', 'old']);
  });

  test('fuses words and meaning', () => {
    const bySlot = new Map([
      ['tea', [1, 0]],
      ['coffee', [0.8, 0.6]],
      ['job', [0, 1]],
      ['old', [-1, 0]],
    ]);
    expect(order('coffee', { query: [1, 0], bySlot }).slice(0, 2)).toEqual(['coffee', 'tea']);
    expect(order('beverages', { query: [1, 0], bySlot }).slice(0, 2)).toEqual(['tea', 'coffee']);
  });

  test('does not depend on the order the slots come in', () => {
    const twins = [slot('b', 'life', 'same'), slot('a', 'life', 'same')];
    const ids = (slots: readonly Slot[]) =>
      rankSlots({ slots, query: 'same', vectors: null, nowMs: NOW }).map(({ slot: { id } }) => id);
    expect([ids(twins), ids(twins.toReversed())]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });
});

describe('the selection', () => {
  test('shows preferred topics first and only the topics asked for', () => {
    expect(select('dog', { preferTopics: ['work', ' taste '] })).toEqual(['job', 'coffee', 'tea', 'old']);
    expect(select('dog', { onlyTopics: [' taste'] })).toEqual(['coffee', 'tea']);
  });

  test('limits a topic to its best slots, and the whole to the best of all', () => {
    expect(select('tea', { maxSubtopicSize: 1 })).toEqual(['tea', 'job', 'old']);
    expect(select('tea', { topicLimits: { taste: 0 } })).toEqual(['job', 'old']);
    expect(select('tea', { topk: 2 })).toEqual(['tea', 'job']);
  });

  test('never exceeds the tokens, and passes over a slot that does not fit for one that does', () => {
    const slots = [
      { ...slot('long', 'life', 'tea and tea and tea', 0), tokens: 50 },
      { ...slot('short', 'life', 'coffee', 1), tokens: 8 },
    ];
    expect(select('tea', { maxTokens: 49 }, slots)).toEqual(['short']);
    expect(select('tea', { maxTokens: 58 }, slots)).toEqual(['long', 'short']);
    expect(select('tea', { maxTokens: 7 }, slots)).toEqual([]);
  });

  test('counts what a line may cost as the last one', () => {
    const dots = { ...slot('dots', 'life', 'and so on..', 0), tokens: 8 };
    expect(shownTokens(dots.content, dots.tokens)).toBe(9);
    expect(select('', { maxTokens: 8 }, [dots])).toEqual([]);
  });
});
