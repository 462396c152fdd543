import type { StorableBlobType } from '../../domain/blob.ts';
import type { DeadLetter, Receipt } from '../../domain/commit.ts';
import type { LifeScope } from '../../domain/scope.ts';

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
