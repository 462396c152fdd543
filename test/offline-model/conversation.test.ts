import { describe, expect, test } from 'vitest';
import { blockOf, parseConversation } from '../../scripts/offline-model/conversation.ts';
import { sentencesOf } from '../../scripts/offline-model/sentences.ts';
import { entriesIn, extracted } from './ask.ts';

describe('a conversation', () => {
  test('is split at heads; other lines go on with the text above', () => {
    const text =
      '[2024/04/30] user: one\ntwo [x] three: four\n[2023-05-08T13:56:00] Mel (Jr)(assistant): five: six';
    expect(parseConversation(text)).toEqual([
      { role: 'user', name: null, day: '2024-04-30', text: 'one\ntwo [x] three: four' },
      { role: 'assistant', name: 'Mel (Jr)', day: '2023-05-08', text: 'five: six' },
    ]);
  });

  test('takes a line with a date and a bare name for a transcript, which tells nothing about the user', () => {
    const line =
      '[2024/04/30] Bob: I live in Rome, and every morning I walk the dog around the old city walls.';
    expect(extracted(line)).toEqual({
      entries: [
        {
          text: 'Bob: I live in Rome, and every morning I walk the dog around the old city walls',
          kind: 'fact',
          mentioned_on: '2024-04-30',
          happened_from: null,
          happened_to: null,
        },
      ],
      facts: [],
      tags: [],
    });
  });

  test('keeps the long sentences of notes, with the day a summary ends in', () => {
    expect(parseConversation('- Likes tea[2024/04/30]\n- Likes jazz[2024/05/01]')).toEqual([
      { role: 'other', name: null, day: '2024-04-30', text: 'Likes tea' },
      { role: 'other', name: null, day: '2024-05-01', text: 'Likes jazz' },
    ]);
    expect(
      entriesIn('The harbour was rebuilt after the flood, and the new bridge opened two years later.'),
    ).toEqual(['fact .. The harbour was rebuilt after the flood, and the new bridge opened two years later']);
  });

  test('says the same thing once, however often it was said that day', () => {
    expect(entriesIn('[2024/04/30] user: I love jazz.', '[2024/04/30] user: I love jazz!')).toEqual([
      'fact .. User loves jazz.',
    ]);
  });
});

describe('a block', () => {
  test('is what stands between the tags on their own lines, up to the last closing one', () => {
    expect(blockOf('<facts>\na\n</facts>\nb\n</facts>\n', 'facts')).toBe('a\n</facts>\nb');
  });

  test('is missing when a tag is only mentioned', () => {
    expect(blockOf('put it into <facts> and </facts>', 'facts')).toBeNull();
    expect(blockOf('<facts>\na', 'facts')).toBeNull();
  });
});

test('sentences end at marks, not inside numbers or after titles, and code is left out', () => {
  expect(
    sentencesOf('Dr. Lee paid 3.5 euros. Why?! 好的。真的吗？\n```\nlet x = 1;\n```\n- last one'),
  ).toEqual([
    { text: 'Dr. Lee paid 3.5 euros', asked: false },
    { text: 'Why', asked: true },
    { text: '好的', asked: false },
    { text: '真的吗', asked: true },
    { text: 'last one', asked: false },
  ]);
});
