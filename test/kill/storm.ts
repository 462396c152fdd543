import type { Random } from '../simulation/random.ts';
import type { Fleet } from './fleet.ts';

export interface StormSettings {
  /** Acknowledged messages between two kills, and between two freezes, on average. */
  readonly messagesPerKill: number;
  readonly messagesPerFreeze: number;
  /** Shortest and longest freeze. */
  readonly freezeMs: readonly [number, number];
  /** One freeze in five, for a worker to wake up after its lease; null for none. */
  readonly longFreezeMs: number | null;
}

/** Kills and freezes, paced by progress, so that a slow machine meets as many of them as a fast one. */
export interface Storm {
  acknowledged(): void;
  /** Nothing that is still planned happens. */
  end(): void;
}

const LONG_FREEZE = 0.2;
/** A kill does not follow at once, or it would always meet an ingest that has just answered. */
const MAX_DELAY_MS = 500;

export function createStorm(fleet: Fleet, random: Random, settings: StormSettings): Storm {
  const planned = new Set<NodeJS.Timeout>();
  const later = (act: () => void): void => {
    const timer = setTimeout(() => {
      planned.delete(timer);
      act();
    }, random.int(MAX_DELAY_MS));
    planned.add(timer);
  };
  const freeze = (): void => {
    const { freezeMs, longFreezeMs } = settings;
    const long = longFreezeMs !== null && random.chance(LONG_FREEZE);
    fleet.freeze(long ? longFreezeMs : random.between(...freezeMs));
  };
  return {
    acknowledged() {
      if (random.chance(1 / settings.messagesPerKill)) later(fleet.kill);
      if (random.chance(1 / settings.messagesPerFreeze)) later(freeze);
    },
    end() {
      for (const timer of planned) clearTimeout(timer);
    },
  };
}
