import { z } from 'zod';
import { askForExtraction } from '../../shared/app/ask-for-extraction.ts';
import { extractBuffer } from '../../shared/app/extract-buffer.ts';
import { STORABLE_BLOB_TYPES } from '../../shared/domain/blob.ts';
import { eventHandler, timeLimit } from '../../shared/fc.ts';
import { log } from '../../shared/log.ts';
import { closeRuntime, openRuntime } from '../../shared/runtime.ts';

const payloadSchema = z.object({
  projectId: z.string(),
  userId: z.string(),
  type: z.enum(STORABLE_BLOB_TYPES),
  flush: z.boolean(),
});

/**
 * One buffer into memory. A failed batch is recorded and comes back by its reminder, so the platform is not asked
 * to retry it; only a store that cannot be reached is thrown.
 */
export const handler = eventHandler(async (event, invocation) => {
  const { projectId, userId, type, flush } = payloadSchema.parse(event);
  const app = await openRuntime();
  const scope = { projectId, userId };
  const request = { scope, type, flush, ...timeLimit(invocation, app.clock()) };
  const { results, stop } = await extractBuffer(request, app);
  if (stop.kind === 'out_of_time')
    await askForExtraction(scope, { type, flush, state: invocation.requestId }, app);
  log('info', 'extracted', {
    requestId: invocation.requestId,
    projectId,
    type,
    batches: results.length,
    stop: stop.kind,
  });
  return { batches: results.length, stop: stop.kind };
});

export const initialize = async (): Promise<void> => {
  await openRuntime();
};

export const preStop = closeRuntime;
