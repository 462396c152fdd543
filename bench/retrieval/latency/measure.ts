import type { Deps } from '../../../shared/app/ports.ts';
import { readContext } from '../../../shared/app/read-context.ts';
import type { LifeScope } from '../../../shared/domain/scope.ts';
import { contextParameters } from '../../../shared/wire/read-parameters.ts';
import { createSentences } from './sentences.ts';

/** Times of each read in milliseconds, in one order of questions. */
export interface Timings {
  readonly context: number[];
  readonly row: number[];
  readonly embedding: number[];
  readonly searches: number[];
  /** What the context took beyond the three. */
  readonly added: number[];
}

/** As deep as the product searches: see `retrieveGists`. */
const HITS_PER_ARM = 400;
const QUESTION_WORDS = 8;
const QUESTION_SEED = 4_711;

/** Reads a context per question, and the parts it cannot do without on their own; who goes first alternates. */
export async function measureReads(
  deps: Deps,
  scope: LifeScope,
  reads: number,
  warmUp: number,
): Promise<Timings> {
  const timings: Timings = { context: [], row: [], embedding: [], searches: [], added: [] };
  const sentence = createSentences(QUESTION_SEED);
  for (let at = -warmUp; at < reads; at += 1) {
    const question = sentence(QUESTION_WORDS);
    const early = at % 2 === 0 ? await timeParts(deps, scope, question) : null;
    const context = await timed(() => readWhole(deps, scope, question));
    const { row, embedding, searches } = early ?? (await timeParts(deps, scope, question));
    if (at < 0) continue;
    timings.context.push(context.ms);
    timings.row.push(row);
    timings.embedding.push(embedding);
    timings.searches.push(searches);
    timings.added.push(context.ms - row - embedding - searches);
  }
  return timings;
}

function readWhole(deps: Deps, { projectId, userId }: LifeScope, question: string) {
  const parameters = contextParameters({
    chats_str: JSON.stringify([{ role: 'user', content: question }]),
    time_range_in_days: '36500',
    fill_window_with_events: 'true',
  });
  return readContext({ scope: { projectId, userId }, ...parameters }, deps);
}

async function timeParts(
  { store, search, embedder }: Deps,
  scope: LifeScope,
  question: string,
): Promise<{ row: number; embedding: number; searches: number }> {
  const row = await timed(() => store.commits.latest(scope));
  const embedding = await timed(async () => (await embedder?.embed([question], 'query'))?.[0] ?? []);
  const within = { scope, sinceMs: 0, limit: HITS_PER_ARM };
  const searches = await timed(() =>
    Promise.all([search.textSearch(question, within), search.vectorSearch(embedding.value, within)]),
  );
  return { row: row.ms, embedding: embedding.ms, searches: searches.ms };
}

async function timed<T>(step: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const started = performance.now();
  const value = await step();
  return { value, ms: performance.now() - started };
}
