import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../shared/app/ports.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import type { IncomingRequest } from './http-event.ts';
import type { HttpAnswer } from './http-result.ts';
import { refusal } from './platform-answer.ts';

/** Beyond these bytes the platform itself refuses a path with its query; here it is only warned of. */
const MAX_TARGET_BYTES = 4096;

export interface HttpServer {
  readonly url: string;
  /** Refuses new connections; resolves when the open requests are answered. */
  close(): Promise<void>;
  /** Drops the connections that are left. */
  cut(): void;
}

export interface HttpServerOptions {
  readonly port: number;
  readonly host: string;
  readonly maxBodyBytes: number;
  readonly nextRequestId: () => string;
  readonly log: Log;
  readonly answer: (request: IncomingRequest, requestId: string) => Promise<HttpAnswer>;
}

/** Rejects with `internal` when the address is taken. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    const requestId = options.nextRequestId();
    void serve(incoming, requestId, options).then((served) => {
      // Once the server is closing, a connection ends with its answer instead of being kept for a next request.
      outgoing.shouldKeepAlive &&= server.listening;
      send(outgoing, served, requestId, options.log);
    });
  });
  await listening(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      return closed;
    },
    cut: () => server.closeAllConnections(),
  };
}

function listening(server: Server, { port, host }: HttpServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new MemoryError('internal', `cannot listen on ${host}:${port}: ${cause.message}`, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

/** Never rejects. */
async function serve(
  incoming: IncomingMessage,
  requestId: string,
  { maxBodyBytes, log, answer }: HttpServerOptions,
): Promise<HttpAnswer> {
  const target = incoming.url ?? '/';
  if (target.length > MAX_TARGET_BYTES) {
    log('warn', 'target_over_platform_limit', { requestId, bytes: target.length, limit: MAX_TARGET_BYTES });
  }
  try {
    const body = await readBody(incoming, maxBodyBytes);
    if (body === null) {
      return refusal('EntityTooLarge', `a request holds at most ${maxBodyBytes} bytes`, requestId);
    }
    const { method = 'GET', rawHeaders, httpVersion } = incoming;
    const sourceIp = (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    return await answer({ method, target, rawHeaders, body, sourceIp, httpVersion }, requestId);
  } catch (error) {
    log('error', 'request_failed', { requestId, error: String(error) });
    return refusal('InternalServerError', 'Internal Server Error', requestId);
  }
}

/** Null when there is more than allowed; the rest is read and dropped, so that the sender hears the answer. */
async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : null;
}

/** A header that HTTP does not allow turns the whole answer into a 502. */
function send(outgoing: ServerResponse, answer: HttpAnswer, requestId: string, log: Log): void {
  if (outgoing.destroyed) return;
  try {
    write(outgoing, answer, requestId);
  } catch (error) {
    log('error', 'answer_not_sendable', { requestId, error: String(error) });
    write(outgoing, refusal('InternalServerError', 'Internal Server Error', requestId), requestId);
  }
}

function write(outgoing: ServerResponse, { status, headers, body }: HttpAnswer, requestId: string): void {
  const length = status === 204 || status === 304 ? {} : { 'content-length': body.length };
  outgoing.writeHead(status, { ...headers, ...length, 'x-fc-request-id': requestId });
  outgoing.end(body);
}
