import { type Blob, type BlobContent, blobLines, blobText, contentHash } from '../domain/blob.ts';
import { flushDue, remindersDue, shardOf } from '../domain/buffer.ts';
import { MemoryError } from '../domain/errors.ts';
import { derivedId, timeOrderedId } from '../domain/ids.ts';
import type { LifeScope, Scope } from '../domain/scope.ts';
import { estimateTokens } from '../domain/tokens.ts';
import type { Deps } from './ports.ts';
import { livingScope, userNotFound } from './users.ts';

/** Largest blob accepted, in bytes of its JSON; it has to fit one row of every store. */
export const MAX_BLOB_BYTES = 1_000_000;

export interface IngestRequest {
  readonly scope: Scope;
  readonly content: BlobContent;
  readonly fields: Record<string, unknown> | null;
  /** The caller's own id for the blob; the same id with the same content is accepted once. */
  readonly blobId?: string | undefined;
  /** Any text the caller repeats on retries; names the blob when no id is given. */
  readonly idempotencyKey?: string | undefined;
}

export interface Ingested {
  readonly blobId: string;
  /** Whether the buffer now holds more than its threshold and extraction is due. */
  readonly due: boolean;
}

type IngestDeps = Pick<Deps, 'store' | 'clock' | 'randomId' | 'settings' | 'log'>;

/**
 * Accepts one blob: reminder first, then the blob, and only then the answer, so that whatever was acknowledged is
 * found again by the timer. A repeated insert changes nothing; the same id with other content is a `conflict`.
 */
export async function ingestBlob(request: IngestRequest, deps: IngestDeps): Promise<Ingested> {
  const { store, settings } = deps;
  const scope = await livingScope(request.scope, deps);
  const nowMs = deps.clock();
  const blob: Blob = {
    ...request.content,
    id: chooseId(request, nowMs, deps),
    createdMs: nowMs,
    fields: request.fields,
  };
  assertFits(blob);
  const hash = contentHash(request.content, request.fields);
  const known = await store.blobs.receipt(scope, blob.id);
  if (known === null) {
    await putWithReminder(scope, blob, hash, deps);
    const stored = await store.blobs.receipt(scope, blob.id);
    // The user was deleted and purged meanwhile.
    if (stored === null) throw userNotFound(request.scope);
    assertSame(stored.hash, hash, blob.id);
  } else {
    assertSame(known.hash, hash, blob.id);
  }
  const waiting = await store.blobs.waiting(scope, blob.type);
  const tokens = waiting.reduce((sum, { tokens: n }) => sum + n, 0);
  return { blobId: blob.id, due: tokens > settings.bufferTokens };
}

async function putWithReminder(scope: LifeScope, blob: Blob, hash: string, deps: IngestDeps): Promise<void> {
  const { store, settings } = deps;
  const { projectId, userId } = scope;
  const shard = shardOf(projectId, userId, settings.shards);
  for (const dueMs of remindersDue(blob.createdMs, settings.flushIntervalS)) {
    await store.reminders.put({ shard, dueMs, projectId, userId, kind: blob.type, token: '' });
  }
  const tokens = estimateTokens(blobText(blobLines(blob, settings.timeZone)));
  await store.blobs.put(scope, blob, hash, tokens, flushDue(blob.createdMs, settings.flushIntervalS));
}

function chooseId(request: IngestRequest, nowMs: number, { randomId }: IngestDeps): string {
  if (request.blobId !== undefined) return request.blobId;
  const { projectId, userId } = request.scope;
  const key = request.idempotencyKey;
  return key === undefined ? timeOrderedId(nowMs, 0, randomId()) : derivedId(`${projectId}/${userId}/${key}`);
}

function assertFits(blob: Blob): void {
  const bytes = Buffer.byteLength(JSON.stringify({ data: blob.data, fields: blob.fields }));
  if (bytes <= MAX_BLOB_BYTES) return;
  throw new MemoryError(
    'too_large',
    `The blob has ${bytes} bytes, at most ${MAX_BLOB_BYTES} are accepted. Send it in several inserts.`,
  );
}

function assertSame(stored: string, hash: string, blobId: string): void {
  if (stored === hash) return;
  throw new MemoryError(
    'conflict',
    `Blob ${blobId} was inserted before with other content; nothing was changed. Use a new id or key for new content.`,
  );
}
