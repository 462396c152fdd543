import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Conversation } from './conversation.ts';
import { hashedEmbedding } from './hashed-embedding.ts';
import { createReplayedExtraction } from './replayed-extraction.ts';

const chatSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ content: z.unknown() })),
  response_format: z.object({ json_schema: z.object({ name: z.string() }).optional() }).optional(),
});
const embeddingsSchema = z.object({
  model: z.string(),
  input: z.union([z.string().transform((text) => [text]), z.array(z.string())]),
});

export interface ReplayServer {
  /** Base URL an OpenAI client wants, with `/v1` at its end. */
  readonly url: string;
  /** Chat calls so far, by schema. */
  chatCalls(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/**
 * An OpenAI-compatible server on a free port of 127.0.0.1 that plays the language model from the conversations' own
 * facts and embeds by hashing words.
 *
 * @param dimension of the vectors
 */
export async function startReplayServer(
  conversations: readonly Conversation[],
  dimension: number,
): Promise<ReplayServer> {
  const calls: Record<string, number> = {};
  const extract = createReplayedExtraction(conversations);
  const answer = (path: string, body: unknown): unknown => {
    if (path.endsWith('/embeddings')) return embeddings(embeddingsSchema.parse(body), dimension);
    if (!path.endsWith('/chat/completions')) return null;
    const { model, messages, response_format: format } = chatSchema.parse(body);
    const schema = format?.json_schema?.name ?? 'unknown';
    calls[schema] = (calls[schema] ?? 0) + 1;
    const prompt = messages.map(({ content }) => String(content)).join('\n');
    return completion(model, JSON.stringify(extract(schema, prompt)));
  };
  const server = createServer(async (request, response) => {
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    try {
      const body = answer(request.url ?? '/', JSON.parse((await textOf(request)) || '{}'));
      if (body === null) send(404, { error: { message: `The replay has no ${request.url}.` } });
      else send(200, body);
    } catch (error) {
      send(400, { error: { message: String(error) } });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    chatCalls: () => ({ ...calls }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function embeddings({ model, input }: z.infer<typeof embeddingsSchema>, dimension: number) {
  const data = input.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: hashedEmbedding(text, dimension),
  }));
  return { object: 'list', model, data, usage: { prompt_tokens: 0, total_tokens: 0 } };
}

function completion(model: string, content: string) {
  return {
    id: 'replay',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  };
}
