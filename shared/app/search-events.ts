import { MemoryError } from '../domain/errors.ts';
import { type EventFilter, passesFilter } from '../domain/event-filter.ts';
import { type Gist, gistDay, type MemoryEvent } from '../domain/memory.ts';
import type { LifeScope, Scope } from '../domain/scope.ts';
import { DAY_MS } from '../domain/time.ts';
import type { Deps } from './ports.ts';
import { queryVector } from './query-vectors.ts';

export interface TimelineQuery {
  readonly scope: Scope;
  readonly query: string;
  readonly topk: number;
  /** Only what is strictly more similar than this, by cosine. */
  readonly similarityThreshold: number;
  /** Age by creation; 0 finds nothing. */
  readonly timeRangeDays: number;
}

export interface EventQuery extends TimelineQuery, Partial<EventFilter> {
  /** First and last day (`YYYY-MM-DD`) on which it happened, or was told where that is not known. */
  readonly happened?: { readonly from: string; readonly to: string } | undefined;
}

export interface Similar<T> {
  readonly item: T;
  /** Cosine between the query and the text, -1 to 1. */
  readonly similarity: number;
}

type SearchDeps = Pick<Deps, 'store' | 'search' | 'embedder' | 'clock'>;

/** Most gists one search looks at; the best of them are far above any threshold in use. */
const MAX_HITS = 400;

/** Gists similar to the query, best first; none for an unknown user. Throws `embedding_off`, `embedding_unavailable`. */
export async function searchGists(
  request: TimelineQuery,
  deps: SearchDeps,
): Promise<readonly Similar<Gist>[]> {
  return (await similarGists(request, deps)).slice(0, request.topk);
}

/** Events by their most similar gist, best first. Errors as {@link searchGists}. */
export async function searchEvents(
  request: EventQuery,
  deps: SearchDeps,
): Promise<readonly Similar<MemoryEvent>[]> {
  const { happened, tags = [], tagValues = {}, topics = [], subTopics = [] } = request;
  const best = new Map<string, number>();
  for (const { item, similarity } of await similarGists(request, deps)) {
    if (happened !== undefined && !isWithin(item, happened)) continue;
    if (!best.has(item.eventId)) best.set(item.eventId, similarity);
  }
  const scope = await lifeOf(request.scope, deps);
  if (scope === null) return [];
  const events = await deps.store.timeline.eventsById(scope, [...best.keys()]);
  return events
    .filter((event) => passesFilter(event, { tags, tagValues, topics, subTopics }))
    .map((item) => ({ item, similarity: best.get(item.id) ?? 0 }))
    .sort((a, b) => b.similarity - a.similarity || (a.item.id < b.item.id ? 1 : -1))
    .slice(0, request.topk);
}

/** Events that pass a filter, newest first, whatever their age; none for an unknown user. */
export async function filterEvents(
  { scope, filter, topk }: { scope: Scope; filter: EventFilter; topk: number },
  deps: Pick<Deps, 'store'>,
): Promise<readonly MemoryEvent[]> {
  const life = await lifeOf(scope, deps);
  const found: MemoryEvent[] = [];
  if (life === null || topk === 0) return found;
  for await (const page of deps.store.timeline.eventPages(life)) {
    found.push(...page.filter((event) => passesFilter(event, filter)));
    if (found.length >= topk) break;
  }
  return found.slice(0, topk);
}

async function similarGists(request: TimelineQuery, deps: SearchDeps): Promise<readonly Similar<Gist>[]> {
  const { embedder, search, store, clock } = deps;
  if (embedder === null) {
    throw new MemoryError(
      'embedding_off',
      'Search needs an embedding service, and none is configured. Set MEMOBASE_EMBEDDING_API_KEY or _BASE_URL.',
    );
  }
  const scope = await lifeOf(request.scope, deps);
  if (scope === null || request.timeRangeDays <= 0 || request.topk === 0) return [];
  const sinceMs = clock() - request.timeRangeDays * DAY_MS;
  const vector = await queryVector(embedder, request.query);
  const hits = await search.vectorSearch(vector, { scope, sinceMs, limit: MAX_HITS });
  const similar = hits.filter(({ score }) => score > request.similarityThreshold);
  const gists = await store.timeline.gistsById(
    scope,
    similar.map(({ id }) => id),
  );
  const byId = new Map(gists.map((gist) => [gist.id, gist]));
  return similar.flatMap(({ id, score }) => {
    const item = byId.get(id);
    return item === undefined ? [] : [{ item, similarity: score }];
  });
}

async function lifeOf(scope: Scope, { store }: Pick<Deps, 'store'>): Promise<LifeScope | null> {
  const head = await store.commits.head(scope);
  return head === null || head.life === 0 ? null : { ...scope, life: head.life };
}

function isWithin(gist: Gist, { from, to }: { from: string; to: string }): boolean {
  const day = gistDay(gist);
  return day !== null && day <= to && (gist.happenedTo ?? day) >= from;
}
