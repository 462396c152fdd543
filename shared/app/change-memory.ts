import {
  type Commit,
  type CommitKind,
  type Effects,
  hasEffects,
  MAX_SNAPSHOT_BYTES,
} from '../domain/commit.ts';
import { MemoryError } from '../domain/errors.ts';
import type { Snapshot } from '../domain/memory.ts';
import type { Scope } from '../domain/scope.ts';
import { applyCommit } from './apply-commit.ts';
import type { Deps } from './ports.ts';
import { type FinishDeps, finishMemory, remindOfMemory } from './settle-memory.ts';

export interface PlannedChange {
  readonly kind: CommitKind;
  readonly batchId: string;
  readonly snapshot: Snapshot;
  readonly effects: Effects;
}

export type ChangeDeps = FinishDeps & Pick<Deps, 'randomId'>;

/** Stands for the life that a commit begins: it gets the commit's own version. */
export const NEW_LIFE = -1;

/** Lost races before giving up; each loss means that somebody else made progress. */
const MAX_TRIES = 20;

/**
 * The only way memory changes: read the latest version, finish what it left undone, plan the next one, put it if
 * nobody else has, and apply what it implies. The put is the moment of truth: before it nothing has happened,
 * after it everything will, whoever dies.
 *
 * @param plan is called again after a lost race, on the version that won; null means there is nothing to change
 * @returns the commit, or null when `plan` said so
 */
export async function changeMemory(
  scope: Scope,
  plan: (latest: Commit | null) => Promise<PlannedChange | null>,
  deps: ChangeDeps,
): Promise<Commit | null> {
  const { store, clock } = deps;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const latest = await store.commits.latest(scope);
    if (latest !== null && !latest.applied) await applyCommit(scope, latest, deps);
    const change = await plan(latest);
    if (change === null) return null;
    const version = (latest?.version ?? 0) + 1;
    const { snapshot } = change;
    const commit: Commit = {
      ...change,
      snapshot: snapshot.life === NEW_LIFE ? { ...snapshot, life: version } : snapshot,
      version,
      author: deps.randomId(),
      parent: latest?.author ?? '',
      applied: !hasEffects(change.effects),
      createdMs: clock(),
    };
    assertFits(commit.snapshot);
    const reminder = hasEffects(commit.effects) ? await remindOfMemory(scope, commit.author, deps) : null;
    await store.commits.put(scope, commit);
    if (!(await isOurs(scope, commit, deps))) {
      deps.log('info', 'race_lost', { projectId: scope.projectId, version, kind: commit.kind });
      continue;
    }
    await applyCommit(scope, commit, deps);
    if (reminder !== null) await finishMemory(scope, commit, reminder, deps);
    return commit;
  }
  throw new MemoryError('contended', `Memory of the user kept changing: ${MAX_TRIES} tries lost. Try again.`);
}

/**
 * Whether our row is the version and not a stale one: versions far below the latest are removed, so a worker
 * that slept long enough finds its place empty again. A true version is the highest, or the next one names it
 * as its parent. A stale row is taken away again: everything up to it has been removed before.
 */
async function isOurs(scope: Scope, commit: Commit, { store }: ChangeDeps): Promise<boolean> {
  const [row, next] = await store.commits.since(scope, commit.version);
  if (row?.version !== commit.version || row.author !== commit.author) return false;
  if (next === undefined || (next.version === commit.version + 1 && next.parent === commit.author))
    return true;
  await store.commits.removeThrough(scope, commit.version);
  return false;
}

function assertFits(snapshot: Snapshot): void {
  const bytes = Buffer.byteLength(JSON.stringify(snapshot));
  if (bytes <= MAX_SNAPSHOT_BYTES) return;
  throw new MemoryError(
    'too_large',
    `The profile would take ${bytes} bytes, at most ${MAX_SNAPSHOT_BYTES} fit. Delete or shorten profile entries.`,
  );
}
