import type { Search, SearchHit, SearchScope } from '../../app/ports.ts';
import { userKey } from '../../domain/scope.ts';
import type { LindormVectors } from './lindorm-index.ts';
import type { SearchClient } from './search-client.ts';
import { requireDimension } from './vector-space.ts';

const SEARCH_MS = 3_000;
/** The engine cuts text by itself; what of a long conversation it gets is the end. */
const MAX_QUERY_CHARS = 2_000;

/**
 * Options of the vector engine, all of them strings. `efficient_filter` lets the engine choose between filtering
 * before and after the graph search; with the wider scope a user with few gists among many still gets all of them.
 */
const LVECTOR = { filter_type: 'efficient_filter', ef_search: '200', k_expand_scope: '1000' } as const;

export interface LindormSearchOptions {
  readonly client: SearchClient;
  /** As {@link lindormIndexName} gives it. */
  readonly index: string;
  /** Null where no embedding service is configured. */
  readonly vectors: LindormVectors | null;
}

/**
 * Search in the index that Lindorm keeps over the gists table. There is nothing to write: rows reach the index, and
 * leave it, some seconds after the table. The text is cut by the engine's `ik` analyzer.
 */
export function createLindormSearch({ client, index, vectors }: LindormSearchOptions): Search {
  const search = async (within: SearchScope, body: object): Promise<Hit[]> => {
    const answer = await client.request({
      method: 'POST',
      path: `/${index}/_search`,
      query: { routing: userKey(within.scope) },
      body: { size: within.limit, _source: ['gist_id'], ...body },
      timeoutMs: SEARCH_MS,
    });
    return (answer as { hits: { hits: Hit[] } }).hits.hits;
  };
  return {
    async put(_, docs) {
      // Before it is stored, where it would be left out of the index without a word.
      for (const { vector } of docs) {
        if (vector !== null) requireDimension(vector, vectors?.dimension ?? null);
      }
    },
    async remove() {},
    async removeLife() {},
    async textSearch(query, within) {
      const text = query.slice(-MAX_QUERY_CHARS).trim();
      if (text === '') return [];
      const hits = await search(within, {
        query: { bool: { must: [{ match: { text: { query: text } } }], filter: filterOf(within) } },
      });
      return hits.map((hit) => ({ id: hit._source.gist_id, score: hit._score }));
    },
    async vectorSearch(vector, within) {
      requireDimension(vector, vectors?.dimension ?? null);
      const { column } = vectors ?? { column: 'vector' };
      const knn = { vector, k: within.limit, filter: { bool: { filter: filterOf(within) } } };
      const hits = await search(within, { query: { knn: { [column]: knn } }, ext: { lvector: LVECTOR } });
      return hits.map(
        (hit): SearchHit => ({ id: hit._source.gist_id, score: cosineOfDistanceScore(hit._score) }),
      );
    },
    close: () => client.close(),
  };
}

interface Hit {
  readonly _score: number;
  readonly _source: { readonly gist_id: string };
}

/**
 * Conditions only, in a clause that does not score. They name plain columns: a field inside a nested object would need
 * a `nested` query with its path, and would match nothing without one.
 */
const filterOf = ({ scope, sinceMs }: SearchScope) => [
  { term: { project_id: scope.projectId } },
  { term: { user_key: userKey(scope) } },
  { range: { created_ms: { gte: sinceMs } } },
];

/** The vector engine scores 1 / (1 + distance), and its cosine distance is 1 - cosine. */
export const cosineOfDistanceScore = (score: number): number => 2 - 1 / score;
