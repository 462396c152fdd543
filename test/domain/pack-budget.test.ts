import fc from 'fast-check';
import { get_encoding } from 'tiktoken';
import { describe, expect, test } from 'vitest';
import { DAY_HEADING_TOKENS, eventSection, takeGists } from '../../shared/domain/event-section.ts';
import { type Gist, gistLine, type Slot, slotLine } from '../../shared/domain/memory.ts';
import { profileSection, profileTokens, selectProfile } from '../../shared/domain/profile-selection.ts';
import { memoryText } from './natural-text.ts';

const encoding = get_encoding('o200k_base');
const count = (text: string): number => encoding.encode_ordinary(text).length;

const day = fc.constantFrom(null, '2023-05-01', '2023-05-02', '1999-12-31', '2026-11-23');
const gist = fc.record({ text: memoryText, day }).map(
  ({ text, day: mentionedOn }): Gist => ({
    id: text,
    eventId: '',
    text,
    kind: 'event',
    mentionedOn,
    happenedFrom: null,
    happenedTo: null,
    sources: [],
    tokens: count(`${gistLine({ text })}\n`),
    createdMs: text.length,
  }),
);
const gists = fc.array(gist, { maxLength: 30 });
const slots = fc.array(
  fc.record({ topic: fc.constantFrom('work', '兴趣爱好', 'life_event'), content: memoryText }).map(
    ({ topic, content }): Slot => ({
      id: content,
      topic,
      subTopic: '音乐',
      content,
      attributes: {},
      hits: null,
      tokens: count(`${slotLine({ topic, subTopic: '音乐', content })}\n`),
      createdMs: 0,
      updatedMs: content.length,
      sources: [],
    }),
  ),
  { maxLength: 15 },
);
const RULES = { preferTopics: [], onlyTopics: [], maxSubtopicSize: null, topicLimits: {}, topk: null };
const budgets = fc.integer({ min: 1, max: 900 });
const RUNS = { seed: 1, numRuns: 1000 };

describe('counted by the real tokenizer', () => {
  test('an event section never exceeds its budget', () => {
    fc.assert(
      fc.property(gists, budgets, (all, budget) => {
        expect(count(eventSection(takeGists(all, budget)))).toBeLessThanOrEqual(budget);
      }),
      RUNS,
    );
  });

  test('a profile section never exceeds what is reckoned for it, nor its budget once it has two lines', () => {
    fc.assert(
      fc.property(slots, budgets, (all, budget) => {
        const shown = selectProfile(all, { ...RULES, maxTokens: budget });
        const real = count(profileSection(shown));
        expect(real).toBeLessThanOrEqual(profileTokens(shown));
        if (shown.length > 1) expect(real).toBeLessThanOrEqual(budget);
      }),
      RUNS,
    );
  });

  test('at most 3 % of the budget is left unused while gists remain', () => {
    let [used, given] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(gist, { minLength: 100, maxLength: 120 }),
        fc.constantFrom(500, 1000),
        (all, budget) => {
          used += count(eventSection(takeGists(all, budget)));
          given += budget;
        },
      ),
      { seed: 1, numRuns: 60 },
    );
    expect(used / given).toBeGreaterThan(0.97);
  });

  test('lines with their breaks add up exactly, headings included', () => {
    fc.assert(
      fc.property(gists, (all) => {
        const headings = new Set(all.flatMap(({ mentionedOn }) => mentionedOn ?? [])).size;
        const sum = all.reduce((total, { tokens }) => total + tokens, headings * DAY_HEADING_TOKENS);
        expect(all.length === 0 ? 0 : count(`${eventSection(all)}\n`)).toBe(sum);
      }),
      RUNS,
    );
  });

  test('every day heading costs the same', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(count(`${date.toISOString().slice(0, 10)}\n`)).toBe(DAY_HEADING_TOKENS);
        },
      ),
      RUNS,
    );
  });
});
