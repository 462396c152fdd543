import { afterEach, describe, expect, test } from 'vitest';
import {
  closeLlmRig,
  EMPTY,
  failure,
  JAZZ,
  messagesOf,
  SECRET_TEXT,
  startLlmRig,
} from '../support/llm-rig.ts';
import { chatReply, errorReply, type ModelServer } from '../support/model-server.ts';

afterEach(closeLlmRig);

describe('a request', () => {
  test('carries the strict schema under the name of its step, both texts, and the key', async () => {
    const { ask, requests } = await startLlmRig([chatReply(JAZZ)]);
    expect(await ask()).toEqual({ value: JAZZ, cost: { calls: 1, inputTokens: 100, outputTokens: 10 } });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.path).toBe('/v1/chat/completions');
    expect(requests[0]?.headers['authorization']).toBe('Bearer sk-test-key-0123456789');
    expect(requests[0]?.body).toEqual({
      model: 'test-model',
      messages: [
        { role: 'system', content: 'SYSTEM' },
        { role: 'user', content: `[2026/01/01] user: ${SECRET_TEXT}` },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'memory_extraction', strict: true, schema: EXTRACTION_JSON_SCHEMA },
      },
      max_tokens: 8192,
      temperature: 0.2,
    });
  });

  test.each(['o1', 'o3-mini', 'o4-mini-2025-04-16', 'gpt-5', 'gpt-5.1', 'openai/gpt-5-nano'])(
    'to the reasoning model %s has no temperature and leaves room for thoughts',
    async (model) => {
      const { ask, requests } = await startLlmRig([chatReply(EMPTY)], { model });
      await ask();
      expect(requests[0]?.body).toMatchObject({ max_completion_tokens: 32_768 });
      expect(requests[0]?.body).not.toHaveProperty('temperature');
      expect(requests[0]?.body).not.toHaveProperty('max_tokens');
    },
  );

  test('carries the default query and headers', async () => {
    const { ask, requests } = await startLlmRig([chatReply(EMPTY)], {
      defaultQuery: { 'api-version': '2026-01' },
      defaultHeaders: { 'x-team': 'memory' },
    });
    await ask();
    expect(requests[0]?.path).toBe('/v1/chat/completions?api-version=2026-01');
    expect(requests[0]?.headers['x-team']).toBe('memory');
  });

  test('goes out without a key to a server that needs none', async () => {
    const { ask } = await startLlmRig([chatReply(EMPTY)], { apiKey: '' });
    expect((await ask()).value).toEqual(EMPTY);
  });

  test('costs nothing that is known when the provider tells no usage', async () => {
    const { ask } = await startLlmRig([chatReply(EMPTY, { usage: null })]);
    expect((await ask()).cost).toEqual({ calls: 1, inputTokens: 0, outputTokens: 0 });
  });
});

describe('structured output', () => {
  const noSchema = errorReply(400, {
    message: "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
    param: null,
  });
  const formats = (requests: ModelServer['requests']) =>
    requests.map(({ body }) => (body['response_format'] as { type: string } | undefined)?.type ?? 'none');

  test('falls to json_object with the schema in the system text, and stays there', async () => {
    const { ask, requests, logged } = await startLlmRig([noSchema, chatReply(JAZZ), chatReply(EMPTY)]);
    expect((await ask()).cost.calls).toBe(1);
    await ask();
    expect(formats(requests)).toEqual(['json_schema', 'json_object', 'json_object']);
    expect(messagesOf(requests[1])[0]?.content).toMatch(
      /^SYSTEM\n\n.*JSON Schema.*\n\{"type":"object","properties":\{"entries":/,
    );
    expect(logged).toEqual([
      expect.stringContaining(
        'info llm_format_refused {"step":"memory_extraction","refused":"json_schema","next":"json_object"',
      ),
    ]);
  });

  test.each([
    ['by parameter', errorReply(422, { message: 'not today', param: 'response_format.type' })],
    ['without an error envelope', { status: 422, json: { detail: 'json_object is not implemented' } }],
    ['as plain text', { status: 400, text: 'This response_format type is unavailable now' }],
    [
      'as a routing matter',
      errorReply(404, { message: 'No endpoints found that can handle the requested parameters.' }),
    ],
  ])('falls to plain text when both formats are refused %s', async (_how, refusal) => {
    const { ask, requests } = await startLlmRig([
      refusal,
      refusal,
      chatReply(`Here you are:\n${JSON.stringify(JAZZ)}`),
    ]);
    expect((await ask()).value).toEqual(JAZZ);
    expect(formats(requests)).toEqual(['json_schema', 'json_object', 'none']);
  });

  test.each(['json_schema', 'json_object'] as const)(
    'set to %s is not changed when refused',
    async (structuredOutput) => {
      const { ask, requests } = await startLlmRig([noSchema], { structuredOutput });
      const error = await failure(ask());
      expect(error.code).toBe('llm_rejected');
      expect(error.message).toContain('set llm_structured_output to auto or text');
      expect(formats(requests)).toEqual([structuredOutput]);
    },
  );

  test('set to text sends no format at all', async () => {
    const { ask, requests } = await startLlmRig([chatReply(EMPTY)], { structuredOutput: 'text' });
    await ask();
    expect(formats(requests)).toEqual(['none']);
  });
});

const EXTRACTION_JSON_SCHEMA = {
  type: 'object',
  properties: {
    entries: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          text: { type: 'string' },
          kind: { type: 'string', enum: ['event', 'fact', 'plan'] },
          mentioned_on: { type: ['string', 'null'] },
          happened_from: { type: ['string', 'null'] },
          happened_to: { type: ['string', 'null'] },
        },
        required: ['text', 'kind', 'mentioned_on', 'happened_from', 'happened_to'],
        additionalProperties: false,
      },
    },
    facts: {
      type: 'array',
      items: {
        type: 'object',
        properties: { topic: { type: 'string' }, sub_topic: { type: 'string' }, memo: { type: 'string' } },
        required: ['topic', 'sub_topic', 'memo'],
        additionalProperties: false,
      },
    },
    tags: {
      type: 'array',
      items: {
        type: 'object',
        properties: { tag: { type: 'string' }, value: { type: 'string' } },
        required: ['tag', 'value'],
        additionalProperties: false,
      },
    },
  },
  required: ['entries', 'facts', 'tags'],
  additionalProperties: false,
};
