import type { Search, SearchHit, Timeline } from '../../app/ports.ts';
import { bm25 } from '../../domain/bm25.ts';
import { terms } from '../../domain/segment.ts';
import { requireDimension } from './vector-space.ts';

/** Gists one search looks at: the newest. */
const SCANNED = 2_000;

/**
 * Search without an index: the user's newest gists are read from the store and ranked here, by their words and by
 * their vectors. There is nothing to write.
 *
 * @param dimension length of every vector, or null where no embedding service is configured
 */
export function createScanSearch(
  timeline: Pick<Timeline, 'newestGists' | 'vectorsById'>,
  dimension: number | null,
): Search {
  return {
    async put(_, docs) {
      // Before it is stored, where it could never be compared with a query.
      for (const { vector } of docs) if (vector !== null) requireDimension(vector, dimension);
    },
    async remove() {},
    async removeLife() {},
    async textSearch(query, { scope, sinceMs, limit }) {
      const wanted = new Set(terms(query));
      if (wanted.size === 0) return [];
      const gists = await timeline.newestGists(scope, sinceMs, SCANNED);
      const documents = gists.map(({ id, text }) => ({ id, terms: terms(text) }));
      const length = documents.reduce((sum, document) => sum + document.terms.length, 0);
      const matched = documents.filter((document) => document.terms.some((term) => wanted.has(term)));
      const collection = { documents: documents.length, averageLength: length / (documents.length || 1) };
      return bm25([...wanted], matched, collection).slice(0, limit);
    },
    async vectorSearch(vector, { scope, sinceMs, limit }) {
      requireDimension(vector, dimension);
      const gists = await timeline.newestGists(scope, sinceMs, SCANNED);
      const found = await timeline.vectorsById(
        scope,
        gists.map(({ id }) => id),
      );
      return found
        .flatMap((gist) => cosineHit(gist.id, vector, gist.vector))
        .sort((a, b) => b.score - a.score)
        .slice(0, limit);
    },
    async close() {},
  };
}

/** No hit for a vector of another length, or without a direction. */
function cosineHit(id: string, a: readonly number[], b: readonly number[]): SearchHit[] {
  const norms = Math.hypot(...a) * Math.hypot(...b);
  if (a.length !== b.length || norms === 0) return [];
  const dot = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  return [{ id, score: dot / norms }];
}
