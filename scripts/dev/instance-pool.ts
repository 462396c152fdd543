import type { InvocationContext } from './deployment.ts';
import type { Instance, Outcome } from './instance.ts';

export interface InstancePool {
  /** One request per instance: takes an idle one, starts one, or waits its turn. Never rejects. */
  run(event: Buffer, context: InvocationContext): Promise<Outcome>;
  /** Runs `preStop` of every idle instance. Rejects with the first error, after all have ended. */
  stop(context: InvocationContext): Promise<void>;
}

export function createInstancePool(start: () => Instance, maxInstances: number): InstancePool {
  const idle: Instance[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;

  async function turn(): Promise<void> {
    if (running < maxInstances) {
      running += 1;
      return;
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  /** Hands the place straight on, so that `running` never drops while somebody waits. */
  function release(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  return {
    async run(event, context) {
      await turn();
      const instance = idle.pop() ?? start();
      const outcome = await instance.invoke(event, context);
      if (instance.usable) idle.push(instance);
      release();
      return outcome;
    },
    async stop(context) {
      const ends = await Promise.allSettled(idle.splice(0).map((instance) => instance.stop(context)));
      const broken = ends.find((end) => end.status === 'rejected');
      if (broken !== undefined) throw broken.reason;
    },
  };
}
