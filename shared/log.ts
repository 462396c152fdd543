import type { Log } from './app/ports.ts';

/** One JSON line per event on standard output, where Function Compute's log service picks it up. */
export const log: Log = (level, event, fields = {}) => {
  process.stdout.write(`${JSON.stringify({ level, event, time: new Date().toISOString(), ...fields })}\n`);
};
