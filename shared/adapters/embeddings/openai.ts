import type { OpenAI } from 'openai';
import type { Embedder } from '../../app/ports.ts';
import { MemoryError } from '../../domain/errors.ts';
import { createProvider, type Provider, type ProviderOptions } from '../llm/provider.ts';

export interface OpenAiEmbedderOptions extends ProviderOptions {
  readonly model: string;
  /** Length every vector must have. */
  readonly dimension: number;
  /** Whether to ask for the dimension; unless told, only models known to take the parameter are asked. */
  readonly sendDimensions?: boolean | undefined;
  /** Texts in one call, 64 unless told. */
  readonly batchSize?: number | undefined;
}

/** Others answer an unknown `dimensions` with an error. */
const CHOOSES_DIMENSION = /text-embedding-(3|v3|v4)/;

/**
 * Embeddings from any OpenAI-compatible endpoint. Throws `embedding_unavailable`, `config_invalid` when the model's
 * vectors are not of the configured length, `out_of_time` when the signal is aborted.
 */
export function createOpenAiEmbedder(options: OpenAiEmbedderOptions): Embedder {
  const { batchSize = 64 } = options;
  const provider = createProvider(options);
  return {
    async embed(texts, _purpose, signal) {
      const vectors: number[][] = [];
      for (let at = 0; at < texts.length; at += batchSize) {
        vectors.push(...(await embedBatch(texts.slice(at, at + batchSize), { options, provider, signal })));
      }
      return vectors;
    },
  };
}

interface Batch {
  readonly options: OpenAiEmbedderOptions;
  readonly provider: Provider;
  readonly signal: AbortSignal | undefined;
}

async function embedBatch(
  texts: readonly string[],
  { options, provider, signal }: Batch,
): Promise<number[][]> {
  const { model, dimension, sendDimensions = CHOOSES_DIMENSION.test(model) } = options;
  const outcome = await provider.call({
    step: 'embedding',
    send: (client, callSignal) =>
      client.embeddings.create(
        {
          model,
          input: [...texts],
          encoding_format: 'float',
          ...(sendDimensions ? { dimensions: dimension } : {}),
        },
        { signal: callSignal },
      ),
    problem: (answer) =>
      Array.isArray(answer?.data) ? null : 'it answered 200 without embeddings; is the base URL right?',
    text: texts.join('\n'),
    signal,
  });
  if (!outcome.ok) {
    const { reason, cause } = outcome.failure;
    throw unavailable(`the embedding provider cannot be used: ${reason}`, cause);
  }
  return inOrder(outcome.value.data, texts.length).map((vector) => unitVector(vector, dimension));
}

/** Answers may come in any order; a server that leaves the index out keeps to that of the request. */
function inOrder(data: readonly OpenAI.Embedding[], count: number): unknown[] {
  const ordered = new Map(data.map((item, at): [number, unknown] => [item?.index ?? at, item?.embedding]));
  const vectors = Array.from({ length: count }, (_, at) => ordered.get(at));
  if (data.length !== count || vectors.includes(undefined)) {
    throw unavailable(`the embedding provider answered ${data.length} vectors for ${count} texts`);
  }
  return vectors;
}

function unitVector(vector: unknown, dimension: number): number[] {
  if (!Array.isArray(vector) || !vector.every((value): value is number => Number.isFinite(value))) {
    throw unavailable('the embedding provider answered a vector that is not a list of finite numbers');
  }
  if (vector.length !== dimension) {
    throw new MemoryError(
      'config_invalid',
      `embedding_dim is ${dimension}, but the embedding model answers vectors of ${vector.length} numbers; set embedding_dim to what the model gives, or choose another model`,
    );
  }
  const length = Math.hypot(...vector);
  if (length === 0)
    throw unavailable('the embedding provider answered a vector of zeros, which has no direction');
  return vector.map((value) => value / length);
}

function unavailable(message: string, cause?: unknown): MemoryError {
  return new MemoryError('embedding_unavailable', message, { cause });
}
