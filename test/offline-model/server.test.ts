import { spawn } from 'node:child_process';
import { once } from 'node:events';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OfflineModel, startOfflineModel } from '../../scripts/offline-model/server.ts';

let model: OfflineModel;
beforeAll(async () => {
  model = await startOfflineModel();
});
afterAll(() => model.close());

const CONVERSATION = '<conversation>\n[2024/04/30] user: My name is Jones.\n</conversation>';
const FACTS =
  '<facts>\n{"fact":0,"topic":"contact_info","sub_topic":"city","memo":"Munich","current":"Berlin"}\n</facts>';
const format = (name: string): object => ({
  type: 'json_schema',
  json_schema: { name, strict: true, schema: {} },
});

async function post(body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${model.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('a chat completion', () => {
  test('reaches the official client, and says what answered and that the tokens are a guess', async () => {
    const client = new OpenAI({ apiKey: 'any', baseURL: model.url, maxRetries: 0 });
    const completion = await client.chat.completions.create({
      model: 'whatever',
      messages: [
        { role: 'system', content: 'Read <conversation>\n and\n</conversation>' },
        { role: 'user', content: CONVERSATION },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'memory_extraction', strict: true, schema: {} },
      },
    });
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({
      entries: [
        {
          text: "User's name is Jones.",
          kind: 'fact',
          mentioned_on: '2024-04-30',
          happened_from: null,
          happened_to: null,
        },
      ],
      facts: [{ topic: 'basic_info', sub_topic: 'name', memo: 'Jones' }],
      tags: [],
    });
    expect(completion.model).toBe('offline-rules');
    expect(completion.system_fingerprint).toBe('offline-rules');
    expect(completion.usage).toEqual({
      prompt_tokens: 27,
      completion_tokens: 52,
      total_tokens: 79,
      estimated: true,
    });
  });

  test('of a repair round answers the first message that holds the tags', async () => {
    const messages = [
      { role: 'user', content: [{ type: 'text', text: FACTS }] },
      { role: 'assistant', content: '{}' },
      { role: 'user', content: 'decisions is missing\n<facts>\n</facts>' },
    ];
    const { body } = await post({ messages, response_format: format('profile_merge') });
    expect(body).toMatchObject({
      choices: [{ message: { content: '{"decisions":[{"fact":0,"action":"update","memo":"Munich"}]}' } }],
    });
  });

  test('is the same to the byte for the same request', async () => {
    const request = {
      messages: [{ role: 'user', content: CONVERSATION }],
      response_format: format('memory_extraction'),
    };
    expect(await post(request)).toEqual(await post(request));
  });
});

describe('a wrong request gets an error in the shape of OpenAI', () => {
  const messages = [{ role: 'user', content: CONVERSATION }];
  test.each([
    ['malformed JSON', '{', 400, 'invalid_json', null],
    ['no messages', {}, 400, 'invalid_request', 'messages'],
    ['no schema', { messages }, 400, 'unsupported_value', 'response_format'],
    [
      'json_object',
      { messages, response_format: { type: 'json_object' } },
      400,
      'unsupported_value',
      'response_format',
    ],
    [
      'an unknown schema',
      { messages, response_format: format('poem') },
      400,
      'unsupported_value',
      'response_format',
    ],
    [
      'a text without the tags',
      { messages: [{ role: 'user', content: 'hi' }], response_format: format('profile_merge') },
      400,
      'invalid_value',
      'messages',
    ],
    [
      'streaming',
      { messages, stream: true, response_format: format('memory_extraction') },
      400,
      'unsupported_value',
      'stream',
    ],
  ])('%s', async (_case, request, status, code, param) => {
    const reply = await post(request);
    expect(reply.status).toBe(status);
    expect(reply.body).toEqual({
      error: { message: expect.any(String), type: 'invalid_request_error', param, code },
    });
  });

  test('which names the two schemas it knows', async () => {
    const { body } = await post({ messages, response_format: format('poem') });
    expect(body).toMatchObject({
      error: {
        message:
          "offline-rules is a set of rules, not a language model: it answers the json_schema memory_extraction, profile_merge, profile_pick, and got the json_schema 'poem'.",
      },
    });
  });

  test.each([
    ['POST', '/embeddings', 404, 'unknown_url'],
    ['GET', '/nothing', 404, 'unknown_url'],
    ['GET', '/chat/completions', 405, 'method_not_allowed'],
  ])('%s %s', async (method, path, status, code) => {
    const response = await fetch(model.url + path, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', code } });
  });
});

test('the only model in the list is offline-rules', async () => {
  const response = await fetch(`${model.url}/models`);
  expect(await response.json()).toEqual({
    object: 'list',
    data: [{ id: 'offline-rules', object: 'model', created: 0, owned_by: 'lindorm-memobase' }],
  });
});

test('a closed model answers nobody, and a taken port is refused', async () => {
  const other = await startOfflineModel();
  await expect(startOfflineModel({ port: Number(new URL(other.url).port) })).rejects.toThrow('EADDRINUSE');
  await other.close();
  await expect(fetch(`${other.url}/models`)).rejects.toThrow('fetch failed');
});

describe('the command', () => {
  const start = (port: string) =>
    spawn(process.execPath, ['--import', 'tsx', 'scripts/offline-model/main.ts', '--port', port]);

  test('prints what it is and where, and ends on a signal', async () => {
    const child = start('0');
    let printed = '';
    for await (const chunk of child.stdout) {
      printed += String(chunk);
      if (printed.includes('embeddings: none')) child.kill('SIGTERM');
    }
    expect(printed).toContain('not a language model');
    expect(printed).toMatch(/base URL: http:\/\/127\.0\.0\.1:\d+\/v1 {3}model: offline-rules/);
  });

  test('refuses a port that is none', async () => {
    const child = start('70000');
    let printed = '';
    child.stderr.on('data', (chunk) => {
      printed += String(chunk);
    });
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(printed).toBe("--port must be a whole number from 0 (any free port) to 65535, got '70000'\n");
  });
});
