import { describe, expect, test } from 'vitest';
import type { Slot } from '../../shared/domain/memory.ts';
import {
  type ProfileRules,
  profileSection,
  profileTokens,
  selectProfile,
} from '../../shared/domain/profile-selection.ts';

function slot(id: string, topic: string, updatedMs: number, tokens = 10): Slot {
  return {
    id,
    topic,
    subTopic: `sub_${id}`,
    content: `content ${id}`,
    attributes: {},
    hits: null,
    tokens,
    createdMs: 0,
    updatedMs,
    sources: [],
  };
}
const NO_RULES: ProfileRules = {
  preferTopics: [],
  onlyTopics: [],
  maxSubtopicSize: null,
  topicLimits: {},
  topk: null,
  maxTokens: null,
};
const SLOTS = [slot('a', 'work', 1), slot('b', 'interest', 2), slot('c', 'work', 3), slot('d', 'home', 4)];
const select = (rules: Partial<ProfileRules>, slots: readonly Slot[] = SLOTS) =>
  selectProfile(slots, { ...NO_RULES, ...rules }).map(({ id }) => id);

describe('the selection of a profile', () => {
  test('shows the latest updated first', () => {
    expect(select({})).toEqual(['d', 'c', 'b', 'a']);
  });

  test('puts preferred topics first, in the order asked for', () => {
    expect(select({ preferTopics: ['interest', 'work'] })).toEqual(['b', 'c', 'a', 'd']);
  });

  test('keeps only the topics asked for, blanks around a name ignored', () => {
    expect(select({ onlyTopics: [' work '] })).toEqual(['c', 'a']);
  });

  test('limits every topic, the limit of a topic before the general one', () => {
    expect(select({ maxSubtopicSize: 1 })).toEqual(['d', 'c', 'b']);
    expect(select({ maxSubtopicSize: 1, topicLimits: { work: 2 } })).toEqual(['d', 'c', 'b', 'a']);
  });

  test('drops a topic limited to 0, and does not limit one limited to less', () => {
    expect(select({ topicLimits: { work: 0 } })).toEqual(['d', 'b']);
    expect(select({ maxSubtopicSize: 1, topicLimits: { work: -1 } })).toEqual(['d', 'c', 'b', 'a']);
  });

  test('takes a general limit of 0 for none', () => {
    expect(select({ maxSubtopicSize: 0 })).toEqual(['d', 'c', 'b', 'a']);
  });

  test('cuts to the number asked for, 0 meaning all', () => {
    expect([select({ topk: 2 }), select({ topk: 0 })]).toEqual([
      ['d', 'c'],
      ['d', 'c', 'b', 'a'],
    ]);
  });

  test('stops before the slot that would exceed the tokens', () => {
    const slots = [slot('a', 'x', 3, 10), slot('b', 'x', 2, 15), slot('c', 'x', 1, 1)];
    expect(select({ maxTokens: 24 }, slots)).toEqual(['a']);
    expect(select({ maxTokens: 25 }, slots)).toEqual(['a', 'b']);
  });

  test('keeps the first slot even when it alone exceeds the tokens', () => {
    expect(select({ maxTokens: 5 })).toEqual(['d']);
  });

  test('is not confused by a topic named like a property of every object', () => {
    expect(select({ maxSubtopicSize: 1 }, [slot('a', 'constructor', 1)])).toEqual(['a']);
  });
});

describe('the profile section', () => {
  test('is one line per slot', () => {
    expect(profileSection([slot('a', 'work', 1), slot('b', 'home', 1)])).toBe(
      '- work::sub_a: content a\n- home::sub_b: content b',
    );
  });

  test('is a bare bullet without slots', () => {
    expect([profileSection([]), profileTokens([])]).toEqual(['- ', 2]);
  });
});
