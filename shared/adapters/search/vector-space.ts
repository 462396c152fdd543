import { MemoryError } from '../../domain/errors.ts';
import { digest } from '../../domain/ids.ts';

/** Vectors of one embedding model, the only ones that can be compared with each other. */
export interface VectorSpace {
  readonly model: string;
  readonly dimension: number;
}

/** Throws `config_invalid` unless the vector has the configured length. */
export function requireDimension(vector: readonly number[], dimension: number | null): void {
  if (vector.length === dimension) return;
  throw new MemoryError(
    'config_invalid',
    `A vector has ${vector.length} dimensions, the search index was opened for ${dimension ?? 'none'}. ` +
      'Set embedding_dim to the length of the vectors the embedding model returns.',
  );
}

const PREFIX = 'vector_';
const HASH_CHARS = 8;

/** The field of an index that holds the model's vectors: a field's dimension can never be changed. */
export function vectorField({ model, dimension }: VectorSpace): string {
  return `${PREFIX}${dimension}_${digest(model).slice(0, HASH_CHARS)}`;
}

export const isVectorField = (name: string): boolean => name.startsWith(PREFIX);
