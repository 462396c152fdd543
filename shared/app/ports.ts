import type { StorableBlobType } from '../domain/blob.ts';
import type { LifeScope } from '../domain/scope.ts';
import type { BlobStore, CommitLog, SlotVectors, Timeline } from './ports/memory-store.ts';
import type { Embedder, Llm, Reranker, Tokenizer } from './ports/models.ts';
import type { DeadLetters, Leases, Projects, Reminders, Usage } from './ports/queue-store.ts';
import type { Search } from './ports/search.ts';

export type * from './ports/memory-store.ts';
export type * from './ports/models.ts';
export type * from './ports/queue-store.ts';
export type * from './ports/search.ts';

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
