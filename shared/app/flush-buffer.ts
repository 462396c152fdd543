import type { StorableBlobType } from '../domain/blob.ts';
import { MemoryError } from '../domain/errors.ts';
import type { Scope } from '../domain/scope.ts';
import { askForExtraction } from './ask-for-extraction.ts';
import { type ExtractOutcome, extractBuffer } from './extract-buffer.ts';
import type { BatchResult } from './plan-extraction.ts';
import type { Deps } from './ports.ts';

export interface FlushRequest {
  readonly scope: Scope;
  readonly type: StorableBlobType;
  /** Wait for the result, or only ask for it. */
  readonly wait: boolean;
  readonly blobIds?: readonly string[] | undefined;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

const LEASED_RETRY_MS = 500;

/**
 * Empties a buffer on request. A buffer that is empty gives an empty list. Not waiting, it resolves to null at
 * once. Waiting, it resolves to what was extracted and throws what made that fail; while somebody else works on
 * the buffer it waits for them, and takes over where they died.
 */
export async function flushBuffer(request: FlushRequest, deps: Deps): Promise<readonly BatchResult[] | null> {
  const { scope, type } = request;
  if (!request.wait) {
    if (!(await holdsAnything(scope, type, deps))) return [];
    await askForExtraction(scope, { type, flush: true, state: deps.randomId() }, deps);
    return null;
  }
  for (;;) {
    const outcome = await extractBuffer({ ...request, flush: true }, deps);
    const retryMs = deps.clock() + LEASED_RETRY_MS;
    if (outcome.stop.kind !== 'leased' || retryMs >= request.deadlineMs) return resultsOf(outcome);
    await deps.timers.sleep(LEASED_RETRY_MS);
  }
}

async function holdsAnything(scope: Scope, type: StorableBlobType, { store }: Deps): Promise<boolean> {
  const head = await store.commits.head(scope);
  if (head === null || head.life === 0) return false;
  return (await store.blobs.waiting({ ...scope, life: head.life }, type)).length > 0;
}

/** Results of an extraction somebody waits for; its failure is theirs to see. */
export function resultsOf({ results, stop }: ExtractOutcome): readonly BatchResult[] {
  if (stop.kind === 'failed' && results.length === 0) throw stop.error;
  if (stop.kind === 'paused') {
    throw new MemoryError(
      'llm_rejected',
      `Extraction of this project is paused, it is tried again soon: ${stop.reason}`,
    );
  }
  return results;
}
