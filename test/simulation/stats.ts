const COUNTED = [
  'seeds',
  'steps',
  'messages',
  'commits',
  'die_before',
  'die_after',
  'freeze',
  'refuse',
  'lose_ack',
  'late',
  'clock_step',
  'lost_race',
  'redelivery',
  'dropped_invocation',
  'duplicate_insert',
  'redone_commit',
  'stale_row',
  'dead_letter',
  'deletion',
  'llm_failure',
] as const;
export type Counted = (typeof COUNTED)[number];

/** How often what happened: a simulation that meets no fault proves nothing. */
export interface Stats {
  count(what: Counted, by?: number): void;
  all(): Readonly<Record<Counted, number>>;
}

export function createStats(): Stats {
  const totals = Object.fromEntries(COUNTED.map((name) => [name, 0])) as Record<Counted, number>;
  return {
    count(what, by = 1) {
      totals[what] += by;
    },
    all: () => totals,
  };
}

export function addAll(stats: Stats, more: Readonly<Partial<Record<Counted, number>>>): void {
  for (const name of COUNTED) stats.count(name, more[name] ?? 0);
}
