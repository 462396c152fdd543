import type { TestProject } from 'vitest/node';
import { startOpenSearch } from './opensearch.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    openSearchUrl: string;
  }
}

/** Starts the server before the tests of a run and stops it behind them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startOpenSearch();
  project.provide('openSearchUrl', url);
  return stop;
}
