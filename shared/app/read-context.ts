import type { Message } from '../domain/blob.ts';
import { type ContextSections, frameContext } from '../domain/context-frame.ts';
import { MemoryError } from '../domain/errors.ts';
import { eventSection, takeGists } from '../domain/event-section.ts';
import type { Gist, Slot } from '../domain/memory.ts';
import { profileSection, profileTokens, selectProfile } from '../domain/profile-selection.ts';
import type { LifeScope, Scope } from '../domain/scope.ts';
import { DAY_MS } from '../domain/time.ts';
import type { Clock, Embedder, Log, Search, Settings, Store } from './ports.ts';
import { queryVector } from './query-vectors.ts';
import { retrieveGists } from './retrieve-gists.ts';

export interface ReadContextRequest {
  readonly scope: Scope;
  /** Budget of the two sections together, in o200k_base tokens; the frame around them is not counted. */
  readonly maxTokens: number;
  /** The conversation the context is for, oldest first; without one the newest gists are shown. */
  readonly chats: readonly Pick<Message, 'content'>[];
  readonly preferTopics: readonly string[];
  readonly onlyTopics: readonly string[];
  /** These two as in `ProfileRules`. */
  readonly maxSubtopicSize: number | null;
  readonly topicLimits: Readonly<Record<string, number>>;
  /** Share of the budget that profiles may use; more than 0, at most 1. */
  readonly profileEventRatio: number;
  /** Age in days, by creation, beyond which gists are left out. */
  readonly timeRangeDays: number;
  readonly similarityThreshold: number;
  /** Whether events may use what the profiles left of their share. */
  readonly fillWindowWithEvents: boolean;
  /** Replaces the frame; null for the default of the language. */
  readonly customPrompt: string | null;
}
export interface ReadContextDeps {
  readonly store: {
    readonly commits: Pick<Store['commits'], 'latest'>;
    readonly timeline: Pick<Store['timeline'], 'gistsById' | 'newestGists'>;
  };
  readonly search: Search;
  readonly embedder: Embedder | null;
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'language' | 'timeZone'>;
  readonly log: Log;
}

/** Messages of the conversation that make the query. */
const QUERY_MESSAGES = 3;
/** A longer query keeps its end: the newest words say best what is asked. */
const MAX_QUERY_CHARS = 4_000;
/** `- ` and a line break around three or four words: no budget holds more gists than this makes of it. */
const SHORTEST_GIST_TOKENS = 8;
const MOST_GISTS = 1_000;

/**
 * The memory of a user for the next prompt: the profile, then the events that matter to the conversation, within a
 * budget. Calls no model but the embedder, and no tokenizer: it adds up counts that were stored with every line.
 * A user never seen, or deleted, has empty sections. Throws `invalid_request` for a ratio out of range.
 *
 * @returns the text, and why it may be worse than it could be (empty when all went well)
 */
export async function readContext(
  request: ReadContextRequest,
  deps: ReadContextDeps,
): Promise<{ context: string; degraded: readonly string[] }> {
  const { maxTokens, profileEventRatio: ratio, fillWindowWithEvents } = request;
  if (!(ratio > 0 && ratio <= 1)) {
    throw new MemoryError(
      'invalid_request',
      `profile_event_ratio must be more than 0 and at most 1, got ${ratio}.`,
    );
  }
  const query = queryOf(request.chats);
  const profileBudget = Math.floor(maxTokens * ratio);
  const eventLimit = fillWindowWithEvents ? maxTokens : maxTokens - profileBudget;
  if (query !== '' && eventLimit > 0) embedAhead(deps.embedder, query);

  const snapshot = (await deps.store.commits.latest(request.scope))?.snapshot;
  const slots = profileBudget > 0 ? selectSlots(snapshot?.slots ?? [], profileBudget, request) : null;
  const profileCost = slots === null ? 0 : profileTokens(slots);
  const eventBudget = Math.min(eventLimit, maxTokens - profileCost);
  const events =
    snapshot === undefined || snapshot.life === 0 || eventBudget <= 0
      ? { gists: [], degraded: [] }
      : await findEvents({ ...request.scope, life: snapshot.life }, query, eventBudget, request, deps);
  const sections: ContextSections = {
    profile: slots === null ? '' : profileSection(slots),
    events: eventSection(takeGists(events.gists, eventBudget)),
  };
  return {
    context: frameContext(sections, deps.settings.language, request.customPrompt),
    degraded: events.degraded,
  };
}

function queryOf(chats: ReadContextRequest['chats']): string {
  const text = chats.slice(-QUERY_MESSAGES).map(({ content }) => content);
  return text.join('\n').trim().slice(-MAX_QUERY_CHARS);
}

/** Lets the slowest part run while the snapshot is read; who needs the vector meets its failure. */
function embedAhead(embedder: Embedder | null, query: string): void {
  if (embedder !== null) queryVector(embedder, query).catch(() => undefined);
}

function selectSlots(slots: readonly Slot[], budget: number, request: ReadContextRequest): Slot[] {
  const { preferTopics, onlyTopics, maxSubtopicSize, topicLimits } = request;
  return selectProfile(slots, {
    preferTopics,
    onlyTopics,
    maxSubtopicSize,
    topicLimits,
    topk: null,
    maxTokens: budget,
  });
}

async function findEvents(
  scope: LifeScope,
  query: string,
  budget: number,
  { timeRangeDays, similarityThreshold }: ReadContextRequest,
  deps: ReadContextDeps,
): Promise<{ gists: readonly Gist[]; degraded: readonly string[] }> {
  if (timeRangeDays <= 0) return { gists: [], degraded: [] };
  const nowMs = deps.clock();
  const sinceMs = nowMs - timeRangeDays * DAY_MS;
  const wanted = Math.min(Math.ceil(budget / SHORTEST_GIST_TOKENS), MOST_GISTS);
  if (query === '') {
    return { gists: await deps.store.timeline.newestGists(scope, sinceMs, wanted), degraded: [] };
  }
  const { timeZone } = deps.settings;
  const { gists, degraded } = await retrieveGists(
    { scope, query, sinceMs, nowMs, timeZone, wanted, similarityThreshold },
    deps,
  );
  return { gists: gists.map(({ gist }) => gist), degraded };
}
