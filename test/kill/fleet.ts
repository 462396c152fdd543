import { MemoryError } from '../../shared/domain/errors.ts';
import type { Random } from '../simulation/random.ts';
import { openSlot, type Slot } from './slot.ts';
import type { Tally } from './tally.ts';
import type { WorkerSettings } from './worker-process.ts';

/** The workers, each started anew whenever it is killed. */
export interface Fleet {
  /** URL of some worker that listens, or stands frozen: nobody can tell. Another one than `not`, if there is. */
  pick(not?: string): Promise<string>;
  /** Kills a worker, whatever it is doing. */
  kill(): void;
  /** Stops a worker in its tracks and lets it go on after `ms`, unaware of the time. */
  freeze(ms: number): void;
  /** No worker is frozen, and every one listens. */
  calm(): Promise<void>;
  /** Lets the workers end in peace. */
  stop(): Promise<void>;
  /** Ends the workers at once, however they are. */
  abandon(): void;
}

/** Rejects when a worker cannot start: that is an error of the set-up, not of the test. */
export async function startFleet(
  size: number,
  settings: WorkerSettings,
  { random, tally }: { readonly random: Random; readonly tally: Tally },
): Promise<Fleet> {
  const waiting: (() => void)[] = [];
  const changed = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const onChange = (): void => {
    for (const resume of waiting.splice(0)) resume();
  };
  const slots: readonly Slot[] = Array.from({ length: size }, () => openSlot(settings, onChange));
  const abandon = (): void => {
    for (const slot of slots) slot.abandon();
  };
  try {
    await Promise.all(slots.map(({ started }) => started));
  } catch (error) {
    abandon();
    throw error;
  }
  return {
    async pick(not) {
      for (;;) {
        const urls = slots.flatMap(({ url }) => (url === null ? [] : [url]));
        const others = urls.filter((url) => url !== not);
        if (urls.length > 0) return random.pick(others.length > 0 ? others : urls);
        if (slots.every(({ empty }) => empty))
          throw new MemoryError('internal', 'Every worker ended by itself; see what they wrote.');
        await changed();
      }
    },
    kill() {
      if (random.pick(slots).kill()) tally.count('kills');
    },
    freeze(ms) {
      if (random.pick(slots).freeze(ms)) tally.count('freezes');
    },
    async calm() {
      for (const slot of slots) slot.thaw();
      while (slots.some(({ url, empty }) => url === null && !empty)) await changed();
    },
    async stop() {
      await Promise.all(slots.map((slot) => slot.stop()));
    },
    abandon,
  };
}
