import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PROMPTS } from '../prompts/index.ts';
import { renderPrompts } from '../scripts/build-prompts.ts';
import { loadTokenizer } from '../shared/adapters/tokenizer/tiktoken.ts';
import { extractionSchema, LLM_STEPS, mergeSchema } from '../shared/domain/extraction.ts';
import { asIsoDay } from '../shared/domain/time.ts';
import { DEFAULT_TOPICS, LANGUAGES } from '../shared/domain/topics.ts';

test('the generated module holds the prompts as they are written in the Markdown files', () => {
  const module = readFileSync(new URL('../prompts/index.ts', import.meta.url), 'utf8');
  expect(module === renderPrompts(), 'run: npx tsx scripts/build-prompts.ts').toBe(true);
});

test('every step has a prompt in every language', () => {
  expect(Object.keys(PROMPTS)).toEqual([...LANGUAGES]);
  for (const language of LANGUAGES) expect(Object.keys(PROMPTS[language])).toEqual([...LLM_STEPS]);
});

describe.each(LANGUAGES)('in %s', (language) => {
  const { memory_extraction: extraction, profile_merge: merge } = PROMPTS[language];

  test('the fixed texts stay within 1,200 and 700 tokens', async () => {
    const tokenizer = await loadTokenizer();
    expect(tokenizer.count(extraction)).toBeLessThanOrEqual(1_200);
    expect(tokenizer.count(merge)).toBeLessThanOrEqual(700);
  });

  test('topics and tags have exactly one place', () => {
    expect(extraction.match(/\{\{\w+\}\}/g)).toEqual(['{{topics}}', '{{tags}}']);
    expect(merge).not.toContain('{{');
  });

  test('the extraction example is a valid answer with real days and names from the topic list', () => {
    const example = extractionSchema.parse(JSON.parse(lastLine(extraction)));
    expect(example.entries.map((entry) => [entry.kind, entry.mentioned_on, entry.happened_from])).toEqual([
      ['event', '2025-01-02', '2024-12-31'],
      ['fact', '2025-01-02', null],
    ]);
    expect(example.entries.every((entry) => entry.mentioned_on === asIsoDay(entry.mentioned_on))).toBe(true);
    for (const fact of example.facts) {
      const topic = DEFAULT_TOPICS[language].find((known) => known.topic === fact.topic);
      expect(topic?.subTopics).toContain(fact.sub_topic);
    }
  });

  test('the merge example answers each number once, with every action', () => {
    const { decisions } = mergeSchema.parse(JSON.parse(lastLine(merge)));
    expect(decisions.map((decision) => [decision.fact, decision.action])).toEqual([
      [0, 'update'],
      [1, 'append'],
      [2, 'abort'],
    ]);
  });
});

test('both languages say the same: as many headings, bullets and examples', () => {
  const shape = (text: string) => text.split('\n').map((line) => /^(# |- |\{|\[|<)?/.exec(line)?.[0]);
  expect(shape(PROMPTS.zh.memory_extraction)).toEqual(shape(PROMPTS.en.memory_extraction));
  expect(shape(PROMPTS.zh.profile_merge)).toEqual(shape(PROMPTS.en.profile_merge));
});

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? '';
}
