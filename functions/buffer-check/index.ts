import { z } from 'zod';
import { checkBuffers } from '../../shared/app/check-buffers.ts';
import { eventHandler, timeLimit } from '../../shared/fc.ts';
import { closeRuntime, openRuntime } from '../../shared/runtime.ts';

/** A timer event names no shards and means all; a tick that ran out of time names those it left. */
const eventSchema = z.object({ shards: z.array(z.int().min(0)).optional() });

/** Finds due buffers and unfinished work. Every number it reports is in one log line. */
export const handler = eventHandler(async (event, invocation) => {
  const app = await openRuntime();
  const all = Array.from({ length: app.settings.shards }, (_, shard) => shard);
  const { shards = all } = eventSchema.parse(event);
  const { deadlineMs } = timeLimit(invocation, app.clock());
  return checkBuffers({ shards, deadlineMs }, app);
});

export const initialize = async (): Promise<void> => {
  await openRuntime();
};

export const preStop = closeRuntime;
