import type { StorableBlobType } from '../domain/blob.ts';
import { shardOf } from '../domain/buffer.ts';
import type { LifeScope } from '../domain/scope.ts';
import { MINUTE_MS, wholeMinute } from '../domain/time.ts';
import type { Deps, Lease, Reminder } from './ports.ts';

type LeaseDeps = Pick<Deps, 'store' | 'clock' | 'randomId' | 'settings'>;

/** Room beyond one model call, for the reads and writes around it. */
const LEASE_MARGIN_MS = 30_000;

/** The right to spend money on one buffer. Nothing is wrong when two workers hold it; one of them will lose. */
export interface HeldLease {
  /** Called before each model call; the lease then outlasts the call. */
  renew(): Promise<void>;
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
  const { store, clock, randomId, settings } = deps;
  const span = settings.llmTimeoutMs + LEASE_MARGIN_MS;
  const current = await store.leases.latest(scope, type);
  if (current !== null && current.untilMs > clock()) return null;
  const lease: Lease = { epoch: (current?.epoch ?? 0) + 1, owner: randomId(), untilMs: clock() + span };
  const reminder: Reminder = {
    shard: shardOf(scope.projectId, scope.userId, settings.shards),
    dueMs: wholeMinute(lease.untilMs + MINUTE_MS),
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
  return {
    renew: () => store.leases.extend(scope, type, { ...lease, untilMs: clock() + span }),
    async release() {
      await store.leases.extend(scope, type, { ...lease, untilMs: 0 });
      await store.reminders.remove(reminder);
    },
  };
}
