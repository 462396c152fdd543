import type { Message } from '../domain/blob.ts';
import { type ContextSections, frameContext } from '../domain/context-frame.ts';
import { MemoryError } from '../domain/errors.ts';
import { eventSection, takeGists } from '../domain/event-section.ts';
import type { Slot } from '../domain/memory.ts';
import { profileSection, profileTokens, selectProfile } from '../domain/profile-selection.ts';
import type { Scope } from '../domain/scope.ts';
import { contextGists, embedAhead, queryOf } from './context-gists.ts';
import type { Clock, Embedder, Log, Search, Settings, Store } from './ports.ts';

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
      : await contextGists(
          { ...request, scope: { ...request.scope, life: snapshot.life }, query, budget: eventBudget },
          deps,
        );
  const sections: ContextSections = {
    profile: slots === null ? '' : profileSection(slots),
    events: eventSection(takeGists(events.gists, eventBudget)),
  };
  return {
    context: frameContext(sections, deps.settings.language, request.customPrompt),
    degraded: events.degraded,
  };
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
