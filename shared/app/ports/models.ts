import type { z } from 'zod';
import type { StepCost } from '../../domain/commit.ts';
import type { LlmStep } from '../../domain/extraction.ts';

export interface LlmRequest<T> {
  /** Name the schema travels under, and the step the cost is booked on. */
  readonly step: LlmStep;
  readonly system: string;
  readonly user: string;
  readonly schema: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
}
export interface LlmAnswer<T> {
  readonly value: T;
  readonly cost: StepCost;
}
/** Throws `llm_unavailable`, `llm_rejected`, `llm_refused_content` or `llm_output_invalid`. */
export interface Llm {
  complete<T>(request: LlmRequest<T>): Promise<LlmAnswer<T>>;
}

/** Throws `embedding_unavailable`. Vectors have unit length and the configured dimension. */
export interface Embedder {
  embed(texts: readonly string[], purpose: 'document' | 'query', signal?: AbortSignal): Promise<number[][]>;
}

/** How well one of the documents answers the query; scores of different calls need not compare. */
export interface Relevance {
  /** Place of the document in the request. */
  readonly index: number;
  readonly score: number;
}
/** Throws `rerank_unavailable`. */
export interface Reranker {
  /** Best first, at most `limit`; documents the service said nothing about are missing. */
  rerank(
    query: string,
    documents: readonly string[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly Relevance[]>;
}

/** Exact o200k_base counting; loads its tables on first use. */
export interface Tokenizer {
  count(text: string): number;
}
