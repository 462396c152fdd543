/** One way of asking: where, in which shape, and where the results stand in the answer. */
export interface RerankEndpoint {
  /** Behind the base URL. */
  readonly path: string;
  body(model: string, query: string, documents: readonly string[], limit: number): unknown;
  results(answer: Readonly<Record<string, unknown>>): unknown;
}

const flat: Pick<RerankEndpoint, 'body' | 'results'> = {
  body: (model, query, documents, limit) => ({ model, query, documents, top_n: limit }),
  results: (answer) => answer['results'],
};

const nested: Pick<RerankEndpoint, 'body' | 'results'> = {
  body: (model, query, documents, limit) => ({
    model,
    input: { query, documents },
    parameters: { top_n: limit, return_documents: false },
  }),
  results: (answer) => (answer['output'] as Record<string, unknown> | null | undefined)?.['results'],
};

const TEXT_RERANK = 'services/rerank/text-rerank/text-rerank';

/**
 * By provider, the endpoint to try first in front. Lindorm's AI service is documented with two: which one an
 * instance has depends on its version.
 */
export const RERANK_ENDPOINTS = {
  openai: [{ path: '/rerank', ...flat }],
  dashscope: [{ path: `/api/v1/${TEXT_RERANK}`, ...nested }],
  lindormai: [
    { path: '/dashscope/compatible-api/v1/reranks', ...flat },
    { path: `/dashscope/api/v1/${TEXT_RERANK}`, ...nested },
  ],
} as const satisfies Record<string, readonly RerankEndpoint[]>;

export type RerankProvider = keyof typeof RERANK_ENDPOINTS;
