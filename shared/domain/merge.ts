import type { ExtractedFact, MergeDecision } from './extraction.ts';
import type { ProfileDelta, Slot } from './memory.ts';
import { slotLine, unifiedName } from './memory.ts';

/** A fact that meets a slot of the same topic and sub-topic. */
export interface Collision {
  readonly fact: ExtractedFact;
  readonly slot: Slot;
}

export interface FactPlan {
  /** Facts that meet nothing and are added as they are. */
  readonly fresh: readonly ExtractedFact[];
  readonly collisions: readonly Collision[];
}

/** What the merge did to a profile. */
export interface MergedProfile {
  readonly slots: readonly Slot[];
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly delta: readonly ProfileDelta[];
}

export interface MergeTools {
  readonly nowMs: number;
  /** Id of the n-th new slot of this batch. */
  readonly slotId: (ordinal: number) => string;
  readonly countTokens: (text: string) => number;
  readonly sources: readonly string[];
}

/** Facts with unified names, equal pairs joined, blank ones left out; in the order they came. */
export function tidyFacts(facts: readonly ExtractedFact[]): ExtractedFact[] {
  const byName = new Map<string, ExtractedFact>();
  for (const fact of facts) {
    const topic = unifiedName(fact.topic);
    const subTopic = unifiedName(fact.sub_topic);
    const memo = fact.memo.trim();
    if (topic === '' || subTopic === '' || memo === '') continue;
    const name = `${topic}\n${subTopic}`;
    const known = byName.get(name);
    byName.set(name, {
      topic,
      sub_topic: subTopic,
      memo: known === undefined ? memo : joinMemos(known.memo, memo),
    });
  }
  return [...byName.values()];
}

/** Splits facts into those that are simply added and those a model has to judge. */
export function planFacts(slots: readonly Slot[], facts: readonly ExtractedFact[]): FactPlan {
  const fresh: ExtractedFact[] = [];
  const collisions: Collision[] = [];
  for (const fact of facts) {
    const same = slots
      .filter(
        (slot) => unifiedName(slot.topic) === fact.topic && unifiedName(slot.subTopic) === fact.sub_topic,
      )
      .sort((a, b) => a.updatedMs - b.updatedMs);
    const slot = same[0];
    if (slot === undefined) fresh.push(fact);
    else collisions.push({ fact, slot });
  }
  return { fresh, collisions };
}

/**
 * The profile after a batch. A collision without a decision is kept by appending: what a model forgot to judge
 * is not lost.
 */
export function mergeProfile(
  slots: readonly Slot[],
  { fresh, collisions }: FactPlan,
  decisions: ReadonlyMap<number, MergeDecision>,
  tools: MergeTools,
): MergedProfile {
  const changed = new Map<string, Slot>();
  const delta: ProfileDelta[] = [];
  collisions.forEach(({ fact, slot }, index) => {
    const content = mergedContent(slot.content, fact.memo, decisions.get(index));
    if (content === slot.content) return;
    changed.set(slot.id, revised(slot, content, tools));
    delta.push(deltaOf(fact));
  });
  const added = fresh.map((fact, ordinal) => newSlot(fact, tools.slotId(ordinal), tools));
  delta.push(...fresh.map(deltaOf));
  return {
    slots: [...slots.map((slot) => changed.get(slot.id) ?? slot), ...added],
    added: added.map(({ id }) => id),
    updated: [...changed.keys()],
    delta,
  };
}

function mergedContent(current: string, memo: string, decision: MergeDecision | undefined): string {
  const { action, memo: decided } = decision ?? { action: 'append' as const, memo: '' };
  const text = decided.trim();
  switch (action) {
    case 'abort':
      return current;
    case 'update':
      return text === '' ? joinMemos(current, memo) : text;
    case 'append':
      return joinMemos(current, text === '' ? memo : text);
    default:
      return action satisfies never;
  }
}

const HAN = /\p{Script=Han}/u;

/** Joined as one value; what is in there already is not repeated. */
function joinMemos(current: string, memo: string): string {
  if (current === '' || current === memo) return memo;
  if (isPartOf(current, memo)) return current;
  return `${current}${HAN.test(memo) ? '；' : '; '}${memo}`;
}

/** Whole parts only: "likes tea" is not in "dislikes tea". */
function isPartOf(current: string, memo: string): boolean {
  const parts = (text: string): string => `\n${text.replaceAll('; ', '\n').replaceAll('；', '\n')}\n`;
  return parts(current).includes(parts(memo));
}

function newSlot(fact: ExtractedFact, id: string, tools: MergeTools): Slot {
  const slot = { topic: fact.topic, subTopic: fact.sub_topic, content: fact.memo };
  return {
    ...slot,
    id,
    attributes: {},
    hits: 1,
    tokens: tools.countTokens(`${slotLine(slot)}\n`),
    createdMs: tools.nowMs,
    updatedMs: tools.nowMs,
    sources: tools.sources,
  };
}

function revised(slot: Slot, content: string, tools: MergeTools): Slot {
  const next = { ...slot, content };
  return {
    ...next,
    hits: (slot.hits ?? 0) + 1,
    tokens: tools.countTokens(`${slotLine(next)}\n`),
    updatedMs: tools.nowMs,
    sources: [...new Set([...slot.sources, ...tools.sources])].slice(-20),
  };
}

const deltaOf = (fact: ExtractedFact): ProfileDelta => ({
  content: fact.memo,
  attributes: { topic: fact.topic, sub_topic: fact.sub_topic },
});
