import type { Timers } from '../../scripts/dev/timers.ts';

interface Armed {
  readonly delayMs: number;
  readonly dueMs: number;
  readonly then: () => void;
}

export interface ManualTimers extends Timers {
  readonly clock: () => number;
  /** Moves the clock and fires what falls due, earliest first. */
  advance(byMs: number): void;
  /** Resolves once somebody waits for exactly this long. */
  armed(delayMs: number): Promise<void>;
}

/** Time that passes only when a test says so. */
export function manualTimers(startMs: number): ManualTimers {
  const pending = new Set<Armed>();
  const watchers = new Set<{ readonly delayMs: number; readonly resolve: () => void }>();
  let nowMs = startMs;
  return {
    clock: () => nowMs,
    after(delayMs, then) {
      const armed = { delayMs, dueMs: nowMs + delayMs, then };
      pending.add(armed);
      for (const watcher of watchers) if (watcher.delayMs === delayMs) watcher.resolve();
      return () => pending.delete(armed);
    },
    advance(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        const [next] = [...pending]
          .filter((armed) => armed.dueMs <= untilMs)
          .sort((a, b) => a.dueMs - b.dueMs);
        if (next === undefined) break;
        pending.delete(next);
        nowMs = next.dueMs;
        next.then();
      }
      nowMs = untilMs;
    },
    async armed(delayMs) {
      if ([...pending].some((armed) => armed.delayMs === delayMs)) return;
      await new Promise<void>((resolve) => watchers.add({ delayMs, resolve }));
    },
  };
}
