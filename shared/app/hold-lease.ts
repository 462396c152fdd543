import type { StorableBlobType } from '../domain/blob.ts';
import { shardOf } from '../domain/buffer.ts';
import { toMemoryError } from '../domain/errors.ts';
import type { LifeScope } from '../domain/scope.ts';
import { wholeMinute } from '../domain/time.ts';
import type { Deps, Lease, Reminder } from './ports.ts';

type LeaseDeps = Pick<Deps, 'store' | 'clock' | 'timers' | 'randomId' | 'settings' | 'log'>;

/** A holder that dies blocks its buffer no longer than this. */
const LEASE_MS = 10_000;
const HEARTBEAT_MS = 3_000;

/** The right to spend money on one buffer. Nothing is wrong when two workers hold it; one of them will lose. */
export interface HeldLease {
  /** Called before each model call; in between, a heartbeat renews the lease. */
  renew(): Promise<void>;
  /** Never throws: an unreleased lease ends by itself. */
  release(): Promise<void>;
}

/**
 * Takes the buffer's lease, or resolves to null while somebody else works on it. A reminder just behind the
 * lease's end brings the timer back soon when the holder dies.
 */
export async function holdLease(
  scope: LifeScope,
  type: StorableBlobType,
  deps: LeaseDeps,
): Promise<HeldLease | null> {
  const { store, clock, timers, randomId, settings } = deps;
  const current = await store.leases.latest(scope, type);
  if (current !== null && current.untilMs > clock()) return null;
  const lease: Lease = { epoch: (current?.epoch ?? 0) + 1, owner: randomId(), untilMs: clock() + LEASE_MS };
  const reminder: Reminder = {
    shard: shardOf(scope.projectId, scope.userId, settings.shards),
    dueMs: wholeMinute(lease.untilMs),
    projectId: scope.projectId,
    userId: scope.userId,
    kind: type,
    token: lease.owner,
  };
  await store.reminders.put(reminder);
  const holder = await store.leases.claim(scope, type, lease);
  if (holder.owner !== lease.owner) {
    await store.reminders.remove(reminder);
    return null;
  }
  const renew = () => store.leases.extend(scope, type, { ...lease, untilMs: clock() + LEASE_MS });
  const stopHeartbeat = timers.every(HEARTBEAT_MS, () => {
    renew().catch((error: unknown) => {
      deps.log('warn', 'lease_not_renewed', { projectId: scope.projectId, code: toMemoryError(error).code });
    });
  });
  return {
    renew,
    async release() {
      stopHeartbeat();
      try {
        await store.leases.extend(scope, type, { ...lease, untilMs: 0 });
        await store.reminders.remove(reminder);
      } catch (error) {
        const { code, message } = toMemoryError(error);
        deps.log('warn', 'lease_not_released', { projectId: scope.projectId, code, message });
      }
    },
  };
}
