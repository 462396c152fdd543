import { toMemoryError } from '../domain/errors.ts';
import type { Slot } from '../domain/memory.ts';
import {
  bestFirst,
  fusedScores,
  lexicalScores,
  type QueryVectors,
  type RankedSlot,
  rankSlots,
  type SlotScores,
} from '../domain/slot-ranking.ts';
import { type PickDeps, pickSlots } from './pick-slots.ts';
import type { Reranker } from './ports.ts';
import { rerankSlots } from './rank-slots.ts';

/**
 * How profiles are searched. `embedding`: by cosine; `rerank`: all slots go to the rerank service; `hybrid`: the
 * nearest by cosine are reranked; `fusion`: words and meaning fused by rank; `llm`: a model picks.
 */
export const PROFILE_SEARCH_MODES = ['embedding', 'rerank', 'hybrid', 'fusion', 'llm'] as const;
export type ProfileSearchMode = (typeof PROFILE_SEARCH_MODES)[number];

/** A search over slots that passed the filters, with the defaults filled in. */
export interface SlotSearch {
  readonly slots: readonly Slot[];
  readonly query: string;
  readonly maxResults: number;
  readonly minCosine: number;
  readonly candidates: number;
  readonly combineByTopic: boolean;
  readonly signal: AbortSignal | undefined;
  /** Remembers a reason why the answer may be worse than it could be. */
  readonly note: (reason: string) => void;
  /** What the embeddings say, asked for at the first call; null, with a note, when they say nothing. */
  readonly meaning: () => Promise<{ readonly vectors: QueryVectors; readonly cosines: SlotScores } | null>;
}

/**
 * @property score on the scale of what ordered the answer (cosine, the rerank service's, reciprocal ranks, BM25);
 *   null where a model picked
 * @property cosine similarity with the query; null where it was not needed or is not known
 */
export interface FoundSlot {
  readonly slot: Slot;
  readonly score: number | null;
  readonly cosine: number | null;
}

type ModeDeps = PickDeps & { readonly reranker: Reranker | null };
type Mode = (search: SlotSearch, deps: ModeDeps) => Promise<FoundSlot[]>;

export const MODES: Readonly<Record<ProfileSearchMode, Mode>> = {
  embedding: byEmbedding,
  rerank: byRerank,
  hybrid: byHybrid,
  fusion: byFusion,
  llm: byModel,
};

async function byEmbedding(search: SlotSearch): Promise<FoundSlot[]> {
  const cosines = (await search.meaning())?.cosines ?? null;
  const scores = cosines === null ? lexicalScores(search.slots, search.query) : similar(cosines, search);
  return found(scored(search.slots, scores), search.maxResults, cosines);
}

async function byFusion(search: SlotSearch): Promise<FoundSlot[]> {
  const cosines = (await search.meaning())?.cosines ?? null;
  const lexical = lexicalScores(search.slots, search.query);
  const near = cosines === null ? new Map() : similar(cosines, search);
  const admitted = search.slots.filter(({ id }) => lexical.has(id) || near.has(id));
  const ranked = scored(admitted, fusedScores(lexical, cosines ?? new Map()));
  return found(ranked, search.maxResults, cosines);
}

async function byHybrid(search: SlotSearch, { reranker }: ModeDeps): Promise<FoundSlot[]> {
  const { slots, query, maxResults } = search;
  const cosines = (await search.meaning())?.cosines ?? null;
  const lexical = lexicalScores(slots, query);
  const nearest = scored(slots, cosines === null ? lexical : similar(cosines, search));
  const candidates = nearest.slice(0, search.candidates).map(({ slot }) => slot);
  const reranked = await reranking({ ...search, slots: candidates, combineByTopic: false }, reranker);
  const ranked = reranked ?? scored(candidates, fusedScores(lexical, cosines ?? new Map()));
  return found(ranked, maxResults, cosines);
}

async function byRerank(search: SlotSearch, deps: ModeDeps): Promise<FoundSlot[]> {
  const nowMs = deps.clock();
  const likeliest = rankSlots({ ...search, vectors: null, nowMs }).map(({ slot }) => slot);
  const reranked = await reranking({ ...search, slots: likeliest }, deps.reranker);
  if (reranked !== null) return found(reranked, reranked.length, null);
  const meaning = await search.meaning();
  const ranked = rankSlots({ ...search, vectors: meaning?.vectors ?? null, nowMs });
  return found(ranked, search.maxResults, meaning?.cosines ?? null);
}

async function byModel(search: SlotSearch, deps: ModeDeps): Promise<FoundSlot[]> {
  const { slots, query, signal, maxResults } = search;
  const picked = await pickSlots({ slots, chats: [{ role: 'user', content: query }], signal }, deps);
  if (picked.failure === null) {
    return picked.slots.slice(0, maxResults).map((slot) => ({ slot, score: null, cosine: null }));
  }
  search.note(picked.failure);
  const ranked = rankSlots({ slots, query, vectors: null, nowMs: deps.clock() });
  return found(ranked, maxResults, null);
}

/** The slots as the rerank service orders them, or null, with a note, when it does not. */
async function reranking(search: SlotSearch, reranker: Reranker | null): Promise<RankedSlot[] | null> {
  if (reranker === null) {
    search.note('rerank: no rerank service is configured');
    return null;
  }
  try {
    return await rerankSlots({ ...search, limit: search.maxResults }, reranker);
  } catch (thrown) {
    search.note(`rerank: ${toMemoryError(thrown).message}`);
    return null;
  }
}

function similar(cosines: SlotScores, { minCosine }: SlotSearch): SlotScores {
  return new Map([...cosines].filter(([, cosine]) => cosine >= minCosine));
}

/** The slots that have a score, best first. */
function scored(slots: readonly Slot[], scores: SlotScores): RankedSlot[] {
  return bestFirst(
    slots.filter(({ id }) => scores.has(id)),
    ({ id }) => scores.get(id) ?? 0,
  );
}

function found(ranked: readonly RankedSlot[], most: number, cosines: SlotScores | null): FoundSlot[] {
  return ranked
    .slice(0, most)
    .map(({ slot, score }) => ({ slot, score, cosine: cosines?.get(slot.id) ?? null }));
}
