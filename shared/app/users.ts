import { WORKER_LIFETIME_MS } from '../domain/buffer.ts';
import { type Commit, NO_EFFECTS, TOMBSTONE_MS } from '../domain/commit.ts';
import { MemoryError } from '../domain/errors.ts';
import type { Snapshot } from '../domain/memory.ts';
import type { LifeScope, Scope } from '../domain/scope.ts';
import { type ChangeDeps, changeMemory, NEW_LIFE } from './change-memory.ts';
import type { Clock, Deps } from './ports.ts';

export function userNotFound(scope: Scope): MemoryError {
  return new MemoryError(
    'not_found',
    `User ${scope.userId} not found. Create it with POST /api/v1/users first.`,
  );
}

/** The scope of the user's present life. Throws `not_found`. */
export async function livingScope(scope: Scope, { store }: Pick<Deps, 'store'>): Promise<LifeScope> {
  const head = await store.commits.head(scope);
  if (head === null || head.life === 0) throw userNotFound(scope);
  return { ...scope, life: head.life };
}

/** The user's present memory. Throws `not_found`. */
export async function livingMemory(scope: Scope, { store }: Pick<Deps, 'store'>): Promise<Snapshot> {
  const commit = await store.commits.latest(scope);
  if (commit === null || commit.snapshot.life === 0) throw userNotFound(scope);
  return commit.snapshot;
}

/**
 * Begins a user's life. Throws `conflict` where the user exists, `contended` in the last minutes before the
 * tombstone of a deleted one goes.
 */
export async function createUser(scope: Scope, data: unknown, deps: ChangeDeps): Promise<void> {
  const plan = async (latest: Commit | null) => {
    if (latest !== null && latest.snapshot.life > 0) {
      throw new MemoryError(
        'conflict',
        `User ${scope.userId} exists already. Update it with PUT, or use another id.`,
      );
    }
    const nowMs = deps.clock();
    if (latest !== null && isFading(latest.snapshot, nowMs)) throw fading(scope);
    const snapshot: Snapshot = {
      life: NEW_LIFE,
      user: { data, createdMs: nowMs, updatedMs: nowMs },
      slots: [],
      progress: {},
      formerLives: recentLives(latest, deps.clock),
    };
    return { kind: 'create_user' as const, batchId: '', snapshot, effects: NO_EFFECTS };
  };
  await changeMemory(scope, plan, deps);
}

/** Replaces the data a client keeps with the user. Throws `not_found`. */
export async function updateUser(scope: Scope, data: unknown, deps: ChangeDeps): Promise<void> {
  await changeMemory(
    scope,
    async (latest) => {
      if (latest === null || latest.snapshot.life === 0) throw userNotFound(scope);
      const user = { ...latest.snapshot.user, data, updatedMs: deps.clock() };
      const snapshot = { ...latest.snapshot, user };
      return { kind: 'update_user', batchId: '', snapshot, effects: NO_EFFECTS };
    },
    deps,
  );
}

/**
 * Deletes a user and every trace. When this resolves, nothing can be read any more; what slow workers still
 * write is swept again until {@link TOMBSTONE_MS} have passed. Throws `not_found`.
 */
export async function deleteUser(scope: Scope, deps: ChangeDeps): Promise<void> {
  await changeMemory(
    scope,
    async (latest) => {
      if (latest === null || latest.snapshot.life === 0) throw userNotFound(scope);
      const { life } = latest.snapshot;
      const snapshot: Snapshot = {
        life: 0,
        user: { data: null, createdMs: 0, updatedMs: 0 },
        slots: [],
        progress: {},
        formerLives: [
          ...recentLives(latest, deps.clock),
          { life, deletedMs: deps.clock(), tombstone: latest.version + 1 },
        ],
      };
      return { kind: 'delete_user', batchId: '', snapshot, effects: { ...NO_EFFECTS, purge: [life] } };
    },
    deps,
  );
}

/**
 * A tombstone is the one latest version that is ever removed. Nobody builds on it who could still be at work when
 * it goes, or the new life would stand above another one that began from nothing.
 */
const isFading = ({ formerLives }: Snapshot, nowMs: number): boolean =>
  formerLives.every(({ deletedMs }) => nowMs - deletedMs >= TOMBSTONE_MS - WORKER_LIFETIME_MS);

const fading = ({ userId }: Scope): MemoryError =>
  new MemoryError(
    'contended',
    `User ${userId} was deleted a week ago and its last trace is about to go. Create it again in half an hour.`,
  );

const recentLives = (latest: Commit | null, clock: Clock): Snapshot['formerLives'] =>
  (latest?.snapshot.formerLives ?? []).filter(({ deletedMs }) => clock() - deletedMs < TOMBSTONE_MS);
