import type { LifeScope } from '../../domain/scope.ts';

/** A gist as the search index knows it. */
export interface SearchDoc {
  readonly id: string;
  readonly text: string;
  readonly createdMs: number;
  /** Null while no embedding could be had: found by its words only. */
  readonly vector: readonly number[] | null;
}
/** Best first; the scale of `score` is the arm's own (vector: cosine, -1 to 1). */
export interface SearchHit {
  readonly id: string;
  readonly score: number;
}
export interface SearchScope {
  readonly scope: LifeScope;
  readonly sinceMs: number;
  readonly limit: number;
}

/** The index over gists. A hint: hits are verified against the timeline by key. */
export interface Search {
  /** Idempotent; a later put of the same id replaces text and, when given, the vector. */
  put(scope: LifeScope, docs: readonly SearchDoc[]): Promise<void>;
  remove(scope: LifeScope, ids: readonly string[]): Promise<void>;
  removeLife(scope: LifeScope): Promise<void>;
  textSearch(query: string, within: SearchScope): Promise<readonly SearchHit[]>;
  vectorSearch(vector: readonly number[], within: SearchScope): Promise<readonly SearchHit[]>;
  close(): Promise<void>;
}
