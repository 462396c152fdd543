import { expect, test } from 'vitest';
import { strictJsonSchema } from '../../shared/adapters/llm/structured-output.ts';
import { readAnswer } from '../../shared/adapters/llm/tolerant-json.ts';
import { mergeSchema } from '../../shared/domain/extraction.ts';

const decisions = (memo: string) => ({ decisions: [{ fact: 0, action: 'append', memo }] });
const json = (memo: string) => JSON.stringify(decisions(memo));

test.each([
  ['bare', json('x')],
  ['alone in a list', `[${json('x')}]`],
  ['in a fence', `\`\`\`json\n${json('x')}\n\`\`\``],
  ['between prose with braces', `Sure {see below}:\n${json('x')}\nAnything {else}?`],
  ['after thoughts with a draft', `<think>maybe ${json('draft')}</think>\n${json('x')}`],
  ['after thoughts whose opening tag is missing', `${json('draft')}</think>${json('x')}`],
  ['after an object of another kind', `{"note":1} ${json('x')}`],
  ['after a brace that is never closed', `The set {a, b: ${json('x')}`],
])('JSON %s is found', (_where, text) => {
  expect(readAnswer(text, mergeSchema)).toEqual({ ok: true, value: decisions('x') });
});

test.each(['</think>', '"}{"', 'a \\ b', '```', '{', '爵士乐；a::b'])('a memo of %s survives', (memo) => {
  expect(readAnswer(json(memo), mergeSchema)).toEqual({ ok: true, value: decisions(memo) });
  expect(readAnswer(`Here: ${json(memo).replace('</think>', '<\\/think>')}.`, mergeSchema)).toEqual({
    ok: true,
    value: decisions(memo),
  });
});

test('the problem of an answer without JSON is told apart from an empty one', () => {
  expect(readAnswer(' \n', mergeSchema)).toEqual({ ok: false, problem: 'the answer is empty' });
  expect(readAnswer('Done.', mergeSchema)).toEqual({
    ok: false,
    problem: 'the answer holds no complete JSON object',
  });
});

test('a model caught in a loop of braces is not read for ever', () => {
  expect(readAnswer('{'.repeat(500_000), mergeSchema).ok).toBe(false);
});

test('of many problems five are told', () => {
  const answer = { decisions: Array.from({ length: 8 }, () => ({ fact: '0', action: 'abort', memo: '' })) };
  const reading = readAnswer(JSON.stringify(answer), mergeSchema);
  expect(reading).toMatchObject({ ok: false, problem: expect.stringMatching(/; and 3 more$/) });
});

test('integers travel without bounds and every object is closed', () => {
  expect(strictJsonSchema(mergeSchema)).toEqual({
    type: 'object',
    properties: {
      decisions: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            fact: { type: 'integer' },
            action: { type: 'string', enum: ['update', 'append', 'abort'] },
            memo: { type: 'string' },
          },
          required: ['fact', 'action', 'memo'],
          additionalProperties: false,
        },
      },
    },
    required: ['decisions'],
    additionalProperties: false,
  });
});
