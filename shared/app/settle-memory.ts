import { shardOf, WORKER_LIFETIME_MS } from '../domain/buffer.ts';
import { type Commit, TOMBSTONE_MS } from '../domain/commit.ts';
import { toMemoryError } from '../domain/errors.ts';
import type { Snapshot } from '../domain/memory.ts';
import type { Scope } from '../domain/scope.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, wholeMinute } from '../domain/time.ts';
import { applyCommit } from './apply-commit.ts';
import { fillVectors } from './fill-vectors.ts';
import type { Deps, Reminder } from './ports.ts';
import { fillSlotVectors } from './slot-vectors.ts';

export type FinishDeps = Pick<
  Deps,
  'store' | 'search' | 'embedder' | 'slotEmbedder' | 'clock' | 'settings' | 'log'
>;

const VECTOR_RETRY_MS = 10 * MINUTE_MS;
/** Ages at which a deleted life is swept again; the last one ends it. */
const SWEEPS_MS = [10 * MINUTE_MS, HOUR_MS, DAY_MS, TOMBSTONE_MS] as const;

/**
 * Puts the reminder that stands for the effects of a commit about to be made. It falls due when its author, if it
 * has not taken the reminder back, can no longer be alive.
 *
 * @param token the author's own
 */
export function remindOfMemory(scope: Scope, token: string, deps: FinishDeps): Promise<Reminder> {
  return putReminder(scope, deps.clock() + WORKER_LIFETIME_MS, token, deps);
}

/** What is left once a commit is applied: vectors now, later sweeps by reminder. */
export async function finishMemory(
  scope: Scope,
  commit: Commit,
  reminder: Reminder,
  deps: FinishDeps,
): Promise<void> {
  const dueMs = await remainingWork(scope, commit, deps.clock(), deps);
  if (dueMs !== null) await putReminder(scope, dueMs, '', deps);
  await deps.store.reminders.remove(reminder);
}

/** Does what a fired `memory` reminder stands for, and replaces the reminder by the next one, if any is due. */
export async function settleMemory(reminder: Reminder, deps: FinishDeps): Promise<'settled' | 'unfinished'> {
  const scope = { projectId: reminder.projectId, userId: reminder.userId };
  const { store, search, clock } = deps;
  // A clock set back since would put the next reminder where this one is about to go.
  const nowMs = Math.max(reminder.dueMs, clock());
  const commit = await store.commits.latest(scope);
  if (commit === null) {
    await store.reminders.remove(reminder);
    return 'settled';
  }
  if (!commit.applied) await applyCommit(scope, commit, deps);
  for (const { life, tombstone } of commit.snapshot.formerLives) {
    await store.commits.removeThrough(scope, tombstone - 1);
    await store.purgeLife({ ...scope, life });
    await search.removeLife({ ...scope, life });
  }
  if (isForgotten(commit.snapshot, nowMs)) await store.commits.removeThrough(scope, commit.version);
  const dueMs = await remainingWork(scope, commit, nowMs, deps);
  if (dueMs !== null) await putReminder(scope, dueMs, '', deps);
  await store.reminders.remove(reminder);
  return dueMs === null ? 'settled' : 'unfinished';
}

/** When the next look is due, or null when nothing is left to do. */
async function remainingWork(
  scope: Scope,
  commit: Commit,
  nowMs: number,
  deps: FinishDeps,
): Promise<number | null> {
  const { snapshot } = commit;
  const dues = snapshot.formerLives.flatMap(({ deletedMs }) => {
    const age = nowMs - deletedMs;
    const next = SWEEPS_MS.find((sweep) => sweep > age);
    return next === undefined ? [] : [deletedMs + next];
  });
  if (snapshot.life > 0 && !(await vectorsComplete(scope, commit, deps))) {
    dues.push(nowMs + VECTOR_RETRY_MS);
  }
  return dues.length === 0 ? null : Math.min(...dues);
}

async function vectorsComplete(scope: Scope, commit: Commit, deps: FinishDeps): Promise<boolean> {
  const life = { ...scope, life: commit.snapshot.life };
  try {
    await fillVectors(life, deps);
    await fillSlotVectors(life, commit, deps);
    return true;
  } catch (error) {
    const { code, message } = toMemoryError(error);
    deps.log('warn', 'vectors_missing', { projectId: scope.projectId, code, message });
    return false;
  }
}

function isForgotten({ life, formerLives }: Snapshot, nowMs: number): boolean {
  return life === 0 && formerLives.every(({ deletedMs }) => nowMs - deletedMs >= TOMBSTONE_MS);
}

async function putReminder(
  scope: Scope,
  dueMs: number,
  token: string,
  { store, settings }: FinishDeps,
): Promise<Reminder> {
  const shard = shardOf(scope.projectId, scope.userId, settings.shards);
  const reminder: Reminder = { ...scope, shard, dueMs: wholeMinute(dueMs), kind: 'memory', token };
  await store.reminders.put(reminder);
  return reminder;
}
