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
  type Table,
  USAGE,
} from '../tables.ts';

const GISTS_AT_FIRST: Table = {
  ...GISTS,
  columns: { event_id: 'key', text: 'text', details: 'text', vector: 'text', created_ms: 'integer' },
};

/** The memory of users, their buffers, and the queue of reminders. */
export const migration0001: Migration = {
  version: 1,
  tables: [MEMORY_COMMITS, BLOBS, EVENTS, GISTS_AT_FIRST, FLUSH_QUEUE, LEASES, USAGE, DEAD_LETTERS, PROJECTS],
  columns: [],
};
