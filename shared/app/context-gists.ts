import type { Message } from '../domain/blob.ts';
import type { Gist } from '../domain/memory.ts';
import type { LifeScope } from '../domain/scope.ts';
import { DAY_MS } from '../domain/time.ts';
import type { Clock, Embedder, Settings } from './ports.ts';
import { queryVector } from './query-vectors.ts';
import { type RetrieveGistsDeps, retrieveGists } from './retrieve-gists.ts';

export interface ContextGistsRequest {
  readonly scope: LifeScope;
  /** Empty: the newest gists are wanted. */
  readonly query: string;
  /** o200k_base tokens the gists may take; bounds how many are looked for. */
  readonly budget: number;
  /** Age in days, by creation, beyond which gists are left out. */
  readonly timeRangeDays: number;
  readonly similarityThreshold: number;
}
export interface ContextGistsDeps extends RetrieveGistsDeps {
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'timeZone'>;
}

/** Messages of the conversation that make the query. */
const QUERY_MESSAGES = 3;
/** A longer query keeps its end: the newest words say best what is asked. */
const MAX_QUERY_CHARS = 4_000;
/** `- ` and a line break around three or four words: no budget holds more gists than this makes of it. */
const SHORTEST_GIST_TOKENS = 8;
const MOST_GISTS = 1_000;

/** What a conversation asks for: its last messages. */
export function queryOf(chats: readonly Pick<Message, 'content'>[]): string {
  const text = chats.slice(-QUERY_MESSAGES).map(({ content }) => content);
  return text.join('\n').trim().slice(-MAX_QUERY_CHARS);
}

/** Lets the slowest part run while the snapshot is read; who needs the vector meets its failure. */
export function embedAhead(embedder: Embedder | null, query: string): void {
  if (embedder !== null) queryVector(embedder, query).catch(() => undefined);
}

/** The gists a context shows for a query, best first, and why they may be worse than they could be. */
export async function contextGists(
  { scope, query, budget, timeRangeDays, similarityThreshold }: ContextGistsRequest,
  deps: ContextGistsDeps,
): Promise<{ gists: readonly Gist[]; degraded: readonly string[] }> {
  if (timeRangeDays <= 0) return { gists: [], degraded: [] };
  const nowMs = deps.clock();
  const sinceMs = nowMs - timeRangeDays * DAY_MS;
  const wanted = Math.min(Math.ceil(budget / SHORTEST_GIST_TOKENS), MOST_GISTS);
  if (query === '') {
    return { gists: await deps.store.timeline.newestGists(scope, sinceMs, wanted), degraded: [] };
  }
  const { timeZone } = deps.settings;
  const request = { scope, query, sinceMs, nowMs, timeZone, wanted, similarityThreshold };
  const { gists, degraded } = await retrieveGists(request, deps);
  return { gists: gists.map(({ gist }) => gist), degraded };
}
