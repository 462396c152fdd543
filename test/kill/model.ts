import { setTimeout as sleep } from 'node:timers/promises';
import type { Extraction, MergeDecision } from '../../shared/domain/extraction.ts';
import type { Random } from '../simulation/random.ts';
import { chatReply, embeddingReply } from '../support/model-server.ts';
import type { JsonReply, JsonRequest } from './json-server.ts';
import { markersIn } from './messages.ts';
import type { Tally } from './tally.ts';

/** Both services behind one OpenAI-compatible base URL. */
export interface ScriptedModel {
  answer(request: JsonRequest): Promise<JsonReply>;
  /** From now on it never fails. */
  calm(): void;
}

export const DIMENSION = 8;

const REFUSED = 0.02;
const THROTTLED = 0.02;
const DROPPED = 0.01;
const GARBLED = 0.04;
const SLOW = 0.03;
/** Two bad answers in a row fail a batch; three failed batches of one message alone would be a dead letter. */
const MAX_GARBLED = 4;
/** Of so many embedding requests in a row, so many fail. */
const EMBEDDING_CYCLE = 60;
const EMBEDDING_OUTAGE = 9;

interface ChatBody {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format: { readonly json_schema: { readonly name: string } };
}

/** One entry and one fact per marker, merges that keep everything, and a provider that has its bad moments. */
export function createModel(random: Random, tally: Tally): ScriptedModel {
  const garbled = new Map<string, number>();
  let calm = false;
  let embeddings = 0;

  async function chat(body: ChatBody): Promise<JsonReply> {
    tally.count('llm_calls');
    await sleep(!calm && random.chance(SLOW) ? random.between(500, 3_000) : random.between(20, 120));
    const user = body.messages.find(({ role }) => role === 'user')?.content ?? '';
    const merges = body.response_format.json_schema.name === 'profile_merge';
    const fault = calm ? null : badMoment(merges ? [] : markersIn(conversation(user)));
    if (fault !== null) {
      tally.count('llm_faults');
      return fault;
    }
    return completion(merges ? decide(user, random) : extract(markersIn(conversation(user))));
  }

  function badMoment(markers: readonly string[]): JsonReply | null {
    if (random.chance(REFUSED)) return { status: 500, body: { error: { message: 'scripted' } } };
    if (random.chance(THROTTLED)) return { status: 429, body: {}, headers: { 'retry-after-ms': '50' } };
    if (random.chance(DROPPED)) return 'drop';
    const touchy =
      markers.length === 0 || markers.some((marker) => (garbled.get(marker) ?? 0) >= MAX_GARBLED);
    if (touchy || !random.chance(GARBLED)) return null;
    for (const marker of markers) garbled.set(marker, (garbled.get(marker) ?? 0) + 1);
    return completion({ entries: 'none' });
  }

  function embed(input: readonly string[]): JsonReply {
    tally.count('embedding_calls');
    embeddings += 1;
    if (!calm && embeddings % EMBEDDING_CYCLE < EMBEDDING_OUTAGE) {
      tally.count('embedding_faults');
      return { status: 503 };
    }
    return { status: 200, body: embeddingReply(input.map(vectorOf)).json };
  }

  return {
    answer: async ({ path, body }) =>
      path.endsWith('/embeddings') ? embed(body['input'] as string[]) : chat(body as unknown as ChatBody),
    calm() {
      calm = true;
    },
  };
}

const completion = (content: unknown): JsonReply => ({ status: 200, body: chatReply(content).json });

/** Without the profile above it, which holds markers as well. */
const conversation = (user: string): string => user.slice(user.indexOf('<conversation>'));

function extract(markers: readonly string[]): Extraction {
  const day = { mentioned_on: null, happened_from: null, happened_to: null };
  return {
    entries: markers.map((marker) => ({ text: `Did ${marker}`, kind: 'event', ...day })),
    facts: markers.map((marker) => {
      const number = Number(marker.slice(1));
      return { topic: `topic ${number % 3}`, sub_topic: number % 2 === 0 ? 'even' : 'odd', memo: marker };
    }),
    tags: [],
  };
}

function decide(user: string, random: Random): { decisions: MergeDecision[] } {
  const lines = user.split('\n').filter((line) => line.startsWith('{'));
  return {
    decisions: lines.map((line) => {
      const { fact, memo, current } = JSON.parse(line) as { fact: number; memo: string; current: string };
      return random.chance(0.5)
        ? { fact, action: 'append', memo: '' }
        : { fact, action: 'update', memo: `${current}; ${memo}` };
    }),
  };
}

function vectorOf(text: string): number[] {
  return Array.from({ length: DIMENSION }, (_, index) => 1 + (text.charCodeAt(index % text.length) || 0));
}
