import type { StorableBlobType } from '../domain/blob.ts';
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

/**
 * Empties a buffer on request. Waiting, it resolves to what was extracted and throws what made it fail; a buffer
 * that is empty, or in somebody else's hands, gives an empty list. Not waiting, it resolves to null at once.
 */
export async function flushBuffer(request: FlushRequest, deps: Deps): Promise<readonly BatchResult[] | null> {
  const { scope, type } = request;
  if (!request.wait) {
    await askForExtraction(scope, { type, flush: true, state: deps.randomId() }, deps);
    return null;
  }
  return resultsOf(await extractBuffer({ ...request, flush: true }, deps));
}

/** Results of an extraction somebody waits for; its failure is theirs to see. */
export function resultsOf({ results, stop }: ExtractOutcome): readonly BatchResult[] {
  if (stop.kind === 'failed' && results.length === 0) throw stop.error;
  return results;
}
