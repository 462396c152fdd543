import { MemoryError } from './domain/errors.ts';

/** Second argument of every handler; only the request id is promised by the platform. */
export interface FcInvocation {
  readonly requestId: string;
  readonly function?: { readonly name?: string; readonly timeout?: number };
}

interface FcHttpEvent {
  readonly rawPath: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly queryParameters?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: { readonly http: { readonly method: string } };
}

export interface FcHttpResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly isBase64Encoded: boolean;
  readonly body: string;
}

type Fetch = (request: Request, invocation: FcInvocation) => Promise<Response>;

/**
 * Turns an HTTP trigger's event into a standard request and the response back. Repeated query keys arrive joined
 * by commas, which is all the platform tells.
 */
export function httpHandler(
  fetch: Fetch,
): (event: Buffer, invocation: FcInvocation) => Promise<FcHttpResult> {
  return async (event, invocation) => {
    const response = await fetch(toRequest(parseEvent<FcHttpEvent>(event)), invocation);
    return {
      statusCode: response.status,
      headers: Object.fromEntries(response.headers),
      isBase64Encoded: false,
      body: await response.text(),
    };
  };
}

function toRequest(event: FcHttpEvent): Request {
  const { method } = event.requestContext.http;
  const query = new URLSearchParams(event.queryParameters).toString();
  const url = `http://function${event.rawPath}${query === '' ? '' : `?${query}`}`;
  const headers = new Headers(event.headers);
  const bodyless = method === 'GET' || method === 'HEAD' || !event.body;
  if (bodyless) return new Request(url, { method, headers });
  // As bytes: for text, Request would invent a content type the client did not send.
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded === true ? 'base64' : 'utf8');
  return new Request(url, { method, headers, body });
}

function parseEvent<T>(event: Buffer): T {
  try {
    return JSON.parse(event.toString('utf8')) as T;
  } catch (error) {
    throw new MemoryError('invalid_request', 'The event is not JSON.', { cause: error });
  }
}

/** A handler of JSON events. What it throws the platform logs and, for asynchronous calls, retries. */
export function eventHandler<Result>(
  run: (event: unknown, invocation: FcInvocation) => Promise<Result>,
): (event: Buffer, invocation: FcInvocation) => Promise<Result> {
  return async (event, invocation) => run(parseEvent<unknown>(event), invocation);
}

/** Used where the platform does not tell the function's time limit. */
const DEFAULT_TIMEOUT_S = 60;
/** Left for the answer and the last writes. */
const MARGIN_MS = 5_000;

/** When work has to end so that the answer still gets out, and a signal that fires then. */
export function timeLimit(
  invocation: FcInvocation,
  nowMs: number,
): { deadlineMs: number; signal: AbortSignal } {
  const limitMs = (invocation.function?.timeout ?? DEFAULT_TIMEOUT_S) * 1_000;
  const spanMs = Math.max(limitMs - MARGIN_MS, limitMs / 2);
  return { deadlineMs: nowMs + spanMs, signal: AbortSignal.timeout(spanMs) };
}
