import type { Tally } from './tally.ts';
import type { LogLine } from './worker-process.ts';

/** Codes that no kill, freeze or bad moment of the model explains. */
const UNEXPECTED = new Set([
  'internal',
  'statement_refused',
  'config_invalid',
  'schema_newer',
  'llm_rejected',
]);

/** Counts what the workers' logs tell, and complains about what nothing in this test explains. */
export function createLogReader(tally: Tally, complain: (what: string) => void): (line: LogLine) => void {
  return (line) => {
    if (line.event === 'race_lost') tally.count('lost_races');
    if (line.event === 'batch_failed') tally.count('failed_batches');
    const code = line['code'];
    if (code === 'store_unavailable') tally.count('store_busy');
    const foreign = line.event === 'invocation_failed' && line['errorType'] !== 'MemoryError';
    if (foreign || UNEXPECTED.has(String(code))) complain(`a worker logged ${JSON.stringify(line)}`);
  };
}
