import type { Cursor, Gist, MemoryEvent, Snapshot } from './memory.ts';

export const COMMIT_KINDS = [
  'create_user',
  'update_user',
  'delete_user',
  'extraction',
  'dead_letter',
  'close_letter',
  'edit_profile',
] as const;
export type CommitKind = (typeof COMMIT_KINDS)[number];

/** Tokens and calls one step of a batch cost. */
export interface StepCost {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What one batch cost and covered; written once under its batch id, so a redo counts once. */
export interface Receipt {
  readonly batchId: string;
  readonly hour: number;
  readonly blobs: number;
  /** o200k_base tokens of the conversation text that went in. */
  readonly rawTokens: number;
  readonly steps: Readonly<Record<string, StepCost>>;
}

/** A batch nobody could extract, kept for a person. */
export interface DeadLetter {
  readonly batchId: string;
  readonly blobIds: readonly string[];
  readonly error: string;
  readonly attempts: number;
  /** How far the blob had been extracted before it failed; a retry goes on from there. */
  readonly progress: Cursor | null;
  readonly createdMs: number;
}

/** What becomes of a dead letter that somebody dealt with. */
export interface ClosedLetter {
  readonly batchId: string;
  readonly as: 'retried' | 'discarded';
  /** Its blobs, and the ids under which they go back into the buffer; null gives a blob up. */
  readonly blobs: readonly { readonly from: string; readonly to: string | null }[];
}

/**
 * What has to become true in the other tables once the commit stands. Every entry may be applied any number of
 * times, in any interleaving with other commits' effects: rows are put only if absent, ends are final, and the
 * rows of a life are never shared with another life.
 */
export interface Effects {
  readonly events: readonly MemoryEvent[];
  readonly gists: readonly Gist[];
  /** Blobs that leave the buffer for good. */
  readonly finished: readonly { readonly blobId: string; readonly as: 'done' | 'failed' }[];
  readonly receipt: Receipt | null;
  readonly deadLetter: DeadLetter | null;
  readonly closedLetter: ClosedLetter | null;
  /** Lives whose every row goes. */
  readonly purge: readonly number[];
}

export const NO_EFFECTS: Effects = {
  events: [],
  gists: [],
  finished: [],
  receipt: null,
  deadLetter: null,
  closedLetter: null,
  purge: [],
};

export function hasEffects(effects: Effects): boolean {
  return (
    effects.events.length > 0 ||
    effects.gists.length > 0 ||
    effects.finished.length > 0 ||
    effects.receipt !== null ||
    effects.deadLetter !== null ||
    effects.closedLetter !== null ||
    effects.purge.length > 0
  );
}

/** One version of a user's memory. */
export interface Commit {
  readonly version: number;
  /** Random token of whoever wrote the row; reading it back tells who won. */
  readonly author: string;
  /** Author of the version below, or '' for the first: tells a real successor from a stale row. */
  readonly parent: string;
  readonly kind: CommitKind;
  readonly batchId: string;
  readonly snapshot: Snapshot;
  readonly effects: Effects;
  readonly applied: boolean;
  readonly createdMs: number;
}

/** Versions kept per user; older ones are removed once their successors are applied. */
export const RETAINED_VERSIONS = 20;

/** A snapshot beyond this is refused, never cut: it has to fit one row of every store. */
export const MAX_SNAPSHOT_BYTES = 1_000_000;

/** How long a deleted life is swept again, and its empty tombstone kept. */
export const TOMBSTONE_MS = 7 * 24 * 60 * 60_000;
