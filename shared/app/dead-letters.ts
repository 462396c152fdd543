import { type ClosedLetter, type DeadLetter, NO_EFFECTS } from '../domain/commit.ts';
import { MemoryError } from '../domain/errors.ts';
import { derivedId } from '../domain/ids.ts';
import type { Snapshot } from '../domain/memory.ts';
import type { LifeScope, Scope } from '../domain/scope.ts';
import { type ChangeDeps, changeMemory } from './change-memory.ts';
import type { DeadLetterState, Deps } from './ports.ts';
import { livingScope, userNotFound } from './users.ts';

/** A user's dead letters that nobody has dealt with, oldest first. Throws `not_found` for the user. */
export async function listDeadLetters(
  scope: Scope,
  deps: Pick<Deps, 'store'>,
): Promise<readonly DeadLetter[]> {
  const letters = await deps.store.deadLetters.list(await livingScope(scope, deps));
  return letters.filter(({ state }) => state === 'open').map(({ state: _, ...letter }) => letter);
}

/**
 * Puts a dead letter's blobs back into the buffer, as new blobs whose ids follow from the letter, so that a
 * repeated retry buffers nothing twice. What was extracted before the failure is not extracted again. Resolves to
 * the ids. Throws `not_found`, `conflict` once discarded.
 */
export async function retryDeadLetter(
  scope: Scope,
  batchId: string,
  deps: ChangeDeps,
): Promise<readonly string[]> {
  const { blobIds } = await end(scope, batchId, 'retried', deps);
  return blobIds.map((blobId) => retriedId(batchId, blobId));
}

/** Gives a dead letter's blobs up for good. Throws `not_found`, `conflict` once retried. */
export async function discardDeadLetter(scope: Scope, batchId: string, deps: ChangeDeps): Promise<void> {
  await end(scope, batchId, 'discarded', deps);
}

const retriedId = (batchId: string, blobId: string): string => derivedId(`${batchId}/${blobId}`);

/**
 * A commit decides what becomes of a letter, so that a request whose answer got lost is finished all the same,
 * and of two opposite requests one wins.
 */
async function end(
  scope: Scope,
  batchId: string,
  as: ClosedLetter['as'],
  deps: ChangeDeps,
): Promise<DeadLetter> {
  const life = await livingScope(scope, deps);
  const found = await findLetter(life, batchId, as, deps);
  await changeMemory(
    scope,
    async (latest) => {
      if (latest === null || latest.snapshot.life !== life.life) throw userNotFound(scope);
      const letter = await findLetter(life, batchId, as, deps);
      if (letter.state === as) return null;
      const blobs = letter.blobIds.map((from) => ({
        from,
        to: as === 'retried' ? retriedId(batchId, from) : null,
      }));
      const effects = { ...NO_EFFECTS, closedLetter: { batchId, as, blobs } };
      return {
        kind: 'close_letter',
        batchId: '',
        snapshot: withProgress(latest.snapshot, letter, blobs),
        effects,
      };
    },
    deps,
  );
  return found;
}

/** The new blob begins where the old one stood. */
function withProgress(snapshot: Snapshot, letter: DeadLetter, blobs: ClosedLetter['blobs']): Snapshot {
  const reached = letter.progress;
  if (reached === null) return snapshot;
  const moved = blobs.flatMap(({ to }) => (to === null ? [] : [[to, reached] as const]));
  return { ...snapshot, progress: { ...snapshot.progress, ...Object.fromEntries(moved) } };
}

async function findLetter(
  life: LifeScope,
  batchId: string,
  wish: DeadLetterState,
  { store }: Pick<Deps, 'store'>,
): Promise<DeadLetter & { readonly state: DeadLetterState }> {
  const letter = (await store.deadLetters.list(life)).find((candidate) => candidate.batchId === batchId);
  if (letter === undefined) throw new MemoryError('not_found', `Dead letter ${batchId} not found.`);
  if (letter.state === 'open' || letter.state === wish) return letter;
  throw new MemoryError(
    'conflict',
    `Dead letter ${batchId} was ${letter.state} already; nothing was changed.`,
  );
}
