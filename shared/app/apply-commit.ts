import { type Commit, RETAINED_VERSIONS } from '../domain/commit.ts';
import type { LifeScope, Scope } from '../domain/scope.ts';
import { closeLetter } from './close-letter.ts';
import type { Deps } from './ports.ts';

type ApplyDeps = Pick<Deps, 'store' | 'search' | 'clock' | 'settings'>;

/**
 * Makes a commit's effects true and marks it applied. May run any number of times and beside itself: every step
 * either puts what is absent or ends what stays ended.
 */
export async function applyCommit(scope: Scope, commit: Commit, deps: ApplyDeps): Promise<void> {
  const { store, search } = deps;
  const { effects, snapshot } = commit;
  if (snapshot.life > 0) await applyToLife({ ...scope, life: snapshot.life }, commit, deps);
  for (const life of effects.purge) {
    await store.purgeLife({ ...scope, life });
    await search.removeLife({ ...scope, life });
  }
  // A purge leaves nothing of the content behind, earlier versions included.
  const obsolete = effects.purge.length > 0 ? commit.version - 1 : commit.version - RETAINED_VERSIONS;
  if (obsolete > 0) await store.commits.removeThrough(scope, obsolete);
  await store.commits.markApplied(scope, commit.version);
}

async function applyToLife(scope: LifeScope, { effects }: Commit, deps: ApplyDeps): Promise<void> {
  const { store, search, clock } = deps;
  for (const event of effects.events) await store.timeline.putEvent(scope, event);
  await store.timeline.putGists(scope, effects.gists);
  if (effects.gists.length > 0) {
    const docs = effects.gists.map(({ id, text, createdMs }) => ({ id, text, createdMs, vector: null }));
    await search.put(scope, docs);
  }
  if (effects.receipt !== null) await store.usage.put(scope.projectId, effects.receipt);
  const nowMs = clock();
  for (const { blobId, as } of effects.finished) await store.blobs.finish(scope, blobId, as, nowMs);
  // Last: who sees the letter may retry or discard it, and so must find its blobs out of the buffer.
  if (effects.deadLetter !== null) await store.deadLetters.put(scope, effects.deadLetter);
  if (effects.closedLetter !== null) await closeLetter(scope, effects.closedLetter, deps);
}
