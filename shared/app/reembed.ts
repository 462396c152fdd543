import type { LifeScope } from '../domain/scope.ts';
import { fillVectors } from './fill-vectors.ts';
import type { Deps } from './ports.ts';

/** One run of re-embedding as the store sees it; each step may be repeated after a crash. */
export interface ReembedRun {
  /** What comes first: `clear`, `fill`, or `top-up` when an earlier run has finished. */
  readonly begins: 'clear' | 'fill' | 'top-up';
  lives(): AsyncIterable<LifeScope>;
  clear(scope: LifeScope): Promise<void>;
  cleared(): Promise<void>;
  filled(): Promise<void>;
  retireFormer(): Promise<void>;
}

/** @property lives users whose vectors were looked at */
export interface ReembedReport {
  readonly lives: number;
  readonly retired: boolean;
}

/**
 * Gives every gist a vector of the new model, beside the old ones, which reads go on using. A run that follows a
 * finished one embeds what came in meanwhile and retires the old vectors. Throws `embedding_unavailable`;
 * what was done stays done.
 *
 * @param deps store and index opened on the new model's vectors, and its embedder
 */
export async function reembed(
  run: ReembedRun,
  deps: Pick<Deps, 'store' | 'search' | 'embedder'>,
): Promise<ReembedReport> {
  if (run.begins === 'clear') {
    for await (const life of run.lives()) await run.clear(life);
    await run.cleared();
  }
  let lives = 0;
  for await (const life of run.lives()) {
    await fillVectors(life, deps);
    lives += 1;
  }
  if (run.begins === 'top-up') await run.retireFormer();
  else await run.filled();
  return { lives, retired: run.begins === 'top-up' };
}
