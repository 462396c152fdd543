import { withoutDuplicates } from '../domain/duplicates.ts';
import { toMemoryError } from '../domain/errors.ts';
import { reciprocalRankFusion } from '../domain/fusion.ts';
import { rankGists, type ScoredGist } from '../domain/gist-ranking.ts';
import { questionDates } from '../domain/question-dates.ts';
import type { LifeScope } from '../domain/scope.ts';
import { isoDayOf } from '../domain/time.ts';
import type { Embedder, Log, Search, SearchHit, SearchScope, Store } from './ports.ts';
import { queryVector } from './query-vectors.ts';

/** Deep enough that a gist both arms place low still beats one that a single arm places low. */
const HITS_PER_ARM = 400;
/** Fused hits that are read and ranked by more than their places, at least: bonuses lift a gist by some places. */
const LEAST_RANKED = 200;

export interface RetrieveGistsRequest {
  readonly scope: LifeScope;
  readonly query: string;
  /** Gists created earlier are not found. */
  readonly sinceMs: number;
  /** The asking time, to which words such as "yesterday" are relative, and the zone its day is cut in. */
  readonly nowMs: number;
  readonly timeZone: string;
  /** How many gists can be of use to the caller at most. */
  readonly wanted: number;
  /** What only the vector arm found needs a cosine above this; below, it still helps to order what words found. */
  readonly similarityThreshold: number;
}
export interface RetrieveGistsDeps {
  readonly store: { readonly timeline: Pick<Store['timeline'], 'gistsById' | 'newestGists'> };
  readonly search: Search;
  readonly embedder: Embedder | null;
  readonly log: Log;
}
export interface RetrievedGists {
  /** Best first. */
  readonly gists: readonly ScoredGist[];
  /** Why the answer may be worse than it could be; empty when all went well. */
  readonly degraded: readonly string[];
}

/**
 * The gists that answer a query, best first: words and meaning searched at the same time, fused by rank, raised by
 * the days the question names, by neighbourhood and by the words of the best hits. Without embeddings it searches
 * words only, and what they leave of `wanted` goes to the newest gists; without the search index all of it does.
 * Both are said in `degraded`.
 */
export async function retrieveGists(
  request: RetrieveGistsRequest,
  { store, search, embedder, log }: RetrieveGistsDeps,
): Promise<RetrievedGists> {
  const { scope, query, sinceMs } = request;
  const within: SearchScope = { scope, sinceMs, limit: HITS_PER_ARM };
  const [lexical, vector] = await Promise.all([
    arm('search', () => search.textSearch(query, within)),
    vectorArm(query, within, search, embedder),
  ]);
  const degraded = [...new Set([lexical.failure, vector.failure].filter((reason) => reason !== null))];
  if (degraded.length > 0)
    log(embedder === null ? 'info' : 'warn', 'retrieval_degraded', { reasons: degraded });
  const fused = reciprocalRankFusion(
    [lexical, vector].map(({ hits }) => ({ ids: hits.map(({ id }) => id) })),
  );
  const similar = vector.hits.filter(({ score }) => score > request.similarityThreshold);
  const admitted = new Set([...lexical.hits, ...similar].map(({ id }) => id));
  const days = questionDates(query, isoDayOf(request.nowMs, request.timeZone));
  const depth = days.length > 0 ? Number.POSITIVE_INFINITY : Math.max(LEAST_RANKED, request.wanted);
  const ids = [...fused.keys()]
    .filter((id) => admitted.has(id))
    .sort((a, b) => (fused.get(b) ?? 0) - (fused.get(a) ?? 0))
    .slice(0, depth);
  const gists = ids.length === 0 ? [] : await store.timeline.gistsById(scope, ids);
  const ranked = withoutDuplicates(rankGists({ gists, fused, query, days }));
  if (vector.failure === null) return { gists: ranked, degraded };
  const found = new Set(ranked.map(({ gist }) => gist.id));
  const newest = await store.timeline.newestGists(scope, sinceMs, request.wanted);
  const rest = newest.filter(({ id }) => !found.has(id)).map((gist) => ({ gist, terms: [], score: 0 }));
  return { gists: [...ranked, ...rest], degraded };
}

interface Arm {
  readonly hits: readonly SearchHit[];
  /** Which service failed and how, or null. */
  readonly failure: string | null;
}

async function vectorArm(
  query: string,
  within: SearchScope,
  search: Search,
  embedder: Embedder | null,
): Promise<Arm> {
  if (embedder === null) return { hits: [], failure: 'embedding: no embedding service is configured' };
  let vector: readonly number[];
  try {
    vector = await queryVector(embedder, query);
  } catch (thrown) {
    return { hits: [], failure: `embedding: ${toMemoryError(thrown).message}` };
  }
  return arm('search', () => search.vectorSearch(vector, within));
}

async function arm(service: string, search: () => Promise<readonly SearchHit[]>): Promise<Arm> {
  try {
    return { hits: await search(), failure: null };
  } catch (thrown) {
    return { hits: [], failure: `${service}: ${toMemoryError(thrown).message}` };
  }
}
