import { blobLines, blobText, contentHash } from '../domain/blob.ts';
import { flushDue, remindersDue, shardOf } from '../domain/buffer.ts';
import { type DeadLetter, NO_EFFECTS } from '../domain/commit.ts';
import { MemoryError } from '../domain/errors.ts';
import { derivedId } from '../domain/ids.ts';
import type { LifeScope, Scope } from '../domain/scope.ts';
import { estimateTokens } from '../domain/tokens.ts';
import { type ChangeDeps, changeMemory } from './change-memory.ts';
import type { DeadLetterState, Deps } from './ports.ts';
import { livingScope } from './users.ts';

type LetterDeps = Pick<Deps, 'store' | 'clock' | 'settings'>;

/** A user's dead letters that nobody has dealt with, oldest first. Throws `not_found` for the user. */
export async function listDeadLetters(scope: Scope, deps: LetterDeps): Promise<readonly DeadLetter[]> {
  const letters = await deps.store.deadLetters.list(await livingScope(scope, deps));
  return letters.filter(({ state }) => state === 'open').map(({ state: _, ...letter }) => letter);
}

/**
 * Puts a dead letter's blobs back into the buffer, as new blobs whose ids follow from the letter, so that a
 * repeated retry buffers nothing twice. Resolves to their ids. Throws `not_found`, `conflict` once discarded.
 */
export async function retryDeadLetter(
  scope: Scope,
  batchId: string,
  deps: ChangeDeps,
): Promise<readonly string[]> {
  const { store, settings } = deps;
  const life = await livingScope(scope, deps);
  const letter = await findLetter(life, batchId, 'retried', deps);
  const shard = shardOf(scope.projectId, scope.userId, settings.shards);
  const ids: string[] = [];
  for (const blobId of letter.blobIds) {
    const id = derivedId(`${batchId}/${blobId}`);
    ids.push(id);
    const failed = await store.blobs.loadFailed(life, blobId);
    if (failed === null) continue;
    await keepProgress(life, letter, id, deps);
    const nowMs = deps.clock();
    for (const dueMs of remindersDue(nowMs, settings.flushIntervalS)) {
      await store.reminders.put({ shard, dueMs, ...scope, kind: failed.type, token: '' });
    }
    const tokens = estimateTokens(blobText(blobLines(failed, settings.timeZone)));
    const hash = contentHash(failed, failed.fields);
    await store.blobs.put(life, { ...failed, id }, hash, tokens, flushDue(nowMs, settings.flushIntervalS));
  }
  await close(life, letter, 'retried', deps);
  return ids;
}

/** What was extracted before the failure is not extracted again: the new blob begins where the old one stood. */
async function keepProgress(
  life: LifeScope,
  letter: DeadLetter,
  id: string,
  deps: ChangeDeps,
): Promise<void> {
  const reached = letter.progress;
  if (reached === null) return;
  await changeMemory(
    life,
    async (latest) => {
      if (latest === null || latest.snapshot.life !== life.life) return null;
      // Once the new blob is there, its progress is its own.
      if ((await deps.store.blobs.receipt(life, id)) !== null) return null;
      const snapshot = { ...latest.snapshot, progress: { ...latest.snapshot.progress, [id]: reached } };
      return { kind: 'retry_dead_letter', batchId: letter.batchId, snapshot, effects: NO_EFFECTS };
    },
    deps,
  );
}

/** Gives a dead letter's blobs up for good. Throws `not_found`, `conflict` once retried. */
export async function discardDeadLetter(scope: Scope, batchId: string, deps: LetterDeps): Promise<void> {
  const life = await livingScope(scope, deps);
  await close(life, await findLetter(life, batchId, 'discarded', deps), 'discarded', deps);
}

async function findLetter(
  life: LifeScope,
  batchId: string,
  wish: DeadLetterState,
  { store }: LetterDeps,
): Promise<DeadLetter> {
  const letter = (await store.deadLetters.list(life)).find((candidate) => candidate.batchId === batchId);
  if (letter === undefined) throw new MemoryError('not_found', `Dead letter ${batchId} not found.`);
  // The same wish again goes on where an interrupted call stopped.
  if (letter.state === 'open' || letter.state === wish) return letter;
  throw new MemoryError(
    'conflict',
    `Dead letter ${batchId} was ${letter.state} already; nothing was changed.`,
  );
}

/** The letter first: once it is closed, only the same wish can come back to drop the texts. */
async function close(
  life: LifeScope,
  letter: DeadLetter,
  state: 'retried' | 'discarded',
  deps: LetterDeps,
): Promise<void> {
  await deps.store.deadLetters.close(life, letter.batchId, state);
  for (const blobId of letter.blobIds) await deps.store.blobs.finish(life, blobId, 'done', deps.clock());
}
