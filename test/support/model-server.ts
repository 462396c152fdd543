import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server answers to one request. */
export interface ScriptedReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; `text` goes out as it is. */
  readonly json?: unknown;
  readonly text?: string;
  /** `request`: no answer ever comes; `body`: the head comes, the body stops half way; `drop`: the socket closes. */
  readonly fault?: 'request' | 'body' | 'drop';
}

export interface RecordedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

export interface ModelServer {
  /** Base URL up to and including `/v1`. */
  readonly baseUrl: string;
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/** A list is used up in order and its last reply repeated; a function answers each request by itself. */
export type Script = readonly ScriptedReply[] | ((request: RecordedRequest) => ScriptedReply);

/** An OpenAI-compatible server on loopback that records what it is asked and answers what it is told. */
export async function startModelServer(script: Script): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    let raw = '';
    for await (const chunk of incoming) raw += chunk;
    const request = { path: incoming.url ?? '', headers: incoming.headers, body: JSON.parse(raw || '{}') };
    requests.push(request);
    const reply =
      typeof script === 'function' ? script(request) : script[Math.min(requests.length, script.length) - 1];
    send(response, reply ?? { status: 500, text: 'the script is empty' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, reply: ScriptedReply): void {
  const { status = 200, headers = {}, json, text, fault } = reply;
  if (fault === 'request') return;
  if (fault === 'drop') {
    response.destroy();
    return;
  }
  const contentType = text === undefined ? 'application/json' : 'text/html';
  response.writeHead(status, { 'content-type': contentType, ...headers });
  if (fault === 'body') response.write('{"choices":');
  else response.end(text ?? JSON.stringify(json));
}

/** A chat completion with the given content; `usage` null leaves it out. */
export function chatReply(
  content: unknown,
  { finish = 'stop', usage = { prompt_tokens: 100, completion_tokens: 10 } }: ChatReplyOptions = {},
): ScriptedReply {
  const text = typeof content === 'string' || content === null ? content : JSON.stringify(content);
  return {
    json: {
      id: 'scripted',
      object: 'chat.completion',
      created: 0,
      model: 'scripted',
      choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', content: text } }],
      ...(usage === null ? {} : { usage }),
    },
  };
}
export interface ChatReplyOptions {
  readonly finish?: string;
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
}

/** An error in the form most providers use. */
export function errorReply(status: number, error: Readonly<Record<string, unknown>>): ScriptedReply {
  return { status, json: { error } };
}

/** An embedding answer, one vector per text, in order. */
export function embeddingReply(vectors: readonly (readonly unknown[])[]): ScriptedReply {
  return { json: { object: 'list', data: vectors.map((embedding, index) => ({ index, embedding })) } };
}
