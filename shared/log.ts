import type { Log } from './app/ports.ts';

export const LOG_LEVELS = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

let threshold = 0;

/** Drops what is less important from now on. */
export function setLogLevel(level: LogLevel): void {
  threshold = LOG_LEVELS.indexOf(level);
}

/** One JSON line per event on standard output, where Function Compute's log service picks it up. */
export const log: Log = (level, event, fields = {}) => {
  if (LOG_LEVELS.indexOf(level) < threshold) return;
  process.stdout.write(`${JSON.stringify({ level, event, time: new Date().toISOString(), ...fields })}\n`);
};
