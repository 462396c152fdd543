/** Undoes what has not happened yet. */
export type Cancel = () => void;

/** The passing of time, so that a test can do it by hand. */
export interface Timers {
  after(delayMs: number, then: () => void): Cancel;
}

export const realTimers: Timers = {
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

export type Timed<T> = { readonly late: false; readonly value: T } | { readonly late: true };

/** The outcome of `work`, or `late` when the limit comes first. The work itself goes on: nothing can stop it. */
export function within<T>(work: Promise<T>, limitMs: number, timers: Timers): Promise<Timed<T>> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(limitMs, () => resolve({ late: true }));
    work.then((value) => resolve({ late: false, value }), reject).finally(cancel);
  });
}
