import { createServer, type Server } from 'node:http';

export interface Recorded {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}
export interface Reply {
  readonly status?: number;
  readonly body: unknown;
}

/** An HTTP server that notes every request and answers as it is told, the last reply for ever. */
export interface RecordingServer {
  readonly url: string;
  readonly requests: Recorded[];
  close(): Promise<void>;
}

/** @param replies in order; `'hang'` never answers, `'cut'` closes the connection */
export async function startRecordingServer(
  ...replies: readonly (Reply | 'hang' | 'cut')[]
): Promise<RecordingServer> {
  const requests: Recorded[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const reply = replies[Math.min(requests.length, replies.length - 1)] ?? 'hang';
    const { method = '', url: target = '', headers } = request;
    const body: unknown = text === '' ? null : JSON.parse(text);
    requests.push({ method, target, authorization: headers.authorization, body });
    if (reply === 'hang') return;
    if (reply === 'cut') {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(reply.body));
  });
  await listening(server);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
