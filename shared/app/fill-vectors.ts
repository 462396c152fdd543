import { MemoryError } from '../domain/errors.ts';
import type { LifeScope } from '../domain/scope.ts';
import type { Deps } from './ports.ts';

const PAGE = 100;

/**
 * Embeds the gists that have no vector yet and puts the vectors into store and index. Without an embedding
 * service there is nothing to do. Throws `embedding_unavailable`; what was embedded before stays.
 */
export async function fillVectors(
  scope: LifeScope,
  { store, search, embedder }: Pick<Deps, 'store' | 'search' | 'embedder'>,
): Promise<void> {
  if (embedder === null) return;
  for (;;) {
    const gists = await store.timeline.withoutVector(scope, PAGE);
    if (gists.length === 0) return;
    const vectors = await embedder.embed(
      gists.map((gist) => gist.text),
      'document',
    );
    if (vectors.length !== gists.length) {
      const counts = `${vectors.length} vectors for ${gists.length} texts`;
      throw new MemoryError('embedding_unavailable', `The embedding service answered with ${counts}.`);
    }
    const docs = gists.map(({ id, text, createdMs }, index) => ({
      id,
      text,
      createdMs,
      vector: vectors[index] ?? null,
    }));
    // The index first: a gist whose vector the store has is taken for finished.
    await search.put(scope, docs);
    await store.timeline.setVectors(
      scope,
      docs.flatMap(({ id, vector }) => (vector === null ? [] : [{ id, vector }])),
    );
  }
}
