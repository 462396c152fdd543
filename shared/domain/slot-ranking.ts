import { bm25 } from './bm25.ts';
import { RRF_K, reciprocalRankFusion } from './fusion.ts';
import type { Slot } from './memory.ts';
import { orderByPreference, type ProfileRules, slotCost, withinTopicLimits } from './profile-selection.ts';
import { terms } from './segment.ts';
import { DAY_MS } from './time.ts';

/** Of unit length. */
export type UnitVector = ArrayLike<number>;

/** A number for each slot that has one, by slot id. */
export type SlotScores = ReadonlyMap<string, number>;

/** Vectors of one embedding model; slots without one are left out. */
export interface QueryVectors {
  readonly query: UnitVector;
  readonly bySlot: ReadonlyMap<string, UnitVector>;
}

export interface SlotQuery {
  readonly slots: readonly Slot[];
  /** Empty: by recency alone. */
  readonly query: string;
  /** Null where there are no embeddings: by words and recency. */
  readonly vectors: QueryVectors | null;
  readonly nowMs: number;
}

export interface RankedSlot {
  readonly slot: Slot;
  readonly score: number;
}

/**
 * What recency is worth beside the places in the two arms: a slot updated now gains about six places at the top of
 * one arm. Enough to order what the query tells nothing about, too little to lift it over what answers the query.
 */
const RECENCY_WEIGHT = 0.1;
/** Ages after which the bonus halves: a profile is about lasting things. */
const RECENCY_HALF_LIFE_DAYS = 90;

/** What of a slot is searched, embedded and shown to a reranker. */
export function slotText({ topic, subTopic, content }: Pick<Slot, 'topic' | 'subTopic' | 'content'>): string {
  return `${topic}, ${subTopic}: ${content}`.replaceAll('_', ' ');
}

/** The slots whose topic and sub-topic, trimmed, are among those named; an empty list lets all through. */
export function slotsWithin(
  slots: readonly Slot[],
  topics: readonly string[],
  subTopics: readonly string[] = [],
): Slot[] {
  const within = (name: string, names: readonly string[]): boolean =>
    names.length === 0 || names.some((wanted) => wanted.trim() === name.trim());
  return slots.filter((slot) => within(slot.topic, topics) && within(slot.subTopic, subTopics));
}

/** BM25 of the slots that hold a word of the query, best first. */
export function lexicalScores(slots: readonly Slot[], query: string): SlotScores {
  const documents = slots
    .toSorted(newestFirst)
    .map((slot) => ({ id: slot.id, terms: terms(slotText(slot)) }));
  const length = documents.reduce((sum, document) => sum + document.terms.length, 0);
  const collection = { documents: documents.length, averageLength: length / Math.max(1, documents.length) };
  return new Map(bm25(terms(query), documents, collection).map(({ id, score }) => [id, score]));
}

/** Vectors are stored as 32-bit floats: further digits of a cosine say nothing. */
const COSINE_STEPS = 1e6;

/** Cosine of each vector with the query's to six decimals, best first. */
export function cosineScores({ query, bySlot }: QueryVectors): SlotScores {
  const cosines = Array.from(bySlot, ([id, vector]): [string, number] => {
    return [id, Math.round(dot(query, vector) * COSINE_STEPS) / COSINE_STEPS];
  });
  return new Map(cosines.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}

/** Sums of reciprocal ranks over words and meaning. */
export function fusedScores(lexical: SlotScores, cosines: SlotScores): SlotScores {
  return reciprocalRankFusion([{ ids: [...lexical.keys()] }, { ids: [...cosines.keys()] }]);
}

/** All the slots, the most useful for the query first: words and meaning fused by rank, and a bonus for recency. */
export function rankSlots({ slots, query, vectors, nowMs }: SlotQuery): RankedSlot[] {
  const cosines: SlotScores = vectors === null ? new Map() : cosineScores(vectors);
  const fused = fusedScores(lexicalScores(slots, query), cosines);
  return bestFirst(slots, (slot) => (fused.get(slot.id) ?? 0) + recencyBonus(slot, nowMs));
}

/**
 * The slots to show for a query, best first, without a model: ranked by {@link rankSlots}, preferred topics before
 * the rest, then the limits by topic, in number and in tokens. A slot that does not fit the tokens left is passed
 * over for smaller ones, so the budget is never exceeded.
 */
export function selectSlotsForQuery({
  rules,
  ...search
}: SlotQuery & { readonly rules: ProfileRules }): Slot[] {
  const within = slotsWithin(search.slots, rules.onlyTopics);
  const ranked = rankSlots({ ...search, slots: within }).map(({ slot }) => slot);
  const ordered = orderByPreference(ranked, rules.preferTopics);
  const limited = withinTopicLimits(ordered, rules);
  const first = rules.topk ? limited.slice(0, Math.max(0, rules.topk)) : limited;
  return rules.maxTokens ? fitting(first, rules.maxTokens) : first;
}

/** Equal scores stand newest first, then by id, so that equal input gives equal output. */
export function bestFirst(slots: readonly Slot[], scoreOf: (slot: Slot) => number): RankedSlot[] {
  return slots
    .map((slot) => ({ slot, score: scoreOf(slot) }))
    .sort((a, b) => b.score - a.score || newestFirst(a.slot, b.slot));
}

const newestFirst = (a: Slot, b: Slot): number => b.updatedMs - a.updatedMs || (a.id < b.id ? -1 : 1);

function recencyBonus({ updatedMs }: Slot, nowMs: number): number {
  const ageDays = Math.max(0, nowMs - updatedMs) / DAY_MS;
  return (RECENCY_WEIGHT / (RRF_K + 1)) * 0.5 ** (ageDays / RECENCY_HALF_LIFE_DAYS);
}

function fitting(slots: readonly Slot[], budget: number): Slot[] {
  let left = budget;
  return slots.filter((slot) => {
    const cost = slotCost(slot);
    if (cost > left) return false;
    left -= cost;
    return true;
  });
}

function dot(a: UnitVector, b: UnitVector): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
