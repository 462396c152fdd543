import { randomBytes } from 'node:crypto';
import type { Clock, Log } from '../../shared/app/ports.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import { createActivity } from './activity.ts';
import type { FunctionDeployment } from './deployment.ts';
import { answer, invokeByName, MAX_SYNC_BYTES } from './front-door.ts';
import { type HostedFunction, hostFunction, type Platform } from './hosted-function.ts';
import type { HttpAnswer } from './http-result.ts';
import { startHttpServer } from './http-server.ts';
import { startTimerTrigger, timerEvent } from './timer-trigger.ts';
import { realTimers, type Timers, within } from './timers.ts';

const LOCAL_ACCOUNT = '1000000000000000';
const DEFAULT_DUPLICATE_SHARE = 0.02;

export interface LocalFunctionComputeOptions {
  readonly functions: readonly FunctionDeployment[];
  /** 0 takes any free port; the one taken is in `url`. */
  readonly port: number;
  readonly host?: string;
  readonly region: string;
  readonly log: Log;
  readonly clock?: Clock;
  /** 0 (inclusive) to 1; decides which asynchronous invocations are delivered twice. */
  readonly random?: () => number;
  readonly timers?: Timers;
  /** Share of asynchronous invocations delivered twice. Default 0.02. */
  readonly duplicateShare?: number;
  /** How long `close` waits for running invocations. Default 10 seconds. */
  readonly closeWithinMs?: number;
}

export interface LocalFunctionCompute {
  readonly url: string;
  /** InvokeFunction without the network; answers as the invocation API does. */
  invoke(
    name: string,
    event: string | Buffer,
    options?: { readonly async?: boolean; readonly taskId?: string },
  ): Promise<HttpAnswer>;
  /** Fires a function's timer trigger now. Throws `not_found` when it has none. */
  tick(name: string): void;
  /** Resolves once no invocation runs, waits or is to be retried. */
  settled(): Promise<void>;
  /** Stops accepting, lets running invocations end, runs `preStop`. What waits for a retry is given up. */
  close(): Promise<void>;
}

/**
 * Runs built functions as Function Compute would: HTTP events, the invocation API, an asynchronous queue that retries
 * and sometimes delivers twice, timers, one request per instance. The queue lives in memory and dies with the process.
 */
export async function startLocalFunctionCompute(
  options: LocalFunctionComputeOptions,
): Promise<LocalFunctionCompute> {
  const { port, host = '127.0.0.1', closeWithinMs = 10_000 } = options;
  const platform = platformOf(options);
  const { timers, clock, log, nextRequestId, accountId } = platform;
  const functions = new Map(options.functions.map((entry) => [entry.name, hostFunction(entry, platform)]));
  const door = { functions, accountId, clock };
  const server = await startHttpServer({
    port,
    host,
    maxBodyBytes: MAX_SYNC_BYTES,
    nextRequestId,
    log,
    answer: (request, requestId) => answer(request, requestId, door),
  });
  const fire = (hosted: HostedFunction, event: Buffer) =>
    hosted.queue.accept({ event, requestId: nextRequestId() });
  const triggers = [...functions.values()].flatMap((hosted) => {
    const { timer } = hosted.deployment;
    return timer ? [startTimerTrigger(timer, (event) => fire(hosted, event), { clock, timers })] : [];
  });

  return {
    url: server.url,
    invoke(name, event, { async = false, taskId } = {}) {
      const bytes = typeof event === 'string' ? Buffer.from(event) : event;
      return invokeByName(name, { event: bytes, requestId: nextRequestId(), async, taskId }, functions);
    },
    tick(name) {
      const hosted = functions.get(name);
      const timer = hosted?.deployment.timer;
      if (hosted === undefined || timer === undefined) {
        throw new MemoryError('not_found', `function '${name}' has no timer trigger`);
      }
      fire(hosted, timerEvent(timer, clock()));
    },
    settled: () => platform.activity.quiet(),
    async close() {
      for (const cancel of triggers) cancel();
      for (const hosted of functions.values()) hosted.queue.close();
      const quiet = Promise.all([server.close(), platform.activity.quiet()]);
      const { late } = await within(quiet, closeWithinMs, timers);
      if (late) log('warn', 'closed_while_running', { waitedMs: closeWithinMs });
      server.cut();
      for (const hosted of functions.values()) await hosted.stop();
    },
  };
}

function platformOf(options: LocalFunctionComputeOptions): Platform {
  const clock = options.clock ?? Date.now;
  return {
    region: options.region,
    accountId: LOCAL_ACCOUNT,
    log: options.log,
    clock,
    random: options.random ?? Math.random,
    timers: options.timers ?? realTimers,
    duplicateShare: options.duplicateShare ?? DEFAULT_DUPLICATE_SHARE,
    nextRequestId: () => requestId(clock()),
    activity: createActivity(),
  };
}

/** In the platform's form: `1-`, seconds in hex, two random parts. */
function requestId(nowMs: number): string {
  const random = randomBytes(10).toString('hex');
  return `1-${Math.floor(nowMs / 1000).toString(16)}-${random.slice(0, 8)}-${random.slice(8)}`;
}
