import { afterEach, describe, expect, test } from 'vitest';
import { REAL_PACE } from '../../shared/adapters/llm/retry.ts';
import { closeLlmRig, EMPTY, failure, SECRET_TEXT, startLlmRig } from '../support/llm-rig.ts';
import { chatReply, errorReply } from '../support/model-server.ts';

afterEach(closeLlmRig);

describe('a provider that fails', () => {
  test('is asked again after growing waits, on each passing status', async () => {
    const { ask, sleeps, requests, logged } = await startLlmRig([
      errorReply(500, { message: 'oops' }),
      errorReply(429, { message: 'slow down', code: 'rate_limit_exceeded' }),
      chatReply(EMPTY),
    ]);
    expect((await ask()).cost.calls).toBe(1);
    expect(sleeps).toEqual([250, 500]);
    expect(requests).toHaveLength(3);
    expect(logged[1]).toBe(
      'warn provider_retry {"step":"memory_extraction","status":429,"reason":"it answered 429 rate_limit_exceeded (slow down)","wait_ms":500}',
    );
  });

  test.each([408, 409, 429, 500, 502, 503, 529])(
    'with %i for good is unavailable after three calls',
    async (status) => {
      const { ask, requests } = await startLlmRig([{ status, text: 'busy' }]);
      const error = await failure(ask());
      expect(error.code).toBe('llm_unavailable');
      expect(error.message).toContain(`it answered ${status}`);
      expect(requests).toHaveLength(3);
    },
  );

  test.each([
    ['in seconds', { 'retry-after': '7' }, 7_250],
    ['as a date', { 'retry-after': 'Thu, 01 Jan 2026 00:00:03 GMT' }, 3_250],
    ['in milliseconds', { 'retry-after-ms': '1500', 'retry-after': '9' }, 1_750],
    ['in the past', { 'retry-after': 'Wed, 31 Dec 2025 23:00:00 GMT' }, 250],
    ['in words', { 'retry-after': 'soon' }, 250],
  ])('and says %s when to come back is given that time', async (_how, headers, waitMs) => {
    const { ask, sleeps } = await startLlmRig([{ status: 429, headers, json: {} }, chatReply(EMPTY)]);
    await ask();
    expect(sleeps).toEqual([waitMs]);
  });

  test('and wants more than 20 seconds is not waited for', async () => {
    const { ask, sleeps, requests } = await startLlmRig([
      { status: 429, headers: { 'retry-after': '120' }, json: {} },
    ]);
    const error = await failure(ask());
    expect(error.code).toBe('llm_unavailable');
    expect(error.message).toContain('120 s');
    expect(sleeps).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  test.each([
    ['never answers', 'request'],
    ['stops in the middle of its answer', 'body'],
  ] as const)('because it %s is given up after the time for each call', async (_how, fault) => {
    const { ask, requests } = await startLlmRig([{ fault }], { timeoutMs: 50, maxRetries: 1 });
    const error = await failure(ask());
    expect(error.code).toBe('llm_unavailable');
    expect(error.message).toContain('no answer within 50 ms');
    expect(requests).toHaveLength(2);
  });

  test('by dropping the connection is asked again', async () => {
    const { ask, logged } = await startLlmRig([{ fault: 'drop' }, chatReply(EMPTY)]);
    expect((await ask()).value).toEqual(EMPTY);
    expect(logged[0]).toContain('no connection');
  });

  test('because nothing listens there is unavailable', async () => {
    const { ask } = await startLlmRig([]);
    await closeLlmRig();
    const error = await failure(ask());
    expect(error.code).toBe('llm_unavailable');
    expect(error.message).toContain('ECONNREFUSED');
  });

  test.each([
    ['a page of HTML', { text: '<html>Welcome to nginx</html>' }],
    [
      'HTML that claims to be JSON',
      { text: '<html></html>', headers: { 'content-type': 'application/json' } },
    ],
    ['JSON of another kind', { json: { status: 'ok' } }],
    ['null', { json: null }],
  ])('by answering 200 with %s is unavailable, since no text is at fault', async (_what, reply) => {
    const { ask, requests } = await startLlmRig([reply]);
    const error = await failure(ask());
    expect(error.code).toBe('llm_unavailable');
    expect(error.message).toContain('is the base URL right?');
    expect(requests).toHaveLength(3);
  });
});

describe('a provider that refuses', () => {
  test.each([
    ['the key', errorReply(401, { message: 'Incorrect API key', code: 'invalid_api_key' })],
    ['the account', errorReply(402, { message: 'Insufficient Balance' })],
    ['the region', errorReply(403, { message: 'Country not supported' })],
    ['the model', errorReply(404, { message: 'The model `x` does not exist', code: 'model_not_found' })],
    ['the quota', errorReply(429, { message: 'plan and billing', code: 'insufficient_quota' })],
    ['a parameter', errorReply(400, { message: 'max_tokens is too large: 8192', param: 'max_tokens' })],
  ])('(%s) is rejected at once', async (_what, reply) => {
    const { ask, requests } = await startLlmRig([reply]);
    expect((await failure(ask())).code).toBe('llm_rejected');
    expect(requests).toHaveLength(1);
  });

  test.each([
    [
      'its length',
      errorReply(400, { message: 'maximum context length is 8192 tokens', code: 'context_length_exceeded' }),
    ],
    ['its size', { status: 413, text: 'Request Entity Too Large' }],
    [
      'what it says',
      errorReply(400, {
        message: 'The prompt triggered our content management policy',
        code: 'content_filter',
      }),
    ],
    ['in Chinese', errorReply(400, { message: '系统检测到输入内容可能包含敏感内容', code: '1301' })],
    ['for no clear reason', errorReply(400, { message: 'Bad Request' })],
  ])('the text (%s) is about the content', async (_what, reply) => {
    const { ask, requests } = await startLlmRig([reply]);
    expect((await failure(ask())).code).toBe('llm_refused_content');
    expect(requests).toHaveLength(1);
  });

  test('and repeats the text or the key in its error is quoted without either', async () => {
    const echo = await startLlmRig([
      errorReply(400, { message: `cannot parse: "${SECRET_TEXT}"`, code: 'bad_input' }),
    ]);
    expect((await failure(echo.ask())).message).toBe(
      'the model provider refuses this text: it answered 400 bad_input',
    );
    await closeLlmRig();
    const leak = await startLlmRig([
      errorReply(401, { message: 'bad key sk-test-key-0123456789', code: 'invalid_api_key' }),
    ]);
    expect((await failure(leak.ask())).message).toBe(
      'the model provider refuses the key, the model or the account: it answered 401 invalid_api_key',
    );
  });
});

describe('when the time of the caller runs out', () => {
  test('before the call, nothing is sent', async () => {
    const { ask, requests } = await startLlmRig([chatReply(EMPTY)]);
    expect((await failure(ask(AbortSignal.abort()))).code).toBe('out_of_time');
    expect(requests).toHaveLength(0);
  });

  test('during the call, it ends at once', async () => {
    const stop = new AbortController();
    const { ask } = await startLlmRig(() => {
      stop.abort();
      return { fault: 'request' };
    });
    expect((await failure(ask(stop.signal))).code).toBe('out_of_time');
  });

  test('during a wait, no further call is made', async () => {
    const stop = new AbortController();
    const { ask, requests } = await startLlmRig([{ status: 503, text: 'busy' }], {
      sleep: async () => stop.abort(),
    });
    expect((await failure(ask(stop.signal))).code).toBe('out_of_time');
    expect(requests).toHaveLength(1);
  });

  test('the real wait between calls ends with it', async () => {
    const stop = new AbortController();
    const { ask, requests } = await startLlmRig(
      () => {
        setImmediate(() => stop.abort());
        return { status: 503, headers: { 'retry-after': '19' }, text: 'busy' };
      },
      { sleep: REAL_PACE.sleep },
    );
    expect((await failure(ask(stop.signal))).code).toBe('out_of_time');
    expect(requests).toHaveLength(1);
  });
});
