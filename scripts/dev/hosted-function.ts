import type { Clock, Log } from '../../shared/app/ports.ts';
import type { Activity } from './activity.ts';
import { type AsyncQueue, createAsyncQueue, type Invocation } from './async-queue.ts';
import type { FunctionDeployment, InvocationContext } from './deployment.ts';
import { createInstance, type Outcome } from './instance.ts';
import { createInstancePool } from './instance-pool.ts';
import { type Timers, within } from './timers.ts';

/** What all functions of one local platform share. */
export interface Platform {
  readonly region: string;
  readonly accountId: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timers: Timers;
  readonly duplicateShare: number;
  readonly nextRequestId: () => string;
  readonly activity: Activity;
}

/** A deployed function with its instances and its queue. */
export interface HostedFunction {
  readonly deployment: FunctionDeployment;
  readonly queue: AsyncQueue;
  /** Waits for the outcome; failures are logged here and never thrown. */
  run(invocation: Invocation, retryCount?: number): Promise<Outcome>;
  /** Runs `preStop` of its instances; what that throws is logged. */
  stop(): Promise<void>;
}

const DEFAULT_INSTANCES = 4;
const DEFAULT_RETRIES = 3;
const DEFAULT_MAX_AGE_MS = 24 * 60 * 60_000;
const DEFAULT_MEMORY_MB = 512;
const PRE_STOP_MS = 10_000;

export function hostFunction(deployment: FunctionDeployment, platform: Platform): HostedFunction {
  const { name, folder, timeoutMs } = deployment;
  const { log, timers, activity } = platform;
  const pool = createInstancePool(
    () => createInstance(folder, { timeoutMs }, timers),
    deployment.maxInstances ?? DEFAULT_INSTANCES,
  );

  async function run({ event, requestId }: Invocation, retryCount = 0): Promise<Outcome> {
    const end = activity.begin();
    const outcome = await pool.run(event, contextOf(deployment, platform, requestId, retryCount));
    end();
    if (outcome.kind === 'failed') {
      const { stackTrace, ...detail } = outcome.detail;
      log('error', 'invocation_failed', {
        function: name,
        requestId,
        retryCount,
        kind: outcome.errorType,
        ...detail,
        stack: stackTrace.slice(0, 8),
      });
    }
    return outcome;
  }

  const policy = {
    name,
    retries: deployment.asyncRetries ?? DEFAULT_RETRIES,
    maxAgeMs: deployment.asyncMaxAgeMs ?? DEFAULT_MAX_AGE_MS,
    duplicateShare: platform.duplicateShare,
  };
  return {
    deployment,
    queue: createAsyncQueue(policy, { ...platform, run }),
    run,
    async stop() {
      const context = contextOf(deployment, platform, platform.nextRequestId(), 0);
      const report = (error: unknown) =>
        log('error', 'pre_stop_failed', { function: name, error: String(error) });
      const { late } = await within(pool.stop(context).catch(report), PRE_STOP_MS, timers);
      if (late) report(`not ended after ${PRE_STOP_MS} ms`);
    },
  };
}

function contextOf(
  { name, timeoutMs, memoryMb = DEFAULT_MEMORY_MB }: FunctionDeployment,
  { region, accountId, log }: Platform,
  requestId: string,
  retryCount: number,
): InvocationContext {
  const say = (level: 'info' | 'warn' | 'error') => (message: string) =>
    log(level, 'function_log', { function: name, requestId, message });
  return {
    requestId,
    region,
    accountId,
    credentials: { accessKeyId: 'local', accessKeySecret: 'local', securityToken: 'local' },
    function: { name, handler: 'index.handler', memory: memoryMb, timeout: timeoutMs / 1000 },
    service: { logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' },
    logger: {
      debug: say('info'),
      info: say('info'),
      log: say('info'),
      warn: say('warn'),
      error: say('error'),
    },
    tracing: { openTracingSpanBaggages: {} },
    retryCount,
  };
}
