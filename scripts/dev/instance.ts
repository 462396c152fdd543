import { createRequire } from 'node:module';
import { join } from 'node:path';
import { MemoryError } from '../../shared/domain/errors.ts';
import type { InvocationContext } from './deployment.ts';
import { type Timed, type Timers, within } from './timers.ts';

/** What became of one invocation. A failure is told to the caller in these words; `detail` is for the log. */
export type Outcome =
  | { readonly kind: 'returned'; readonly body: Buffer }
  | {
      readonly kind: 'failed';
      readonly errorType: 'UnhandledInvocationError' | 'InitializationError';
      readonly timedOut: boolean;
      readonly detail: {
        readonly errorMessage: string;
        readonly errorType: string;
        readonly stackTrace: string[];
      };
    };

export interface Instance {
  /** Runs `initialize` before the first invocation. Never rejects. */
  invoke(event: Buffer, context: InvocationContext): Promise<Outcome>;
  /** False once it failed to start or ran out of time: the platform ends such an instance. */
  readonly usable: boolean;
  /** The `preStop` hook. Rejects with what it throws. */
  stop(context: InvocationContext): Promise<void>;
}

interface Bundle {
  readonly handler: (event: Buffer, context: InvocationContext) => unknown;
  readonly initialize?: (context: InvocationContext) => unknown;
  readonly preStop?: (context: InvocationContext) => unknown;
}

/**
 * A fresh copy of a function's module state, as every instance of the platform has one. Only the bundle itself is
 * loaded anew; packages beside it hold no state of ours, and a second load of an add-on gains nothing.
 */
export function createInstance(folder: string, limits: { timeoutMs: number }, timers: Timers): Instance {
  let bundle: Bundle | null = null;
  let usable = true;

  async function start(context: InvocationContext): Promise<Bundle> {
    const loaded = loadBundle(folder);
    const timed = await within(Promise.resolve(loaded.initialize?.(context)), limits.timeoutMs, timers);
    if (timed.late) throw new MemoryError('out_of_time', timeoutText(limits.timeoutMs));
    return loaded;
  }

  return {
    get usable() {
      return usable;
    },
    async invoke(event, context) {
      try {
        bundle ??= await start(context);
      } catch (error) {
        usable = false;
        return failed('InitializationError', error);
      }
      const { handler } = bundle;
      try {
        const work = Promise.resolve().then(() => handler(event, context));
        const timed: Timed<unknown> = await within(work, limits.timeoutMs, timers);
        if (!timed.late) return { kind: 'returned', body: serialized(timed.value) };
        usable = false;
        const error = new MemoryError('out_of_time', timeoutText(limits.timeoutMs));
        return { ...failed('UnhandledInvocationError', error), timedOut: true };
      } catch (error) {
        return failed('UnhandledInvocationError', error);
      }
    },
    async stop(context) {
      await bundle?.preStop?.(context);
    },
  };
}

function loadBundle(folder: string): Bundle {
  const entry = join(folder, 'index.js');
  const require = createRequire(entry);
  delete require.cache[entry];
  const loaded = require(entry) as Partial<Bundle>;
  const { handler } = loaded;
  if (typeof handler !== 'function') {
    throw new MemoryError('internal', `${entry} exports no function "handler"`);
  }
  return { ...loaded, handler };
}

function timeoutText(timeoutMs: number): string {
  return `Function timed out after ${timeoutMs / 1000} seconds`;
}

function failed(errorType: 'UnhandledInvocationError' | 'InitializationError', error: unknown) {
  const known = error instanceof Error ? error : new Error(String(error));
  const stackTrace = (known.stack ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
  const detail = { errorMessage: known.message, errorType: known.name, stackTrace };
  return { kind: 'failed', errorType, timedOut: false, detail } as const;
}

/** What crosses the wire: bytes and strings as they are, anything else as JSON. */
function serialized(returned: unknown): Buffer {
  if (Buffer.isBuffer(returned)) return returned;
  if (typeof returned === 'string') return Buffer.from(returned, 'utf8');
  return Buffer.from(JSON.stringify(returned) ?? '', 'utf8');
}
