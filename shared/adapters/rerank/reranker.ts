import type { Clock, Log, Relevance, Reranker } from '../../app/ports.ts';
import { MemoryError } from '../../domain/errors.ts';
import { classifyError } from '../llm/classify-error.ts';
import { callWithRetries, type Outcome, type Pace, REAL_PACE } from '../llm/retry.ts';
import { RERANK_ENDPOINTS, type RerankEndpoint, type RerankProvider } from './endpoints.ts';
import { RerankFailure, readAnswer } from './read-answer.ts';

export interface RerankerOptions extends Partial<Pace> {
  readonly provider: RerankProvider;
  /** Without the provider's own path, such as `https://host` or, for `openai`, `https://host/v1`. */
  readonly baseUrl: string;
  /** Sent as bearer token; none where the service asks for none. */
  readonly apiKey?: string | undefined;
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For each call, 5,000 unless told: somebody is waiting for what is read. */
  readonly timeoutMs?: number | undefined;
  /** Calls after the first one, 2 unless told. */
  readonly maxRetries?: number | undefined;
  readonly now?: Clock | undefined;
  readonly log: Log;
}

interface Question {
  readonly query: string;
  readonly documents: readonly string[];
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * A rerank service over HTTP. Throws `rerank_unavailable`, `out_of_time` when the signal is aborted. Where a provider
 * has two endpoints, the one that is there is remembered.
 */
export function createReranker(options: RerankerOptions): Reranker {
  const endpoints: readonly RerankEndpoint[] = RERANK_ENDPOINTS[options.provider];
  let known = 0;
  return {
    async rerank(query, documents, limit, signal) {
      if (documents.length === 0 || limit <= 0) return [];
      const question = { query, documents, limit, signal };
      let outcome: Outcome<readonly Relevance[]> | null = null;
      for (let at = known; at < endpoints.length; at += 1) {
        const endpoint = endpoints[at];
        if (endpoint === undefined) break;
        outcome = await ask(endpoint, question, options);
        if (outcome.ok) {
          known = at;
          return outcome.value;
        }
        if (outcome.failure.status !== 404) break;
      }
      const failure = outcome?.ok === false ? outcome.failure : null;
      throw new MemoryError(
        'rerank_unavailable',
        `the rerank provider cannot be used: ${failure?.reason ?? 'it has no endpoint'}`,
        { cause: failure?.cause },
      );
    },
  };
}

function ask(
  endpoint: RerankEndpoint,
  { query, documents, limit, signal }: Question,
  options: RerankerOptions,
): Promise<Outcome<readonly Relevance[]>> {
  const { timeoutMs = 5_000, maxRetries = 2, now = Date.now, log, apiKey = '' } = options;
  const { sleep = REAL_PACE.sleep, random = REAL_PACE.random } = options;
  const body = JSON.stringify(endpoint.body(options.model, query, documents, limit));
  const confidential = { apiKey, text: [query, ...documents].join('\n') };
  return callWithRetries({
    send: async (callSignal) => {
      const answer = await post(endpoint, body, callSignal, options);
      return readAnswer(answer, endpoint, documents.length).slice(0, limit);
    },
    classify: (thrown) => classifyError(thrown, confidential, now()),
    problem: () => null,
    timeoutMs,
    maxRetries,
    signal,
    pace: { sleep, random },
    onRetry: ({ status, reason }, waitMs) =>
      log('warn', 'provider_retry', { step: 'rerank', status, reason, wait_ms: Math.round(waitMs) }),
  });
}

async function post(
  { path }: RerankEndpoint,
  body: string,
  signal: AbortSignal,
  { baseUrl, apiKey, headers }: RerankerOptions,
): Promise<unknown> {
  const response = await fetch(baseUrl.replace(/\/+$/, '') + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...headers,
    },
    body,
    signal,
  });
  const text = await response.text();
  if (!response.ok) throw RerankFailure.ofStatus(response.status, text, response.headers);
  return JSON.parse(text) as unknown;
}
