import { toMemoryError } from '../domain/errors.ts';
import { digest } from '../domain/ids.ts';
import type { Scope } from '../domain/scope.ts';
import type { Deps, ExtractPayload } from './ports.ts';

export interface ExtractionWish extends Pick<ExtractPayload, 'type' | 'flush'> {
  /** What tells this wish from the next one for the same buffer: one buffer in one state is asked for once. */
  readonly state: string;
}

/** Asks for extraction without waiting. A lost call is harmless: the reminder stands. */
export async function askForExtraction(
  scope: Scope,
  { type, flush, state }: ExtractionWish,
  { invoker, log }: Pick<Deps, 'invoker' | 'log'>,
): Promise<void> {
  const { projectId, userId } = scope;
  // The platform refuses a second task of the same id: letters, digits, `_` and `-`, at most 128, a letter first.
  const taskId = `extract-${digest(projectId, userId, type, state).slice(0, 40)}`;
  try {
    await invoker.invoke({ function: 'extract', payload: { projectId, userId, type, flush }, taskId });
  } catch (error) {
    const { code, message } = toMemoryError(error);
    log('warn', 'extraction_not_started', { projectId, code, message });
  }
}
