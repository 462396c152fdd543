import type { Invoker } from '../../app/ports.ts';
import { MemoryError } from '../../domain/errors.ts';

/** How long the local Function Compute may take to accept a task. */
const ACCEPT_TIMEOUT_MS = 5_000;

/**
 * Starts functions of a Function Compute that runs on this machine, over the invocation path of the platform's
 * 2023-03-30 API. A task id that was used before (409) counts as accepted.
 *
 * @param baseUrl for example `http://127.0.0.1:8019`
 */
export function createLocalInvoker(baseUrl: string): Invoker {
  return {
    async invoke({ function: name, payload, taskId }) {
      const url = new URL(`/2023-03-30/functions/${name}/invocations`, baseUrl);
      let status: number;
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'x-fc-invocation-type': 'Async', 'x-fc-async-task-id': taskId },
          body: JSON.stringify(payload),
          signal: AbortSignal.timeout(ACCEPT_TIMEOUT_MS),
        });
        await response.arrayBuffer();
        status = response.status;
      } catch (error) {
        throw new MemoryError('invoke_failed', `Function ${name} could not be started at ${url.origin}.`, {
          cause: error,
        });
      }
      if (status === 202 || status === 409) return;
      throw new MemoryError(
        'invoke_failed',
        `Function ${name} was not accepted: ${url.origin} answered ${status}.`,
      );
    },
  };
}
