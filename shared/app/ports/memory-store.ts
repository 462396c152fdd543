import type { Blob, StorableBlobType } from '../../domain/blob.ts';
import type { Commit } from '../../domain/commit.ts';
import type { Gist, MemoryEvent, Slot } from '../../domain/memory.ts';
import type { LifeScope, Scope } from '../../domain/scope.ts';

/**
 * The versions of each user's memory. Every method is one atomic step on one row or one read; a put is the only
 * thing two workers can race for, and the row that stands first stays.
 */
export interface CommitLog {
  /** The highest version, or null for a user never seen (or forgotten for good). */
  latest(scope: Scope): Promise<Commit | null>;
  /** Version, life and whether its effects are applied, without reading the snapshot; null as in `latest`. */
  head(scope: Scope): Promise<CommitHead | null>;
  /** Puts the version if no row has it; says nothing about who won: read {@link CommitLog.since} for that. */
  put(scope: Scope, commit: Commit): Promise<void>;
  /** Authors of at most two rows from `version` upwards, lowest first. */
  since(scope: Scope, version: number): Promise<readonly CommitAuthor[]>;
  markApplied(scope: Scope, version: number): Promise<void>;
  /** Removes every version up to and including `version`. */
  removeThrough(scope: Scope, version: number): Promise<void>;
  /** The profile of one version, or null where the version is not kept. */
  slotsAt(scope: Scope, version: number): Promise<readonly Slot[] | null>;
}
export type CommitHead = Pick<Commit, 'version' | 'applied'> & { readonly life: number };
export type CommitAuthor = Pick<Commit, 'version' | 'author' | 'parent'>;

/** A blob's place in the buffer, without its text. */
export interface Waiting {
  readonly id: string;
  readonly type: StorableBlobType;
  /** Estimate of its o200k_base tokens, made at acceptance; never below the truth by design, often above. */
  readonly tokens: number;
  readonly createdMs: number;
  /** When a reminder for it falls due; moved forward after a failure. */
  readonly dueMs: number;
  /** Failures laid at its own door, and in how large a batch the last one was. */
  readonly attempts: number;
  readonly triedIn: number;
  /** Failures that were the world's fault. */
  readonly deferrals: number;
}

export interface BlobReceipt {
  readonly hash: string;
  readonly status: 'waiting' | 'done' | 'failed';
}

/**
 * Accepted conversation pieces. A finished blob's text is gone, its id and hash stay for the retention time, so
 * that a late retry of the same insert is recognised.
 */
export interface BlobStore {
  /** Puts the blob if its id is new in this life; otherwise changes nothing. Read {@link BlobStore.receipt}. */
  put(scope: LifeScope, blob: Blob, hash: string, tokens: number, dueMs: number): Promise<void>;
  receipt(scope: LifeScope, blobId: string): Promise<BlobReceipt | null>;
  /** Waiting blobs of one type, oldest acceptance first. */
  waiting(scope: LifeScope, type: StorableBlobType): Promise<readonly Waiting[]>;
  /** Blobs of one type that ended as dead letters, and whose text is still there. */
  failedIds(scope: LifeScope, type: StorableBlobType): Promise<readonly string[]>;
  /** Content of those that still wait, in the order asked for; others are left out. */
  load(scope: LifeScope, blobIds: readonly string[]): Promise<readonly Blob[]>;
  /** Content of a blob that ended as a dead letter, or null. */
  loadFailed(scope: LifeScope, blobId: string): Promise<Blob | null>;
  recordFailure(scope: LifeScope, blobId: string, failure: BlobFailure): Promise<void>;
  /** Final: `done` drops the text, `failed` keeps it for the dead letter. */
  finish(scope: LifeScope, blobId: string, as: 'done' | 'failed', nowMs: number): Promise<void>;
  /** Forgets the receipts of blobs done before `beforeMs`. */
  forgetDone(scope: LifeScope, beforeMs: number): Promise<void>;
}

export type BlobFailure = Pick<Waiting, 'attempts' | 'triedIn' | 'deferrals' | 'dueMs'> & {
  readonly error: string;
};

/** Events and gists. A put never replaces a row, so a late writer of an old commit changes nothing. */
export interface Timeline {
  putEvent(scope: LifeScope, event: MemoryEvent): Promise<void>;
  putGists(scope: LifeScope, gists: readonly Gist[]): Promise<void>;
  setVectors(scope: LifeScope, vectors: readonly GistVector[]): Promise<void>;
  /** Gists that have no vector yet, oldest first, at most `limit`. */
  withoutVector(scope: LifeScope, limit: number): Promise<readonly Gist[]>;
  /** Vectors of those of the ids that have one, in no particular order. */
  vectorsById(scope: LifeScope, ids: readonly string[]): Promise<readonly GistVector[]>;
  /** Those of the ids that exist, in no particular order. */
  gistsById(scope: LifeScope, ids: readonly string[]): Promise<readonly Gist[]>;
  /** Newest first by creation. `sinceMs` is inclusive. */
  newestGists(scope: LifeScope, sinceMs: number, limit: number): Promise<readonly Gist[]>;
  newestEvents(scope: LifeScope, sinceMs: number, limit: number): Promise<readonly MemoryEvent[]>;
  /** Every event of a life, newest first, page by page. */
  eventPages(scope: LifeScope): AsyncIterable<readonly MemoryEvent[]>;
  /** Those of the ids that exist, in no particular order. */
  eventsById(scope: LifeScope, ids: readonly string[]): Promise<readonly MemoryEvent[]>;
}
export interface GistVector {
  readonly id: string;
  readonly vector: readonly number[];
}

/**
 * Vectors of profile slots by the hash of what was embedded. Rows are never changed, and every one may be made
 * again: a missing vector costs an embedding call and nothing else.
 */
export interface SlotVectors {
  /** Names the embedding model in use; part of every hash, since only vectors of one model can be compared. */
  readonly space: string;
  /** All that are stored. */
  hashes(scope: LifeScope): Promise<readonly string[]>;
  load(scope: LifeScope, hashes: readonly string[]): Promise<readonly SlotVector[]>;
  put(scope: LifeScope, vectors: readonly SlotVector[]): Promise<void>;
  remove(scope: LifeScope, hashes: readonly string[]): Promise<void>;
}
export interface SlotVector {
  readonly hash: string;
  readonly vector: ArrayLike<number>;
}
