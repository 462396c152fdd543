import type { Embedder, Llm, LlmRequest } from '../../shared/app/ports.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import type { Extraction, MergeDecision } from '../../shared/domain/extraction.ts';
import { type Weather, within } from './faults.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Stats } from './stats.ts';

/** Every message carries markers of this form; the model makes one entry and one fact of each. */
const MARKER = /m\d{4}/g;
export const markersIn = (text: string): string[] => text.match(MARKER) ?? [];

/** What the seed decided about messages, as the model feels it. */
export interface Temper {
  /** Markers no model can digest at present. */
  readonly poison: ReadonlySet<string>;
  /** Markers whose user has poison: not confused any further, or they would pass for poison themselves. */
  readonly spared: ReadonlySet<string>;
  /** First marker of the message a marker belongs to. */
  readonly firstOf: ReadonlyMap<string, string>;
}

/** Fewer than the tries a batch has, so that mere garbage never buries anybody. */
const MAX_GARBAGE = 2;

export function createSimulatedLlm(
  scheduler: Scheduler,
  random: Random,
  weather: () => Weather | null,
  temper: Temper,
  stats: Stats,
): Llm {
  const garbled = new Map<string, number>();
  const fail = (code: 'llm_unavailable' | 'llm_rejected' | 'llm_output_invalid', message: string): never => {
    stats.count('llm_failure');
    throw new MemoryError(code, `simulated: ${message}`);
  };
  const annoy = (all: readonly string[], now: Weather): void => {
    const markers = new Set(all.map((marker) => temper.firstOf.get(marker) ?? marker));
    if (within(now.llmRejected, scheduler.nowMs)) fail('llm_rejected', 'invalid key');
    if (within(now.llmOutage, scheduler.nowMs)) fail('llm_unavailable', '429');
    if (random.chance(now.llmTimeout)) fail('llm_unavailable', 'timeout');
    const touchy = [...markers].some(
      (marker) => temper.spared.has(marker) || (garbled.get(marker) ?? 0) >= MAX_GARBAGE,
    );
    if (touchy || !random.chance(now.llmGarbage)) return;
    for (const marker of markers) garbled.set(marker, (garbled.get(marker) ?? 0) + 1);
    fail('llm_output_invalid', 'garbage');
  };
  const answer = (request: LlmRequest<unknown>): unknown => {
    const now = weather();
    const text = request.step === 'memory_extraction' ? between(request.user, 'conversation') : request.user;
    const markers = markersIn(text);
    if (now !== null) annoy(request.step === 'memory_extraction' ? markers : [], now);
    if (request.step === 'profile_merge') return decide(request.user, now?.mergeOmits ?? 0, random);
    if (markers.some((marker) => temper.poison.has(marker))) fail('llm_output_invalid', 'poison');
    return extract(markers);
  };
  return {
    async complete(request) {
      const latencyMs = random.between(300, 20_000);
      return scheduler.gate('llm', request.step, latencyMs, async () => ({
        value: request.schema.parse(answer(request)),
        cost: { calls: 1, inputTokens: 100, outputTokens: 10 },
      }));
    },
  };
}

function between(text: string, tag: string): string {
  const from = text.indexOf(`<${tag}>`);
  const to = text.lastIndexOf(`</${tag}>`);
  if (from < 0 || to < from) throw new Error(`the request has no <${tag}>`);
  return text.slice(from, to);
}

function extract(markers: readonly string[]): Extraction {
  const day = { mentioned_on: null, happened_from: null, happened_to: null };
  return {
    entries: markers.map((marker) => ({ text: `told ${marker}`, kind: 'fact', ...day })),
    facts: markers.map((marker) => {
      const number = Number(marker.slice(1));
      return { topic: `topic ${number % 3}`, sub_topic: number % 2 === 0 ? 'even' : 'odd', memo: marker };
    }),
    tags: [],
  };
}

function decide(user: string, omits: number, random: Random): { decisions: MergeDecision[] } {
  const lines = between(user, 'facts')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
  const decisions = lines.flatMap((line): MergeDecision[] => {
    const { fact, memo, current } = JSON.parse(line) as { fact: number; memo: string; current: string };
    if (random.chance(omits)) return [];
    if (random.chance(0.5)) return [{ fact, action: 'append', memo: random.chance(0.5) ? memo : '' }];
    return [{ fact, action: 'update', memo: `${current}; ${memo}` }];
  });
  return { decisions };
}

export function createSimulatedEmbedder(scheduler: Scheduler, weather: () => Weather | null): Embedder {
  return {
    embed: (texts) =>
      scheduler.gate('embed', `embed ${texts.length}`, 200, async () => {
        const now = weather();
        if (now !== null && within(now.embeddingOutage, scheduler.nowMs)) {
          throw new MemoryError('embedding_unavailable', 'simulated: no embedding service');
        }
        return texts.map((text) => [1, text.length, 0, 0]);
      }),
  };
}
