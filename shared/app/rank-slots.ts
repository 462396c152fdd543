import { MemoryError, toMemoryError } from '../domain/errors.ts';
import type { Slot } from '../domain/memory.ts';
import type { LifeScope } from '../domain/scope.ts';
import { bestFirst, type QueryVectors, type RankedSlot, slotText } from '../domain/slot-ranking.ts';
import type { Reranker } from './ports.ts';
import { queryVector } from './query-vectors.ts';
import { loadSlotVectors, type SlotVectorDeps } from './slot-vectors.ts';

/** What the embeddings say about a query, or why they say nothing. */
export interface Meaning {
  readonly vectors: QueryVectors | null;
  /** Also where only some slots have no vector. */
  readonly failure: string | null;
}

/** The vectors of a query and of the slots it is asked of. Never throws for the sake of the embedding service. */
export async function embedSlotQuery(
  scope: LifeScope,
  slots: readonly Slot[],
  query: string,
  deps: SlotVectorDeps,
): Promise<Meaning> {
  const { slotEmbedder } = deps;
  if (slotEmbedder === null) {
    return { vectors: null, failure: 'embedding: no embedding service is configured for profiles' };
  }
  const [asked, loaded] = await Promise.all([
    queryVector(slotEmbedder, query).catch((thrown: unknown) => toMemoryError(thrown)),
    loadSlotVectors(scope, slots, deps),
  ]);
  if (asked instanceof MemoryError) return { vectors: null, failure: `embedding: ${asked.message}` };
  const failure = loaded.failure === null ? null : `embedding: ${loaded.failure.message}`;
  return { vectors: { query: asked, bySlot: loaded.bySlot }, failure };
}

/** Most documents of one rerank call, and most characters of each: within the limits of the services there are. */
const MOST_DOCUMENTS = 100;
const MAX_DOCUMENT_CHARS = 4_000;

export interface RerankSlotsRequest {
  /** Best first by what is known already: of too many the first are reranked. */
  readonly slots: readonly Slot[];
  readonly query: string;
  /** Most documents that are wanted back. */
  readonly limit: number;
  /** One document for each topic, instead of one for each slot. */
  readonly combineByTopic: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Slots in the order of the rerank service, with its scores; slots of one document share its score, the newest
 * first. Throws `rerank_unavailable`.
 */
export async function rerankSlots(request: RerankSlotsRequest, reranker: Reranker): Promise<RankedSlot[]> {
  const { slots, query, limit, combineByTopic, signal } = request;
  const groups = (combineByTopic ? byTopic(slots) : slots.map((slot) => [slot])).slice(0, MOST_DOCUMENTS);
  if (groups.length === 0) return [];
  const documents = groups.map((group) => documentOf(group).slice(0, MAX_DOCUMENT_CHARS));
  const relevances = await reranker.rerank(query, documents, Math.min(limit, documents.length), signal);
  return relevances
    .slice(0, limit)
    .flatMap(({ index, score }) => bestFirst(groups[index] ?? [], () => score));
}

function byTopic(slots: readonly Slot[]): Slot[][] {
  const groups = new Map<string, Slot[]>();
  for (const slot of slots) {
    const group = groups.get(slot.topic);
    if (group === undefined) groups.set(slot.topic, [slot]);
    else group.push(slot);
  }
  return [...groups.values()];
}

const documentOf = (slots: readonly Slot[]): string => slots.map(slotText).join('\n');
