import { blobLines, blobText } from '../domain/blob.ts';
import { FRAME_TOKENS, frameContext, RECENT_HEADING_TOKENS, recentSection } from '../domain/context-frame.ts';
import { eventSection, takeGists } from '../domain/event-section.ts';
import type { Snapshot } from '../domain/memory.ts';
import { profileSection, profileTokens } from '../domain/profile-selection.ts';
import type { LifeScope } from '../domain/scope.ts';
import { selectSlotsForQuery } from '../domain/slot-ranking.ts';
import { estimateTokens } from '../domain/tokens.ts';
import { contextGists, embedAhead, queryOf } from './context-gists.ts';
import type { Deps } from './ports.ts';
import { embedSlotQuery } from './rank-slots.ts';
import type { ReadContextRequest } from './read-context.ts';

export interface RecallRequest extends Omit<ReadContextRequest, 'fillWindowWithEvents'> {
  /** Whether messages that still wait for extraction stand at the end. */
  readonly recent: boolean;
}

export interface Recalled {
  readonly context: string;
  /** Why the answer may be worse than it could be; empty when all went well. */
  readonly degraded: readonly string[];
}

type RecallDeps = Pick<Deps, 'store' | 'search' | 'embedder' | 'slotEmbedder' | 'clock' | 'settings' | 'log'>;

/** Share of the budget that messages not yet extracted may take. */
const RECENT_SHARE = 0.25;
/** The newest messages that can be shown; more would not fit any usual budget. */
const MOST_RECENT_BLOBS = 50;

/**
 * The memory of a user for the next prompt, as this project's own endpoint gives it: within the budget everything
 * counts, frame included; profile entries are chosen by the query instead of by age; events fill what is left; and
 * what was said too recently to be extracted stands at the end, so that a user is never asked twice.
 * Calls no model but the embedder. A user never seen, or deleted, has empty sections.
 */
export async function recall(request: RecallRequest, deps: RecallDeps): Promise<Recalled> {
  const { language } = deps.settings;
  const query = queryOf(request.chats);
  if (query !== '') embedAhead(deps.embedder, query);
  const snapshot = (await deps.store.commits.latest(request.scope))?.snapshot;
  const frameTokens =
    request.customPrompt === null ? FRAME_TOKENS[language] : estimateTokens(request.customPrompt);
  const budget = request.maxTokens - frameTokens;
  if (snapshot === undefined || snapshot.life === 0 || budget <= 0) {
    const empty = { profile: '', events: '' };
    return { context: budget <= 0 ? '' : frameContext(empty, language, request.customPrompt), degraded: [] };
  }
  const scope: LifeScope = { ...request.scope, life: snapshot.life };
  const recent = request.recent
    ? await recentLines(scope, Math.floor(budget * RECENT_SHARE), deps)
    : NO_LINES;
  const room = budget - recent.tokens;
  const profile = await chooseProfile(
    scope,
    snapshot,
    query,
    Math.floor(room * request.profileEventRatio),
    request,
    deps,
  );
  const eventBudget = room - profile.tokens;
  const events = await contextGists({ ...request, scope, query, budget: eventBudget }, deps);
  const sections = { profile: profile.text, events: eventSection(takeGists(events.gists, eventBudget)) };
  return {
    context: frameContext(sections, language, request.customPrompt) + recentSection(recent.lines, language),
    degraded: [...new Set([...profile.degraded, ...events.degraded])],
  };
}

async function chooseProfile(
  scope: LifeScope,
  { slots }: Snapshot,
  query: string,
  maxTokens: number,
  request: RecallRequest,
  deps: RecallDeps,
): Promise<{ text: string; tokens: number; degraded: readonly string[] }> {
  if (slots.length === 0 || maxTokens <= 0) return { text: '', tokens: 0, degraded: [] };
  const meaning =
    query === '' ? { vectors: null, failure: null } : await embedSlotQuery(scope, slots, query, deps);
  const chosen = selectSlotsForQuery({
    slots,
    query,
    vectors: meaning.vectors,
    nowMs: deps.clock(),
    rules: { ...request, topk: null, maxTokens },
  });
  return {
    text: chosen.length === 0 ? '' : profileSection(chosen),
    tokens: chosen.length === 0 ? 0 : profileTokens(chosen),
    degraded: meaning.failure === null ? [] : [meaning.failure],
  };
}

interface RecentLines {
  readonly lines: readonly string[];
  readonly tokens: number;
}
const NO_LINES: RecentLines = { lines: [], tokens: 0 };

/** The newest waiting chat messages that fit, in the order they were said. */
async function recentLines(
  scope: LifeScope,
  budget: number,
  { store, settings }: RecallDeps,
): Promise<RecentLines> {
  const waiting = (await store.blobs.waiting(scope, 'chat')).slice(-MOST_RECENT_BLOBS);
  const blobs = await store.blobs.load(
    scope,
    waiting.map(({ id }) => id),
  );
  const lines: string[] = [];
  let tokens = RECENT_HEADING_TOKENS;
  for (const line of blobs.flatMap((blob) => blobLines(blob, settings.timeZone)).reverse()) {
    const text = blobText([line]).replace(/\s*\n\s*/g, ' ');
    const cost = estimateTokens(`${text}\n`);
    if (tokens + cost > budget) break;
    tokens += cost;
    lines.unshift(text);
  }
  return lines.length === 0 ? NO_LINES : { lines, tokens };
}
