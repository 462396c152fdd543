import { blobLines, blobText, contentHash } from '../domain/blob.ts';
import { flushDue, remindersDue, shardOf } from '../domain/buffer.ts';
import type { ClosedLetter } from '../domain/commit.ts';
import type { LifeScope } from '../domain/scope.ts';
import { estimateTokens } from '../domain/tokens.ts';
import type { Deps } from './ports.ts';

type CloseDeps = Pick<Deps, 'store' | 'clock' | 'settings'>;

/**
 * Makes the end of a dead letter true: blobs to be tried again go back into the buffer under new ids, reminder
 * first; then the letter is closed, and the old texts go. Applied again, it finds the texts gone and puts nothing.
 */
export async function closeLetter(scope: LifeScope, letter: ClosedLetter, deps: CloseDeps): Promise<void> {
  const { store, clock } = deps;
  for (const { from, to } of letter.blobs) {
    if (to !== null) await putBack(scope, from, to, deps);
  }
  await store.deadLetters.close(scope, letter.batchId, letter.as);
  for (const { from } of letter.blobs) await store.blobs.finish(scope, from, 'done', clock());
}

async function putBack(
  scope: LifeScope,
  from: string,
  to: string,
  { store, clock, settings }: CloseDeps,
): Promise<void> {
  const failed = await store.blobs.loadFailed(scope, from);
  if (failed === null) return;
  const { projectId, userId } = scope;
  const nowMs = clock();
  const shard = shardOf(projectId, userId, settings.shards);
  for (const dueMs of remindersDue(nowMs, settings.flushIntervalS)) {
    await store.reminders.put({ shard, dueMs, projectId, userId, kind: failed.type, token: '' });
  }
  const tokens = estimateTokens(blobText(blobLines(failed, settings.timeZone)));
  const hash = contentHash(failed, failed.fields);
  await store.blobs.put(scope, { ...failed, id: to }, hash, tokens, flushDue(nowMs, settings.flushIntervalS));
}
