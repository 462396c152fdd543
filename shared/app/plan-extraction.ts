import type { Batch } from '../domain/batch.ts';
import { type Commit, NO_EFFECTS, type Receipt, type StepCost } from '../domain/commit.ts';
import { type Extraction, extractionSchema } from '../domain/extraction.ts';
import { timeOrderedId } from '../domain/ids.ts';
import { type Gist, gistLine, type MemoryEvent } from '../domain/memory.ts';
import { type MergedProfile, mergeProfile, planFacts, tidyFacts } from '../domain/merge.ts';
import { asIsoDay, hourOf, leadingDay } from '../domain/time.ts';
import { eventTip } from '../domain/tip.ts';
import type { PlannedChange } from './change-memory.ts';
import { decideMerges } from './decide-merges.ts';
import { extractionRequest } from './model-requests.ts';
import type { Deps, Tokenizer } from './ports.ts';

type PlanDeps = Pick<Deps, 'llm' | 'settings' | 'log' | 'clock'> & { readonly counter: Tokenizer };

/** What a finished batch reports to whoever asked for it. */
export interface BatchResult {
  readonly eventId: string | null;
  readonly addedSlots: readonly string[];
  readonly updatedSlots: readonly string[];
}

export interface Extracted {
  readonly value: Extraction;
  readonly cost: StepCost;
}

const NOTHING: Extracted = {
  value: { entries: [], facts: [], tags: [] },
  cost: { calls: 0, inputTokens: 0, outputTokens: 0 },
};

/** The first model call: what the batch says about the user. */
export async function readBatch(
  batch: Batch,
  latest: Commit,
  signal: AbortSignal | undefined,
  { llm, settings }: PlanDeps,
): Promise<Extracted> {
  if (batch.items.every(({ text }) => text.trim() === '')) return NOTHING;
  const lines = batch.items.map(({ text }) => ({ prefix: '', text }));
  const request = extractionRequest({ language: settings.language, slots: latest.snapshot.slots, lines });
  return llm.complete({ step: 'memory_extraction', ...request, schema: extractionSchema, signal });
}

/**
 * The version that a batch leads to: facts merged into the profile (a second model call only where a fact meets a
 * slot), entries as gists of one event, the batch's blobs finished or moved on. Writes nothing.
 */
export async function planExtraction(
  batch: Batch,
  latest: Commit,
  extracted: Extracted,
  signal: AbortSignal | undefined,
  deps: PlanDeps,
): Promise<{ change: PlannedChange; result: BatchResult }> {
  const { snapshot } = latest;
  const nowMs = deps.clock();
  const sources = batch.items.map(({ blobId }) => blobId);
  const plan = planFacts(snapshot.slots, tidyFacts(extracted.value.facts));
  const { decisions, costs } = await decideMerges(plan.collisions, signal, deps);
  const merged = mergeProfile(snapshot.slots, plan, decisions, {
    nowMs,
    slotId: (ordinal) => timeOrderedId(nowMs, ordinal, `${batch.id}/slot`),
    countTokens: (text) => deps.counter.count(text),
    sources,
  });
  const event = newEvent(batch, extracted.value, merged, nowMs, deps);
  const gists = event === null ? [] : newGists(batch, extracted.value, event.id, nowMs, deps.counter);
  const finished = batch.items.flatMap(({ blobId, next }) =>
    next === null ? [{ blobId, as: 'done' as const }] : [],
  );
  const change: PlannedChange = {
    kind: 'extraction',
    batchId: batch.id,
    snapshot: { ...snapshot, slots: merged.slots, progress: newProgress(snapshot.progress, batch) },
    effects: {
      ...NO_EFFECTS,
      events: event === null ? [] : [event],
      gists,
      finished,
      receipt: newReceipt(batch, extracted.cost, costs, nowMs),
    },
  };
  return {
    change,
    result: { eventId: event?.id ?? null, addedSlots: merged.added, updatedSlots: merged.updated },
  };
}

function newEvent(
  batch: Batch,
  extraction: Extraction,
  merged: MergedProfile,
  nowMs: number,
  { settings }: PlanDeps,
): MemoryEvent | null {
  const tip = eventTip(sentences(extraction), settings.language);
  if (tip === '' && merged.delta.length === 0) return null;
  const tags = extraction.tags.length > 0 ? extraction.tags : null;
  const id = timeOrderedId(nowMs, 0, `${batch.id}/event`);
  return { id, tip, tags, delta: merged.delta, createdMs: nowMs, updatedMs: nowMs };
}

function newGists(
  batch: Batch,
  extraction: Extraction,
  eventId: string,
  nowMs: number,
  counter: Tokenizer,
): Gist[] {
  const sources = batch.items.map(({ blobId }) => blobId);
  const fallbackDay = lastDay(batch);
  return sentences(extraction).map((entry, ordinal) => ({
    id: timeOrderedId(nowMs, ordinal, `${batch.id}/gist`),
    eventId,
    text: entry.text,
    kind: entry.kind,
    mentionedOn: asIsoDay(entry.mentioned_on) ?? fallbackDay,
    happenedFrom: asIsoDay(entry.happened_from),
    happenedTo: asIsoDay(entry.happened_to),
    sources,
    tokens: counter.count(`${gistLine(entry)}\n`),
    createdMs: nowMs,
  }));
}

/** Entries as single lines; a gist is a line of the context. */
function sentences(extraction: Extraction): Extraction['entries'] {
  return extraction.entries
    .map((entry) => ({ ...entry, text: entry.text.replace(/\s+/g, ' ').trim() }))
    .filter(({ text }) => text !== '');
}

/** The day of the last dated line: the anchor for an entry the model gave no day. */
function lastDay(batch: Batch): string | null {
  const times = batch.items.flatMap(({ text }) =>
    [...text.matchAll(/^\[([^\]\n]*)\]/gm)].map((match) => match[1] ?? ''),
  );
  return times.map(leadingDay).findLast((day) => day !== null) ?? null;
}

function newProgress(progress: Commit['snapshot']['progress'], batch: Batch): Commit['snapshot']['progress'] {
  const rest = { ...progress };
  for (const { blobId, next } of batch.items) {
    if (next === null) delete rest[blobId];
    else rest[blobId] = next;
  }
  return rest;
}

function newReceipt(batch: Batch, extraction: StepCost, merges: readonly StepCost[], nowMs: number): Receipt {
  const total = merges.reduce(
    (sum, cost) => ({
      calls: sum.calls + cost.calls,
      inputTokens: sum.inputTokens + cost.inputTokens,
      outputTokens: sum.outputTokens + cost.outputTokens,
    }),
    { calls: 0, inputTokens: 0, outputTokens: 0 },
  );
  return {
    batchId: batch.id,
    hour: hourOf(nowMs),
    blobs: batch.items.filter(({ next }) => next === null).length,
    rawTokens: batch.tokens,
    steps: { memory_extraction: extraction, ...(total.calls > 0 ? { profile_merge: total } : {}) },
  };
}
