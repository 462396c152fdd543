import type { z } from 'zod';
import type { Blob, StorableBlobType } from '../domain/blob.ts';
import type { Commit, DeadLetter, Receipt, StepCost } from '../domain/commit.ts';
import type { LlmStep } from '../domain/extraction.ts';
import type { Gist, MemoryEvent, Slot } from '../domain/memory.ts';
import type { LifeScope, Scope } from '../domain/scope.ts';

/** Milliseconds since the epoch. */
export type Clock = () => number;
/** Waiting in real time, which simulated time replaces. */
export interface Timers {
  /** Runs until the returned function is called. */
  every(ms: number, run: () => void): () => void;
  sleep(ms: number): Promise<void>;
}
/** A token nobody else has. */
export type RandomId = () => string;

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

/** What a reminder asks for: a look at one buffer, or at unfinished work of the memory itself. */
export type ReminderKind = StorableBlobType | 'memory';
export interface Reminder {
  readonly shard: number;
  readonly dueMs: number;
  readonly projectId: string;
  readonly userId: string;
  readonly kind: ReminderKind;
  /** '' for a reminder that many may share; else its owner, who alone takes it back before it fires. */
  readonly token: string;
}

/** Invariant kept by its users: whatever is unfinished has at least one reminder. */
export interface Reminders {
  put(reminder: Reminder): Promise<void>;
  remove(reminder: Reminder): Promise<void>;
  /** Due from `fromMs` to `nowMs`, both included, earliest first; at most `limit`. */
  due(shard: number, fromMs: number, nowMs: number, limit: number): Promise<readonly Reminder[]>;
}

/** Who is working on a buffer. Saves model calls; nothing is wrong when two workers hold one. */
export interface Leases {
  latest(scope: LifeScope, type: StorableBlobType): Promise<Lease | null>;
  /** Puts the epoch if absent and resolves to whoever holds it now. */
  claim(scope: LifeScope, type: StorableBlobType, lease: Lease): Promise<Lease>;
  /** Moves the end of an epoch one holds; to 0 when done. */
  extend(scope: LifeScope, type: StorableBlobType, lease: Lease): Promise<void>;
}
export interface Lease {
  readonly epoch: number;
  readonly owner: string;
  readonly untilMs: number;
}

export interface Usage {
  put(projectId: string, receipt: Receipt): Promise<void>;
}

export type DeadLetterState = 'open' | 'retried' | 'discarded';
export interface DeadLetters {
  /** If absent; a closed one stays closed. */
  put(scope: LifeScope, letter: DeadLetter): Promise<void>;
  list(scope: LifeScope): Promise<readonly (DeadLetter & { state: DeadLetterState })[]>;
  close(scope: LifeScope, batchId: string, state: 'retried' | 'discarded'): Promise<void>;
}

/** A project's extraction pauses while only an operator can repair what fails. */
export interface Projects {
  pause(projectId: string, pause: Pause | null): Promise<void>;
  paused(projectId: string): Promise<Pause | null>;
}
export interface Pause {
  readonly reason: string;
  readonly untilMs: number;
}

/** Everything that is stored. One life's rows share one key prefix in every table. */
export interface Store {
  readonly commits: CommitLog;
  readonly blobs: BlobStore;
  readonly timeline: Timeline;
  readonly slotVectors: SlotVectors;
  readonly reminders: Reminders;
  readonly leases: Leases;
  readonly usage: Usage;
  readonly deadLetters: DeadLetters;
  readonly projects: Projects;
  /** Removes every row of one life, in every table but the commit log and the reminders. */
  purgeLife(scope: LifeScope): Promise<void>;
  close(): Promise<void>;
}

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

export interface LlmRequest<T> {
  /** Name the schema travels under, and the step the cost is booked on. */
  readonly step: LlmStep;
  readonly system: string;
  readonly user: string;
  readonly schema: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
}
export interface LlmAnswer<T> {
  readonly value: T;
  readonly cost: StepCost;
}
/** Throws `llm_unavailable`, `llm_rejected`, `llm_refused_content` or `llm_output_invalid`. */
export interface Llm {
  complete<T>(request: LlmRequest<T>): Promise<LlmAnswer<T>>;
}

/** Throws `embedding_unavailable`. Vectors have unit length and the configured dimension. */
export interface Embedder {
  embed(texts: readonly string[], purpose: 'document' | 'query', signal?: AbortSignal): Promise<number[][]>;
}

/** How well one of the documents answers the query; scores of different calls need not compare. */
export interface Relevance {
  /** Place of the document in the request. */
  readonly index: number;
  readonly score: number;
}
/** Throws `rerank_unavailable`. */
export interface Reranker {
  /** Best first, at most `limit`; documents the service said nothing about are missing. */
  rerank(
    query: string,
    documents: readonly string[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly Relevance[]>;
}

/** Exact o200k_base counting; loads its tables on first use. */
export interface Tokenizer {
  count(text: string): number;
}

/** References, never data: an async payload holds at most 128 KB. */
export type Invocation =
  | { readonly function: 'extract'; readonly payload: ExtractPayload; readonly taskId: string }
  | {
      readonly function: 'buffer-check';
      readonly payload: { readonly shards: readonly number[] };
      readonly taskId: string;
    };
export interface ExtractPayload {
  readonly projectId: string;
  readonly userId: string;
  readonly type: StorableBlobType;
  /** True: until the buffer is empty; false: until it is below its threshold. */
  readonly flush: boolean;
}
/** Starts another function without waiting for it. Throws `invoke_failed`; a lost call is repaired by reminders. */
export interface Invoker {
  invoke(invocation: Invocation): Promise<void>;
}

/** What the use cases take from the configuration. */
export interface Settings {
  readonly language: 'en' | 'zh';
  /** IANA name; days are cut in it. */
  readonly timeZone: string;
  /** Seconds a message may wait before its buffer is flushed. */
  readonly flushIntervalS: number;
  /** Unprocessed tokens beyond which ingest asks for extraction. */
  readonly bufferTokens: number;
  /** Most conversation tokens one extraction call sees. */
  readonly batchTokens: number;
  readonly shards: number;
  /** How long one model call may take, repairs and retries included. */
  readonly llmTimeoutMs: number;
}

/** Everything a use case may need; each takes the part it uses. */
export interface Deps {
  readonly store: Store;
  readonly search: Search;
  readonly llm: Llm;
  /** Null where no embedding service is configured: lexical search only. */
  readonly embedder: Embedder | null;
  /** The same for profile slots, which can be left out of embedding. */
  readonly slotEmbedder: Embedder | null;
  /** Null where no rerank service is configured. */
  readonly reranker: Reranker | null;
  readonly tokenizer: () => Promise<Tokenizer>;
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly randomId: RandomId;
  readonly settings: Settings;
  readonly log: Log;
}

/** One JSON object per line; never a message's text, a token or a secret. */
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields?: Record<string, unknown>) => void;
