import { z } from 'zod';
import { askForExtraction } from '../../shared/app/ask-for-extraction.ts';
import { extractBuffer } from '../../shared/app/extract-buffer.ts';
import { flushBuffer, resultsOf } from '../../shared/app/flush-buffer.ts';
import { ingestBlob } from '../../shared/app/ingest-blob.ts';
import type { BatchResult } from '../../shared/app/plan-extraction.ts';
import type { Deps } from '../../shared/app/ports.ts';
import {
  BLOB_TYPES,
  type BlobContent,
  type BlobType,
  blobDataSchemas,
  isStorable,
  STORABLE_BLOB_TYPES,
} from '../../shared/domain/blob.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import { timeLimit } from '../../shared/fc.ts';
import { flag, list } from '../../shared/wire/query.ts';
import { userScope } from '../../shared/wire/scope.ts';
import type { Route } from '../../shared/wire/server.ts';
import { jsonBody, parsed } from '../../shared/wire/validation.ts';

const insertSchema = z.object({
  blob_type: z.enum(BLOB_TYPES),
  blob_data: z.record(z.string(), z.unknown()),
  fields: z.record(z.string(), z.unknown()).nullish(),
});
const waitSchema = z.object({ wait_process: flag(false) });
const MAX_IDEMPOTENCY_KEY_CHARS = 256;

/** Buffers one blob. `Idempotency-Key` makes a repeated insert count once. */
export const insertBlob: Route<Deps> = async ({ app, request, path, query, invocation }) => {
  const scope = userScope(path);
  const { wait_process: wait } = parsed('query', waitSchema, query);
  const body = parsed('body', insertSchema, await jsonBody(request));
  const content = blobContent(body.blob_type, body.blob_data);
  const { blobId, due } = await ingestBlob(
    { scope, content, fields: body.fields ?? null, idempotencyKey: idempotencyKey(request) },
    app,
  );
  const { type } = content;
  if (!due) return { id: blobId, chat_results: [] };
  if (!wait) {
    await askForExtraction(scope, { type, flush: false, state: blobId }, app);
    return { id: blobId, chat_results: [] };
  }
  const outcome = await extractBuffer(
    { scope, type, flush: false, ...timeLimit(invocation, app.clock()) },
    app,
  );
  return { id: blobId, chat_results: resultsOf(outcome).map(chatResult) };
};

const flushPathSchema = z.object({ buffer_type: z.enum(BLOB_TYPES) });
const flushQuerySchema = z.object({ wait_process: flag(false), blob_ids: list() });

/** Empties one buffer; with `wait_process` the answer tells what came of it. */
export const flush: Route<Deps> = async ({ app, path, query, invocation }) => {
  const scope = userScope(path);
  const { buffer_type: type } = parsed('path', flushPathSchema, path);
  const { wait_process: wait, blob_ids: blobIds } = parsed('query', flushQuerySchema, query);
  if (!isStorable(type)) return [];
  const results = await flushBuffer(
    { scope, type, wait, blobIds, ...timeLimit(invocation, app.clock()) },
    app,
  );
  return results?.map(chatResult) ?? null;
};

function blobContent(type: BlobType, data: Record<string, unknown>): BlobContent {
  if (!isStorable(type)) {
    throw new MemoryError(
      'invalid_request',
      `Blobs of type ${type} cannot be stored; send one of ${STORABLE_BLOB_TYPES.join(', ')}.`,
    );
  }
  if (data['type'] !== undefined && data['type'] !== type) {
    throw new MemoryError(
      'invalid_request',
      `blob_data.type is ${String(data['type'])}, blob_type is ${type}; make them equal.`,
    );
  }
  const result = blobDataSchemas[type].safeParse(data);
  if (result.success) return { type, data: result.data } as BlobContent;
  const [issue] = result.error.issues;
  throw new MemoryError(
    'invalid_request',
    `blob_data does not fit blob_type ${type}: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}

function idempotencyKey(request: Request): string | undefined {
  const key = request.headers.get('idempotency-key') ?? undefined;
  if (key === undefined || (key.length > 0 && key.length <= MAX_IDEMPOTENCY_KEY_CHARS)) return key;
  throw new MemoryError(
    'invalid_request',
    `Idempotency-Key has ${key.length} characters; send 1 to ${MAX_IDEMPOTENCY_KEY_CHARS}.`,
  );
}

const chatResult = (result: BatchResult) => ({
  event_id: result.eventId,
  add_profiles: result.addedSlots,
  update_profiles: result.updatedSlots,
  delete_profiles: [],
});
