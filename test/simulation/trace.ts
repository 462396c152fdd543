/** The story of one run, one line per step; costs nothing while it is off. */
export interface Trace {
  readonly on: boolean;
  readonly lines: readonly string[];
  add(nowMs: number, who: string, what: string): void;
}

const START_OF_STORY_MS = Date.UTC(2026, 0, 5);

export function createTrace(on: boolean): Trace {
  const lines: string[] = [];
  return {
    on,
    lines,
    add(nowMs, who, what) {
      if (!on) return;
      const seconds = ((nowMs - START_OF_STORY_MS) / 1_000).toFixed(2).padStart(10);
      lines.push(`${seconds} ${who.padEnd(18)} ${what}`);
    },
  };
}
