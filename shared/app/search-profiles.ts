import { MemoryError } from '../domain/errors.ts';
import type { Scope } from '../domain/scope.ts';
import { cosineScores, slotsWithin } from '../domain/slot-ranking.ts';
import type { PickDeps } from './pick-slots.ts';
import type { Reranker, Store } from './ports.ts';
import { embedSlotQuery, type Meaning } from './rank-slots.ts';
import { type FoundSlot, MODES, type ProfileSearchMode, type SlotSearch } from './search-profiles-modes.ts';
import type { SlotVectorDeps } from './slot-vectors.ts';

export interface SearchProfilesRequest {
  readonly scope: Scope;
  readonly query: string;
  readonly mode: ProfileSearchMode;
  /** Topics and sub-topics searched; all when absent or empty. */
  readonly topics?: readonly string[] | undefined;
  readonly subTopics?: readonly string[] | undefined;
  /** 10 unless told. Slots; topics, where `rerank` combines by topic. */
  readonly maxResults?: number | undefined;
  /**
   * Least cosine: of the slots found by `embedding` (0.5 unless told), of those that only meaning finds in `fusion`
   * (0.5), of the candidates of `hybrid` (0.3).
   */
  readonly minScore?: number | undefined;
  /** Slots that `hybrid` reranks, 30 unless told. */
  readonly embeddingCandidates?: number | undefined;
  /** Whether `rerank` compares whole topics instead of slots; true unless told. */
  readonly combineByTopic?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type SearchProfilesDeps = SlotVectorDeps &
  PickDeps & {
    readonly store: { readonly commits: Pick<Store['commits'], 'latest'> };
    readonly reranker: Reranker | null;
  };

export interface FoundProfiles {
  /** Best first. */
  readonly profiles: readonly FoundSlot[];
  /** Why the answer may be worse than it could be; empty when all went well. */
  readonly degraded: readonly string[];
}

const MAX_RESULTS = 10;
const EMBEDDING_CANDIDATES = 30;
const MIN_COSINE: Readonly<Record<ProfileSearchMode, number>> = {
  embedding: 0.5,
  fusion: 0.5,
  hybrid: 0.3,
  rerank: -1,
  llm: -1,
};
/** A longer query keeps its end: the newest words say best what is asked. */
const MAX_QUERY_CHARS = 4_000;

/**
 * The slots that answer a query; none for a user never seen. A service that fails or is not there is made up for
 * with what remains: words for embeddings, words and meaning for the rerank service, words and recency for the
 * model. Only the mode `llm` calls a model. Throws `invalid_request` for an empty query.
 */
export async function searchProfiles(
  request: SearchProfilesRequest,
  deps: SearchProfilesDeps,
): Promise<FoundProfiles> {
  const query = request.query.trim().slice(-MAX_QUERY_CHARS);
  if (query === '')
    throw new MemoryError('invalid_request', 'query must not be empty: say what to look for.');
  const snapshot = (await deps.store.commits.latest(request.scope))?.snapshot;
  const slots = slotsWithin(snapshot?.slots ?? [], request.topics ?? [], request.subTopics ?? []);
  if (snapshot === undefined || slots.length === 0) return { profiles: [], degraded: [] };

  const reasons = new Set<string>();
  const note = (reason: string): void => {
    reasons.add(reason);
  };
  const { mode } = request;
  const search: SlotSearch = {
    slots,
    query,
    maxResults: request.maxResults ?? MAX_RESULTS,
    minCosine: request.minScore ?? MIN_COSINE[mode],
    candidates: request.embeddingCandidates ?? EMBEDDING_CANDIDATES,
    combineByTopic: request.combineByTopic ?? true,
    signal: request.signal,
    note,
    meaning: once(async () => {
      const life = { ...request.scope, life: snapshot.life };
      return comparable(await embedSlotQuery(life, slots, query, deps), note);
    }),
  };
  const profiles = await MODES[mode](search, deps);
  const degraded = [...reasons];
  if (degraded.length > 0) deps.log('warn', 'profile_search_degraded', { mode, reasons: degraded });
  return { profiles, degraded };
}

function comparable({ vectors, failure }: Meaning, note: (reason: string) => void) {
  if (failure !== null) note(failure);
  return vectors === null ? null : { vectors, cosines: cosineScores(vectors) };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
