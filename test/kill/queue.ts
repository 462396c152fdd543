import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulation/random.ts';
import type { Fleet } from './fleet.ts';
import type { JsonReply, JsonRequest } from './json-server.ts';
import type { Tally } from './tally.ts';

/** The platform between the functions: accepts asynchronous invocations and carries them to some worker. */
export interface InvocationQueue {
  accept(request: JsonRequest): JsonReply;
  /** Resolves once nothing is being carried. */
  idle(): Promise<void>;
}

const INVOCATIONS = /^(\/2023-03-30\/functions\/[^/]+\/invocations)$/;
const LOST = 0.03;
const DELIVERED_TWICE = 0.08;
const RETRIED = 0.5;
const MAX_DELAY_MS = 200;
const GIVE_UP_MS = 120_000;

/** Worse than the real one: some invocations are lost, some come twice, and half of those cut short are not retried. */
export function createQueue(fleet: Fleet, random: Random, tally: Tally): InvocationQueue {
  const seen = new Set<string>();
  let underWay = 0;

  async function deliver(path: string, event: string, retries: number): Promise<void> {
    await sleep(random.int(MAX_DELAY_MS));
    if (await delivered((await fleet.pick()) + path, event)) return;
    if (retries === 0 || !random.chance(RETRIED)) return;
    tally.count('redeliveries');
    await deliver(path, event, retries - 1);
  }

  function carry(path: string, event: string): void {
    underWay += 1;
    void deliver(path, event, 1).finally(() => {
      underWay -= 1;
    });
  }

  return {
    accept({ path, headers, body }) {
      if (!INVOCATIONS.test(path)) return { status: 404 };
      const taskId = String(headers['x-fc-async-task-id']);
      if (seen.has(taskId)) {
        tally.count('repeated_tasks');
        return { status: 409 };
      }
      seen.add(taskId);
      tally.count('invocations');
      if (random.chance(LOST)) {
        tally.count('lost_invocations');
        return { status: 202 };
      }
      const event = JSON.stringify(body);
      carry(path, event);
      if (random.chance(DELIVERED_TWICE)) {
        tally.count('redeliveries');
        carry(path, event);
      }
      return { status: 202 };
    },
    async idle() {
      while (underWay > 0) await sleep(50);
    },
  };
}

/** Whether the function ran to its end. */
async function delivered(url: string, event: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: event,
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    await response.arrayBuffer();
    return response.ok && response.headers.get('x-fc-error-type') === null;
  } catch {
    return false;
  }
}
