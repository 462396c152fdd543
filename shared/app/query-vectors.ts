import type { Embedder } from './ports.ts';

/** Queries whose vectors one instance remembers; 500 vectors of 1,536 numbers are 6 MB. */
const REMEMBERED = 500;

const caches = new WeakMap<Embedder, Map<string, Promise<readonly number[]>>>();

/**
 * The query's vector, from memory when this instance has asked for it before. Calls that run at the same time share
 * one request; a failed one is forgotten. Throws `embedding_unavailable`.
 */
export function queryVector(embedder: Embedder, query: string): Promise<readonly number[]> {
  const cache = caches.get(embedder) ?? new Map<string, Promise<readonly number[]>>();
  caches.set(embedder, cache);
  const vector = cache.get(query) ?? embedder.embed([query], 'query').then(([first]) => first ?? []);
  cache.delete(query);
  cache.set(query, vector);
  vector.catch(() => {
    if (cache.get(query) === vector) cache.delete(query);
  });
  for (const oldest of cache.keys()) {
    if (cache.size <= REMEMBERED) break;
    cache.delete(oldest);
  }
  return vector;
}
