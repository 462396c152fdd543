/** `key`: short text that may stand in a primary key; `text`: long text; `integer`: 64 bits. */
export type ColumnType = 'key' | 'text' | 'integer';

export interface Table {
  readonly name: string;
  /** Primary key columns in order. Every statement pins the first, every change pins all. */
  readonly key: Readonly<Record<string, ColumnType>>;
  readonly columns: Readonly<Record<string, ColumnType>>;
}

const user = { project_id: 'key', user_key: 'key' } as const;

export const MEMORY_COMMITS = {
  name: 'memory_commits',
  key: { project_id: 'key', user_id: 'key', version: 'integer' },
  columns: {
    life: 'integer',
    author: 'key',
    parent: 'key',
    kind: 'key',
    batch_id: 'key',
    snapshot: 'text',
    effects: 'text',
    applied: 'integer',
    created_ms: 'integer',
  },
} as const satisfies Table;

export const BLOBS = {
  name: 'blobs',
  key: { ...user, blob_id: 'key' },
  columns: {
    blob_type: 'key',
    status: 'key',
    hash: 'key',
    payload: 'text',
    tokens: 'integer',
    attempts: 'integer',
    tried_in: 'integer',
    deferrals: 'integer',
    last_error: 'text',
    due_ms: 'integer',
    created_ms: 'integer',
    finished_ms: 'integer',
  },
} as const satisfies Table;

export const EVENTS = {
  name: 'events',
  key: { ...user, event_id: 'key' },
  columns: { event: 'text', created_ms: 'integer' },
} as const satisfies Table;

export const GISTS = {
  name: 'gists',
  key: { ...user, gist_id: 'key' },
  columns: {
    event_id: 'key',
    text: 'text',
    details: 'text',
    vector: 'text',
    vector_b: 'text',
    created_ms: 'integer',
  },
} as const satisfies Table;

export const SLOT_VECTORS = {
  name: 'slot_vectors',
  key: { ...user, content_hash: 'key' },
  columns: { vector: 'text' },
} as const satisfies Table;

export const FLUSH_QUEUE = {
  name: 'flush_queue',
  key: { shard: 'integer', due_ms: 'integer', project_id: 'key', user_id: 'key', kind: 'key' },
  columns: { put_ms: 'integer' },
} as const satisfies Table;

export const LEASES = {
  name: 'leases',
  key: { scope: 'key', epoch: 'integer' },
  columns: { owner: 'key', until_ms: 'integer' },
} as const satisfies Table;

export const USAGE = {
  name: 'usage_receipts',
  key: { project_id: 'key', hour: 'integer', batch_id: 'key' },
  columns: { receipt: 'text' },
} as const satisfies Table;

export const DEAD_LETTERS = {
  name: 'dead_letters',
  key: { ...user, batch_id: 'key' },
  columns: { letter: 'text', state: 'key', created_ms: 'integer' },
} as const satisfies Table;

export const PROJECTS = {
  name: 'projects',
  key: { project_id: 'key' },
  columns: { pause_reason: 'text', pause_until_ms: 'integer' },
} as const satisfies Table;

/** What the database remembers about itself, by name. */
export const SETTINGS = {
  name: 'settings',
  key: { name: 'key' },
  columns: { value: 'text', changed_ms: 'integer' },
} as const satisfies Table;

export const SCHEMA_VERSIONS = {
  name: 'schema_versions',
  key: { component: 'key', version: 'integer' },
  columns: { applied_ms: 'integer' },
} as const satisfies Table;

export const TABLES: readonly Table[] = [
  MEMORY_COMMITS,
  BLOBS,
  EVENTS,
  GISTS,
  SLOT_VECTORS,
  FLUSH_QUEUE,
  LEASES,
  USAGE,
  DEAD_LETTERS,
  PROJECTS,
  SETTINGS,
  SCHEMA_VERSIONS,
];
