import type { Migration } from '../migrate.ts';
import {
  BLOBS,
  DEAD_LETTERS,
  EVENTS,
  FLUSH_QUEUE,
  GISTS,
  LEASES,
  MEMORY_COMMITS,
  PROJECTS,
  USAGE,
} from '../tables.ts';

/** The memory of users, their buffers, and the queue of reminders. */
export const migration0001: Migration = {
  version: 1,
  tables: [MEMORY_COMMITS, BLOBS, EVENTS, GISTS, FLUSH_QUEUE, LEASES, USAGE, DEAD_LETTERS, PROJECTS],
};
