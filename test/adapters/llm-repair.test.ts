import { afterEach, describe, expect, test } from 'vitest';
import { closeLlmRig, failure, JAZZ, messagesOf, SECRET_TEXT, startLlmRig } from '../support/llm-rig.ts';
import { chatReply } from '../support/model-server.ts';

afterEach(closeLlmRig);

describe('an answer that is not what was asked for', () => {
  const broken: [string, unknown][] = [
    ['prose', 'I have noted that you like jazz!'],
    ['half a JSON', '{"entries":[],"facts":[{"topic":"interest","sub_topic":"mus'],
    ['wrong types', { entries: 'none', facts: [], tags: [] }],
    ['an echo of the schema', { type: 'object', properties: { entries: { type: 'array' } } }],
    ['an empty string', ''],
    ['no content', null],
    ['a page of HTML', '<html><body>Service {unavailable}</body></html>'],
    ['a list of words', ['jazz']],
    ['thoughts only', `<think>${JSON.stringify(JAZZ)}`],
  ];

  test.each(broken)(
    '(%s) is sent back once with the problem, and the repaired one is taken',
    async (_what, content) => {
      const { ask, requests, logged } = await startLlmRig([chatReply(content), chatReply(JAZZ)]);
      expect(await ask()).toEqual({ value: JAZZ, cost: { calls: 2, inputTokens: 200, outputTokens: 20 } });
      const messages = messagesOf(requests[1]);
      expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
      expect(messages[2]?.content).not.toBe('');
      expect(messages[3]?.content).toMatch(/^This answer cannot be used: .+/);
      expect(logged.map((line) => line.split(' ', 2).join(' '))).toEqual(['warn llm_repair']);
    },
  );

  test.each(broken)('(%s) twice is an error', async (_what, content) => {
    const { ask, requests } = await startLlmRig([chatReply(content)]);
    expect((await failure(ask())).code).toBe('llm_output_invalid');
    expect(requests).toHaveLength(2);
  });

  test('names path and rule in the error, and nothing of what was said', async () => {
    const { ask, logged } = await startLlmRig([
      chatReply({ entries: [{ text: SECRET_TEXT, kind: SECRET_TEXT }], facts: SECRET_TEXT, tags: [] }),
    ]);
    const error = await failure(ask());
    expect(error.message).toContain('entries.0.kind: Invalid option');
    expect(error.message).toContain('facts: Invalid input: expected array, received string');
    expect(`${error.message}${logged.join()}`).not.toContain('heron');
  });

  test('because it was cut off is not repaired: a smaller batch is needed', async () => {
    const { ask, requests } = await startLlmRig([chatReply('{"entries":[', { finish: 'length' })]);
    const error = await failure(ask());
    expect(error.code).toBe('llm_output_invalid');
    expect(error.message).toContain('cut off');
    expect(requests).toHaveLength(1);
  });

  test('because the provider filtered it is about the content', async () => {
    const { ask } = await startLlmRig([chatReply('', { finish: 'content_filter' })]);
    expect((await failure(ask())).code).toBe('llm_refused_content');
  });
});
