import type { StorableBlobType } from '../domain/blob.ts';
import type { Scope } from '../domain/scope.ts';
import type { Deps } from './ports.ts';

/** A buffer's states as the wire protocol names them. */
export const BUFFER_STATES = ['idle', 'processing', 'failed', 'done'] as const;
export type BufferState = (typeof BUFFER_STATES)[number];

/**
 * Ids of a buffer's blobs in one state, oldest first. While somebody holds the buffer's lease, what waits counts
 * as `processing`. A `done` blob has left the buffer, so that list is empty; an unknown user has no blobs.
 */
export async function bufferIds(
  scope: Scope,
  type: StorableBlobType,
  state: BufferState,
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
): Promise<readonly string[]> {
  const head = await store.commits.head(scope);
  if (head === null || head.life === 0 || state === 'done') return [];
  const life = { ...scope, life: head.life };
  if (state === 'failed') return store.blobs.failedIds(life, type);
  const lease = await store.leases.latest(life, type);
  const leased = lease !== null && lease.untilMs > clock();
  if (leased !== (state === 'processing')) return [];
  return (await store.blobs.waiting(life, type)).map(({ id }) => id);
}
