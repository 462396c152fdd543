import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Conversation, readConversations } from '../../bench/retrieval/conversation.ts';

const conversations = readConversations(join(import.meta.dirname, '../../bench/retrieval/zh'), 'dev');

const turnsOf = ({ sessions }: Conversation) => sessions.flatMap(({ turns }) => turns);
const factsOf = ({ sessions }: Conversation) => sessions.flatMap(({ facts }) => facts);

describe('the Chinese conversations', () => {
  test('are five with 86 questions, and no two share an id', () => {
    expect(conversations.map(({ id }) => id)).toEqual(['zh-1', 'zh-2', 'zh-3', 'zh-4', 'zh-5']);
    expect(conversations.flatMap(({ questions }) => questions)).toHaveLength(86);
  });

  test.each(conversations)(
    '$id has 8 to 12 sessions in order of time, 10 to 16 turns each',
    ({ sessions }) => {
      expect(sessions.length).toBeGreaterThanOrEqual(8);
      expect(sessions.length).toBeLessThanOrEqual(12);
      const times = sessions.map(({ date_time }) => date_time);
      expect(times).toEqual([...times].sort());
      expect(sessions.map(({ index }) => index)).toEqual(sessions.map((_, at) => at + 1));
      for (const { turns } of sessions) {
        expect(turns.length).toBeGreaterThanOrEqual(10);
        expect(turns.length).toBeLessThanOrEqual(16);
      }
    },
  );

  test.each(conversations)('$id has unique turn ids, and only its two speakers talk', (conversation) => {
    const ids = turnsOf(conversation).map(({ dia_id }) => dia_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(turnsOf(conversation).map(({ speaker }) => speaker))).toEqual(
      new Set(conversation.speakers),
    );
  });

  test.each(conversations)('$id takes every fact from turns of its own session', ({ sessions }) => {
    for (const { turns, facts } of sessions) {
      const ids = turns.map(({ dia_id }) => dia_id);
      for (const { evidence } of facts) {
        expect(evidence.length).toBeGreaterThan(0);
        expect(ids).toEqual(expect.arrayContaining(evidence));
      }
    }
  });

  test.each(conversations)('$id has a fact for every evidence turn of every question', (conversation) => {
    const told = new Set(factsOf(conversation).flatMap(({ evidence }) => evidence));
    for (const { question, evidence } of conversation.questions) {
      expect(evidence.length, question).toBeGreaterThan(0);
      expect([...told], question).toEqual(expect.arrayContaining(evidence));
    }
  });

  test.each(conversations)('$id has questions of all four categories and no two alike', ({ questions }) => {
    expect(new Set(questions.map(({ category }) => category))).toEqual(new Set([1, 2, 3, 4]));
    expect(new Set(questions.map(({ question }) => question)).size).toBe(questions.length);
  });

  test('no text that brings a fact about stands in another turn, and no two facts are alike', () => {
    const turns = conversations.flatMap(turnsOf);
    const facts = conversations.flatMap(factsOf);
    expect(new Set(facts.map(({ text }) => text)).size).toBe(facts.length);
    const needles = conversations.flatMap((conversation) =>
      factsOf(conversation).map(
        ({ evidence }) => turnsOf(conversation).find(({ dia_id }) => dia_id === evidence.at(-1))?.text,
      ),
    );
    for (const needle of needles) {
      expect(turns.filter(({ text }) => text.includes(needle ?? ''))).toHaveLength(1);
    }
  });
});
