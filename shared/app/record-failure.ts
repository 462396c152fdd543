import { backoffMs, isPoison, PAUSE_MS, shardOf } from '../domain/buffer.ts';
import { NO_EFFECTS } from '../domain/commit.ts';
import type { MemoryError } from '../domain/errors.ts';
import { digest } from '../domain/ids.ts';
import type { LifeScope } from '../domain/scope.ts';
import { wholeMinute } from '../domain/time.ts';
import { type ChangeDeps, changeMemory } from './change-memory.ts';
import type { BlobFailure, Waiting } from './ports.ts';

export type FailureOutcome = 'deferred' | 'paused' | 'dead_letter';

/**
 * Books a failed batch. What only an operator can repair pauses the project, what the world did is put off; both
 * cost the blobs nothing. What the content did is counted, and a blob that failed alone often enough leaves the
 * buffer as a dead letter, so that the rest goes on.
 */
export async function recordFailure(
  scope: LifeScope,
  batch: readonly Waiting[],
  error: MemoryError,
  deps: ChangeDeps,
): Promise<FailureOutcome> {
  const nowMs = deps.clock();
  const text = `${error.code}: ${error.message}`;
  if (error.healing === 'operator') {
    await deps.store.projects.pause(scope.projectId, { reason: text, untilMs: nowMs + PAUSE_MS });
    await putOff(scope, batch, (blob) => ({ ...blob, dueMs: nowMs + PAUSE_MS, error: text }), deps);
    return 'paused';
  }
  if (error.healing === 'later') {
    const failures = (blob: Waiting) => ({ ...blob, deferrals: blob.deferrals + 1 });
    await putOff(scope, batch, (blob) => retried(failures(blob), nowMs, text), deps);
    return 'deferred';
  }
  const failures = (blob: Waiting) => ({
    ...blob,
    attempts: blob.attempts + 1,
    triedIn: batch.length,
    deferrals: 0,
  });
  const [first] = batch;
  if (first !== undefined && isPoison(failures(first))) {
    await bury(scope, failures(first), text, deps);
    return 'dead_letter';
  }
  await putOff(scope, batch, (blob) => retried(failures(blob), nowMs, text), deps);
  return 'deferred';
}

const retried = (blob: Waiting, nowMs: number, error: string): BlobFailure => ({
  ...blob,
  dueMs: nowMs + backoffMs(blob.attempts, blob.deferrals),
  error,
});

/** The reminder before the blobs: at no time does a blob wait for a moment nobody watches. */
async function putOff(
  scope: LifeScope,
  batch: readonly Waiting[],
  failure: (blob: Waiting) => BlobFailure,
  { store, settings }: ChangeDeps,
): Promise<void> {
  const { projectId, userId } = scope;
  const shard = shardOf(projectId, userId, settings.shards);
  const failures = batch.map((blob) => ({ blob, failure: failure(blob) }));
  for (const dueMs of new Set(failures.map((entry) => wholeMinute(entry.failure.dueMs)))) {
    const kind = batch[0]?.type ?? 'chat';
    await store.reminders.put({ shard, dueMs, projectId, userId, kind, token: '' });
  }
  for (const entry of failures) {
    const { attempts, triedIn, deferrals, error } = entry.failure;
    const dueMs = wholeMinute(entry.failure.dueMs);
    await store.blobs.recordFailure(scope, entry.blob.id, { attempts, triedIn, deferrals, error, dueMs });
  }
}

async function bury(scope: LifeScope, blob: Waiting, error: string, deps: ChangeDeps): Promise<void> {
  const batchId = digest('dead', blob.id).slice(0, 32);
  const createdMs = deps.clock();
  await changeMemory(
    scope,
    async (latest) => {
      if (latest === null || latest.snapshot.life !== scope.life) return null;
      // Another worker may have extracted it meanwhile.
      const receipt = await deps.store.blobs.receipt(scope, blob.id);
      if (receipt?.status !== 'waiting') return null;
      const { [blob.id]: reached = null, ...progress } = latest.snapshot.progress;
      const failure = { error, attempts: blob.attempts, progress: reached, createdMs };
      const deadLetter = { batchId, blobIds: [blob.id], ...failure };
      const effects = { ...NO_EFFECTS, deadLetter, finished: [{ blobId: blob.id, as: 'failed' as const }] };
      return { kind: 'dead_letter', batchId, snapshot: { ...latest.snapshot, progress }, effects };
    },
    deps,
  );
}
