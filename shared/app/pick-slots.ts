import type { Message } from '../domain/blob.ts';
import { toMemoryError } from '../domain/errors.ts';
import { profilePickSchema } from '../domain/extraction.ts';
import type { Slot } from '../domain/memory.ts';
import { type ProfileRules, selectProfile } from '../domain/profile-selection.ts';
import type { Scope } from '../domain/scope.ts';
import { rankSlots, slotsWithin } from '../domain/slot-ranking.ts';
import { pickRequest } from './model-requests.ts';
import type { Deps, Store } from './ports.ts';

/** Most slots put before the model; of more, those that fit the conversation best by their words. */
const MOST_SLOTS = 200;
/** Last messages of the conversation that the model sees. */
const MESSAGES = 5;
/** A reader waits for it. */
const PICK_MS = 20_000;

export type Turn = Pick<Message, 'role' | 'content'>;

export interface PickSlotsRequest {
  readonly slots: readonly Slot[];
  /** The conversation the slots have to matter to, oldest first. */
  readonly chats: readonly Turn[];
  readonly signal?: AbortSignal | undefined;
}
export type PickDeps = Pick<Deps, 'llm' | 'clock' | 'log'> & {
  readonly settings: Pick<Deps['settings'], 'language'>;
};

/** @property failure why the model did not choose; the slots are all of them then */
export interface PickedSlots {
  readonly slots: readonly Slot[];
  readonly failure: string | null;
}

/**
 * Lets the model choose the slots that matter to a conversation, in the order of its answer; it may choose none.
 * Where it cannot be asked or its answer is of no use, all the slots are kept. Never throws.
 */
export async function pickSlots(
  { slots, chats, signal }: PickSlotsRequest,
  { llm, clock, settings, log }: PickDeps,
): Promise<PickedSlots> {
  const last = chats.slice(-MESSAGES);
  if (slots.length === 0 || last.length === 0) return { slots, failure: null };
  const numbered = candidates(slots, last, clock());
  const limit = AbortSignal.timeout(PICK_MS);
  try {
    const request = pickRequest({ language: settings.language, slots: numbered, chats: last });
    const { value } = await llm.complete({
      step: 'profile_pick',
      ...request,
      schema: profilePickSchema,
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    return {
      slots: [...new Set(value.picked)].flatMap((number) => numbered[number] ?? []),
      failure: null,
    };
  } catch (thrown) {
    const { code, message } = toMemoryError(thrown);
    log('warn', 'profile_pick_failed', { code, message });
    return { slots, failure: `llm: ${message}` };
  }
}

function candidates(slots: readonly Slot[], chats: readonly Turn[], nowMs: number): Slot[] {
  const query = chats.map(({ content }) => content).join('\n');
  const best =
    slots.length <= MOST_SLOTS
      ? [...slots]
      : rankSlots({ slots, query, vectors: null, nowMs })
          .slice(0, MOST_SLOTS)
          .map(({ slot }) => slot);
  return best.sort((a, b) => compare(a.topic, b.topic) || compare(a.subTopic, b.subTopic));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export interface RelevantProfileRequest {
  readonly scope: Scope;
  readonly chats: readonly Turn[];
  readonly rules: ProfileRules;
  readonly signal?: AbortSignal | undefined;
}

/** The profile as the model picks it for a conversation, within the rules; `degraded` says when it could not. */
export async function readRelevantProfile(
  { scope, chats, rules, signal }: RelevantProfileRequest,
  deps: PickDeps & { readonly store: { readonly commits: Pick<Store['commits'], 'latest'> } },
): Promise<{ slots: readonly Slot[]; degraded: readonly string[] }> {
  const commit = await deps.store.commits.latest(scope);
  const slots = slotsWithin(commit?.snapshot.slots ?? [], rules.onlyTopics);
  const picked = await pickSlots({ slots, chats, signal }, deps);
  return {
    slots: selectProfile(picked.slots, rules),
    degraded: picked.failure === null ? [] : [picked.failure],
  };
}
