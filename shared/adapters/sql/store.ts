import type { Store } from '../../app/ports.ts';
import { STORABLE_BLOB_TYPES } from '../../domain/blob.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';
import { createBlobStore } from './blobs.ts';
import { createDeadLetters, createProjects, createUsage } from './bookkeeping.ts';
import { createCommitLog } from './commits.ts';
import type { Dialect } from './dialect.ts';
import type { SqlExecutor } from './executor.ts';
import { createLeases, createReminders, leaseScope } from './reminders.ts';
import { createRows, type Rows } from './rows.ts';
import { createSlotVectors } from './slot-vectors.ts';
import { strictGate } from './strict-gate.ts';
import { BLOBS, DEAD_LETTERS, EVENTS, GISTS, LEASES, SLOT_VECTORS, TABLES } from './tables.ts';
import { createTimeline, type VectorColumn } from './timeline.ts';

/** The one store implementation, for every dialect. The schema has to be there: see `migrate`. */
export function createSqlStore(
  executor: SqlExecutor,
  dialect: Dialect,
  vectorColumn: VectorColumn = 'vector',
  slotSpace = '',
): Store {
  const rows = createRows(strictGate(executor, TABLES), dialect);
  return {
    commits: createCommitLog(rows),
    blobs: createBlobStore(rows),
    timeline: createTimeline(rows, vectorColumn),
    slotVectors: createSlotVectors(rows, slotSpace),
    reminders: createReminders(rows),
    leases: createLeases(rows),
    usage: createUsage(rows),
    deadLetters: createDeadLetters(rows),
    projects: createProjects(rows),
    purgeLife: (scope) => purgeLife(rows, scope),
    close: () => executor.close(),
  };
}

/** Tables whose key goes on with (project, life): read the keys, remove row by row. */
async function purgeLife(rows: Rows, scope: LifeScope): Promise<void> {
  const life = { project_id: scope.projectId, user_key: userKey(scope) };
  for await (const page of rows.pages(BLOBS, { columns: [], where: life, last: 'blob_id' })) {
    for (const row of page) await rows.remove(BLOBS, { ...life, blob_id: String(row['blob_id']) });
  }
  for await (const page of rows.pages(EVENTS, { columns: [], where: life, last: 'event_id' })) {
    for (const row of page) await rows.remove(EVENTS, { ...life, event_id: String(row['event_id']) });
  }
  for await (const page of rows.pages(GISTS, { columns: [], where: life, last: 'gist_id' })) {
    for (const row of page) await rows.remove(GISTS, { ...life, gist_id: String(row['gist_id']) });
  }
  for await (const page of rows.pages(SLOT_VECTORS, { columns: [], where: life, last: 'content_hash' })) {
    for (const row of page) {
      await rows.remove(SLOT_VECTORS, { ...life, content_hash: String(row['content_hash']) });
    }
  }
  for await (const page of rows.pages(DEAD_LETTERS, { columns: [], where: life, last: 'batch_id' })) {
    for (const row of page) await rows.remove(DEAD_LETTERS, { ...life, batch_id: String(row['batch_id']) });
  }
  for (const type of STORABLE_BLOB_TYPES) {
    const lease = { scope: leaseScope(scope, type) };
    for await (const page of rows.pages(LEASES, { columns: [], where: lease, last: 'epoch' })) {
      for (const row of page) await rows.remove(LEASES, { ...lease, epoch: Number(row['epoch']) });
    }
  }
}
