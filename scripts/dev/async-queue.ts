import type { Clock, Log } from '../../shared/app/ports.ts';
import type { Activity } from './activity.ts';
import type { Outcome } from './instance.ts';
import type { Timers } from './timers.ts';

/** How long the platform remembers a task id and refuses it when it comes again. */
const TASK_ID_MS = 7 * 24 * 60 * 60_000;
const FIRST_RETRY_MS = 500;

export interface Invocation {
  readonly event: Buffer;
  readonly requestId: string;
}

export interface AsyncPolicy {
  readonly name: string;
  readonly retries: number;
  readonly maxAgeMs: number;
  /** Share of invocations delivered twice, 0 to 1: the platform promises at least once, not exactly once. */
  readonly duplicateShare: number;
}

export interface AsyncQueue {
  /** `duplicate` when the task id was accepted before; nothing is queued then. */
  accept(invocation: Invocation, taskId?: string): 'accepted' | 'duplicate';
  /** Gives up what waits for its next try, and lets nothing be tried again from now on. */
  close(): void;
}

interface QueueWorld {
  readonly run: (invocation: Invocation, retryCount: number) => Promise<Outcome>;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timers: Timers;
  readonly log: Log;
}

interface Delivery {
  readonly invocation: Invocation;
  readonly acceptedMs: number;
  readonly retryCount: number;
  /** Marks the end of it in the activity. */
  readonly end: () => void;
}

/** Asynchronous invocations of one function: retried with a doubling pause until they succeed or grow too old. */
export function createAsyncQueue(policy: AsyncPolicy, world: QueueWorld): AsyncQueue {
  const { run, activity, clock, random, timers, log } = world;
  const isRepeated = taskMemory();
  const giveUpWaiting = new Set<() => void>();
  let closed = false;

  async function deliver(delivery: Delivery): Promise<void> {
    const { invocation, acceptedMs, retryCount, end } = delivery;
    if (clock() - acceptedMs > policy.maxAgeMs) return giveUp(delivery, 'too old');
    const outcome = await run(invocation, retryCount);
    if (outcome.kind === 'returned') end();
    else if (retryCount >= policy.retries) giveUp(delivery, outcome.detail.errorMessage);
    else if (closed) giveUp(delivery, 'the platform is closing');
    else retryLater({ ...delivery, retryCount: retryCount + 1 });
  }

  function retryLater(delivery: Delivery): void {
    const cancel = timers.after(FIRST_RETRY_MS * 2 ** (delivery.retryCount - 1), () => {
      giveUpWaiting.delete(abandon);
      void deliver(delivery);
    });
    const abandon = () => {
      cancel();
      giveUp(delivery, 'the platform is closing');
    };
    giveUpWaiting.add(abandon);
  }

  function giveUp({ invocation, retryCount, end }: Delivery, reason: string): void {
    log('error', 'async_given_up', {
      function: policy.name,
      requestId: invocation.requestId,
      retryCount,
      reason,
    });
    end();
  }

  return {
    accept(invocation, taskId) {
      const acceptedMs = clock();
      if (taskId !== undefined && isRepeated(taskId, acceptedMs)) return 'duplicate';
      void deliver({ invocation, acceptedMs, retryCount: 0, end: activity.begin() });
      if (random() < policy.duplicateShare) {
        log('info', 'async_delivered_twice', { function: policy.name, requestId: invocation.requestId });
        void deliver({ invocation, acceptedMs, retryCount: 0, end: activity.begin() });
      }
      return 'accepted';
    },
    close() {
      closed = true;
      for (const abandon of giveUpWaiting) abandon();
      giveUpWaiting.clear();
    },
  };
}

/** Tells whether a task id was seen within the time the platform remembers it; remembers it now. */
function taskMemory(): (taskId: string, nowMs: number) => boolean {
  const seen = new Map<string, number>();
  return (taskId, nowMs) => {
    for (const [known, sinceMs] of seen) {
      if (nowMs - sinceMs < TASK_ID_MS) break;
      seen.delete(known);
    }
    if (seen.has(taskId)) return true;
    seen.set(taskId, nowMs);
    return false;
  };
}
