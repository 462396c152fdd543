import { createHash } from 'node:crypto';
import { HOUR_MS, MINUTE_MS, wholeMinute } from './time.ts';

/** Receipts of finished blobs are kept this long; a retry of the same insert is recognised meanwhile. */
export const RECEIPT_MS = 7 * 24 * HOUR_MS;

/**
 * No invocation lives longer than this (the platform ends it sooner). A reminder that guards work in flight is
 * never due before, so that nobody takes it away from under a slow worker.
 */
export const WORKER_LIFETIME_MS = 15 * MINUTE_MS;

/** A fired reminder is set anew this far ahead, in case the extraction it asked for never runs. */
export const REARM_MS = 5 * MINUTE_MS;

/** A project whose extraction only an operator can repair is tried again after this long. */
export const PAUSE_MS = 10 * MINUTE_MS;

/** Failures of one batch before it is halved. */
export const TRIES_BEFORE_HALVING = 3;

const MAX_BACKOFF_MS = HOUR_MS;

/**
 * When a message accepted now has to be flushed at the latest: rounded up to the minute, so that reminders
 * coincide, or to the second where the interval itself is shorter than a minute.
 */
export function flushDue(acceptedMs: number, flushIntervalS: number): number {
  const dueMs = acceptedMs + flushIntervalS * 1_000;
  return flushIntervalS < 60 ? Math.ceil(dueMs / 1_000) * 1_000 : wholeMinute(dueMs);
}

/** When the reminders of a message accepted now fall due; the last one guards its way into the buffer. */
export function remindersDue(acceptedMs: number, flushIntervalS: number): number[] {
  const due = flushDue(acceptedMs, flushIntervalS);
  const guard = wholeMinute(acceptedMs + WORKER_LIFETIME_MS);
  return due >= guard ? [due] : [due, guard];
}

/** The queue shard of a user: stable, evenly spread. */
export function shardOf(projectId: string, userId: string, shards: number): number {
  return createHash('sha256').update(`${projectId}/${userId}`).digest().readUInt32BE(0) % shards;
}

/**
 * Milliseconds until a failed batch is tried again: 1, 2, 4, ... minutes, at most an hour. Once a batch is being
 * halved (its content is at fault) the steps are short, so that one poisonous blob does not hold up the others.
 *
 * @param attempts failures blamed on the content, this one included
 * @param deferrals failures blamed on the world, this one included
 */
export function backoffMs(attempts: number, deferrals: number): number {
  if (deferrals === 0 && attempts > TRIES_BEFORE_HALVING) return MINUTE_MS;
  return Math.min(MAX_BACKOFF_MS, MINUTE_MS * 2 ** Math.max(0, Math.min(attempts + deferrals, 10) - 1));
}

/** Most blobs the next batch may hold, given the failures of its oldest blob. */
export function batchCap(oldest: { readonly attempts: number; readonly triedIn: number }): number {
  if (oldest.attempts < TRIES_BEFORE_HALVING) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.ceil(oldest.triedIn / 2));
}

/** Whether a batch that failed on its content has nothing left to halve. */
export function isPoison(blob: { readonly attempts: number; readonly triedIn: number }): boolean {
  return blob.attempts >= TRIES_BEFORE_HALVING && blob.triedIn === 1;
}
