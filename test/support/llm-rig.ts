import { createOpenAiLlm, type OpenAiLlmOptions } from '../../shared/adapters/llm/openai.ts';
import type { LlmAnswer } from '../../shared/app/ports.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import { type Extraction, extractionSchema } from '../../shared/domain/extraction.ts';
import { type ModelServer, type RecordedRequest, type Script, startModelServer } from './model-server.ts';

export const EMPTY = { entries: [], facts: [], tags: [] };
export const JAZZ = {
  entries: [],
  facts: [{ topic: 'interest', sub_topic: 'music', memo: 'Likes jazz' }],
  tags: [],
};
/** What the user says in every request of the rig. */
export const SECRET_TEXT = 'my locker code is violet-heron-4471';

let server: ModelServer | null = null;

/** For `afterEach`. */
export async function closeLlmRig(): Promise<void> {
  await server?.close();
  server = null;
}

export interface LlmRig {
  readonly sleeps: number[];
  readonly logged: string[];
  readonly requests: ModelServer['requests'];
  ask(signal?: AbortSignal): Promise<LlmAnswer<Extraction>>;
}

/** The real adapter in front of a scripted server; waits are recorded instead of waited for. */
export async function startLlmRig(script: Script, options: Partial<OpenAiLlmOptions> = {}): Promise<LlmRig> {
  const started = await startModelServer(script);
  server = started;
  const sleeps: number[] = [];
  const logged: string[] = [];
  const llm = createOpenAiLlm({
    baseUrl: started.baseUrl,
    apiKey: 'sk-test-key-0123456789',
    model: 'test-model',
    structuredOutput: 'auto',
    sleep: async (ms) => sleeps.push(ms),
    random: () => 0,
    now: () => Date.parse('2026-01-01T00:00:00Z'),
    log: (level, event, fields) => logged.push(`${level} ${event} ${JSON.stringify(fields)}`),
    ...options,
  });
  const ask = (signal?: AbortSignal) =>
    llm.complete({
      step: 'memory_extraction',
      system: 'SYSTEM',
      user: `[2026/01/01] user: ${SECRET_TEXT}`,
      schema: extractionSchema,
      signal,
    });
  return { sleeps, logged, requests: started.requests, ask };
}

/** The error a promise ends with. */
export async function failure(promise: Promise<unknown>): Promise<MemoryError> {
  const thrown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof MemoryError)) throw new Error(`expected a MemoryError, got ${String(thrown)}`);
  return thrown;
}

export function messagesOf(request: RecordedRequest | undefined): { role: string; content: string }[] {
  return (request?.body['messages'] ?? []) as { role: string; content: string }[];
}
