import type { TestProject } from 'vitest/node';
import { type MariaDb, startMariaDb } from './mariadb.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    mariaDb: Omit<MariaDb, 'stop'>;
  }
}

/** Starts the server before the tests of a run and stops it behind them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { stop, ...address } = await startMariaDb();
  project.provide('mariaDb', address);
  return stop;
}
