import type { OpenAI } from 'openai';
import type { Clock, Log } from '../../app/ports.ts';
import { classifyError } from './classify-error.ts';
import { callWithRetries, type Outcome, type Pace, REAL_PACE } from './retry.ts';

/** How to reach an OpenAI-compatible service, and how patiently. */
export interface ProviderOptions extends Partial<Pace> {
  /** Up to and including the version, such as `https://host/v1`; OpenAI's own unless told. */
  readonly baseUrl?: string | undefined;
  readonly apiKey: string;
  readonly defaultQuery?: Readonly<Record<string, string>> | undefined;
  readonly defaultHeaders?: Readonly<Record<string, string>> | undefined;
  /** For each call, 60,000 unless told. */
  readonly timeoutMs?: number | undefined;
  /** Calls after the first one, 2 unless told. */
  readonly maxRetries?: number | undefined;
  readonly now?: Clock | undefined;
  readonly log: Log;
}

export interface ProviderCall<T> {
  /** What is logged as the purpose of the call. */
  readonly step: string;
  readonly send: (client: OpenAI, signal: AbortSignal) => Promise<T>;
  readonly problem: (value: T) => string | null;
  /** The user's text in the call, which is kept out of logs and errors. */
  readonly text: string;
  readonly signal: AbortSignal | undefined;
}

export interface Provider {
  /** Throws `out_of_time` only; every other failure is part of the outcome. */
  call<T>(call: ProviderCall<T>): Promise<Outcome<T>>;
}

export function createProvider(options: ProviderOptions): Provider {
  const { timeoutMs = 60_000, maxRetries = 2, now = Date.now, log } = options;
  const { sleep = REAL_PACE.sleep, random = REAL_PACE.random } = options;
  const client = lazyClient(options);
  return {
    call: ({ step, send, problem, text, signal }) =>
      callWithRetries({
        send: async (callSignal) => send(await client(), callSignal),
        classify: (thrown) => classifyError(thrown, { apiKey: options.apiKey, text }, now()),
        problem,
        timeoutMs,
        maxRetries,
        signal,
        pace: { sleep, random },
        onRetry: ({ status, reason }, waitMs) =>
          log('warn', 'provider_retry', { step, status, reason, wait_ms: Math.round(waitMs) }),
      }),
  };
}

function lazyClient(options: ProviderOptions): () => Promise<OpenAI> {
  let connecting: Promise<OpenAI> | null = null;
  return () => {
    connecting ??= connect(options).catch((error: unknown) => {
      connecting = null;
      throw error;
    });
    return connecting;
  };
}

/** Everything the SDK would otherwise take from its own environment variables is given, so that ours rule alone. */
async function connect({ baseUrl, apiKey, defaultQuery, defaultHeaders }: ProviderOptions): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    // Local servers need no key, the SDK does.
    apiKey: apiKey === '' ? 'none' : apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    defaultQuery: { ...defaultQuery },
    defaultHeaders: { ...defaultHeaders },
    maxRetries: 0,
    // At `debug` it would print whole conversations.
    logLevel: 'off',
    fetch: fetchWithReadableErrors,
  });
}

/** The SDK reads an error only under `error`; others answer `{"detail": ..}` or `{"message": ..}`. */
async function fetchWithReadableErrors(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.ok) return response;
  const text = await response.text();
  const { status, headers } = response;
  return new Response(lacksErrorField(text) ? `{"error":${text}}` : text || null, { status, headers });
}

function lacksErrorField(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !('error' in body);
  } catch {
    return false;
  }
}
