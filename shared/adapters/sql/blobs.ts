import type { BlobReceipt, BlobStore, Waiting } from '../../app/ports.ts';
import type { Blob, BlobContent, StorableBlobType } from '../../domain/blob.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';
import type { SqlRow } from './executor.ts';
import type { Rows } from './rows.ts';
import { BLOBS } from './tables.ts';

const ofLife = (scope: LifeScope) => ({ project_id: scope.projectId, user_key: userKey(scope) });
const CONTENT_COLUMNS = ['blob_id', 'blob_type', 'payload', 'created_ms'] as const;

export function createBlobStore(rows: Rows): BlobStore {
  const find = (scope: LifeScope, blobIds: readonly string[], status: BlobReceipt['status']) =>
    rows.select(BLOBS, {
      columns: CONTENT_COLUMNS,
      where: { ...ofLife(scope), status },
      in: { column: 'blob_id', values: blobIds },
      limit: blobIds.length,
    });
  return {
    async put(scope, blob, hash, tokens, dueMs) {
      await rows.putIfAbsent(BLOBS, {
        ...ofLife(scope),
        blob_id: blob.id,
        blob_type: blob.type,
        status: 'waiting',
        hash,
        payload: JSON.stringify({ data: blob.data, fields: blob.fields }),
        tokens,
        attempts: 0,
        tried_in: 0,
        deferrals: 0,
        last_error: '',
        due_ms: dueMs,
        created_ms: blob.createdMs,
        finished_ms: 0,
      });
    },
    async receipt(scope, blobId) {
      const [row] = await rows.select(BLOBS, {
        columns: ['hash', 'status'],
        where: { ...ofLife(scope), blob_id: blobId },
        limit: 1,
      });
      if (row === undefined) return null;
      return { hash: String(row['hash']), status: String(row['status']) as BlobReceipt['status'] };
    },
    async waiting(scope, type) {
      const found: Waiting[] = [];
      const pages = rows.pages(BLOBS, {
        columns: [
          'blob_id',
          'blob_type',
          'tokens',
          'created_ms',
          'due_ms',
          'attempts',
          'tried_in',
          'deferrals',
        ],
        where: { ...ofLife(scope), blob_type: type, status: 'waiting' },
        last: 'blob_id',
      });
      for await (const page of pages) found.push(...page.map(toWaiting));
      return found.sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
    },
    async failedIds(scope, type) {
      const found: string[] = [];
      const pages = rows.pages(BLOBS, {
        columns: ['blob_id'],
        where: { ...ofLife(scope), blob_type: type, status: 'failed' },
        last: 'blob_id',
      });
      for await (const page of pages) found.push(...page.map((row) => String(row['blob_id'])));
      return found;
    },
    async load(scope, blobIds) {
      if (blobIds.length === 0) return [];
      const found = new Map(
        (await find(scope, blobIds, 'waiting')).map((row) => [String(row['blob_id']), row]),
      );
      return blobIds.flatMap((id) => {
        const row = found.get(id);
        return row === undefined ? [] : [toBlob(row)];
      });
    },
    async loadFailed(scope, blobId) {
      const [row] = await find(scope, [blobId], 'failed');
      return row === undefined || row['payload'] === '' ? null : toBlob(row);
    },
    async recordFailure(scope, blobId, failure) {
      await rows.update(
        BLOBS,
        { ...ofLife(scope), blob_id: blobId },
        {
          attempts: failure.attempts,
          tried_in: failure.triedIn,
          deferrals: failure.deferrals,
          due_ms: failure.dueMs,
          last_error: failure.error,
        },
      );
    },
    async finish(scope, blobId, as, nowMs) {
      await rows.update(
        BLOBS,
        { ...ofLife(scope), blob_id: blobId },
        as === 'done'
          ? { status: 'done', payload: '', finished_ms: nowMs }
          : { status: 'failed', finished_ms: nowMs },
      );
    },
    async forgetDone(scope, beforeMs) {
      const pages = rows.pages(BLOBS, {
        columns: ['blob_id', 'finished_ms'],
        where: { ...ofLife(scope), status: 'done' },
        last: 'blob_id',
      });
      for await (const page of pages) {
        for (const row of page) {
          if (Number(row['finished_ms']) >= beforeMs) continue;
          await rows.remove(BLOBS, { ...ofLife(scope), blob_id: String(row['blob_id']) });
        }
      }
    },
  };
}

function toWaiting(row: SqlRow): Waiting {
  return {
    id: String(row['blob_id']),
    type: String(row['blob_type']) as StorableBlobType,
    tokens: Number(row['tokens']),
    createdMs: Number(row['created_ms']),
    dueMs: Number(row['due_ms']),
    attempts: Number(row['attempts']),
    triedIn: Number(row['tried_in']),
    deferrals: Number(row['deferrals']),
  };
}

function toBlob(row: SqlRow): Blob {
  const { data, fields } = JSON.parse(String(row['payload'])) as Pick<Blob, 'data' | 'fields'>;
  const content = { type: String(row['blob_type']), data } as BlobContent;
  return { ...content, id: String(row['blob_id']), createdMs: Number(row['created_ms']), fields };
}
