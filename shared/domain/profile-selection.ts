import { shownTokens } from './line-tokens.ts';
import { type Slot, slotLine } from './memory.ts';

export interface ProfileRules {
  /** Topics that come first, in this order. */
  readonly preferTopics: readonly string[];
  /** When not empty, the only topics shown. */
  readonly onlyTopics: readonly string[];
  /** Most slots of one topic; null, 0 or less: no limit. */
  readonly maxSubtopicSize: number | null;
  /** By topic, stronger than `maxSubtopicSize`; 0 drops the topic, less than 0 means no limit. */
  readonly topicLimits: Readonly<Record<string, number>>;
  /** Most slots in all; null or 0: no limit. */
  readonly topk: number | null;
  /** Most tokens of the lines shown; null or 0: no limit. The first slot is kept even if it alone exceeds them. */
  readonly maxTokens: number | null;
}

/** What a section without any slot reads on the wire, and its o200k_base tokens. */
export const EMPTY_PROFILE_SECTION = '- ';
export const EMPTY_PROFILE_TOKENS = 2;

/** The slots to show, in the wire protocol's order: newest first, preferred topics before the rest, then the limits. */
export function selectProfile(slots: readonly Slot[], rules: ProfileRules): Slot[] {
  const only = new Set(rules.onlyTopics.map((topic) => topic.trim()));
  const ordered = orderByPreference(
    [...slots].sort((a, b) => b.updatedMs - a.updatedMs || (a.id < b.id ? -1 : 1)),
    rules.preferTopics,
  ).filter((slot) => only.size === 0 || only.has(slot.topic.trim()));
  const capped = withinTopicLimits(ordered, rules);
  const first = rules.topk ? capped.slice(0, Math.max(0, rules.topk)) : capped;
  return rules.maxTokens ? withinTokens(first, rules.maxTokens) : first;
}

/** The slots as the context shows them. */
export function profileSection(slots: readonly Slot[]): string {
  return slots.length === 0 ? EMPTY_PROFILE_SECTION : slots.map(slotLine).join('\n');
}

export function profileTokens(slots: readonly Slot[]): number {
  return slots.length === 0 ? EMPTY_PROFILE_TOKENS : slots.reduce((sum, slot) => sum + slotCost(slot), 0);
}

/** What a slot costs at most in a section. */
export const slotCost = (slot: Slot): number => shownTokens(slot.content, slot.tokens);

/** Slots of the topics named first, in the order of the names; within a topic and behind them as given. */
export function orderByPreference(slots: readonly Slot[], topics: readonly string[]): Slot[] {
  const names = topics.map((topic) => topic.trim());
  const rank = (slot: Slot): number => {
    const place = names.indexOf(slot.topic.trim());
    return place === -1 ? names.length : place;
  };
  return [...slots].sort((a, b) => rank(a) - rank(b));
}

/** The first slots of each topic, as many as the rules allow. */
export function withinTopicLimits(
  slots: readonly Slot[],
  { topicLimits, maxSubtopicSize }: Pick<ProfileRules, 'topicLimits' | 'maxSubtopicSize'>,
): Slot[] {
  const shown = new Map<string, number>();
  return slots.filter(({ topic }) => {
    const own = Object.hasOwn(topicLimits, topic) ? topicLimits[topic] : undefined;
    const limit = own ?? (maxSubtopicSize || -1);
    const count = shown.get(topic) ?? 0;
    if (limit >= 0 && count >= limit) return false;
    shown.set(topic, count + 1);
    return true;
  });
}

/** Stops before the first slot that would exceed the budget, as the protocol does; it does not look for smaller ones. */
function withinTokens(slots: readonly Slot[], budget: number): Slot[] {
  let used = 0;
  const end = slots.findIndex((slot, index) => {
    used += slotCost(slot);
    return used > budget && index > 0;
  });
  return end === -1 ? [...slots] : slots.slice(0, end);
}
