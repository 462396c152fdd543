import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface JsonRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

/** `drop` closes the connection without an answer. */
export type JsonReply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'drop';

export interface JsonServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A server on loopback, at any free port, that answers JSON to JSON. */
export async function startJsonServer(
  answer: (request: JsonRequest) => Promise<JsonReply> | JsonReply,
): Promise<JsonServer> {
  const server = createServer((incoming, response) => {
    // A caller that was killed half way is gone; nobody waits for the answer.
    exchange(incoming, response, answer).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function exchange(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: (request: JsonRequest) => Promise<JsonReply> | JsonReply,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>;
  const reply = await answer({ path: incoming.url ?? '', headers: incoming.headers, body });
  if (reply === 'drop') {
    response.destroy();
    return;
  }
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
  response.end(JSON.stringify(reply.body ?? {}));
}
