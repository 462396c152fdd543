import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerChat } from './answer.ts';
import { failure, modelList, type Reply } from './openai.ts';

const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** A running offline model. `url` is the base URL an OpenAI client wants, with `/v1` at its end. */
export interface OfflineModel {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the rule-based stand-in for a language model. It takes any key and any model name, and says in every
 * answer that it is `offline-rules`. Rejects with the platform's error when the port is taken.
 *
 * @param port 0 takes a free one
 */
export async function startOfflineModel({ port = 0, host = '127.0.0.1' } = {}): Promise<OfflineModel> {
  const server = createServer(async (request, response) => {
    const { status, body } = await replyTo(request).catch(broken);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}/v1`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** A client that hung up, or a rule that failed: no request may take the process down. */
function broken(error: unknown): Reply {
  return failure(
    500,
    `offline-rules failed: ${error instanceof Error ? error.message : String(error)}`,
    'internal',
  );
}

async function replyTo(request: IncomingMessage): Promise<Reply> {
  const path = (request.url ?? '/').split('?')[0];
  const route = `${request.method} ${path}`;
  if (route === 'GET /v1/models') return modelList();
  if (route === 'POST /v1/chat/completions') {
    const body = await bodyOf(request);
    return body === null
      ? failure(413, `The request body is over ${MAX_BODY_BYTES} bytes.`, 'too_large')
      : answerChat(body);
  }
  if (path === '/v1/models' || path === '/v1/chat/completions') {
    return failure(405, `${request.method} is not allowed on ${path}.`, 'method_not_allowed');
  }
  const offer = 'offline-rules has POST /v1/chat/completions and GET /v1/models, and no embeddings.';
  return failure(404, `Unknown path ${path}: ${offer}`, 'unknown_url');
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}
