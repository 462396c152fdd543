const COUNTED = [
  'messages',
  'requests',
  'duplicates',
  'unanswered',
  'refused',
  'flushes',
  'updates',
  'kills',
  'freezes',
  'invocations',
  'redeliveries',
  'lost_invocations',
  'repeated_tasks',
  'lost_races',
  'failed_batches',
  'store_busy',
  'llm_calls',
  'llm_faults',
  'embedding_calls',
  'embedding_faults',
] as const;
export type Counted = (typeof COUNTED)[number];

/** How often what happened: a kill test that meets no fault proves nothing. */
export interface Tally {
  count(what: Counted): void;
  all(): Readonly<Record<Counted, number>>;
}

export function createTally(): Tally {
  const totals = Object.fromEntries(COUNTED.map((name) => [name, 0])) as Record<Counted, number>;
  return {
    count(what) {
      totals[what] += 1;
    },
    all: () => totals,
  };
}
