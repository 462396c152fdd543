import type { DeadLetter } from '../domain/commit.ts';
import { type Gist, gistLine, type MemoryEvent, type Slot, type Snapshot } from '../domain/memory.ts';

/** ISO 8601 in UTC with a zone, which the typed clients insist on. */
export const timestamp = (timeMs: number): string => new Date(timeMs).toISOString();

export function userData({ user }: Snapshot) {
  return {
    data: user.data ?? null,
    id: null,
    created_at: timestamp(user.createdMs),
    updated_at: timestamp(user.updatedMs),
  };
}

export function profile(slot: Slot) {
  const { hits } = slot;
  return {
    id: slot.id,
    content: slot.content,
    created_at: timestamp(slot.createdMs),
    updated_at: timestamp(slot.updatedMs),
    attributes: {
      ...slot.attributes,
      topic: slot.topic,
      sub_topic: slot.subTopic,
      ...(hits === null ? {} : { update_hits: hits }),
    },
  };
}

/** `profile_delta` is always a list and `attributes` always an object: one client or another fails on less. */
export function event(memoryEvent: MemoryEvent, similarity: number | null = null) {
  return {
    id: memoryEvent.id,
    event_data: {
      profile_delta: memoryEvent.delta.map(({ content, attributes }) => ({ content, attributes })),
      event_tip: memoryEvent.tip,
      event_tags: memoryEvent.tags,
    },
    created_at: timestamp(memoryEvent.createdMs),
    updated_at: timestamp(memoryEvent.updatedMs),
    similarity,
  };
}

export function eventGist(gist: Gist, similarity: number) {
  return {
    id: gist.id,
    gist_data: { content: gistLine(gist) },
    created_at: timestamp(gist.createdMs),
    updated_at: timestamp(gist.createdMs),
    similarity,
  };
}

export function deadLetter(letter: DeadLetter) {
  const { batchId, blobIds, error, attempts, createdMs } = letter;
  return { id: batchId, blob_ids: blobIds, error, attempts, created_at: timestamp(createdMs) };
}
