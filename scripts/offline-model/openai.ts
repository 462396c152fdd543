import { createHash } from 'node:crypto';
import { z } from 'zod';

export const MODEL = 'offline-rules';

/** The parts of a chat completion request that matter here; whatever else a client sends is ignored. */
export const chatRequestSchema = z.object({
  messages: z.array(
    z.object({
      role: z.string(),
      content: z
        .union([z.string(), z.array(z.object({ type: z.string(), text: z.string().optional() }))])
        .nullish(),
    }),
  ),
  stream: z.boolean().nullish(),
  response_format: z
    .object({ type: z.string(), json_schema: z.object({ name: z.string() }).optional() })
    .nullish(),
});
export type ChatRequest = z.infer<typeof chatRequestSchema>;

/** A status and the JSON that goes with it. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** An error in OpenAI's shape. */
export function failure(status: number, message: string, code: string, param: string | null = null): Reply {
  return { status, body: { error: { message, type: 'invalid_request_error', param, code } } };
}

export function textOf(content: ChatRequest['messages'][number]['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('');
}

/** Nobody counts tokens here: four characters for one, and the reply says that it is a guess. */
const estimatedTokens = (text: string): number => Math.ceil(text.length / 4);

/** A chat completion whose only choice is `answer` as JSON; equal requests give equal replies. */
export function completion(request: ChatRequest, answer: unknown): Reply {
  const content = JSON.stringify(answer);
  const prompt = request.messages.map((message) => textOf(message.content)).join('\n');
  const input = estimatedTokens(prompt);
  const output = estimatedTokens(content);
  const id = createHash('sha256').update(prompt).digest('hex').slice(0, 24);
  return {
    status: 200,
    body: {
      id: `chatcmpl-offline-${id}`,
      object: 'chat.completion',
      created: 0,
      model: MODEL,
      system_fingerprint: MODEL,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content, refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens: input + output,
        estimated: true,
      },
    },
  };
}

export function modelList(): Reply {
  const model = { id: MODEL, object: 'model', created: 0, owned_by: 'lindorm-memobase' };
  return { status: 200, body: { object: 'list', data: [model] } };
}
