import type { Deps } from '../../../shared/app/ports.ts';
import { loadConfig } from '../../../shared/config.ts';
import { createRuntime } from '../../../shared/runtime.ts';
import { hashedEmbedding } from '../hashed-embedding.ts';
import { type FillOptions, fillUsers, userScope } from './fill.ts';
import { measureReads, type Timings } from './measure.ts';

/** What the process is started for, as JSON in its first argument. */
export type Task =
  | ({ readonly kind: 'fill' } & FillOptions)
  | { readonly kind: 'measure'; readonly path: string; readonly dimension: number; readonly reads: number };

/** What a measurement prints, as JSON. */
export interface Measured {
  readonly timings: Timings;
  readonly rssBytes: number;
}

const WARM_UP = 20;

/** The runtime of a function on this file, its embedder replaced by one that needs no service. */
async function openDeps(path: string, dimension: number): Promise<Deps> {
  const { config } = await loadConfig({
    MEMOBASE_STORE: 'sqlite',
    MEMOBASE_SQLITE_PATH: path,
    MEMOBASE_EMBEDDING_BASE_URL: 'http://127.0.0.1:9/v1',
    MEMOBASE_EMBEDDING_MODEL: 'hashed-words',
    MEMOBASE_EMBEDDING_DIM: String(dimension),
  });
  return {
    ...(await createRuntime(config)),
    embedder: { embed: async (texts) => texts.map((text) => hashedEmbedding(text, dimension)) },
  };
}

async function main(task: Task): Promise<void> {
  const deps = await openDeps(task.path, task.dimension);
  if (task.kind === 'fill') {
    await deps.store.close();
    return fillUsers(task);
  }
  const timings = await measureReads(deps, userScope(1), task.reads, WARM_UP);
  const measured: Measured = { timings, rssBytes: process.memoryUsage().rss };
  await deps.store.close();
  process.stdout.write(JSON.stringify(measured));
}

await main(JSON.parse(process.argv[2] ?? '{}') as Task);
