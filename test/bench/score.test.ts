import { describe, expect, test } from 'vitest';
import type { Conversation, Question } from '../../bench/retrieval/conversation.ts';
import { cutToTokens, memoryTokens } from '../../bench/retrieval/exact-tokens.ts';
import { createScorer } from '../../bench/retrieval/score.ts';
import { quantile, summarize } from '../../bench/retrieval/summary.ts';

const turn = (id: string) => ({ dia_id: id, speaker: 'Ann', text: `text of ${id}` });

const CONVERSATION: Conversation = {
  id: 'c',
  speakers: ['Ann', 'Bo'],
  sessions: [
    {
      index: 1,
      date_time: '2024-05-01T10:00:00',
      turns: ['D1:1', 'D1:2', 'D1:3'].map(turn),
      facts: [
        { text: 'Ann plays the cello.', speaker: 'Ann', evidence: ['D1:1'] },
        { text: 'Ann lives in Rome.', speaker: 'Ann', evidence: ['D1:2'] },
        { text: 'Ann moved in 2020.', speaker: 'Ann', evidence: ['D1:2'] },
      ],
    },
  ],
  questions: [],
};

const asking = (...evidence: string[]): Question => ({
  question: 'What of it?',
  answer: 'This.',
  category: 4,
  evidence,
});

const score = createScorer(CONVERSATION);

describe('the recall of a context', () => {
  test('is the share of evidence turns of which a gist stands in it whole', () => {
    const context = '2024-05-01\n- Ann plays the cello.\n- Ann lives in';
    expect(score(asking('D1:1', 'D1:2'), context, 100)).toMatchObject({ recall: 0.5, ceiling: 1 });
  });

  test('takes any gist of a turn, in any case and across line breaks', () => {
    expect(score(asking('D1:2'), '* ANN MOVED\n  in 2020. [x]', 100).recall).toBe(1);
  });

  test('cannot reach a turn that left no gist, and says so in the ceiling', () => {
    expect(score(asking('D1:1', 'D1:3'), 'Ann plays the cello.', 100)).toMatchObject({
      recall: 0.5,
      ceiling: 0.5,
    });
  });

  test('does not count what stands past the budget', () => {
    const context = '- Ann plays the cello.\n- Ann lives in Rome.\n';
    const found = score(asking('D1:1', 'D1:2'), context, 9);
    expect(found).toMatchObject({ over: true, recall: 0.5 });
  });

  test('is unknown for a question without evidence', () => {
    expect(score(asking(), 'Ann plays the cello.', 100)).toMatchObject({ recall: null, ceiling: null });
  });
});

describe('the table', () => {
  const answered = (question: number, context: string, ms: number) => ({
    conversation: 'c',
    question,
    category: 4 as const,
    level: '100',
    budget: 100,
    context,
    ms,
  });
  const conversation = { ...CONVERSATION, questions: [asking('D1:1'), asking('D1:2'), asking()] };

  test('averages recall over the questions that have evidence', () => {
    const answers = [answered(0, 'Ann plays the cello.', 3), answered(1, 'no', 1), answered(2, 'no', 2)];
    const [overall, singleHop] = summarize([conversation], answers);
    expect(overall).toMatchObject({ group: 'overall', questions: 3, recall: 0.5, ceiling: 1, p50Ms: 2 });
    expect(singleHop).toMatchObject({ group: 'single-hop', questions: 3 });
  });

  test('takes quantiles by nearest rank', () => {
    expect([quantile([4, 1, 3, 2], 0.5), quantile([4, 1, 3, 2], 0.95)]).toEqual([2, 4]);
  });
});

test('a whole memory costs its lines and one heading per day', () => {
  expect(memoryTokens(CONVERSATION)).toBe(6 + 6 + 8 + 7);
});

test('a text is cut at a token, and one that fits stays as it is', () => {
  expect([cutToTokens('one two three', 2), cutToTokens('one two three', 3)]).toEqual([
    'one two',
    'one two three',
  ]);
});
