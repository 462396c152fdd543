import { MemoryError } from '../../domain/errors.ts';
import { type ProviderFailure, transient } from './classify-error.ts';

/** Time and chance, as parameters. `sleep` ends early when its signal is aborted. */
export interface Pace {
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** 0 up to 1. */
  readonly random: () => number;
}

export const REAL_PACE: Pace = {
  sleep: (ms, signal) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end);
      if (signal?.aborted) end();
    }),
  random: Math.random,
};

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ProviderFailure };

export interface RetryOptions<T> {
  /** Makes one call; has to end when the signal is aborted. */
  readonly send: (signal: AbortSignal) => Promise<T>;
  readonly classify: (thrown: unknown) => ProviderFailure;
  /** What makes an answer with a good status worthless, or null. */
  readonly problem: (value: T) => string | null;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly signal: AbortSignal | undefined;
  readonly pace: Pace;
  readonly onRetry: (failure: ProviderFailure, waitMs: number) => void;
}

/** The first wait; doubled for each one that follows. */
const BASE_WAIT_MS = 500;
/** A function is billed while it waits, so a longer absence is left to whoever drives the batch again. */
export const MAX_WAIT_MS = 20_000;

/**
 * Calls until an answer comes, the failure is one that waiting does not heal, or the retries are used up.
 * Throws `out_of_time` as soon as `signal` is aborted, and nothing else.
 */
export async function callWithRetries<T>(options: RetryOptions<T>): Promise<Outcome<T>> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await callOnce(options);
    if (outcome.ok || outcome.failure.kind !== 'transient' || attempt >= options.maxRetries) return outcome;
    const waitMs = waitBefore(attempt, outcome.failure, options.pace);
    if (waitMs === null) return outcome;
    options.onRetry(outcome.failure, waitMs);
    await options.pace.sleep(waitMs, options.signal);
  }
}

async function callOnce<T>(options: RetryOptions<T>): Promise<Outcome<T>> {
  const { send, signal, timeoutMs } = options;
  const clock = new AbortController();
  throwIfAborted(signal);
  const timer = setTimeout(() => clock.abort(), timeoutMs);
  try {
    const value = await send(signal === undefined ? clock.signal : AbortSignal.any([signal, clock.signal]));
    const problem = options.problem(value);
    return problem === null ? { ok: true, value } : { ok: false, failure: transient(problem, undefined) };
  } catch (thrown) {
    throwIfAborted(signal);
    const failure = clock.signal.aborted
      ? transient(`no answer within ${timeoutMs} ms`, thrown)
      : options.classify(thrown);
    return { ok: false, failure };
  } finally {
    clearTimeout(timer);
  }
}

/** Half fixed, half jitter, so that many workers do not come back at once; null: not worth waiting for. */
function waitBefore(attempt: number, failure: ProviderFailure, pace: Pace): number | null {
  const asked = failure.retryAfterMs ?? 0;
  if (asked > MAX_WAIT_MS) return null;
  const backoff = BASE_WAIT_MS * 2 ** attempt * (0.5 + pace.random() / 2);
  return Math.min(asked + backoff, MAX_WAIT_MS);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new MemoryError(
    'out_of_time',
    'the call to the model provider was stopped because the time ran out',
    {
      cause: signal.reason,
    },
  );
}
